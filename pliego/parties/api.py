"""Sessions, accounts and places over the API."""

from datetime import date, datetime
from typing import Any, Literal

import ninja
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from pliego.accounts import demo, factors, signing, tokens
from pliego.accounts.models import ApiToken, User
from pliego.accounts.schemas import Password
from pliego.kernel.objections import Denied, Objection, Refused
from pliego.parties import access, desk, queries, rules, services
from pliego.parties.models import Account, Membership
from pliego.parties.policy import REGISTRATION, Act
from pliego.parties.services import Attached
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.fields import Upload

router = Router(tags=["parties"])


class SignIn(Schema):
    model_config = example(email="ana@entidad.example", password="una frase larga", code="123456")  # noqa: S106 - an example

    email: str = Field(max_length=254)
    password: Password
    code: str = Field("", max_length=20)
    account: str = Field("", max_length=20)


class PracticeSignIn(Schema):
    model_config = example(link="/demo/entrar/…")

    link: str = Field(max_length=2000)


class Chosen(Schema):
    model_config = example(account="PLG.CTA.1")

    account: str = Field(max_length=20)


class Session(ninja.Schema):
    token: str = ""
    expires_at: datetime
    person: str
    account: str
    roles: list[str]


class Roles(Schema):
    model_config = example(roles=["preparer"])

    roles: list[str] = Field(max_length=20)


class Note(Schema):
    model_config = example(note="Trabajo en la Secretaría General")

    note: str = Field("", max_length=500)


class Reasons(Schema):
    model_config = example(reasons={"legal_name": "Escriba el nombre como está en el RUT"})

    reasons: dict[str, str] = Field(max_length=60)


class Verdicts(Schema):
    """What the desk found: item → "" when it is right, or why it is wrong."""

    verdicts: dict[str, str] = Field(default_factory=dict, max_length=60)
    rest_is_right: bool = False


class PaperDates(Schema):
    issued_on: date | None = None
    expires_on: date | None = None
    audience: Literal["", "desk", "buyers", "public"] = ""


class EntityForm(Schema):
    """The form of a state entity. `documents` names finished uploads by the field of each document."""

    model_config = example(
        nit="999930001-2",
        legal_name="Alcaldía de Ejemplo",
        kind="state_entity",
        order="territorial",
        branch="executive",
        sector="public_service",
        entity_type="municipality",
        municipality="73001",
        address="Calle 1 # 2-34",
        phone="6080000000",
        email="contratacion@entidad.example",
        notification_email="avisos@entidad.example",
    )

    nit: str = Field(max_length=20)
    legal_name: str = Field(max_length=250)
    short_name: str = Field("", max_length=60)
    kind: str = Field(max_length=24)
    business_area: str = Field("public", max_length=8)
    order: str = Field(max_length=12)
    branch: str = Field(max_length=12)
    sector: str = Field(max_length=20)
    entity_type: str = Field(max_length=24)
    parent: str = Field("", max_length=20)
    in_siif: bool = False
    pci: str = Field("", max_length=20)
    municipality: str = Field(max_length=5)
    address: str = Field("", max_length=200)
    phone: str = Field(max_length=30)
    email: str = Field(max_length=254)
    notification_email: str = Field(max_length=254)
    country: str = Field("CO", max_length=2)
    documents: dict[str, str] = Field(default_factory=dict, max_length=10)
    dates: dict[str, PaperDates] = Field(default_factory=dict, max_length=10)

    def data(self) -> rules.EntityData:
        return rules.EntityData(**self.model_dump(exclude={"documents", "dates"}))

    def papers(self) -> dict[str, Upload | Attached]:
        known = {paper.field for paper in rules.papers_for(self.kind)}
        if unknown := (self.documents.keys() | self.dates.keys()) - known:
            fault = Objection("unknown_field", _("This field does not exist here."), f"documents.{min(unknown)}")
            raise Refused(fault)
        told = {name: rules.Dates(**dates.model_dump()) for name, dates in self.dates.items()}
        sent = {name: Upload(upload_id=code) for name, code in self.documents.items() if code}
        return {name: Attached(upload, told.get(name, rules.Dates())) for name, upload in sent.items()}


