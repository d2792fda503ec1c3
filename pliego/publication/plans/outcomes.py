"""What became of an annual plan: of each published line its processes, award and contract; and where they parted ways.

Only public things enter: the last published version, published processes, decisions taken, signed contracts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pliego.awards.models import Award
from pliego.bulk.cells import MONTHS
from pliego.contracts.models import Contract
from pliego.kernel.calendar import BOGOTA, calendar
from pliego.kernel.money import cop, format_money
from pliego.kernel.objections import Text
from pliego.methods import catalogue
from pliego.planning.models import PlanVersion
from pliego.planning.versions import Asked, Lines
from pliego.tendering.models import PlannedLine, Tender
from pliego.tendering.plan_lines import split

NOTHING = Decimal(0)
Line = tuple[int, int]  # a line of a plan: the id of its plan, and its number
TOLD = ("code", "title", "method", "published_at", "value_amount", "plan_justification")
OUTSIDE_LAW = "Decreto 1082 de 2015, art. 2.2.1.1.1.4.1"


@dataclass
class Process:
    """A published process, with what was decided and signed. `justification` says why it is not in the plan."""

    code: str
    title: str
    method: str
    published_at: datetime
    estimated: Decimal | None
    justification: str
    awarded: Decimal | None = None
    contracted: Decimal | None = None
    is_shared: bool = False  # it comes from several lines, and these amounts are the part of one

    @property
    def month(self) -> int:
        return self.published_at.astimezone(BOGOTA).month

    @property
    def year(self) -> int:
        return self.published_at.astimezone(BOGOTA).year

    @property
    def url(self) -> str:
        return reverse("publication:process", args=[self.code])

    def parts(self, lines: Mapping[Line, Decimal]) -> Iterator[tuple[Line, "Process"]]:
        """The part of it that is of each of those lines, by what each was planned for."""
        weights, is_shared = list(lines.values()), len(lines) > 1
        amounts = zip(lines, split(self.awarded, weights), split(self.contracted, weights), strict=True)
        for line, awarded, contracted in amounts:
            yield line, replace(self, awarded=awarded, contracted=contracted, is_shared=is_shared)


@dataclass
class Outcome:
    """A planned purchase and the processes that came from it."""

    number: int
    description: str
    method: str
    month: int | None
    planned: Decimal
    processes: list[Process] = field(default_factory=list)

    def sum_of(self, name: str) -> Decimal | None:
        found = [value for process in self.processes if (value := getattr(process, name)) is not None]
        return sum(found, NOTHING) if found else None


@dataclass
class Stage:
    """How many planned purchases reached a stage, and for how much."""

    title: Text
    count: int = 0
    value: Decimal = NOTHING

    def take(self, value: Decimal) -> None:
        self.count += 1
        self.value += value


@dataclass
class Month:
    name: str
    planned: Stage
    begun: Stage
    awarded: Stage
    contracted: Stage

    @property
    def stages(self) -> tuple[Stage, ...]:
        return self.planned, self.begun, self.awarded, self.contracted

    def take(self, outcome: Outcome) -> None:
        self.planned.take(outcome.planned)
        if outcome.processes:
            self.begun.take(outcome.planned)
        for stage, name in ((self.awarded, "awarded"), (self.contracted, "contracted")):
            if (value := outcome.sum_of(name)) is not None:
                stage.take(value)


def _month(name: str) -> Month:
    titles = (_("Planned"), _("With a process"), _("Awarded"), _("Contracted"))
    return Month(name, *(Stage(title) for title in titles))


@dataclass
class Progress:
    """The indicator: the whole year, and each month by the one in which the line was to begin."""

    whole: Month
    months: list[Month]
    outside: list[Process]


def outcomes_of(version: PlanVersion) -> tuple[list[Outcome], list[Process]]:
    """Every planned purchase with its processes; and the purchases of the year that are in no plan. Six queries.

    What was decided and signed in a process of several lines is divided among them in the proportion of what each says
    in public, also those of another plan: nothing is counted twice.
    """
    plan = version.plan
    found = {
        line["number"]: Outcome(
            line["number"], line["description"], line["method"], line["start_month"],
            Decimal(line["total_amount"] or 0),
        )
        for line in Lines(version, Asked(kind="acquisition"), known=1_000_000)
    }  # fmt: skip
    public = Tender.objects.public().exclude(state__in=("cancelled", "revoked")).order_by("published_at", "pk")
    of_the_year = public.filter(buyer_id=plan.account_id, plan_lines=None, published_at__range=_year(plan.year))
    outside: list[Process] = []
    planned = public.filter(plan_lines__plan=plan).distinct()
    links = _links(planned)
    for rows in (planned, of_the_year):
        decided, signed = _amounts(Award.objects.made(), rows), _amounts(Contract.objects.public(), rows)
        for pk, *told in rows.values_list("pk", *TOLD):
            process = Process(*told)
            process.awarded, process.contracted = decided.get(pk), signed.get(pk)
            if pk not in links:
                outside.append(process)
            for (plan_id, number), part in process.parts(links.get(pk, {})):
                if plan_id == plan.pk and number in found:
                    found[number].processes.append(part)
    return list(found.values()), outside


def _links(tenders: Any) -> dict[int, dict[Line, Decimal]]:
    """Of each process, all its lines by plan and number, with the value that each says in public."""
    found: dict[int, dict[Line, Decimal]] = defaultdict(dict)
    rows = PlannedLine.objects.filter(tender__in=tenders.order_by()).order_by("pk")
    names = ("tender_id", "line__plan_id", "line__number", "line__published__total_amount")
    for pk, plan_id, number, value in rows.values_list(*names):
        found[pk][plan_id, number] = Decimal(value or 0)
    return found


def _year(year: int) -> tuple[datetime, datetime]:
    return datetime(year, 1, 1, tzinfo=BOGOTA), datetime(year, 12, 31, 23, 59, 59, 999_999, tzinfo=BOGOTA)


def _amounts(rows: Any, tenders: Any) -> dict[int, Decimal]:
    found: dict[int, Decimal] = defaultdict(Decimal)
    for tender_id, value in rows.filter(tender__in=tenders.order_by()).values_list("tender_id", "value_amount"):
        found[tender_id] += value or NOTHING
    return found


def progress_of(version: PlanVersion) -> Progress:
    lines, outside = outcomes_of(version)
    whole, months = _month(""), [_month(name.capitalize()) for name in MONTHS]
    for outcome in lines:
        whole.take(outcome)
        if outcome.month:
            months[outcome.month - 1].take(outcome)
    return Progress(whole, months, outside)


# ---- deviations ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deviation:
    """Where what was done is not what was planned: of which line, what was planned, what happened, in which process."""

    kind: str
    number: int | None
    description: str
    planned: str
    happened: str
    process: str = ""

    @property
    def title(self) -> Text:
        return KINDS[self.kind][0]

    @property
    def url(self) -> str:
        return reverse("publication:process", args=[self.process]) if self.process else ""


Rule = Callable[[Outcome, int, datetime], Iterator[tuple[str, str, str]]]


def _other_month(outcome: Outcome, year: int, at: datetime) -> Iterator[tuple[str, str, str]]:
    for process in outcome.processes[:1]:
        if outcome.month and (process.year, process.month) != (year, outcome.month):
            yield _named(year, outcome.month), _named(process.year, process.month), process.code


def _other_value(outcome: Outcome, year: int, at: datetime) -> Iterator[tuple[str, str, str]]:
    awarded = outcome.sum_of("awarded")
    if awarded is not None and awarded != outcome.planned:
        share = f" ({(awarded - outcome.planned) * 100 / outcome.planned:+.1f} %)" if outcome.planned else ""
        process = outcome.processes[-1]
        part = " · " + _("the part of this line in a process of several") if process.is_shared else ""
        yield _money(outcome.planned), _money(awarded) + share.replace(".", ",") + part, process.code


def _other_method(outcome: Outcome, year: int, at: datetime) -> Iterator[tuple[str, str, str]]:
    for process in outcome.processes:
        if outcome.method and process.method != outcome.method:
            yield catalogue.title(outcome.method), catalogue.title(process.method), process.code


def _not_begun(outcome: Outcome, year: int, at: datetime) -> Iterator[tuple[str, str, str]]:
    today = calendar.day_of(at)
    if outcome.month and not outcome.processes and (year, outcome.month) < (today.year, today.month):
        yield _named(year, outcome.month), _("No process has been published."), ""


def _named(year: int, month: int) -> str:
    return f"{MONTHS[month - 1]} {year}"


def _money(value: Decimal | None) -> str:
    return format_money(cop(value)) if value is not None else ""


# fmt: off
KINDS: dict[str, tuple[Text, Rule | None]] = {
    #  kind       title                                                   who tells it
    "month":     (gettext_lazy("Published in another month"),             _other_month),
    "value":     (gettext_lazy("Awarded for another value"),              _other_value),
    "method":    (gettext_lazy("By another method"),                      _other_method),
    "not_begun": (gettext_lazy("Not begun in its month"),                 _not_begun),
    "outside":   (gettext_lazy("Bought outside the plan"),                None),
}
# fmt: on


def deviations_of(version: PlanVersion, at: datetime) -> list[Deviation]:
    """Every deviation, by line; and after them what was bought outside the plan, each with its justification."""
    lines, outside = outcomes_of(version)
    year = version.plan.year
    found = [
        Deviation(kind, outcome.number, outcome.description, planned, happened, process)
        for outcome in lines
        for kind, (_title, rule) in KINDS.items()
        if rule
        for planned, happened, process in rule(outcome, year, at)
    ]
    for process in outside:
        value = _money(process.awarded if process.awarded is not None else process.estimated)
        happened = f"{value} · {process.justification}"
        found.append(Deviation("outside", None, process.title, _("It is in no line."), happened, process.code))
    return found
