"""What a person is shown before they sign, and their passkey's answer over exactly that.

Guarantees: the act is rehearsed in a transaction that is undone, so that what is signed is what will be written; the
passkey's challenge is the SHA-256 of the intention; an intention is used once, within five minutes, by its person, for
their account, at the place where it was shown. That the act done is the one signed, `ledger.outbox` sees to.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from fido2.cbor import encode as cbor
from fido2.utils import websafe_encode

from pliego.accounts import rules
from pliego.accounts.models import Intention, User
from pliego.kernel import clock
from pliego.kernel.actors import Actor, Signature
from pliego.kernel.events import title_of
from pliego.kernel.objections import Objection, Refused, Text
from pliego.ledger import canonical, intentions, outbox, webauthn

Run = Callable[[Actor], Any]
KEPT = timedelta(days=1)  # how long an expired intention stays before it is swept
SECOND_PERSON_HAS = timedelta(hours=24)
SHIFT = timedelta(seconds=61)  # between two rehearsals: what depends on the minute shows itself


class Scratch(SessionBase):
    """A session for a rehearsal: what is written into it goes nowhere."""

    def load(self) -> dict[str, Any]:
        return {}

    def exists(self, session_key: str) -> bool:
        return False

    def create(self) -> None:
        self._session_key = "rehearsal"

    def save(self, must_create: bool = False) -> None:
        return

    def delete(self, session_key: str | None = None) -> None:
        return


@dataclass(frozen=True)
class Shown:
    """An intention as a page or a program is shown it."""

    intention: Intention
    options: dict[str, Any] | None

    @property
    def text(self) -> dict[str, Any]:
        return self.intention.said

    @property
    def sha256(self) -> str:
        return intentions.digest(self.text)

    @property
    def options_json(self) -> str:
        """For the page's script; empty when the person has no passkey."""
        return json.dumps(self.options) if self.options else ""

    @property
    def exact(self) -> str:
        """Everything under the hash, to be read: the intention, and the acts whose hashes it names."""
        said = {"intention": self.text, "acts": [act["content"] for act in self.intention.acts]}
        return json.dumps(said, ensure_ascii=False, indent=1)

    @property
    def acts(self) -> list[tuple[Text, dict[str, Any]]]:
        return [(title_of(act["act"]), act) for act in self.intention.acts]


def prepare(request: HttpRequest, *, place: str, run: Run, for_two: bool = False) -> Shown:
    """Rehearse the act and keep what its person would sign. Raises what the act itself would raise."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    user = User.objects.get(pk=actor.user_id or 0)
    acts = _rehearsed_twice(request, actor, run)
    now = clock.real_now()
    if not for_two and (signed := _signed_by_a_second(user, actor, place, acts)):
        return Shown(signed, options_of(user, signed.said))
    nonce = secrets.token_urlsafe(18)
    text = {
        "format": intentions.FORMAT,
        "person": actor.user_code,
        "account": actor.account_code,
        "place": place[:400],
        "site": site_of(request),
        "at": canonical.instant(now),
        "nonce": nonce,
        "acts": [intentions.digest(act["content"]) for act in acts],
    }
    Intention.objects.filter(user=user, expires_at__lt=now - KEPT).delete()
    intention = Intention.objects.create(
        code=nonce,
        user=user,
        account_id=actor.account_id,
        place=place[:400],
        text=canonical.encode(text),
        acts=acts,
        created_at=now,
        expires_at=now + (SECOND_PERSON_HAS if for_two else rules.STEP_UP_LIVES),
        is_for_two=for_two,
    )
    return Shown(intention, options_of(user, text))


def _signed_by_a_second(user: User, actor: Actor, place: str, acts: list[dict[str, Any]]) -> Intention | None:
    """The same acts at the same place, which a second person signed already: it is that one that is signed now."""
    living = Intention.objects.filter(user=user, account_id=actor.account_id, place=place[:400], used_at=None)
    for found in living.filter(second__isnull=False, expires_at__gt=clock.real_now()).order_by("-pk"):
        if [_without_salt(act) for act in found.acts] == [_without_salt(act) for act in acts]:
            return found
    return None


def _without_salt(act: dict[str, Any]) -> dict[str, Any]:
    return {**act, "content": {name: value for name, value in act["content"].items() if name != "salt"}}


def site_of(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def options_of(user: User, text: dict[str, Any]) -> dict[str, Any] | None:
    """What the browser needs to ask a passkey of this person for its answer over the intention."""
    known = auth.get_credentials(user)
    if not known:
        return None
    options, _state = auth.get_server().authenticate_begin(
        credentials=known,
        user_verification=auth.UserVerificationRequirement.REQUIRED,
        challenge=intentions.challenge(text),
    )
    return dict(options)


def taken(request: HttpRequest, code: str, place: str) -> Intention:
    """The living intention of this person, account and place, marked as used: nothing else is signed with it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    with transaction.atomic():
        return _taken(actor, code, place)


