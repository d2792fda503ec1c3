"""The terms of use: a text for each version, in the folder `terms`, and who accepted which words."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db import transaction

from pliego.accounts.events import TermsAccepted
from pliego.accounts.models import TermsAcceptance, User
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Unknown
from pliego.ledger import outbox

FOLDER = Path(__file__).parent / "terms"


@dataclass(frozen=True)
class Terms:
    version: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def blocks(self) -> "Iterator[tuple[str, list[str]]]":
        """The text as a page shows it: ("heading" | "list" | "paragraph", its lines)."""
        for block in re.split(r"\n\s*\n", self.text.strip()):
            lines = block.splitlines()
            if lines[0].startswith("# "):
                yield "heading", [lines[0][2:]]
            elif lines[0].startswith("- "):
                yield "list", [item.replace("\n", " ") for item in re.split(r"\n?^- ", block, flags=re.M) if item]
            else:
                yield "paragraph", [" ".join(lines)]


@cache
def versions() -> dict[str, Terms]:
    """Every version that was ever in force, oldest first."""
    return {file.stem: Terms(file.stem, file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.txt"))}


def current() -> Terms:
    return list(versions().values())[-1]


def called(version: str) -> Terms:
    if version not in versions():
        raise Unknown()
    return versions()[version]


def keep(*, user: User, version: str, network: str, at: datetime) -> TermsAcceptance:
    """Write down that the person accepted these words."""
    accepted, _is_new = TermsAcceptance.objects.get_or_create(
        user=user,
        version=version,
        sha256=called(version).sha256,
        defaults={"accepted_at": at, "network": network},
    )
    user.terms_version, user.terms_accepted_at = version, accepted.accepted_at
    user.save(update_fields=["terms_version", "terms_accepted_at"])
    return accepted


@transaction.atomic
def accept(*, user: User, network: str, actor: Actor, at: datetime) -> TermsAcceptance:
    """Accept the terms in force."""
    accepted = keep(user=user, version=current().version, network=network, at=at)
    event = TermsAccepted(
        file=user.file, subject_id=user.pk, data={"version": accepted.version, "sha256": accepted.sha256}
    )
    user.receipt = outbox.publish(event, actor=actor, at=at)
    return accepted
