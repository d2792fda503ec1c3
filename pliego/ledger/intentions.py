"""What a person signs before an act: the text, and whether an act is the one that was signed.

Plain Python for the platform and for the offline verifier. The act is rehearsed twice before it is signed: what came
out different the second time (codes given out, instants) could not be known beforehand and is `open`; all the rest of
the act, its file, its data and the hashes of its documents, is in the hash that the intention names. Each act has a
salt of its own, so that the intention of a public act tells nothing of a reserved one that was signed with it.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from pliego.ledger import canonical

FORMAT = "pliego.intencion/1"
FIELDS = {"format", "person", "account", "place", "site", "at", "nonce", "acts"}
Path = list[str | int]


class NotThatAct(Exception):
    """The act that is about to be written is not among those that were signed."""


def content_of(body: dict[str, Any], open_paths: Iterable[Path], salt: str) -> dict[str, Any]:
    """What of an act its signer knew beforehand; what was open is null."""
    content = json.loads(json.dumps({name: body[name] for name in ("act", "file", "data", "documents")}))
    for path in open_paths:
        _blank(content, path)
    return {**content, "salt": salt}


def _blank(value: Any, path: Path) -> None:
    for step in path[:-1]:
        value = value[step]
    if path[-1] not in value if isinstance(value, dict) else not 0 <= int(path[-1]) < len(value):
        raise KeyError(path[-1])
    value[path[-1]] = None


def digest(value: Any) -> str:
    return hashlib.sha256(canonical.encode(value).encode()).hexdigest()


def challenge(intention: dict[str, Any]) -> bytes:
    """What the passkey signs: the SHA-256 of the canonical text of the intention."""
    return hashlib.sha256(canonical.encode(intention).encode()).digest()


def differing(first: Any, second: Any, path: Path | None = None) -> list[Path]:
    """The paths at which two rehearsals of one act differ."""
    here = path or []
    if isinstance(first, dict) and isinstance(second, dict) and first.keys() == second.keys():
        return [found for name in sorted(first) for found in differing(first[name], second[name], [*here, name])]
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        pairs = zip(first, second, strict=True)
        return [found for i, (a, b) in enumerate(pairs) for found in differing(a, b, [*here, i])]
    return [] if first == second else [here]


def own_evidence(evidence: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """What one act keeps of a signature over an intention; NotThatAct when the act is not in it."""
    rest = {name: value for name, value in evidence.items() if name != "acts"}
    for signed in evidence["acts"]:
        if names(evidence["intention"], body, signed["open"], signed["salt"]):
            return {**rest, "open": signed["open"], "salt": signed["salt"]}
    raise NotThatAct(body["act"])


def names(intention: dict[str, Any], body: dict[str, Any], open_paths: list[Path], salt: str) -> bool:
    """Whether the intention names this very act."""
    try:
        return digest(content_of(body, open_paths, salt)) in intention["acts"]
    except (KeyError, IndexError, TypeError, ValueError):
        return False
