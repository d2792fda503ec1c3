"""The methods over the API: what the law asks, and the earliest legal schedule from a moment."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec
import ninja
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Objection, Refused
from pliego.methods import catalogue, choosing, moving, schedule
from pliego.web.api import Router, Schema
from pliego.web.http import Request

router = Router(tags=["methods"])

Code = Annotated[str, ninja.Path(max_length=60)]
Version = Annotated[str, Query(max_length=20, description="Without it, the version in force today")]


class MethodOut(ninja.Schema):
    code: str
    version: str
    title: str
    literal: str
    ocds_method: str
    legal_basis: str
    has_bidding: bool
    only_for: list[str] = Field(description="Types of entity that may use it; none: every entity")
    in_force_from: date
    in_force_until: date | None


class SlackOut(ninja.Schema):
    """From when to when a date may be while the others stay; without `latest`, there is no end."""

    earliest: datetime
    latest: datetime | None
    days_earlier: int = Field(description="Business days")
    days_later: int | None


class DateOut(ninja.Schema):
    milestone: str
    title: str
    at: datetime
    reasons: list[str]
    slack: SlackOut | None


class ScheduleOut(ninja.Schema):
    method: str
    version: str
    dates: list[DateOut]
    warnings: list[str]


@router.get("/methods", response=list[MethodOut], operation_id="list_methods")
def list_methods(request: Request) -> list[dict[str, Any]]:
    """The methods in force today, and who may use each."""
    return [
        {
            **{name: getattr(method, name) for name in MethodOut.model_fields if name != "title"},
            "title": str(method.title),
        }
        for method in catalogue.in_force(calendar.day_of(request.received_at))
    ]


@router.get("/methods/{code}", operation_id="get_method")
def get_method(request: Request, code: Code, version: Version = "") -> dict[str, Any]:
    """Everything that the catalogue says of a method: stages, milestones, terms with their articles, documents."""
    return msgspec.to_builtins(_method(request, code, version))


@router.get("/methods/{code}/schedule", response=ScheduleOut, operation_id="propose_schedule")
def propose_schedule(request: Request, code: Code, start: datetime, version: Version = "") -> dict[str, Any]:
    """The earliest legal schedule of a process that is published at `start` (with its time zone)."""
    if start.tzinfo is None:
        raise Refused(Objection("no_time_zone", _("Give the time zone of the start."), "start"))
    method = _method(request, code, version)
    proposed = schedule.propose(method, start)
    room = moving.slacks(method, proposed, start)
    dates = [
        {
            "milestone": milestone,
            "title": str(method.milestone(milestone).title),
            "at": at,
            "reasons": [f"{r.sentence} ({r.legal_basis})" for r in schedule.reasons(method, milestone, proposed)],
            "slack": room.get(milestone),
        }
        for milestone, at in proposed.items()
    ]
    told = [str(warning) for warning in schedule.warnings(method, proposed, start)]
    return {"method": method.code, "version": method.version, "dates": dates, "warnings": told}


class AdviceOut(ninja.Schema):
    code: str
    sentence: str
    legal_basis: str


class ChoiceOut(ninja.Schema):
    method: str = Field(description="Empty when the purchase is made in the store (TVEC)")
    title: str
    rule: str
    why: str
    legal_basis: str
    menor_ceiling: Decimal
    minima_ceiling: Decimal
    mipyme_limit: Decimal | None
    warnings: list[AdviceOut]


Pesos = Annotated[Decimal, Field(max_digits=20, decimal_places=2)]


class FactsIn(Schema):
    """What decides the method. Without a year, the figures of this one."""

    value: Pesos
    budget: Pesos
    year: int = 0
    information_only: bool = False
    special_regime: bool = False
    offers_here: bool = False
    is_sale: bool = False
    direct_ground: bool = False
    uniform: bool = False
    framework_agreement: bool = False
    is_consultancy: bool = False
    prequalify: bool = False
    after_void_tender: bool = False
    special_ground: bool = False
    is_works: bool = False
    standard_documents: bool = False


@router.get("/method-choice", response=ChoiceOut, operation_id="choose_method")
def choose_method(request: Request, facts: Query[FactsIn]) -> dict[str, Any]:
    """Which method corresponds to a purchase, with its article, the entity's ceilings and what to think of before."""
    today = calendar.day_of(request.received_at)
    said = facts.model_dump()
    found = choosing.choose(choosing.Facts(**said | {"year": said["year"] or today.year}), today)
    return {
        "method": found.method.code if found.method else "",
        "title": str(found.method.title) if found.method else "",
        "rule": found.rule,
        "why": found.why,
        "legal_basis": found.legal_basis,
        "menor_ceiling": found.limits.menor,
        "minima_ceiling": found.limits.minima,
        "mipyme_limit": found.limits.mipyme,
        "warnings": [vars(warning) for warning in found.warnings],
    }


def _method(request: Request, code: str, version: str) -> Any:
    return catalogue.get(code, version or None, on=calendar.day_of(request.received_at))
