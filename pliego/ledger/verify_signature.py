"""The offline verifier of how an act was signed: by whom, over what, and with which key.

An act signed over an intention says in `signature.evidence` what was signed. Checked here: that the intention is of the
person and the account of the act and names this very act; for a passkey, that its answer is over that intention, on the
site that it says, with the person present and verified, under the key that is written beside it.
"""

from collections.abc import Callable
from typing import Any

from pliego.ledger import intentions, webauthn

Fail = Callable[..., None]
SIGNATURE_FIELDS = {"method", "signed_at", "evidence"}
EVIDENCE_FIELDS = {"intention", "open", "salt"}


def check(body: dict[str, Any], name: str, fail: Fail, warn: Fail) -> None:
    """Say through `fail` what does not hold of the signature of an act, and through `warn` what it does not prove."""
    signature = body.get("signature")
    if signature is None:
        return
    if not isinstance(signature, dict) or signature.keys() != SIGNATURE_FIELDS:
        fail("signature", _("%(act)s: its signature cannot be read"), act=name)
        return
    evidence = signature["evidence"]
    if not isinstance(evidence, dict) or "intention" not in evidence:
        if signature["method"] == "passkey":
            warn("signature", _("%(act)s: signed with a passkey, and what the passkey answered is not here"), act=name)
        return
    _check_intention(body, evidence, name, fail)
    if signature["method"] == "passkey":
        _check_assertion(evidence, name, fail)
    else:
        warn(
            "signature",
            _("%(act)s: signed with password and one-time code over what it shows; only the platform saw them"),
            act=name,
        )
    if second := evidence.get("second"):
        _check_second(body, second, name, fail, warn)


def _check_intention(body: dict[str, Any], evidence: dict[str, Any], name: str, fail: Fail) -> None:
    intention, who = evidence["intention"], body.get("who")
    is_readable = (
        isinstance(intention, dict)
        and intention.keys() == intentions.FIELDS
        and intention["format"] == intentions.FORMAT
        and isinstance(intention["acts"], list)
        and evidence.keys() >= EVIDENCE_FIELDS
    )
    if not is_readable or not isinstance(who, dict):
        fail("intention", _("%(act)s: the intention that was signed cannot be read"), act=name)
        return
    if (intention["person"], intention["account"]) != (who.get("person"), who.get("account")):
        fail("intention", _("%(act)s: the intention that was signed is of another person or account"), act=name)
    if not intentions.names(intention, body, evidence["open"], evidence["salt"]):
        fail("intention", _("%(act)s: it is not the act that the signed intention names"), act=name)


def _check_assertion(evidence: dict[str, Any], name: str, fail: Fail) -> None:
    for fault in _faults(evidence["intention"], evidence.get("assertion")):
        fail("signature", FAULTS[fault], act=name)


def _faults(intention: Any, assertion: Any) -> list[str]:
    try:
        return webauthn.faults(assertion, intentions.challenge(intention), str(intention["site"]))
    except (TypeError, KeyError, ValueError, RecursionError):
        return ["challenge"]


def _check_second(body: dict[str, Any], second: Any, name: str, fail: Fail, warn: Fail) -> None:
    """A second person's signature is an act of its own; here it must be somebody else's, and named."""
    try:
        is_other = bool(second["person"] and second["act"]) and second["person"] != body["who"]["person"]
    except (TypeError, KeyError):
        is_other = False
    if is_other:
        warn(
            "signature",
            _("%(act)s: a second person signed too, in the receipt %(other)s"),
            act=name,
            other=second["act"],
        )
    else:
        fail("signature", _("%(act)s: the signature of the second person does not hold"), act=name)


def _(sentence: str) -> str:
    """Marks a sentence for the catalogue; translated by whoever shows it."""
    return sentence


FAULTS = {
    "shape": _("%(act)s: the answer of the passkey cannot be read"),
    "client_data": _("%(act)s: the data of the browser that the passkey signed were altered"),
    "challenge": _("%(act)s: the passkey did not sign this intention"),
    "origin": _("%(act)s: the passkey answered on another site"),
    "authenticator_data": _("%(act)s: the data of the authenticator are of another site or were altered"),
    "flags": _("%(act)s: the passkey does not say that the person was present and verified"),
    "key": _("%(act)s: the public key of the passkey cannot be read"),
    "signature": _("%(act)s: the signature of the passkey is not valid under its key"),
}
