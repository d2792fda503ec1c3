"""What a contract delivers: its plan by percentage or by reception of articles, and how far it is. Plain Python."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pliego.kernel.money import rounded
from pliego.kernel.objections import Objection

HUNDRED = Decimal(100)
MOST_DELIVERIES = 60
ADVANCE_LAW = "Ley 80 de 1993, art. 40, par."


class Mode(TextChoices):
    PERCENT = "percent", _("By percentage")
    ARTICLES = "articles", _("By reception of articles")


class Slot(TextChoices):
    """Each document of a delivery has its place."""

    REPORT = "report", _("Report of activities")
    RECEPTION = "reception", _("Record of reception")
    EVIDENCE = "evidence", _("Evidence of what was done")
    CONTRIBUTIONS = "contributions", _("Contributions to social security")
    SUPERVISION = "supervision", _("Report of the supervisor")
    OTHER = "other", _("Other document")


@dataclass(frozen=True)
class DeliveryData:
    """A delivery as it was typed: with the percentage reached by then (25, 50, 75, 100), or with articles by line."""

    title: str
    due_on: date | None = None
    percent: Decimal | None = None
    articles: Mapping[int, Decimal] = field(default_factory=dict)


def plan_objections(
    mode: str,
    rows: Sequence[DeliveryData],
    bought: Mapping[int, Decimal],
    field_of: Any = lambda n, name: f"{name}_{n}",
) -> Iterator[Objection]:
    """The percentages must rise to one hundred; the articles of all deliveries must be those that the contract buys."""
    if not rows or len(rows) > MOST_DELIVERIES:
        words = {"most": MOST_DELIVERIES}
        yield Objection("deliveries_wrong", _("Write between 1 and %(most)s deliveries.") % words, field_of(1, "title"))
        return
    days = [row.due_on for row in rows if row.due_on is not None]
    if days != sorted(days):
        yield Objection("plan_out_of_order", _("The dates of the deliveries must follow one another."))
    for n, row in enumerate(rows, start=1):
        if not row.title.strip():
            yield Objection("title_missing", _("Write the name of the delivery."), field_of(n, "title"))
    yield from (_by_percent if mode == Mode.PERCENT else _by_articles)(rows, bought, field_of)


def _by_percent(rows: Sequence[DeliveryData], bought: Mapping[int, Decimal], field_of: Any) -> Iterator[Objection]:
    before = Decimal(0)
    for n, row in enumerate(rows, start=1):
        if row.percent is None or not before < row.percent <= HUNDRED:
            sentence = _(
                "Each percentage is above the one before and at most 100: what is done by then, from the start."
            )
            yield Objection("percent_wrong", sentence, field_of(n, "percent"))
            return
        before = row.percent
    if before != HUNDRED:
        yield Objection("plan_not_whole", _("The last delivery must reach 100 %."), field_of(len(rows), "percent"))


def _by_articles(rows: Sequence[DeliveryData], bought: Mapping[int, Decimal], field_of: Any) -> Iterator[Objection]:
    for n, row in enumerate(rows, start=1):
        yield from articles_are_wrong(row.articles, bought, field_of(n, "articles"))
    planned = added(row.articles for row in rows)
    for line, quantity in bought.items():
        if planned.get(line, Decimal(0)) != quantity:
            words = {"line": line, "planned": planned.get(line, Decimal(0)), "quantity": quantity}
            sentence = _("Line %(line)s: the deliveries add up to %(planned)s and the contract buys %(quantity)s.")
            yield Objection("plan_not_whole", sentence % words, field_of(len(rows), "articles"))


def articles_are_wrong(
    articles: Mapping[int, Decimal], bought: Mapping[int, Decimal], field_name: str
) -> Iterator[Objection]:
    if not articles:
        yield Objection("articles_missing", _("Write the articles of the delivery, for example 1=5; 2=3."), field_name)
    for line, quantity in articles.items():
        if line not in bought:
            words = {"line": line}
            yield Objection("no_such_line", _("The contract has no line %(line)s.") % words, field_name)
        elif quantity <= 0:
            yield Objection("quantity_wrong", _("Write quantities above zero."), field_name)


def reception_objections(
    mode: str,
    received: DeliveryData,
    *,
    before: Decimal,
    bought: Mapping[int, Decimal],
    had: Mapping[int, Decimal],
    today: date,
) -> Iterator[Objection]:
    """What stands against receiving this now: `before` is the percentage reached, `had` what was received by line."""
    if received.due_on is None or received.due_on > today:
        yield Objection("received_on_wrong", _("Write the day of the reception, today or before."), "received_on")
    if mode == Mode.PERCENT:
        if received.percent is None or not before <= received.percent <= HUNDRED:
            said = {"before": before}
            sentence = _("Write what is done from the start, between %(before)s and 100 %%.")
            yield Objection("percent_wrong", sentence % said, "percent")
        return
    yield from articles_are_wrong(received.articles, bought, "articles")
    for line, quantity in added([had, received.articles]).items():
        if quantity > bought.get(line, quantity):
            words: dict[str, Any] = {"line": line, "left": bought[line] - had.get(line, Decimal(0))}
            sentence = _("Of line %(line)s only %(left)s are left to receive.")
            yield Objection("receives_too_much", sentence % words, "articles")


def added(many: Iterable[Mapping[int, Decimal]]) -> dict[int, Decimal]:
    """Quantities by line, all together."""
    found: dict[int, Decimal] = {}
    for one in many:
        for line, quantity in one.items():
            found[line] = found.get(line, Decimal(0)) + quantity
    return found


@dataclass(frozen=True)
class Progress:
    """How far a contract is: planned for that day and real, in percentage, and what the real is worth."""

    planned: Decimal
    real: Decimal
    delivered: Decimal
    value: Decimal

    @property
    def to_deliver(self) -> Decimal:
        return self.value - self.delivered

    @property
    def is_behind(self) -> bool:
        return self.real < self.planned


def delivered_value(value: Decimal, percent: Decimal) -> Decimal:
    return rounded(value * percent / HUNDRED)


def weight_of(articles: Mapping[int, Decimal], prices: Mapping[int, Decimal]) -> Decimal:
    """What articles weigh: at the prices of the contract, or by quantity where a line has none."""
    return sum((quantity * prices.get(line, Decimal(1)) for line, quantity in articles.items()), Decimal(0))


def percent_of(
    articles: Mapping[int, Decimal], bought: Mapping[int, Decimal], prices: Mapping[int, Decimal]
) -> Decimal:
    whole = weight_of(bought, prices)
    return (weight_of(articles, prices) * HUNDRED / whole).quantize(Decimal("0.01")) if whole else Decimal(0)


def typed_articles(text: str) -> dict[int, Decimal] | None:
    """“1=5; 2=3,5”: quantities by the number of the line. None when it cannot be read."""
    found: dict[int, Decimal] = {}
    for part in filter(None, (one.strip() for one in text.split(";"))):
        line, _equals, quantity = (one.strip().replace(",", ".") for one in part.partition("="))
        if not line.isdecimal() or not quantity.replace(".", "", 1).isdecimal() or int(line) in found:
            return None
        found[int(line)] = Decimal(quantity)
    return found


def shown_articles(articles: Mapping[int, Decimal]) -> str:
    return "; ".join(
        f"{line}={format(quantity.normalize(), 'f').replace('.', ',')}" for line, quantity in articles.items()
    )
