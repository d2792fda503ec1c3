"""What the lines of the annual plan say of the process that comes from them: nobody is asked it again.

A process may come from several lines. Then their values add up, in one currency; their UNSPSC codes join, each once,
and the first of the first line is the main one; the duration is the longest; the source of the money is the one that
all have, and is asked for when they differ; description, contracting unit and municipality are of the first line that
says them. They stand in the order in which they were chosen: adding one to a draft leaves its main line where it was.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.money import Money, format_money
from pliego.kernel.objections import Objection, Text
from pliego.methods import catalogue

LAW = "Decreto 1082 de 2015, art. 2.2.1.1.1.4.1"
Found = Iterator[Objection]
DAYS = {"days": 1, "weeks": 7, "months": 30, "years": 365}  # to tell which of two durations is longer
# What the lines say together; the names of a row are written, and left alone, together.
TAKEN = (
    ("description",),
    ("unspsc_main", "unspsc_additional"),
    ("value_amount", "value_currency"),
    ("duration", "duration_unit"),
    ("funding_source",),
    ("delivery_municipality",),
)


def key_of(line: Any) -> str:
    """How a form and an address name a line of the entity: by the year of its plan and its number."""
    return f"{line.plan.year}-{line.number}"


def total(lines: Sequence[Any]) -> Money | None:
    """What the lines add up to; nothing where they are of several currencies, or none says its value."""
    found = [line.total for line in lines if line.total is not None]
    return sum(found[1:], found[0]) if found and len({value.currency for value in found}) == 1 else None


def first(lines: Sequence[Any], name: str) -> Any:
    """What the first of the lines that says it says."""
    return next((said for line in lines if (said := getattr(line, name))), None)


def said_by(lines: Sequence[Any]) -> dict[str, Any]:
    """The fields of a process as these lines have them."""
    main, *more = dict.fromkeys(code for line in lines for code in line.unspsc) or [""]
    value, timed = total(lines), [line for line in lines if line.duration]
    longest = max(timed, key=lambda line: line.duration * DAYS[line.duration_unit], default=None)
    sources = {line.funding_source for line in lines}
    return {
        "description": first(lines, "description") or "",
        "unspsc_main": main,
        "unspsc_additional": more,
        "value_amount": value.amount if value else None,
        "value_currency": value.currency.code if value else "COP",
        "duration": longest.duration if longest else None,
        "duration_unit": longest.duration_unit if longest else "",
        "funding_source": sources.pop() if len(sources) == 1 else "",
        "delivery_municipality": first(lines, "municipality") or "",
    }


def follow(tender: Any, before: Sequence[Any], lines: Sequence[Any]) -> None:
    """Put in the draft what these lines say, where it is empty or still says what the lines chosen before said; what
    somebody wrote otherwise stays."""
    was, now = said_by(before), said_by(lines)
    for names in TAKEN if lines else ():
        if not getattr(tender, names[0]) or all(getattr(tender, name) == was[name] for name in names):
            for name in names:
                setattr(tender, name, now[name])


# ---- what stands against a choice ----------------------------------------------------------------------------------


def cannot_be_chosen(lines: Sequence[Any], asked: int) -> Found:
    """All those asked for are of the entity and published; each stands in its plan; and their values can be added."""
    if len(lines) != asked:
        yield Objection("unknown_plan_line", _("Choose lines of your entity's published plan."), "plan_lines")
    yield from are_withdrawn(lines)
    currencies = sorted({line.total_currency for line in lines})
    if len(currencies) > 1:
        sentence = _("These lines are in several currencies (%(names)s) and cannot be added. Choose those of one.")
        told = {"names": ", ".join(currencies)}
        yield Objection("plan_lines_in_several_currencies", sentence % told, "plan_lines")


def are_missing() -> Objection:
    sentence = _("Choose lines of the annual plan, or write why this purchase is not in it.")
    return Objection("plan_lines_missing", sentence, "plan_justification", LAW)


def are_withdrawn(lines: Sequence[Any]) -> Found:
    """Lines that the entity took out of its plan: what comes from them is not in the plan any more."""
    for line in lines:
        if line.dropped_at is not None:
            sentence = _("Line %(n)s of the plan of %(year)s was withdrawn from it. Untick it, or choose another one.")
            told = {"n": line.number, "year": line.plan.year}
            yield Objection("plan_line_withdrawn", sentence % told, "plan_lines", LAW)


def have_several_methods(lines: Sequence[Any], method: str) -> Found:
    """The method is taken from the lines only when all have the same one."""
    methods = dict.fromkeys(line.method for line in lines)
    if not method and len(methods) > 1:
        told = {"names": ", ".join(map(catalogue.title, filter(None, methods)))}
        sentence = _("The lines have different methods (%(names)s). Choose the one of the process.")
        yield Objection("plan_lines_of_several_methods", sentence % told, "method")


def warnings(tender: Any, at: datetime) -> list[Text]:
    """Where what is being prepared is not what its lines say. It stops nothing, but the entity must see it before the
    publication, after which everybody reads it as a deviation from the plan."""
    lines: Sequence[Any] = () if tender.is_public else tender.planned
    found: list[Text] = []
    planned, value = total(lines), tender.value
    if planned and value and value.currency == planned.currency and value > planned:
        sentence = _("The estimated value, %(value)s, is above what the lines of the plan say: %(planned)s.")
        found.append(sentence % {"value": format_money(value), "planned": format_money(planned)})
    for line in lines:
        if line.method and line.method != tender.method:
            told = {"n": line.number, "year": line.plan.year, "method": catalogue.title(line.method)}
            found.append(_("Line %(n)s of the plan of %(year)s says another method: %(method)s.") % told)
    return found


# ---- several lines of one process ----------------------------------------------------------------------------------


def split(value: Decimal | None, weights: Sequence[Decimal]) -> list[Decimal | None]:
    """That value in the proportion of those weights, to the cent; the last part takes what the rounding leaves, so that
    the parts add up to the whole. Of no lines there are no parts."""
    if value is None or not weights:
        return [None for _weight in weights]
    cent, whole = Decimal("0.01"), sum(weights, Decimal())
    shares = [weight / whole if whole else Decimal(1) / len(weights) for weight in weights]
    parts = [(value * share).quantize(cent) for share in shares[:-1]]
    return [*parts, value - sum(parts, Decimal())]