class SupplierForm(Schema):
    model_config = example(
        kind="sas",
        nit="999930002-1",
        legal_name="Suministros de Ejemplo SAS",
        municipality="11001",
        phone="6010000000",
        notification_email="avisos@proveedor.example",
        representative_name="Carla Vega",
        representative_document_type="CC",
        representative_document_number="1000000",
    )

    kind: str = Field(max_length=24)
    nit: str = Field("", max_length=20)
    document_type: str = Field("", max_length=3)
    document_number: str = Field("", max_length=20)
    legal_name: str = Field(max_length=250)
    short_name: str = Field("", max_length=60)
    municipality: str = Field(max_length=5)
    address: str = Field("", max_length=200)
    phone: str = Field(max_length=30)
    email: str = Field("", max_length=254)
    notification_email: str = Field(max_length=254)
    representative_name: str = Field("", max_length=200)
    representative_document_type: str = Field("", max_length=3)
    representative_document_number: str = Field("", max_length=20)
    size: str = Field("", max_length=8)
    unspsc_interests: list[str] = Field(default_factory=list, max_length=100)
    country: str = Field("CO", max_length=2)
    foreign_scheme: str = Field("", max_length=8)
    foreign_number: str = Field("", max_length=20)

    def data(self) -> rules.SupplierData:
        told = self.model_dump()
        return rules.SupplierData(**{**told, "unspsc_interests": tuple(told["unspsc_interests"])})


class AccountShown(ninja.Schema):
    code: str
    name: str
    nit: str
    is_buyer: bool
    is_supplier: bool
    state: str
    kind: str
    municipality: str
    held_by: str = ""
    held_since: datetime | None = None
    return_reasons: dict[str, str] = {}
    receipt: Receipt | None = None


class PlaceShown(ninja.Schema):
    person: str
    name: str
    account: str
    state: str
    roles: list[str]
    receipt: Receipt | None = None


# ---- sessions --------------------------------------------------------------------------------------------------------


@router.post("/sessions", response={201: Session}, tags=["sessions"])
def open_session(request: HttpRequest, body: SignIn) -> Session:
    """Sign in with password and code: a token for twelve hours, acting for one account or for oneself."""
    user = tokens.sign_in(request, email=body.email, password=body.password, code=body.code)
    account_id = _place_called(user, body.account).account_id if body.account else None
    text, token = tokens.open_token(user=user, account_id=account_id)
    if factors.has_second_factor(user):
        tokens.prove(request, token, ["password", "totp"])
    return _session(token, text)


@router.post("/sessions/practice", response={201: Session}, tags=["sessions"])
def open_practice_session(request: HttpRequest, body: PracticeSignIn) -> Session:
    """Enter with a practice link (its last part). Only practice installations have this."""
    link = demo.read_link(body.link.rstrip("/").rpartition("/")[2])
    text, token = tokens.open_token(user=link.user, account_id=link.account_id, is_practice=True)
    return _session(token, text)


@router.post("/sessions/account", response=Session, tags=["sessions"])
def choose_account(request: HttpRequest, body: Chosen) -> Session:
    """Act from now on, with this token, for another of one's accounts."""
    token = _token(request)
    token.account_id = _place_called(token.user, body.account).account_id
    token.save(update_fields=["account_id"])
    return _session(token)


@router.delete("/sessions", response={204: None}, tags=["sessions"])
def close_session(request: HttpRequest) -> None:
    """End this token."""
    tokens.close(_token(request))


# ---- accounts --------------------------------------------------------------------------------------------------------