def _taken(actor: Actor, code: str, place: str) -> Intention:
    living = Intention.objects.select_for_update().filter(used_at=None, expires_at__gt=clock.real_now())
    found = living.filter(code=code, user_id=actor.user_id or 0, account_id=actor.account_id, place=place[:400]).first()
    if found is None:
        sentence = _("What you were going to sign has expired or was already signed. Look at it again and sign it.")
        raise Refused(Objection("stale", sentence))
    found.used_at = clock.real_now()
    found.save(update_fields=["used_at"])
    return found


def evidence_of(intention: Intention) -> dict[str, Any]:
    """What a signature over this intention carries; the ledger leaves in each act the part that is its own."""
    signed = [{"open": act["open"], "salt": act["content"]["salt"]} for act in intention.acts]
    found: dict[str, Any] = {"intention": json.loads(intention.text), "acts": signed}
    if intention.second_id:
        found["second"] = intention.second_evidence
    return found


def answered(*, user: User, text: dict[str, Any], credential: dict[str, Any]) -> tuple[Authenticator, dict[str, str]]:
    """The passkey that answered over the intention, and its assertion as the ledger keeps it."""
    state = {"challenge": websafe_encode(intentions.challenge(text)), "user_verification": "required"}
    try:
        auth.parse_authentication_response(credential)
        binding = auth.get_server().authenticate_complete(state, auth.get_credentials(user), credential)
        said = credential["response"]
        assertion = {
            "public_key": webauthn.encode(cbor(dict(binding.public_key))),
            "authenticator_data": said["authenticatorData"],
            "client_data": said["clientDataJSON"],
            "signature": said["signature"],
        }
        factor = auth.get_authenticator_by_credential_id(user, binding.credential_id)
    except Exception as fault:  # the answer comes from outside, and the library raises many kinds over it
        raise Refused(_passkey_did_not_sign()) from fault
    if factor is None or webauthn.faults(assertion, intentions.challenge(text), text["site"]):
        raise Refused(_passkey_did_not_sign())
    return factor, assertion


def _passkey_did_not_sign() -> Objection:
    return Objection("passkey_wrong", _("The passkey did not sign this. Look at it again and sign it."))


def _rehearsed_twice(request: HttpRequest, actor: Actor, run: Run) -> list[dict[str, Any]]:
    """The acts, each with what was open in it: what came out different the second time, a minute later."""
    first, second = _rehearsed(request, actor, run, timedelta()), _rehearsed_later(request, actor, run)
    found = []
    for body, again in zip(first, second, strict=True):
        said = {name: body[name] for name in ("file", "data", "documents")}
        open_paths = intentions.differing(said, {name: again[name] for name in said})
        content = intentions.content_of(body, open_paths, secrets.token_hex(16))
        found.append({"act": body["act"], "file": body["file"], "open": open_paths, "content": content})
    return found


def _rehearsed_later(request: HttpRequest, actor: Actor, run: Run) -> list[dict[str, Any]]:
    try:
        return _rehearsed(request, actor, run, SHIFT)
    except Refused:  # a term ends within that minute
        return _rehearsed(request, actor, run, timedelta())


def _rehearsed(request: HttpRequest, actor: Actor, run: Run, shift: timedelta) -> list[dict[str, Any]]:
    session, at = request.session, request.received_at  # type: ignore[attr-defined]
    signature = Signature("rehearsal", clock.now(), {})
    request.session = Scratch()  # type: ignore[assignment]
    request.received_at = at + shift  # type: ignore[attr-defined]
    try:
        with outbox.rehearsed() as heard:
            run(actor.with_signature(signature))
    finally:
        request.session, request.received_at = session, at  # type: ignore[attr-defined]
    return json.loads(json.dumps(heard))  # type: ignore[no-any-return]
