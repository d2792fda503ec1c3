"""The directory and the areas of interest over the API."""

from datetime import date, datetime
from typing import Annotated

import ninja
from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from pliego.breaches.files import record
from pliego.breaches.schemas import SanctionOut
from pliego.directory import inviting, queries, rules, services
from pliego.directory.asking import ask
from pliego.directory.files import API_ROWS, body, encode
from pliego.directory.models import Interest
from pliego.directory.search import search
from pliego.kernel.objections import Refused
from pliego.tendering.models import Tender
from pliego.tendering.policy import POLICY as TENDERING
from pliego.tendering.policy import Act as TenderAct
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema

router = Router(tags=["directory"])
Word = Annotated[str, Field(max_length=400)]
Code = Annotated[str, Field(max_length=12)]


class DirectoryQuestion(Schema):
    """All of them must hold. `after` comes from the address in `next`."""

    q: Word = ""
    role: Annotated[str, Field(max_length=12, description="supplier or buyer")] = ""
    department: Annotated[str, Field(max_length=2, description="DIVIPOLA code")] = ""
    unspsc: Annotated[str, Field(max_length=11, description="2, 4, 6 or 8 digits")] = ""
    kind: Annotated[str, Field(max_length=24)] = ""
    size: Annotated[str, Field(max_length=8)] = ""
    after: Word = ""


class ShownFact(ninja.Schema):
    field: str
    label: str
    value: str


class ShownProfile(ninja.Schema):
    """What the reader may see of an account; the document of a natural person is masked or missing."""

    code: str
    name: str
    document: str
    is_buyer: bool
    is_supplier: bool
    state: str
    description: str
    unspsc: list[str]
    facts: list[ShownFact]
    sanctions: list[SanctionOut]
    barred_until: date | None


class InterestBody(Schema):
    title: str = Field(max_length=120)
    unspsc: list[Code] = Field(max_length=50)
    departments: list[Annotated[str, Field(max_length=2)]] = Field(default_factory=list, max_length=33)

    def data(self) -> rules.InterestData:
        return rules.InterestData(self.title, [rules.level_of(code) for code in self.unspsc], self.departments)


class ShownInterest(ninja.Schema):
    code: str
    title: str
    unspsc: list[str]
    departments: list[str]
    is_active: bool
    created_at: datetime
    feed: str
    receipt: Receipt | None = None

    @classmethod
    def of(cls, interest: Interest) -> "ShownInterest":
        fields = ("code", "title", "unspsc", "departments", "is_active", "created_at")
        receipt = Receipt.of(interest.receipt) if interest.receipt else None
        feed = f"/intereses/{interest.code}/procesos.atom"
        return cls(feed=feed, receipt=receipt, **{name: getattr(interest, name) for name in fields})


@router.get("/directory", summary="Search suppliers and entities")
def directory(request: HttpRequest, question: Query[DirectoryQuestion]) -> HttpResponse:
    asked = ask(question.dict(), api=True)
    if asked.objections:
        raise Refused(*asked.objections)
    found = search(question=asked.question, rows=API_ROWS)
    return HttpResponse(encode(body(found, asked, request.path)), content_type="application/json")


@router.get("/directory/{code}", response=ShownProfile, summary="An account, as far as you may see it")
def profile(request: HttpRequest, code: str) -> ShownProfile:
    found = queries.profile_of(actor=request.actor, code=code, at=request.received_at)  # type: ignore[attr-defined]
    account = found.account
    return ShownProfile(
        code=account.code,
        name=account.name,
        document=found.document,
        is_buyer=account.is_buyer,
        is_supplier=account.is_supplier,
        state=account.state,
        description=found.description,
        unspsc=account.unspsc_interests,
        facts=[ShownFact(field=f.field, label=str(f.label), value=str(f.value)) for f in found.facts],
        sanctions=[SanctionOut(**record(row)) for row in found.standing.sanctions],
        barred_until=max((bar.ends_on for bar in found.standing.bars), default=None),
    )


@router.get("/interests", response=list[ShownInterest], summary="The areas of interest of your account")
def interests(request: HttpRequest) -> list[ShownInterest]:
    rows = Interest.objects.visible_to(request.actor).order_by("title")  # type: ignore[attr-defined]
    return [ShownInterest.of(row) for row in rows]


@router.post("/interests", response=ShownInterest, summary="Follow an area of goods and services")
def create(request: HttpRequest, payload: InterestBody) -> ShownInterest:
    made = services.create_interest(actor=request.actor, data=payload.data(), at=request.received_at)  # type: ignore[attr-defined]
    return ShownInterest.of(made)


@router.put("/interests/{code}", response=ShownInterest, summary="Change an area of interest")
def change(request: HttpRequest, code: str, payload: InterestBody) -> ShownInterest:
    actor, at = request.actor, request.received_at  # type: ignore[attr-defined]
    return ShownInterest.of(services.change_interest(actor=actor, code=code, data=payload.data(), at=at))


@router.post("/interests/{code}/activate", response=ShownInterest, summary="Hear of an area again")
def activate(request: HttpRequest, code: str) -> ShownInterest:
    return _switch(request, code, is_active=True)


@router.post("/interests/{code}/deactivate", response=ShownInterest, summary="Stop hearing of an area for a while")
def deactivate(request: HttpRequest, code: str) -> ShownInterest:
    return _switch(request, code, is_active=False)


def _switch(request: HttpRequest, code: str, *, is_active: bool) -> ShownInterest:
    actor, at = request.actor, request.received_at  # type: ignore[attr-defined]
    return ShownInterest.of(services.set_interest_active(actor=actor, code=code, is_active=is_active, at=at))


@router.delete("/interests/{code}", response=ShownInterest, summary="Delete an area of interest and its feed")
def delete(request: HttpRequest, code: str) -> ShownInterest:
    deleted = services.delete_interest(actor=request.actor, code=code, at=request.received_at)  # type: ignore[attr-defined]
    return ShownInterest.of(deleted)


class ShownInvited(ninja.Schema):
    code: str
    name: str
    invited_at: datetime
    invited_by: str
    state: str


@router.get("/tenders/{code}/invited", response=list[ShownInvited], summary="Who was invited, and how far each is")
def list_invited(request: HttpRequest, code: str) -> list[dict[str, object]]:
    """invited, seen (somebody read the notice) or, once the offers are opened, offered. Only for the entity's people.

    Whom to invite is found at /directory, with role, unspsc, department and size.
    """
    actor = request.actor  # type: ignore[attr-defined]
    tender = get_visible(Tender.objects.visible_to(actor).select_related("buyer__organization", "team"), code=code)
    TENDERING.require(actor, TenderAct.READ_DRAFT, tender)
    return [inviting.described(one) for one in inviting.invited_to(tender)]
