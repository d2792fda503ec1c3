"""The page of an imported process: every field that was kept, said as the source said it, with its source."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.objections import Unknown
from pliego.kernel.planned import planned_once
from pliego.publication.folding import slug
from pliego.publication.imports.axes import UNKNOWN, axes_of
from pliego.publication.imports.projecting import current_phase, instant
from pliego.publication.imports.tables import kind_of, values
from pliego.publication.models import Identifier, Process
from pliego.publication.pages import definitions, line, money
from pliego.web.templatetags.pliego import day
from pliego.web.templatetags.pliego import instant as day_and_hour


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Card:
    """A phase, an award or a contract: its title, its state, its facts."""

    title: str
    code: str
    state: str
    colour: str
    facts: SafeString
    happened: tuple[str, ...] = ()


@lru_cache(maxsize=4)
def _names(language: str) -> dict[str, str]:
    """Our fields, as the public reads them in the language in force; the order is the order of the page."""
    return {
        "description": _("Description"),
        "phase": _("Phase"),
        "value": _("Value"),
        "supplier_name": _("Supplier"),
        "supplier_nit": _("NIT of the supplier"),
        "supplier_number": _("Number of the supplier in the file"),
        "award_value": _("Awarded value"),
        "award_on": _("Awarded on"),
        "award_code": _("Award"),
        "published_on": _("Published"),
        "first_published_on": _("First published"),
        "draft_on": _("Draft published"),
        "interest_on": _("Expressions of interest from"),
        "selection_on": _("Selection from"),
        "bids_due_on": _("Offers until"),
        "opening_on": _("Opening planned"),
        "opened_on": pgettext("tender", "Opened"),
        "signed_on": pgettext("contract", "Signed"),
        "starts_on": pgettext("contract", "Starts"),
        "ends_on": pgettext("contract", "Ends"),
        "invoiced": _("Invoiced"),
        "paid": pgettext("amount", "Paid"),
        "days_added": _("Days added"),
        "method": _("Method"),
        "justification": _("Grounds of the method"),
        "contract_type": _("Type of contract"),
        "contract_subtype": _("Subtype of contract"),
        "unspsc": "UNSPSC",
        "unspsc_more": _("Other UNSPSC codes"),
        "duration": _("Duration"),
        "lots": _("Lots"),
        "bids": _("Offers received"),
        "bidders": _("Bidders"),
        "invited": _("Suppliers invited"),
        "unit": _("Contracting unit"),
        "order": _("Order of the entity"),
        "sector": _("Sector"),
        "opening_state": _("Reception of offers"),
        "summary": _("Summary of the source"),
        "source_pgn": _("National budget"),
        "source_sgp": _("General participation system"),
        "source_sgr": _("Royalties"),
        "source_territory": _("Own resources of the territory"),
        "source_credit": _("Credit"),
        "source_own": _("Own resources"),
        "notice": pgettext("identifier", "Notice"),
        "updated_on": _("Updated by the source"),
    }


ATTRIBUTION = {
    "secop2": "PORTAL DE DATOS ABIERTOS - SECOPII",
    "secop1": "PORTAL DE DATOS ABIERTOS - SECOPI",
}
LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"


def said(name: str, record: dict[str, Any]) -> str:
    """A value as a sentence of the page."""
    value = record[name]
    kind = kind_of(name)
    if name == "duration":
        unit = str(values("units").get(slug(record.get("duration_unit", "")), ""))
        return f"{value} {_units().get(unit, record.get('duration_unit', ''))}"
    if name == "phase":
        return str(values("phases").get(slug(value), value))
    if kind == "amount":
        return money(Decimal(value), "COP")
    if kind == "date":
        moment = instant(value)
        return day_and_hour(moment) if "T" in value else day(moment)
    return ", ".join(value) if isinstance(value, list) else str(value)


def _units() -> dict[str, str]:
    return {"day": _("days"), "week": _("weeks"), "month": _("months"), "year": _("years"), "hour": _("hours")}


def facts_of(record: dict[str, Any], leave: set[str]) -> SafeString:
    told = record.keys() - leave
    return definitions(
        [(label, said(name, record)) for name, label in _names(get_language() or "").items() if name in told]
    )


ROW = (
    "code", "source", "reference", "title", "buyer_name", "department", "municipality", "method", "method_details",
    "state", "state_details", "published_at", "closes_at", "value_amount", "value_currency",
)  # fmt: skip
# Every name in it is the models' own or a constant; the value is a parameter.
ONE = f"""
SELECT ocid, description, buyer_nit, facts, {", ".join(ROW)},
  (SELECT json_agg(json_build_array(kind, value) ORDER BY kind, value) FROM {Identifier._meta.db_table}
   WHERE process_id = p.id)::text