@router.get("/accounts", response=list[AccountShown])
def list_accounts(
    request: HttpRequest,
    nit: str = Query("", max_length=20),
    q: str = Query("", max_length=200),
    side: Literal["", "buyer", "supplier"] = "",
) -> Any:
    """Accounts with that NIT, or whose name has every word: to see a duplicate before making it."""
    found = queries.candidates(actor=_actor(request), nit=nit, words=q, side=side)
    return [_account(request, account) for account in found]


@router.get("/accounts/{code}", response=AccountShown)
def show_account(request: HttpRequest, code: str) -> AccountShown:
    return _account(request, _visible(request, code))


@router.post("/entities", response={201: AccountShown})
def register_entity(request: HttpRequest, body: EntityForm) -> AccountShown:
    """Register a state entity and ask for its activation."""
    account = services.register_entity(actor=_actor(request), data=body.data(), papers=body.papers(), at=_at(request))
    return _account(request, account)


@router.post("/accounts/{code}/correct", response=AccountShown)
def correct_entity(request: HttpRequest, code: str, body: EntityForm) -> AccountShown:
    """Send a returned registration again."""
    account = services.correct_entity(
        actor=_actor(request),
        account_id=_visible(request, code).pk,
        data=body.data(),
        papers=body.papers(),
        at=_at(request),
    )
    return _account(request, account)


@router.post("/accounts/{code}/take", response=AccountShown)
def take_request(request: HttpRequest, code: str) -> AccountShown:
    """The service desk takes the request."""
    return _account(request, desk.take(actor=_actor(request), account_id=_visible(request, code).pk, at=_at(request)))


@router.post("/accounts/{code}/release", response=AccountShown)
def release_request(request: HttpRequest, code: str) -> AccountShown:
    """The service desk leaves the request for others."""
    account_id = _visible(request, code).pk
    return _account(request, desk.release(actor=_actor(request), account_id=account_id, at=_at(request)))


@router.post("/accounts/{code}/review", response=AccountShown)
def review_request(request: HttpRequest, code: str, body: Verdicts) -> AccountShown:
    """The service desk writes down what it found at each field and document."""
    account = desk.review(
        actor=_actor(request), account_id=_visible(request, code).pk, at=_at(request), **body.model_dump()
    )
    return _account(request, account)


@router.post("/accounts/{code}/activate", response=AccountShown)
def activate_entity(request: HttpRequest, code: str) -> AccountShown:
    """The service desk opens the account, when every item was checked and is right."""
    account_id = _visible(request, code).pk
    return _account(request, desk.activate(actor=_actor(request), account_id=account_id, at=_at(request)))


@router.post("/accounts/{code}/return", response=AccountShown)
def return_entity(request: HttpRequest, code: str, body: Reasons) -> AccountShown:
    """The service desk sends the registration back, with a reason at each field."""
    account = desk.give_back(
        actor=_actor(request), account_id=_visible(request, code).pk, reasons=body.reasons, at=_at(request)
    )
    return _account(request, account)


@router.post("/suppliers", response={201: AccountShown})
def register_supplier(request: HttpRequest, body: SupplierForm) -> AccountShown:
    """Register a supplier, active at once."""
    return _account(request, services.register_supplier(actor=_actor(request), data=body.data(), at=_at(request)))


# ---- people of an account --------------------------------------------------------------------------------------------


@router.get("/accounts/{code}/people", response=list[PlaceShown])
def list_people(request: HttpRequest, code: str) -> Any:
    """Everybody who asked for a place in the account, with the answer."""
    account = _visible(request, code)
    REGISTRATION.require(_actor(request), Act.MANAGE_PEOPLE, account)
    return [_place(place) for place in queries.people_of(account)]


@router.post("/accounts/{code}/people", response={201: PlaceShown})
def request_access(request: HttpRequest, code: str, body: Note) -> PlaceShown:
    """Ask for a place in the account."""
    account_id = _visible(request, code).pk
    place = access.request_access(actor=_actor(request), account_id=account_id, note=body.note, at=_at(request))
    return _place(place)


