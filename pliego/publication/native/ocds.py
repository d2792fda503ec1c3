"""The OCDS release of a native process: everything public of it in the standard's words, as of one act."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.bidding.models import Bid
from pliego.conditions.criteria import award_criteria, award_details
from pliego.conditions.states import LOT
from pliego.contracts import changes
from pliego.contracts.states import CONTRACT
from pliego.publication.imports.ocds import Json, filled
from pliego.publication.native.performance import papers_of, performed
from pliego.publication.native.pieces import Parties, document, money, party_id, stamp
from pliego.publication.native.reading import Known
from pliego.tendering.states import TENDER

DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
WORKS, GOODS = {"works"}, {"goods", "supply"}
DOCUMENT_TYPES = {
    "budget_certificate": "financialNeeds",
    "terms": "biddingDocuments",
    "tender_document": "biddingDocuments",
    "annex": "technicalSpecifications",
    "prior_studies": "needsAssessment",
    "invitation": "tenderNotice",
}


def release(known: Known, *, release_id: str, tag: str, at: datetime) -> Json:
    """The whole release. Sections that have nothing yet are left out, as the standard asks."""
    parties, tender = Parties(), known.tender
    buyer = parties.add(tender.buyer, "buyer", "procuringEntity")
    if known.place:
        parties.found[buyer["id"]]["address"] = {
            "locality": known.place.municipality,
            "region": known.place.department,
            "countryName": "Colombia",
        }
    sections = {name: make(known, parties) for name, make in SECTIONS.items()}
    return filled(
        ocid=tender.ocid,
        id=release_id,
        date=stamp(at),
        tag=[tag],
        initiationType="tender",
        language="es",
        parties=list(parties.found.values()),
        buyer=buyer,
        **sections,
    )


def _planning(known: Known, parties: Parties) -> Json:
    """One line or several: the rationale is what they say, and each is a document of the plan where it can be read."""
    tender = known.tender
    budget = filled(
        id=tender.budget_certificate,
        description=str(tender.get_funding_source_display()) if tender.funding_source else None,
        amount=money(tender.budget_certificate_amount, tender.value_currency),
    )
    return filled(
        rationale=known.plan_words, budget=budget, documents=[_plan_line(line, known) for line in known.plan_lines]
    )


def _plan_line(line: Any, known: Known) -> Json:
    path = reverse("planning:public", args=[known.tender.buyer.code, line.plan.year])
    return filled(
        id=f"{line.plan.code}-{line.number}",
        documentType="procurementPlan",
        title=_("Annual plan %(year)s, line %(n)s") % {"year": line.plan.year, "n": line.number},
        description=line.public_description,
        url=settings.PLIEGO_SITE_URL + path,
    )


def _tender(known: Known, parties: Parties) -> Json:
    tender, schedule = known.tender, known.schedule
    bidders = {party_id(bid.supplier): bid for bid in known.bids}
    return filled(
        id=tender.code,
        title=tender.title,
        description=tender.description,
        status=TENDER.ocds(tender.state),
        procuringEntity=parties.add(tender.buyer, "procuringEntity"),
        items=_items(known),
        lots=_lots(known),
        lotDetails=_lot_details(known),
        value=money(tender.value_amount, tender.value_currency),
        procurementMethod=known.rulebook.ocds_method,
        procurementMethodDetails=known.rulebook.literal,
        procurementMethodRationale=tender.method_justification,
        mainProcurementCategory=_category(tender.contract_type),
        awardCriteria=award_criteria(known.tender),
        awardCriteriaDetails=award_details(known.tender, known.conditions.get("criteria")) or None,
        submissionMethod=_submission(known),
        submissionMethodDetails=_variants_admitted(known),
        tenderPeriod=_period(tender.published_at, schedule.get("bids_due")) if known.rulebook.has_bidding else None,
        enquiryPeriod=_period(tender.published_at, schedule.get("enquiries_due")),
        hasEnquiries=bool(known.enquiries),
        enquiries=[_enquiry(row, parties) for row in known.enquiries],
        numberOfTenderers=len(bidders) or None,
        tenderers=[parties.add(bid.supplier, "tenderer") for bid in bidders.values()],
        awardPeriod=_period(schedule.get("opening"), schedule.get("award")),
        contractPeriod=_duration(tender.duration, tender.duration_unit),
        documents=_tender_documents(known),
        milestones=[
            *(_milestone(known, code, due) for code, due in sorted(schedule.items(), key=lambda row: row[1])),
            *(_milestone_of(halt) for row in known.suspensions for halt in _halted(row)),
            *_end(tender),
        ],
        amendments=[_amendment(row) for row in known.amendments],
    )


def _submission(known: Known) -> list[str] | None:
    if not known.rulebook.has_bidding:
        return None
    return ["electronicSubmission", *(["electronicAuction"] if "auction" in known.rulebook.kinds else [])]


def _variants_admitted(known: Known) -> str | None:
    said = known.conditions.get("variants")
    return _("Variants of the offer are admitted.") if said and said.admitted == "yes" and not known.lots else None


def _category(contract_type: str) -> str | None:
    if not contract_type:
        return None
    return "works" if contract_type in WORKS else "goods" if contract_type in GOODS else "services"


def _period(start: Any, end: Any) -> Json:
    if start and end and end <= start:
        start = None
    return filled(startDate=stamp(start), endDate=stamp(end))


def _duration(count: int | None, unit: str) -> Json | None:
    days = DAYS.get(unit[:1])
    return {"durationInDays": count * days} if count and days else None


def _items(known: Known) -> list[Json]:
    tender = known.tender
    lines = [
        filled(
            id=f"{line.item.number}.{line.number}",
            description=line.description,
            classification=_unspsc(line.unspsc or tender.unspsc_main),
            quantity=line.quantity.normalize() + 0 if line.quantity else None,
            unit={"name": line.unit} if line.unit else None,
            relatedLot=str(line.item.lots[0]) if len(line.item.lots) == 1 else None,
        )
        for line in known.price_lines
    ]
    codes = dict.fromkeys(code for code in [tender.unspsc_main, *tender.unspsc_additional] if code)
    return lines or [{"id": code, "classification": _unspsc(code)} for code in codes]


def _lots(known: Known) -> list[Json]:
    """Each lot with a status of its own; one that is open stands as its process does."""
    said = known.conditions.get("lots")
    described = {lot.number: lot.description for lot in (said.lots if said else [])}
    return [
        filled(
            id=str(lot.number),
            title=lot.title,
            description=described.get(lot.number) or None,
            status=TENDER.ocds(known.tender.state) if lot.state == "open" else LOT.ocds(lot.state),
            value=money(lot.value_amount, lot.value_currency),
        )
        for lot in known.lots
    ]


def _lot_details(known: Known) -> Json:
    """For how many lots one may offer and be awarded, where the pliego limits it."""
    said = known.conditions.get("lots")
    if said is None or not said.lots:
        return {}
    most = {"one": 1, "some": said.most_offered}.get(said.offered)
    return filled(maximumLotsBidPerSupplier=most, maximumLotsAwardedPerSupplier=said.most_awarded)


def related_lots(numbers: Iterable[int | None]) -> list[str]:
    return [str(number) for number in numbers if number]


def _unspsc(code: str) -> Json | None:
    return {"scheme": "UNSPSC", "id": code} if code else None


def _enquiry(row: Any, parties: Parties) -> Json:
    return filled(
        id=row.code,
        date=stamp(row.asked_at),
        author=parties.add(row.account, "enquirer"),
        description=row.text,
        answer=row.answer,
        dateAnswered=stamp(row.answered_at),
    )


def _tender_documents(known: Known) -> list[Json]:
    found = [document(row.document, row.title, DOCUMENT_TYPES.get(row.kind), row.added_at) for row in known.documents]
    reports = [
        document(row.document, _("Evaluation report %s") % row.number, "evaluationReports", row.published_at)
        for row in known.reports
    ]
    # The list of codes is open and has none for minutes: they hold the list of bidders.
    minutes = [document(row.document, row.document.name, "bidders", row.signed_at) for row in known.minutes]
    return found + minutes + reports + _standard(known)


def _standard(known: Known) -> list[Json]:
    """The standard document and version of the process: a document of the pliego that is published by its act."""
    chosen = known.standard
    if chosen is None:
        return []
    title = f"{chosen.title.es}, versión {chosen.version}"
    made = filled(id=chosen.key, documentType="biddingDocuments", title=title, description=chosen.act)
    return [{**made, **filled(dateModified=stamp(chosen.act_on))}]


def _milestone(known: Known, code: str, due: datetime) -> Json:
    return filled(id=code, title=str(known.rulebook.milestone(code).title), type="preProcurement", dueDate=stamp(due))


def _milestone_of(told: Json) -> Json:
    return filled(type="preProcurement", **told)


def _halted(row: Any) -> list[Json]:
    """A suspension as two milestones: the standard has no status for it, and calls the process active meanwhile."""
    number, met = row.number, {"dateMet": stamp(row.resumed_at), "status": "met"}
    why = f"{row.reason} ({row.legal_basis})"
    since = {"title": _("Suspension"), "description": why, "dateMet": stamp(row.suspended_at), "status": "met"}
    until = {"title": _("Resumption"), "dueDate": stamp(row.planned_on), "status": "scheduled"}
    if row.resumed_at:
        until = {"title": _("Resumption"), "description": row.amendment.reason, **met}
    return [{"id": f"suspension-{number}", **since}, {"id": f"resumption-{number}", **until}]


def _end(tender: Any) -> list[Json]:
    """Why it ended without a contract, in the word of the law: revoked and cancelled are one in the standard."""
    if not tender.ending_reason:
        return []
    why = f"{tender.ending_reason} ({tender.ending_basis})" if tender.ending_basis else tender.ending_reason
    told = {"title": str(tender.state_title), "description": why, "dateMet": stamp(tender.ended_at), "status": "met"}
    return [_milestone_of({"id": tender.state, **told})]


def _amendment(row: Any) -> Json:
    described = str(row.get_kind_display())
    described = f"{described}: {row.defect}" if row.defect else described
    return filled(id=str(row.number), date=stamp(row.published_at), rationale=row.reason, description=described)


def _bids(known: Known, parties: Parties) -> Json:
    base = [_bid(bid, known, parties) for bid in known.bids]
    if not base:
        return {}
    details = [*base, *(_variant(bid, known, parties) for bid in known.bids if bid.has_variant)]
    valid = sum(1 for row in base if row["status"] == "valid")
    statistics = [{"id": "bids", "measure": "bids", "value": len(base)}]
    if known.reports:
        statistics.append({"id": "validBids", "measure": "validBids", "value": valid})
    return {"statistics": statistics, "details": details}


def _bid(bid: Bid, known: Known, parties: Parties) -> Json:
    assessment = known.assessments.get(bid.pk)
    complies = assessment.complies if assessment else None
    status = "disqualified" if bid.state == "unopenable" or complies is False else "valid" if complies else "pending"
    return filled(
        id=bid.code,
        date=stamp(bid.received_at),
        status=status,
        tenderers=[parties.add(bid.supplier, "tenderer")],
        relatedLots=related_lots(bid.lots),
        value=money(_final(bid, known), known.tender.value_currency),
        documents=_files(bid, known, in_variant=False),
    )


def _files(bid: Bid, known: Known, *, in_variant: bool) -> list[Json]:
    """The public files of an offer, or of its variant."""
    rows = [row for row in known.bid_documents.get(bid.pk, []) if row.document and row.document.audience == "public"]
    at = bid.opened_at or bid.received_at
    return [document(row.document, row.name, None, at) for row in rows if row.in_variant == in_variant]


def variant_id(bid: Bid) -> str:
    return f"{bid.code}-variante"


def _variant(bid: Bid, known: Known, parties: Parties) -> Json:
    """The variant as a bid of its own, which no statistic counts: valid once it is awarded."""
    assessment = known.assessments.get(bid.pk)
    is_awarded = any(award.is_variant and award.bid_id == bid.pk for award in known.awards)
    is_out = bid.state == "unopenable" or (assessment is not None and assessment.complies is False)
    return filled(
        id=variant_id(bid),
        date=stamp(bid.received_at),
        status="disqualified" if is_out else "valid" if is_awarded else "pending",
        tenderers=[parties.add(bid.supplier, "tenderer")],
        value=money(bid.variant_amount, known.tender.value_currency),
        documents=_files(bid, known, in_variant=True),
    )


def _final(bid: Bid, known: Known) -> Any:
    """What the offer comes to: after the auction, with its last bid."""
    better = known.improvements.get(bid.pk)
    return bid.total_amount if better is None or bid.total_amount is None else bid.total_amount + better


def _awards(known: Known, parties: Parties) -> list[Json]:
    directly = [_direct(contract, parties) for contract in known.contracts if contract.award is None]
    return [*(_award(award, parties) for award in known.awards), *directly]


def _direct(contract: Any, parties: Parties) -> Json:
    """A contract of a direct process that no decision came before: its signature is the decision. The standard asks
    every contract for an award."""
    return filled(
        id=_award_of(contract),
        status="active",
        date=stamp(contract.signed_at),
        value=money(contract.value_amount, contract.value_currency),
        suppliers=[parties.add(_first_supplier(contract), "supplier")],
    )


def _first_supplier(contract: Any) -> Any:
    """Who signed it, whoever took it over since."""
    given = [row.given_by for row in contract.modifications.all() if row.given_by is not None]
    return given[0] if given else contract.supplier


def _award_of(contract: Any) -> str:
    return str(contract.award.code) if contract.award else f"{contract.code}-ADJ"


def _award(award: Any, parties: Parties) -> Json:
    papers = [document(award.document, _("Award decision"), "awardNotice", award.decided_at)] if award.document else []
    return filled(
        id=award.code,
        status="active" if award.state == "made" else "unsuccessful",
        date=stamp(award.decided_at),
        description=". ".join(part for part in (award.cause_title, award.reason) if part),
        value=money(award.value_amount, award.value_currency),
        suppliers=[parties.add(award.supplier, "supplier")] if award.supplier else None,
        relatedBid=(variant_id(award.bid) if award.is_variant else award.bid.code) if award.bid else None,
        relatedLots=related_lots([award.lot]),
        documents=papers,
    )


def _contracts(known: Known, parties: Parties) -> list[Json]:
    return [_contract(contract, known, parties) for contract in known.contracts]


def _contract(contract: Any, known: Known, parties: Parties) -> Json:
    papers = [document(contract.document, contract.title, "contractSigned", contract.signed_at)]
    papers += papers_of(contract, known)
    return filled(
        id=contract.code,
        awardID=_award_of(contract),
        title=contract.title,
        description=contract.object,
        status=CONTRACT.ocds(contract.state),
        period=_period(contract.starts_on, contract.ends_on),
        value=money(contract.value_amount, contract.value_currency),
        items=[_line(line) for line in contract.lines.all()],
        dateSigned=stamp(contract.signed_at),
        documents=papers if contract.document else None,
        amendments=[_contract_amendment(row) for row in contract.modifications.all() if row.state == "published"],
        implementation=performed(contract, known, parties),
    )


def _contract_amendment(row: Any) -> Json:
    """What changed, with the old and the new value of each field, and why."""
    told = [
        f"{changes.FIELDS[name]}: {kept['old'] or '–'} → {kept['new'] or '–'}" for name, kept in row.changes.items()
    ]
    parts = [str(row.of.title), str(row.cause_title), "; ".join(told)]
    description = ". ".join(part for part in parts if part)
    return filled(id=row.code, date=stamp(row.published_at), rationale=row.reason, description=description)


def _line(line: Any) -> Json:
    unit = filled(name=line.unit, value=money(line.unit_price_amount, "COP"))
    quantity = line.quantity.normalize() + 0
    described = {"description": line.description, "classification": _unspsc(line.unspsc)}
    lot = str(line.lot) if line.lot else None
    return filled(id=str(line.number), quantity=quantity, unit=unit, relatedLot=lot, **described)


SECTIONS: dict[str, Callable[[Known, Parties], Any]] = {
    "planning": _planning,
    "tender": _tender,
    "bids": _bids,
    "awards": _awards,
    "contracts": _contracts,
}
