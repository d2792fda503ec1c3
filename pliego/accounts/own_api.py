"""What a person does with their own registration, over the API: the same services as the pages of their account."""

from datetime import datetime
from typing import Any
from uuid import UUID

import ninja
from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import Field

from pliego.accounts import devices, history, identities, journal, profile, recovery, reports, services, signing, terms
from pliego.accounts.models import AccessRecord, KnownDevice, LinkedIdentity, User
from pliego.accounts.schemas import Password
from pliego.kernel.objections import Denied, Unknown
from pliego.web.api import Receipt, Router, Schema

router = Router(tags=["accounts"])
PAGE = 25


class OwnRegistration(ninja.Schema):
    code: str
    full_name: str
    document_type: str
    document_number: str
    email: str
    phone: str
    language: str
    time_zone: str
    terms_accepted: str
    terms_in_force: str
    must_change_password: bool


class OwnDetails(Schema):
    full_name: str = Field(max_length=200)
    phone: str = Field("", max_length=20)
    language: str = Field("es-co", max_length=5)
    time_zone: str = Field("America/Bogota", max_length=40)


class OwnNewEmail(Schema):
    email: str = Field(max_length=254)


class EmailCode(Schema):
    code: str = Field(max_length=12)


class OwnNewPassword(Schema):
    password: Password


class AccessLine(ninja.Schema):
    at: datetime
    what: str
    result: str
    how: str
    network: str
    place: str
    device: str
    detail: str
    code: UUID


class AccessLines(ninja.Schema):
    lines: list[AccessLine]
    page: int
    count: int


class OwnSession(ninja.Schema):
    device: str
    network: str
    place: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


class OwnDevice(ninja.Schema):
    code: str
    name: str
    network: str
    created_at: datetime
    last_used_at: datetime


class OwnIdentity(ninja.Schema):
    issuer: str
    subject: str
    linked_at: datetime


class TermsText(ninja.Schema):
    version: str
    sha256: str
    text: str


class AcceptedTerms(Schema):
    version: str = Field(max_length=20)


class OwnDone(ninja.Schema):
    sentence: str
    receipt: Receipt | None = None


class ReportOpened(ninja.Schema):
    case: str
    receipt: Receipt


class RecoveryAsked(Schema):
    email: str = Field(max_length=254)


@router.get("/me", response=OwnRegistration)
def me(request: HttpRequest) -> dict[str, Any]:
    """Who this token or session is, and what they owe before going on."""
    return _as_me(_person(request))


@router.patch("/me", response=OwnRegistration)
def change_details(request: HttpRequest, body: OwnDetails) -> dict[str, Any]:
    """Change one's own data. The document is changed by the service desk."""
    details = profile.Details(**body.model_dump())
    return _as_me(
        profile.change_details(user=_person(request), details=details, actor=_actor(request), at=_at(request))
    )


@router.post("/me/email", response={202: OwnDone})
def ask_new_email(request: HttpRequest, body: OwnNewEmail) -> dict[str, Any]:
    """Mail a code to the new address and tell the old one. Needs a step-up."""
    profile.ask_new_email(user=_person(request), email=body.email, actor=_actor(request))
    return {"sentence": _("If that address can be yours, it has a mail with a six-digit code.")}


@router.post("/me/email/confirm", response=OwnDone)
def confirm_new_email(request: HttpRequest, body: EmailCode) -> dict[str, Any]:
    """Move to the address whose code this is: other sessions and programs end, this token too."""
    changed = profile.confirm_new_email(
        request=request, user=_person(request), code=body.code, actor=_actor(request), at=_at(request)
    )
    return {"sentence": _("Your e-mail changed. The old address was told."), "receipt": Receipt.of(changed.receipt)}


@router.post("/me/password", response=OwnDone)
def change_password(request: HttpRequest, body: OwnNewPassword) -> dict[str, Any]:
    """Change one's password. Needs a step-up; other sessions and every token end."""
    services.require_signature(_actor(request))
    user = _person(request)
    recovery.change_password(request=request, user=user, password=body.password, actor=_actor(request), at=_at(request))
    return {"sentence": _("Your password changed. The other sessions were ended."), "receipt": Receipt.of(user.receipt)}


