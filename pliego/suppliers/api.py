"""What a supplier says of itself, over the API. The bank account is written here and read nowhere."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import ninja
from django.http import HttpRequest
from pydantic import Field

from pliego.parties.models import Account
from pliego.suppliers import queries, rules, services
from pliego.web.acts import get_visible
from pliego.web.api import Router, Schema
from pliego.web.fields import Upload

router = Router(tags=["suppliers"])
Amount = Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=2)]
AnyAmount = Annotated[Decimal, Field(max_digits=20, decimal_places=2)]
UploadId = Annotated[str, Field(max_length=100)]


class ProfileForm(Schema):
    main_category: str = Field("", max_length=8)
    website: str = Field("", max_length=200)
    description: str = Field("", max_length=1000)
    activity: Literal["", "manufacture", "services", "commerce"] = ""
    income_year: int | None = Field(None, ge=1900, le=2200)
    income_amount: Amount | None = None


class ExperienceForm(Schema):
    client: str = Field(max_length=200)
    title: str = Field(max_length=500)
    amount: Amount
    starts_on: date
    ends_on: date
    reference: str = Field("", max_length=60)
    unspsc: list[Annotated[str, Field(max_length=8)]] = Field(default_factory=list, max_length=50)
    proof: UploadId = ""


class StatementForm(Schema):
    as_of: date
    current_assets: Amount
    current_liabilities: Amount
    total_assets: Amount
    total_liabilities: Amount
    equity: AnyAmount
    operating_profit: AnyAmount
    interest: Amount
    proof: UploadId = ""


class RegisterForm(Schema):
    number: str = Field(max_length=20)
    chamber: str = Field(max_length=100)
    registered_on: date
    renewed_on: date
    firm_on: date | None = None
    proof: UploadId = ""


class BankForm(Schema):
    bank: str = Field(max_length=100)
    kind: Literal["savings", "current"]
    number: str = Field(max_length=30)
    holder: str = Field(max_length=200)
    proof: UploadId = ""


class ExperienceShown(ninja.Schema):
    number: int
    client: str
    title: str
    amount: Decimal
    starts_on: date
    ends_on: date
    unspsc: list[str]


class YearShown(ninja.Schema):
    as_of: date
    liquidity: Decimal | None
    indebtedness: Decimal | None
    interest_coverage: Decimal | None
    return_on_equity: Decimal | None
    return_on_assets: Decimal | None


class ProfileShown(ninja.Schema):
    account: str
    name: str
    size: str
    size_basis: str = ""
    main_category: str = ""
    website: str = ""
    description: str = ""
    experiences: list[ExperienceShown] = []
    years: list[YearShown] = []
    register_renewed_on: date | None = None
    register_until: date | None = None
    register_holds: bool = False


@router.get("/suppliers/{code}/profile", response=ProfileShown)
def show_profile(request: HttpRequest, code: str) -> ProfileShown:
    """What anybody may know; to state entities with an account, also experience, capacity and register."""
    account = _visible(request, code)
    found = queries.profile_for(actor=_actor(request), account=account, at=_at(request))
    profile, register = found.profile, found.register
    return ProfileShown(
        account=account.code,
        name=account.name,
        size=account.size,
        size_basis=profile.size_basis if profile else "",
        main_category=found.main_category,
        website=profile.website if profile else "",
        description=profile.description if profile else "",
        experiences=[ExperienceShown.from_orm(row) for row in found.experiences],
        years=[YearShown(as_of=year.as_of, **vars(told)) for year, told in found.years],
        register_renewed_on=register.renewed_on if register else None,
        register_until=found.register_until,
        register_holds=found.register_holds,
    )


@router.put("/suppliers/{code}/profile", response=ProfileShown)
def save_profile(request: HttpRequest, code: str, body: ProfileForm) -> ProfileShown:
    data = rules.ProfileData(**body.model_dump())
    services.save_profile(actor=_actor(request), account_id=_visible(request, code).pk, data=data, at=_at(request))
    return show_profile(request, code)


@router.post("/suppliers/{code}/experiences", response={201: ProfileShown})
def add_experience(request: HttpRequest, code: str, body: ExperienceForm) -> ProfileShown:
    """A contract that it performed."""
    told, proof = _split(body)
    data = rules.ExperienceData(**{**told, "unspsc": tuple(told["unspsc"])})
    account_id = _visible(request, code).pk
    services.add_experience(actor=_actor(request), account_id=account_id, data=data, proof=proof, at=_at(request))
    return show_profile(request, code)


@router.post("/suppliers/{code}/statements", response={201: ProfileShown})
def save_statement(request: HttpRequest, code: str, body: StatementForm) -> ProfileShown:
    """Financial statements at a cut-off."""
    told, proof = _split(body)
    account_id, data = _visible(request, code).pk, rules.Statement(**told)
    services.save_statement(actor=_actor(request), account_id=account_id, data=data, proof=proof, at=_at(request))
    return show_profile(request, code)


@router.put("/suppliers/{code}/register", response=ProfileShown)
def save_register(request: HttpRequest, code: str, body: RegisterForm) -> ProfileShown:
    """Its inscription in the register of bidders (RUP)."""
    told, proof = _split(body)
    account_id = _visible(request, code).pk
    services.save_register(actor=_actor(request), account_id=account_id, proof=proof, at=_at(request), **told)
    return show_profile(request, code)


@router.put("/suppliers/{code}/bank-account", response={204: None})
def save_bank_account(request: HttpRequest, code: str, body: BankForm) -> None:
    """Where it is paid. There is no way to read it here."""
    told, proof = _split(body)
    account_id = _visible(request, code).pk
    services.save_bank_account(actor=_actor(request), account_id=account_id, proof=proof, at=_at(request), **told)


def _split(body: Schema) -> tuple[dict[str, Any], Upload | None]:
    told = body.model_dump()
    proof = told.pop("proof")
    return told, Upload(upload_id=proof) if proof else None


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _at(request: HttpRequest) -> datetime:
    return request.received_at  # type: ignore[attr-defined, no-any-return]


def _visible(request: HttpRequest, code: str) -> Account:
    rows = Account.objects.visible_to(_actor(request)).filter(is_supplier=True)
    return get_visible(rows.select_related("organization"), code=code)
