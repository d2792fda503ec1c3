"""The OCDS release of an imported process: what the source published, in the standard's words, nothing added."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from pliego.publication.folding import slug
from pliego.publication.imports.merging import Facts
from pliego.publication.imports.rows import Record
from pliego.publication.imports.tables import contract_state, values

Json = dict[str, Any]
TENDER_STATUS = {
    "planned": "planned", "open": "active", "evaluation": "active", "suspended": "active", "awarded": "complete",
    "contracted": "complete", "finished": "complete", "cancelled": "cancelled",
}  # fmt: skip
CATEGORY = {"obra": "works", "compraventa": "goods", "suministro": "goods", "suministros": "goods"}
# In the language of the release; codes of axes.SAID that a row may tell.
AMENDED = {
    "modified": "Modificación (la fuente no dice cuál)", "extended": "Prórroga", "assigned": "Cesión",
    "suspended": "Suspensión",
}  # fmt: skip
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def stamp(text: str, *, end: bool = False) -> str:
    """A day of the source as a date-time of the standard, in Colombia's offset."""
    if "T" in text:
        return text + "-05:00"
    return text + ("T23:59:00-05:00" if end else "T00:00:00-05:00")


def number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def money(text: str | None) -> Json | None:
    return {"amount": number(text), "currency": "COP"} if text else None