@router.get("/me/history", response=AccessLines)
def access_history(request: HttpRequest, page: int = ninja.Query(1, ge=1, le=10_000)) -> dict[str, Any]:
    """What happened at one's door, the newest first, 25 a page: sign-ins, failures, changes."""
    mine = AccessRecord.objects.filter(user=_person(request))
    shown = mine[(page - 1) * PAGE : page * PAGE]
    return {"lines": [history.row_of(line) for line in shown], "page": page, "count": mine.count()}


@router.post("/me/history/{code}/not-me", response={201: ReportOpened})
def it_was_not_me(request: HttpRequest, code: UUID) -> dict[str, Any]:
    """Say that a line was somebody else: sessions and tokens end, recovery freezes, the service desk gets the case."""
    user = _person(request)
    report = reports.say_of_line(
        request=request, user=user, line_code=str(code), actor=_actor(request), at=_at(request)
    )
    return {"case": report.code, "receipt": Receipt.of(user.receipt)}


@router.get("/me/sessions", response=list[OwnSession])
def sessions(request: HttpRequest) -> list[history.Session]:
    """The browsers that are signed in as oneself."""
    return history.sessions_of(_person(request), request.session.session_key)


@router.delete("/me/sessions", response=OwnDone)
def end_sessions(request: HttpRequest) -> dict[str, Any]:
    """End every session and token but the session that asks."""
    services.end_other_sessions(user=_person(request), keep=request.session.session_key or "")
    return {"sentence": _("The other sessions were ended.")}


@router.get("/me/devices", response=list[OwnDevice])
def known_devices(request: HttpRequest) -> list[KnownDevice]:
    """The browsers that the account knows."""
    return devices.of(_person(request))


@router.delete("/me/devices/{code}", response=OwnDone)
def forget_device(request: HttpRequest, code: str) -> dict[str, Any]:
    """Let a browser count as any stranger's."""
    device = KnownDevice.objects.filter(user=_person(request), code=code, revoked_at=None).first()
    if device is None:
        raise Unknown()
    devices.revoke(device)
    return {"sentence": _("That browser is no longer known.")}


@router.get("/me/identities", response=list[OwnIdentity])
def linked_identities(request: HttpRequest) -> Any:
    """The identities of other sites that open the first half of one's door. They are linked on a page."""
    return LinkedIdentity.objects.filter(user=_person(request)).order_by("linked_at", "pk")


@router.delete("/me/identities", response=OwnDone)
def unlink_identity(request: HttpRequest) -> dict[str, Any]:
    """Unlink the identity of the provider of this site. Needs a step-up."""
    user = _person(request)
    identities.unlink(request=request, user=user, actor=_actor(request), at=_at(request))
    return {"sentence": _("It is unlinked: it opens nothing any more."), "receipt": Receipt.of(user.receipt)}


@router.get("/terms", response=TermsText)
def terms_in_force(request: HttpRequest) -> dict[str, str]:
    """The terms of use in force, with the hash of their words."""
    now = terms.current()
    return {"version": now.version, "sha256": now.sha256, "text": now.text}


@router.post("/me/terms", response=OwnDone)
def accept_terms(request: HttpRequest, body: AcceptedTerms) -> dict[str, Any]:
    """Accept the version in force, which is named so that nobody accepts what they did not read."""
    user = _person(request)
    if body.version != terms.current().version:
        raise Unknown()
    network = journal.door_of(request).network
    terms.accept(user=user, network=network, actor=_actor(request), at=_at(request))
    sentence = _("You accepted the terms of use, version %(v)s.") % {"v": body.version}
    return {"sentence": sentence, "receipt": Receipt.of(user.receipt)}


@router.post("/recovery", response={202: OwnDone})
def ask_recovery(request: HttpRequest, body: RecoveryAsked) -> dict[str, Any]:
    """Ask for the link that gives a new password. The answer never tells whether somebody is registered."""
    recovery.ask(request=request, email=body.email)
    sentence = _("If somebody is registered with that address, they have a mail with a link that works for 30 minutes.")
    return {"sentence": sentence}


def _person(request: HttpRequest) -> User:
    user = signing.person_of(request)
    if user is None:
        raise Denied(_("Sign in to do this."))
    return user


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _at(request: HttpRequest) -> datetime:
    return request.received_at  # type: ignore[attr-defined, no-any-return]


def _as_me(user: User) -> dict[str, Any]:
    shown = {name: getattr(user, name) for name in OwnRegistration.model_fields if not name.startswith("terms")}
    return {**shown, "terms_accepted": user.terms_version, "terms_in_force": terms.current().version}