FROM {Process._meta.db_table} p WHERE ocid = %s
"""  # noqa: S608
COLUMNS = ("ocid", "description", "buyer_nit", "facts", *ROW, "identifiers")


def one(ocid: str) -> dict[str, Any]:
    """The row of an imported process with its identifiers, or Unknown."""
    for row in planned_once(ONE, [ocid]):
        return dict(zip(COLUMNS, row, strict=True))
    raise Unknown()


def context(process: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Everything the page of an imported process shows."""
    facts = msgspec.json.decode(process["facts"])
    phases, awards, contracts = (facts.get(name, {}) for name in ("phases", "awards", "contracts"))
    phase = current_phase(phases)
    updated = max((r["at"] for table in facts.values() for r in table.values()), default="")
    source = next((r["url"] for r in (phase, *contracts.values()) if r.get("url")), "")
    return {
        "process": process,
        "line": line(process, at),
        "facts": facts_of(phase, {"description", "value", "notice", "opening_state"}),
        "phases": [_phase(k, r) for k, r in sorted(phases.items()) if r is not phase],
        "awards": [
            Card(r.get("supplier_name", _("Supplier not said")), "", "", "", facts_of(r, {"supplier_name"}))
            for _k, r in sorted(awards.items(), key=lambda item: item[1].get("award_on", ""))
        ],
        "contracts": [_contract(k, r, process["title"], at) for k, r in sorted(contracts.items())],
        "source_url": source,
        "attribution": ATTRIBUTION[process["source"]],
        "licence": LICENCE,
        "updated": day(instant(updated)) if updated else "",
        "names": _identifiers(process),
    }


def _phase(key: str, record: dict[str, Any]) -> Card:
    title = said("phase", record) if "phase" in record else _("Phase")
    return Card(title, key, record.get("state", ""), "draft", facts_of(record, {"phase", "description"}))


def _contract(key: str, record: dict[str, Any], title: str, at: datetime) -> Card:
    """The stage of its life and apart from it what happened, as of our own; then the word of the source itself."""
    axes = axes_of(record, BusinessCalendar.day_of(at))
    literal = record.get("state", "")
    why = _("by its dates") if axes.is_by_dates else str(UNKNOWN.get(axes.unknown, ""))
    said_so = [(_("The source says:"), " · ".join(filter(None, [f"“{literal}”" if literal else "", why])))]
    facts = definitions([row for row in said_so if row[1]]) + facts_of(record, {"title"})
    happened = tuple(str(one) for one in axes.happened_titles)
    return Card(record.get("title") or title, key, str(axes.title), axes.stage or "draft", facts, happened)


def _identifiers(process: dict[str, Any]) -> list[Fact]:
    kinds = {
        "portfolio": pgettext("identifier", "File"),
        "file": pgettext("identifier", "File"),
        "request": pgettext("identifier", "Phase"),
        "notice": pgettext("identifier", "Notice"),
        "contract": _("Contract"),
        "award": _("Award"),
        "reference": _("Reference"),
    }
    rows = msgspec.json.decode(process["identifiers"] or "[]")
    return [Fact("OCID", process["ocid"]), *(Fact(kinds[kind], value) for kind, value in rows if kind in kinds)]
