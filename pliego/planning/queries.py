"""Reading plans: the desk's list, the lines that a process may come from, and what waits for somebody."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Count, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from pliego.bulk.cells import Lists
from pliego.kernel.actors import Actor
from pliego.kernel.todo import Task
from pliego.methods import catalogue
from pliego.parties.models import ContractingUnit
from pliego.planning import reminders
from pliego.planning.matching import BLANK, differences, values_of
from pliego.planning.models import DurationUnit, Funding, FutureBudget, Kind, Plan, PlanLine
from pliego.planning.rules import Line
from pliego.planning.versions import Asked
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


def asked(given: QueryDict) -> Asked:
    """The filters of a list of lines, as the address has them."""
    month, kind = given.get("mes", ""), given.get("tipo", "")
    return Asked(
        kind=kind if kind in Kind.values else "",
        method=given.get("modalidad", "")[:60],
        month=month if month.isdigit() and 1 <= int(month[:3]) <= 12 else "",
        words=given.get("q", "").replace("\x00", "")[:100],
        only=given.get("solo", "") if given.get("solo") in ("incompletas", "sin-publicar") else "",
    )


def lines_asked(plan: Plan, asked: Asked) -> "QuerySet[PlanLine]":
    """The standing lines of a plan, as they are being edited, that the filters leave."""
    lines = plan.lines.standing().with_words(asked.words)
    told = {"kind": asked.kind, "method": asked.method, "start_month": asked.month}
    lines = lines.filter(**{name: value for name, value in told.items() if value})
    if asked.only == "incompletas":
        lines = lines.incomplete()
    elif asked.only == "sin-publicar":
        lines = lines.filter(Q(published__isnull=True) | Q(updated_at__gt=plan.published_at or plan.created_at))
    return lines


def counts_of(plan: Plan) -> dict[str, int]:
    """How many standing lines there are of each kind, and how many lack something."""
    found = dict(plan.lines.standing().order_by().values_list("kind").annotate(Count("pk")))
    return {**found, "incomplete": plan.lines.standing().incomplete().count()}


def differences_from(newest: PlanLine, typed: Line) -> list[tuple[str, str, str]]:
    """(column, as typed, as saved) of a line that two people edited."""
    mine = {**BLANK, **asdict(typed), "unit": typed.unit_id}
    units = ContractingUnit.objects.filter(account_id=newest.plan.account_id).values_list("name", "pk")
    return differences(mine, values_of(newest), Lists({"unit": dict(units)}))


def lines_for(
    *, account_id: int | None, method: str = "", unspsc: Sequence[str] = (), year: int | None = None, words: str = ""
) -> "QuerySet[PlanLine]":
    """Lines of the entity's published plans that a process may come from: same method, a code of the same class."""
    lines = PlanLine.objects.standing().with_words(words)
    lines = lines.filter(plan__account_id=account_id or 0, published_in__isnull=False, kind="acquisition")
    if year is not None:
        lines = lines.filter(plan__year=year)
    if method:
        lines = lines.filter(method=method)
    if classes := sorted({code[:6] for code in unspsc if code}):
        same = "EXISTS (SELECT FROM unnest(planning_planline.unspsc) AS code WHERE left(code, 6) = ANY(%s))"
        fits = RawSQL(same, [classes], BooleanField())  # noqa: S611 - the text is ours
        lines = lines.annotate(fits=fits).filter(fits=True)
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
    responsible_phone: str
    responsible_email: str


def amount_of(said: dict[str, Any], name: str) -> Decimal | None:
    return Decimal(said[name]) if said.get(name) else None


def published_line(line: dict[str, Any]) -> PublishedLine:
    """A line of a version in the reader's words."""

    def month(number: int | None) -> str:
        return str(MONTHS[number]) if number else ""

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
        total=amount_of(line, "total_amount"),
        budget=amount_of(line, "budget_amount"),
        future_budget=str(FutureBudget(line["future_budget"]).label),
        unit=line["unit"],
        responsible=line["responsible_name"],
        responsible_phone=line["responsible_phone"],
        responsible_email=line["responsible_email"],
    )


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """A plan with something to publish waits for the authorising officer; a first draft for its preparer."""
    if actor.account_id is None or not actor.roles & {"approver", "preparer"}:
        return []
    waiting = Plan.objects.filter(account_id=actor.account_id, state__in=("draft", "changing"))
    standing = Q(lines__dropped_at__isnull=True)
    mine = set(waiting.filter(editable_by(actor)).values_list("pk", flat=True))
    found = reminders.tasks_for(actor, at)
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
