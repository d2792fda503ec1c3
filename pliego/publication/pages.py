"""What a list of processes shows, as finished strings: templates only place them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pliego.kernel.money import Money, format_money
from pliego.publication import labels
from pliego.publication.asking import NAMES, Asked
from pliego.publication.search import MOST_COUNTED, Found
from pliego.web.templatetags.pliego import day, instant, iso, number, tag_colour


@dataclass(frozen=True)
class Line:
    """One process in a list."""

    url: str
    code: str
    title: str
    buyer: SafeString
    place: str
    method: str
    state: str
    colour: str
    published: str
    closes: str
    closes_iso: str
    value: str
    reference: str
    source: str
    is_imported: bool


def money(amount: Decimal | None, currency: str) -> str:
    return format_money(Money(amount, currency)) if amount is not None else ""


def state_of(row: dict[str, Any], at: datetime) -> tuple[str, str]:
    """What the state is called, and its colour. A term that ran out says so, whatever the source still says."""
    if row["state"] == "open" and row["closes_at"] is not None and row["closes_at"] <= at:
        return str(labels.OVER), tag_colour("closed")
    return labels.state_of(row), tag_colour(labels.COLOURS[row["state"]])


def line(row: dict[str, Any], at: datetime) -> Line:
    native = row["source"] == "pliego"
    state, colour = state_of(row, at)
    department = labels.DEPARTMENTS.get(row["department"], "")
    place = row["municipality"]
    if department and department.split(",", maxsplit=1)[0] != place:
        place = f"{place}, {department}" if place else department
    is_due = row["state"] == "open" and row["closes_at"] is not None and row["closes_at"] > at
    title: str = row["title"]
    return Line(
        url=reverse("publication:processes") + quote(row["code"]) + "/",
        code=row["code"],
        title=readable(title),
        buyer=named(row["buyer_name"]),
        place=place,
        method=row["method_details"] or (labels.method(row["method"]) if row["method"] else ""),
        state=state,
        colour=colour,
        published=day(row["published_at"]),
        closes=(instant(row["closes_at"]) if native else day(row["closes_at"])) if is_due else "",
        closes_iso=iso(row["closes_at"]) if is_due else "",
        value=money(row["value_amount"], row["value_currency"]),
        reference=row["reference"] if row["reference"] != title else "",
        source=str(labels.SOURCES[row["source"]]),
        is_imported=not native,
    )


def named(name: str) -> SafeString:
    """The name of an organisation, letter by letter as it is registered; one in capitals only is drawn smaller."""
    return format_html('<span class="pub-loud">{}</span>', name) if name.isupper() else conditional_escape(name)


TERMS = (
    '<div class="govuk-summary-list__row govuk-summary-list__row--no-actions">'
    '<dt class="govuk-summary-list__key">{}</dt><dd class="govuk-summary-list__value">{}</dd></div>'
)


def definitions(facts: Sequence[tuple[str, str]]) -> SafeString:
    """Names and values as a list of definitions, most of the cells of a page: no template goes through them."""
    if not facts:
        return SafeString()
    return format_html('<dl class="govuk-summary-list pub-facts">{}</dl>', format_html_join("", TERMS, facts))


def readable(title: str) -> str:
    """A title typed in capitals only, as a sentence; short ones are codes and stay as they are."""
    if not title.isupper() or len(title.split()) < 4:
        return title
    return " ".join(word if any(c.isdigit() for c in word) else word.lower() for word in title.split()).capitalize()


@dataclass(frozen=True)
class Option:
    label: str
    count: str
    url: str


@dataclass(frozen=True)
class Group:
    """A facet: its name and the values that the present results have."""

    title: str
    options: list[Option]


@dataclass(frozen=True)
class Chip:
    """A filter in force, with the address of the page without it."""

    label: str
    url: str


def choices(asked: Asked) -> dict[str, SafeString]:
    """The options of the select boxes of the filter form."""
    language = get_language() or ""
    names = ("department", "method", "state", "source", "order")
    return {name: _options(name, asked.typed[name], language) for name in names}


@lru_cache(maxsize=512)
def _options(name: str, chosen: str, language: str) -> SafeString:
    """The same for everybody who chose the same, so made once: a page has sixty of them."""
    tables: dict[str, dict[str, Any]] = {
        "department": labels.DEPARTMENTS,
        "method": labels.METHODS,
        "state": labels.STATES,
        "source": labels.SOURCES,
        "order": {"newest": _("Newest first"), "closing": _("Next to close")},
    }
    options = [("", _("Any")), *tables[name].items()]
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((code, mark_safe(" selected") if code == chosen else "", label) for code, label in options),
    )


def _titles() -> dict[str, str]:
    return {"state": _("State"), "method": _("Method"), "department": _("Department"), "source": _("Source")}


def name_of(facet: str, code: str) -> str:
    tables: dict[str, Any] = {"state": labels.STATES, "department": labels.DEPARTMENTS, "source": labels.SOURCES}
    return str(tables[facet].get(code, code)) if facet in tables else labels.method(code)


def groups(found: Found, asked: Asked, path: str, most: int = 6) -> list[Group]:
    """The facets that can still narrow the results: those with more than one value."""
    result = []
    for facet, title in _titles().items():
        values = [f for f in found.facets if f.name == facet][:most]
        if len(values) < 2:
            continue
        options = [
            Option(name_of(facet, f.code), number(f.count), f"{path}?{asked.address(**{facet: f.code})}")
            for f in values
        ]
        result.append(Group(title, options))
    return result


def chips(asked: Asked, path: str) -> list[Chip]:
    """The filters in force, each removable by a link."""
    said: dict[str, Callable[[str], str]] = {
        "text": lambda v: f"“{v}”",
        "entity": lambda v: _("Entity: %s") % v,
        "unspsc": lambda v: f"UNSPSC {v}",
        "published_from": lambda v: _("From %s") % v,
        "published_to": lambda v: _("Until %s") % v,
        "value_from": lambda v: _("At least %s") % v,
        "value_to": lambda v: _("At most %s") % v,
    }
    result = []
    for name, value in asked.typed.items():
        if not value or name in {"order", "after"} or any(o.field == NAMES[name][0] for o in asked.objections):
            continue
        label = said[name](value) if name in said else name_of(name, value)
        result.append(Chip(label, f"{path}?{asked.address(**{name: ''})}"))
    return result


def counted(found: Found) -> str:
    """ "1.000+" or the exact number."""
    return f"{number(MOST_COUNTED)}+" if found.is_capped else number(found.count)
