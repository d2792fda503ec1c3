"""The search row of a native process: written again after each of its public acts."""

from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from pliego.publication.folding import fold, tokens
from pliego.publication.imports.projecting import TEXT_LIMIT
from pliego.publication.imports.storing import COLUMNS
from pliego.publication.models import Identifier, Process
from pliego.publication.native.reading import Known

WRITTEN = ("ocid", "code", "source", *COLUMNS, "facts", "version")
STATES = {
    "published": "open",
    "closed": "evaluation",
    "opened": "evaluation",
    "awarded": "awarded",
    "deserted": "deserted",
    "suspended": "suspended",
    "cancelled": "cancelled",
    "revoked": "revoked",
    "finished": "finished",
}
UNDER_WAY, OVER = {"signed", "running", "completed"}, {"settled", "closed"}


def state_of(known: Known) -> str:
    """Our state of the whole process: the contract's life follows the award's."""
    contracts = {contract.state for contract in known.contracts}
    if contracts & UNDER_WAY:
        return "contracted"
    if contracts and contracts <= OVER:
        return "finished"
    state = STATES[known.tender.state]
    if state == "open" and not known.tender.stage_now.is_bidding:
        return "announced" if known.rulebook.has_bidding else "evaluation"
    return state


def columns_of(known: Known) -> dict[str, Any]:
    tender, place = known.tender, known.place
    return {
        "reference": tender.reference,
        "title": tender.title,
        "description": tender.description,
        "buyer_name": tender.buyer.name,
        "buyer_nit": tender.buyer.organization.number,
        "department": place.department_code if place else tender.buyer.department,
        "municipality": place.municipality if place else "",
        "method": tender.method,
        "method_details": str(known.rulebook.title)[:200],
        "state": state_of(known),
        "state_details": str(tender.state_title),
        "stage": str(tender.stage_now.title)[:200],
        "contract_type": str(tender.get_contract_type_display()) if tender.contract_type else "",
        "published_at": tender.published_at,
        "closes_at": known.schedule.get("bids_due") if known.rulebook.has_bidding else None,
        "listed_at": tender.published_at,
        "value_amount": tender.value_amount,
        "value_currency": tender.value_currency,
        "unspsc": tender.unspsc_main,
    }


def names_of(known: Known) -> dict[str, str]:
    """Every public identifier of the process, by its kind."""
    tender = known.tender
    found = {tender.code: "portfolio", tender.notice_code: "notice", tender.phase_code: "request"}
    found |= {contract.code: "contract" for contract in known.contracts}
    found |= {award.code: "award" for award in known.awards}
    return {name: kind for name, kind in found.items() if name}


def search_of(known: Known, columns: dict[str, Any]) -> tuple[str, list[str]]:
    """The words and the tokens of the search vector."""
    tender = known.tender
    suppliers = [supplier.name for supplier in known.suppliers]
    said = (*(columns[n] for n in ("title", "description", "buyer_name", "reference", "municipality")), *suppliers)
    names = ("state", "department", "method", "buyer_nit", "buyer_name", "contract_type")
    lexemes = tokens(
        source="pliego",
        unspsc=[code for code in (tender.unspsc_main, *tender.unspsc_additional) if code],
        nits=known.nits,
        **{name: columns[name] for name in names},
    )
    return fold(" ".join(filter(None, said)))[:TEXT_LIMIT], lexemes


def write(known: Known, *, version: int, at: datetime) -> Process:
    """Insert or replace the row, its words and its names."""
    tender, columns = known.tender, columns_of(known)
    facts = msgspec.json.encode({"awards": {}, "contracts": {}}).decode()
    values = [tender.ocid, tender.code, "pliego", *(columns[name] for name in COLUMNS), facts, version]
    _upsert(values, *search_of(known, columns))
    process = Process.objects.defer("doc").get(ocid=tender.ocid)
    rows = [Identifier(value=name, kind=kind, process=process) for name, kind in names_of(known).items()]
    rows.append(Identifier(value=tender.reference.upper(), kind="reference", process=process))
    Identifier.objects.bulk_create(rows, ignore_conflicts=True)
    return process


def _upsert(values: list[Any], words: str, lexemes: list[str]) -> None:
    # Every name is a constant; every value is a parameter.
    names = ", ".join(WRITTEN)
    marks = ", ".join(["%s"] * len(WRITTEN))
    sets = ", ".join(f"{name} = excluded.{name}" for name in (*WRITTEN, "doc"))
    sql = (
        f"INSERT INTO publication_process ({names}, doc)"  # noqa: S608
        f" VALUES ({marks}, to_tsvector('spanish', %s) || array_to_tsvector(%s::text[]))"
        f" ON CONFLICT (ocid) DO UPDATE SET {sets}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, words, lexemes])