@router.post("/accounts/{code}/people/{person}/accept", response=PlaceShown)
def accept_access(request: HttpRequest, code: str, person: str, body: Roles) -> PlaceShown:
    found = _person_in(request, code, person)
    return _place(
        access.accept_access(actor=_actor(request), membership_id=found.pk, roles=body.roles, at=_at(request))
    )


@router.post("/accounts/{code}/people/{person}/reject", response=PlaceShown)
def reject_access(request: HttpRequest, code: str, person: str, body: Note) -> PlaceShown:
    found = _person_in(request, code, person)
    return _place(
        access.reject_access(actor=_actor(request), membership_id=found.pk, reason=body.note, at=_at(request))
    )


@router.post("/accounts/{code}/people/{person}/roles", response=PlaceShown)
def set_roles(request: HttpRequest, code: str, person: str, body: Roles) -> PlaceShown:
    found = _person_in(request, code, person)
    return _place(access.set_roles(actor=_actor(request), membership_id=found.pk, roles=body.roles, at=_at(request)))


@router.post("/accounts/{code}/people/{person}/end", response=PlaceShown)
def end_access(request: HttpRequest, code: str, person: str) -> PlaceShown:
    found = _person_in(request, code, person)
    return _place(access.end_access(actor=_actor(request), membership_id=found.pk, at=_at(request)))


# ---- translators -----------------------------------------------------------------------------------------------------


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _at(request: HttpRequest) -> datetime:
    return request.received_at  # type: ignore[attr-defined, no-any-return]


def _visible(request: HttpRequest, code: str) -> Account:
    rows = Account.objects.visible_to(_actor(request)).select_related("organization", "held_by")
    return get_visible(rows, code=code)


def _person_in(request: HttpRequest, code: str, person: str) -> Membership:
    account = _visible(request, code)
    REGISTRATION.require(_actor(request), Act.MANAGE_PEOPLE, account)
    return get_visible(Membership.objects.filter(account=account), user__code=person)


def _place_called(user: User, code: str) -> Membership:
    place = queries.places_of(user_id=user.pk).filter(account__code=code).first()
    if place is None:
        raise Refused(Objection("no_place", _("You have no accepted access to that account."), "account"))
    return place


def _token(request: HttpRequest) -> ApiToken:
    token = signing.token_of(request)
    if token is None:
        raise Denied(_("Sign in to do this."))
    return token


def _session(token: ApiToken, text: str = "") -> Session:
    actor = queries.actor_for(user=token.user, account_id=token.account_id)
    return Session(
        token=text,
        expires_at=token.expires_at,
        person=actor.user_code,
        account=actor.account_code,
        roles=sorted(actor.roles | actor.platform_roles),
    )


def _account(request: HttpRequest, account: Account) -> AccountShown:
    sees_all = bool(REGISTRATION.verdict(_actor(request), Act.SEE_REGISTRATION, account)) or account.receipt is not None
    hides_number = account.organization.is_natural_person and not sees_all
    return AccountShown(
        code=account.code,
        name=account.name,
        nit="" if hides_number else account.nit,
        is_buyer=account.is_buyer,
        is_supplier=account.is_supplier,
        state=account.state,
        kind=account.kind,
        municipality=account.municipality,
        held_by=account.held_by.full_name if sees_all and account.held_by else "",
        held_since=account.held_since if sees_all else None,
        return_reasons=account.return_reasons if sees_all else {},
        receipt=Receipt.of(account.receipt) if account.receipt else None,
    )


def _place(place: Membership) -> PlaceShown:
    return PlaceShown(
        person=place.user.code,
        name=place.user.full_name,
        account=place.account.code,
        state=place.state,
        roles=place.roles,
        receipt=Receipt.of(place.receipt) if place.receipt else None,
    )
