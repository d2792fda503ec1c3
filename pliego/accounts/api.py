"""People over the API: registration, second factor, step-up. Sessions are in parties, because they name an account."""

from datetime import datetime

import ninja
from allauth.mfa.utils import decrypt, encrypt
from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import Field

from pliego.accounts import factors, journal, own_api, rules, services, signing, standing_api, tokens
from pliego.accounts.models import ApiToken
from pliego.accounts.schemas import Password
from pliego.kernel.objections import Denied, Objection, Refused
from pliego.web.api import Receipt, Router, Schema, example

router = Router(tags=["accounts"])
router.add_router("", standing_api.router)
router.add_router("", own_api.router)


class RegistrationAsked(Schema):
    model_config = example(
        full_name="Ana Mora",
        document_type="CC",
        document_number="52123456",
        email="ana@entidad.example",
        password="una frase larga y propia",  # noqa: S106 - an example
        phone="3000000000",
        terms_accepted=True,
    )

    full_name: str = Field(max_length=200)
    document_type: str = Field(max_length=3)
    document_number: str = Field(max_length=20)
    email: str = Field(max_length=254)
    password: Password
    phone: str = Field("", max_length=20)
    language: str = Field("es-co", max_length=5)
    time_zone: str = Field("America/Bogota", max_length=40)
    terms_accepted: bool


class RegistrationBegun(ninja.Schema):
    sentence: str


class Confirmation(Schema):
    model_config = example(email="ana@entidad.example", code="123456")

    email: str = Field(max_length=254)
    code: str = Field(max_length=12)


class PersonRegistered(ninja.Schema):
    person: str
    token: str
    expires_at: datetime
    receipt: Receipt


class Enrolment(ninja.Schema):
    secret: str
    uri: str


class Code(Schema):
    model_config = example(code="123456")

    code: str = Field(max_length=20)


class FactorAdded(ninja.Schema):
    recovery_codes: list[str]
    receipt: Receipt


class StepUp(Schema):
    model_config = example(password="una frase larga y propia", code="123456")  # noqa: S106 - an example

    password: Password = ""
    code: str = Field("", max_length=20)
    demo: bool = False


class SteppedUp(ninja.Schema):
    method: str
    signed_at: datetime
    good_for_seconds: int


@router.post("/registrations", response={202: RegistrationBegun})
def begin_registration(request: HttpRequest, body: RegistrationAsked) -> RegistrationBegun:
    """Mail a six-digit code to the address. The answer never tells whether somebody is registered with it."""
    person = rules.Person(**body.model_dump())
    services.begin_registration(person=person, network=journal.door_of(request).network)
    return RegistrationBegun(sentence=_("If the address can register, it has a mail with a six-digit code."))


@router.post("/registrations/confirm", response={201: PersonRegistered})
def confirm_registration(request: HttpRequest, body: Confirmation) -> PersonRegistered:
    """Become a person of the platform, with a token to add the second factor and act."""
    user = services.confirm_registration(email=body.email, code=body.code, at=request.received_at)  # type: ignore[attr-defined]
    text, token = tokens.open_token(user=user)
    return PersonRegistered(person=user.code, token=text, expires_at=token.expires_at, receipt=Receipt.of(user.receipt))


@router.post("/second-factors/totp", response=Enrolment)
def begin_totp(request: HttpRequest) -> Enrolment:
    """The secret for an authenticator application. Nothing changes until its first code is confirmed."""
    token, secret = _token(request), factors.new_secret()
    token.pending_secret = encrypt(secret)
    token.save(update_fields=["pending_secret"])
    return Enrolment(secret=secret, uri=factors.enrolment_uri(token.user, secret))


@router.post("/second-factors/totp/confirm", response={201: FactorAdded})
def confirm_totp(request: HttpRequest, body: Code) -> FactorAdded:
    """Add the authenticator that shows this code; the recovery codes are shown this once."""
    token = _token(request)
    if not token.pending_secret:
        raise Refused(Objection("nothing_pending", _("First ask for the secret of an authenticator."), "code"))
    secret = decrypt(token.pending_secret)
    codes = services.add_totp(user=token.user, secret=secret, code=body.code, at=request.received_at)  # type: ignore[attr-defined]
    token.pending_secret = ""
    token.save(update_fields=["pending_secret"])
    tokens.prove(request, token, ["totp"])
    return FactorAdded(recovery_codes=codes, receipt=Receipt.of(token.user.receipt))


@router.post("/step-up", response=SteppedUp)
def step_up(request: HttpRequest, body: StepUp) -> SteppedUp:
    """Prove password and second factor again: binding acts of the next five minutes are signed with it."""
    if not request.actor.signed_in:  # type: ignore[attr-defined]
        raise Denied(_("Sign in to do this."))
    if body.demo:
        signature = signing.sign(request, {"demo": True})
    else:
        signature = signing.step_up(request, password=body.password, code=body.code)
    seconds = int(rules.STEP_UP_LIVES.total_seconds())
    return SteppedUp(method=signature.method, signed_at=signature.signed_at, good_for_seconds=seconds)


def _token(request: HttpRequest) -> ApiToken:
    token = signing.token_of(request)
    if token is None:
        raise Denied(_("This needs a token of the API. On the pages, use your account."))
    return token
