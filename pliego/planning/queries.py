"""Reading plans: the desk's list, the lines that a process may come from, and what waits for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from pliego.kernel.actors import Actor
from pliego.kernel.todo import Task
from pliego.methods import catalogue
from pliego.planning.models import DurationUnit, Funding, FutureBudget, Kind, Plan, PlanLine, PlanVersion
from pliego.teams.queries import editable_by


def plans_of(*, account_id: int | None) -> "QuerySet[Plan]":
    """An entity's plans, newest year first, with how many lines stand and what they add up to."""
    standing = Q(lines__dropped_at__isnull=True)
    return (
        Plan.objects.filter(account_id=account_id or 0)
        .select_related("account__organization")
        .annotate(line_count=Count("lines", filter=standing), line_total=Sum("lines__total_amount", filter=standing))
        .order_by("-year")
    )


def lines_for(
    *, account_id: int | None, method: str = "", unspsc: Sequence[str] = (), year: int | None = None
) -> "QuerySet[PlanLine]":
    """Lines of the entity's published plans that a process may come from: same method, a code of the same class."""
    lines = PlanLine.objects.standing().filter(
        plan__account_id=account_id or 0, published_in__isnull=False, kind="acquisition"
    )
    if year is not None:
        lines = lines.filter(plan__year=year)
    if method:
        lines = lines.filter(method=method)
    if classes := tuple(code[:6] for code in unspsc if code):
        rows = lines.values_list("pk", "unspsc")
        lines = lines.filter(pk__in=[pk for pk, codes in rows if any(code.startswith(classes) for code in codes)])
    return lines.select_related("plan", "unit").order_by("-plan__year", "number")


@dataclass(frozen=True)
class PublishedLine:
    """A line of a published version, in the reader's words."""

    number: int
    kind: str
    description: str
    unspsc: list[str]
    start: str
    bids: str
    duration: str
    method: str
    funding: str
    total: Decimal | None
    budget: Decimal | None
    future_budget: str
    unit: str
    responsible: str


def lines_of(version: PlanVersion) -> list[PublishedLine]:
    """The lines of a version as it was published."""
    return [_published(line) for line in version.snapshot["lines"]]


def _published(line: dict[str, Any]) -> PublishedLine:
    def month(number: int | None) -> str:
        return str(MONTHS[number]) if number else ""

    def amount(text: str | None) -> Decimal | None:
        return Decimal(text) if text else None

    unit = str(DurationUnit(line["duration_unit"]).label)
    return PublishedLine(
        number=line["number"],
        kind=str(Kind(line["kind"]).label),
        description=line["description"],
        unspsc=line["unspsc"],
        start=month(line["start_month"]),
        bids=month(line["bids_month"]),
        duration=f"{line['duration']} {unit.lower()}" if line["duration"] else "",
        method=catalogue.title(line["method"]) if line["method"] else "",
        funding=str(Funding(line["funding_source"]).label) if line["funding_source"] else "",
        total=amount(line["total_amount"]),
        budget=amount(line["budget_amount"]),
        future_budget=str(FutureBudget(line["future_budget"]).label),
        unit=line["unit"],
        responsible=line["responsible_name"],
    )


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """A plan with something to publish waits for the authorising officer; a first draft for its preparer."""
    if actor.account_id is None or not actor.roles & {"approver", "preparer"}:
        return []
    waiting = Plan.objects.filter(account_id=actor.account_id, state__in=("draft", "changing"))
    standing = Q(lines__dropped_at__isnull=True)
    mine = set(waiting.filter(editable_by(actor)).values_list("pk", flat=True))
    found = []
    for plan in waiting.annotate(line_count=Count("lines", filter=standing)):
        year = {"year": plan.year}
        if "approver" in actor.roles and plan.line_count:
            found.append(
                Task(
                    title=_("Publish the annual plan %(year)s") % year,
                    url=reverse("planning:publish", args=[plan.year]),
                    subject=plan.code,
                    reason=_("It has lines or changes that are not public yet, and you are its authorising officer."),
                )
            )
        elif "preparer" in actor.roles and plan.state == "draft" and plan.pk in mine:
            found.append(
                Task(
                    title=_("Complete the annual plan %(year)s") % year,
                    url=reverse("planning:plan", args=[plan.year]),
                    subject=plan.code,
                    reason=_("You prepare the plan of your entity."),
                )
            )
    return found