def filled(**fields: Any) -> Json:
    """Without what is not known: the standard forbids empty values."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


@lru_cache(maxsize=65536)
def supplier_id(name: str, nit: str) -> str:
    return f"CO-NIT-{nit}" if nit else f"proveedor-{slug(name)[:80]}"


class Parties:
    """The organisations named in a release, each once, with all its roles."""

    def __init__(self) -> None:
        self.found: dict[str, Json] = {}

    def add(self, party_id: str, name: str, role: str, nit: str = "", **more: Any) -> Json:
        party = self.found.setdefault(party_id, {"id": party_id, "name": name, "roles": []})
        if role not in party["roles"]:
            party["roles"].append(role)
        if nit:
            party["identifier"] = {"scheme": "CO-NIT", "id": nit, "legalName": name}
        party.update(filled(**more))
        return {"id": party_id, "name": party["name"]}

    def supplier(self, record: Record) -> Json:
        name, nit = record.get("supplier_name", ""), record.get("supplier_nit", "")
        return self.add(supplier_id(name, nit), name, "supplier", nit)


def release_of(*, ocid: str, columns: Json, facts: Facts, phase: Record, at: str, ocds_method: str) -> Json:
    """The release without its ocid and id, which the caller writes in front."""
    parties = Parties()
    buyer = _buyer(parties, columns) if columns["buyer_name"] else None
    awards = [_award(key, record, parties) for key, record in sorted(facts.get("awards", {}).items())]
    contracts, more = _contracts(facts.get("contracts", {}), awards, parties)
    awards += more
    tag = "contract" if contracts else "award" if awards else "planning" if columns["state"] == "planned" else "tender"
    tender = _tender(
        ocid=ocid,
        columns=columns,
        phase=phase,
        buyer=buyer,
        phases=facts.get("phases", {}),
        ocds_method=ocds_method,
    )
    return filled(
        date=stamp(at),
        tag=[tag],
        initiationType="tender",
        language="es",
        parties=list(parties.found.values()),
        buyer=buyer,
        tender=tender,
        awards=awards,
        contracts=contracts,
    )


def _buyer(parties: Parties, columns: Json) -> Json:
    name, nit = columns["buyer_name"], columns["buyer_nit"]
    address = filled(locality=columns["municipality"], region=columns["department"], countryName="Colombia")
    buyer_id = f"CO-NIT-{nit}" if nit else f"entidad-{slug(name)[:80]}"
    parties.add(buyer_id, name, "buyer", nit, address=address)
    return parties.add(buyer_id, name, "procuringEntity", nit)


def _tender(
    *, ocid: str, columns: Json, phase: Record, buyer: Json | None, phases: dict[str, Record], ocds_method: str
) -> Json:
    closes: datetime | None = columns["closes_at"]
    start = phase.get("published_on") or phase.get("selection_on")
    period = filled(
        startDate=stamp(start) if start else None,
        endDate=closes.isoformat() if closes and (not start or stamp(start) <= closes.isoformat()) else None,
    )
    notices = sorted({p["notice"]: p for p in phases.values() if "notice" in p}.items())
    return filled(
        id=ocid, title=columns["title"], description=columns["description"], status=TENDER_STATUS[columns["state"]],
        procuringEntity=buyer, value=money(phase.get("value")), procurementMethod=ocds_method,
        procurementMethodDetails=columns["method_details"],
        procurementMethodRationale=phase.get("justification"),
        mainProcurementCategory=CATEGORY.get(slug(columns["contract_type"]), "services")
        if columns["contract_type"] else None,
        tenderPeriod=period, items=_items(columns["unspsc"], phase.get("unspsc_more", ())),
        numberOfTenderers=phase.get("bidders"), contractPeriod=_duration(phase),
        documents=[_notice(notice, record) for notice, record in notices],
    )  # fmt: skip


def _notice(notice: str, record: Record) -> Json:
    return filled(id=notice, documentType="tenderNotice", title=record.get("phase"), url=record.get("url"))


def _items(main: str, more: Any) -> list[Json]:
    codes = [code for code in dict.fromkeys([main, *more]) if code]
    return [{"id": code, "classification": {"scheme": "UNSPSC", "id": code}} for code in codes]


def _duration(phase: Record) -> Json | None:
    days = DAYS.get(str(values("units").get(slug(phase.get("duration_unit", "")), "")))
    return {"durationInDays": phase["duration"] * days} if days and phase.get("duration") else None


def _award(key: str, record: Record, parties: Parties) -> Json:
    return filled(
        id=key, status="active", date=stamp(record["award_on"]) if record.get("award_on") else None,
        value=money(record.get("award_value")),
        suppliers=[parties.supplier(record)] if record.get("supplier_name") else None,
    )  # fmt: skip


def _contracts(found: dict[str, Record], awards: list[Json], parties: Parties) -> tuple[list[Json], list[Json]]:
    """The contracts, and an award for each whose award the source did not publish."""
    contracts, more = [], []
    by_supplier = {a["suppliers"][0]["id"]: a["id"] for a in awards if a.get("suppliers")}
    for key, record in sorted(found.items()):
        code = key or "contrato"
        supplier = parties.supplier(record) if record.get("supplier_name") else None
        award_id = by_supplier.get(supplier["id"]) if supplier else None
        if award_id is None:
            award_id = code
            more.append(filled(id=code, status="active", value=money(record.get("value")),
                               suppliers=[supplier] if supplier else None))  # fmt: skip
        contracts.append(_contract(code, award_id, record))
    return contracts, more


def _amendments(code: str, record: Record) -> list[Json]:
    """What happened to it, apart from its status. The source gives neither the date nor the words of the act."""
    return [{"id": f"{code}-{what}", "description": AMENDED[what]} for what in record.get("happened", ())]


def _contract(code: str, award_id: str, record: Record) -> Json:
    starts, ends = record.get("starts_on"), record.get("ends_on")
    paid = money(record.get("paid"))
    return filled(
        id=code, awardID=award_id, title=record.get("title"), value=money(record.get("value")),
        status=contract_state(slug(record.get("state", ""))).get("status", "pending"),
        dateSigned=stamp(record["signed_on"]) if record.get("signed_on") else None,
        period=filled(startDate=stamp(starts) if starts else None,
                      endDate=stamp(ends, end=True) if ends and (not starts or ends >= starts) else None),
        items=_items(record.get("unspsc", ""), ()), amendments=_amendments(code, record),
        implementation={"transactions": [{"id": f"{code}-pagado", "value": paid}]} if paid else None,
    )  # fmt: skip
