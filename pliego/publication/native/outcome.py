"""The sections of what came of a process: offers, lots, evaluation, award and contracts."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from pliego.bidding.models import Bid
from pliego.publication.native.reading import Known
from pliego.publication.native.shapes import Fact, LotRow, Offer, Talk, paper
from pliego.publication.pages import money, named
from pliego.tendering import halts
from pliego.web.templatetags.pliego import instant


def offers(known: Known, at: datetime) -> list[Offer]:
    return [_offer(known, bid) for bid in known.bids]


def _offer(known: Known, bid: Bid) -> Offer:
    assessment = known.assessments.get(bid.pk)
    complies = assessment.complies if assessment else None
    if bid.state == "unopenable":
        state, colour = str(bid.state_title), "unopenable"
    elif complies is None:
        state, colour = str(bid.state_title), "opened"
    else:
        state, colour = (_("Complies"), "approved") if complies else (_("Does not comply"), "rejected")
    findings = assessment.findings.all() if assessment else []
    return Offer(
        code=bid.code,
        supplier=named(bid.supplier.name),
        nit=bid.supplier.nit if bid.supplier.organization.scheme == "CO-NIT" else "",
        received=instant(bid.received_at),
        total=money(bid.total_amount, known.tender.value_currency),
        state=state,
        colour=colour,
        rank=str(assessment.rank) if assessment and assessment.rank else "",
        papers=[
            paper(row.document, _file_name(row), str(row.document.kind_title), bid.opened_at or bid.received_at)
            for row in known.bid_documents.get(bid.pk, [])
            if row.document and row.document.audience == "public"
        ],
        lots=", ".join(str(number) for number in bid.lots),
        variant=_variant(known, bid),
        findings=[f"{finding.item.title}: {finding.reason}" for finding in findings if not finding.complies],
    )


def _file_name(row: Any) -> str:
    return _("%s (variant)") % row.name if row.in_variant else str(row.name)


def _variant(known: Known, bid: Bid) -> str:
    if not bid.has_variant:
        return ""
    return money(bid.variant_amount, known.tender.value_currency) or _("its price is sealed")


OPENED = {"opened", "awarded", "deserted", "finished"}


def lots(known: Known, at: datetime) -> list[LotRow]:
    """Who offers for which lot is told once the offers are open; a lot without offers says so."""
    is_known = bool(known.bids) or known.tender.underlying_state in OPENED
    decided = {award.lot: award for award in known.awards}
    rows = []
    for lot in known.lots:
        award = decided.get(lot.number) or (decided.get(None) if lot.state == "void" else None)
        supplier = named(award.supplier.name) if award and award.supplier else ""
        rows.append(
            LotRow(
                name=_("Lot %(n)s: %(title)s") % {"n": lot.number, "title": lot.title},
                value=money(lot.value_amount, lot.value_currency),
                state=str(lot.state_title),
                colour=lot.state,
                bidders=[named(bid.supplier.name) for bid in known.bids if lot.number in bid.lots],
                is_known=is_known and lot.state != "cancelled",
                decided=f"{supplier} · {money(award.value_amount, award.value_currency)}" if award and supplier else "",
                reason=". ".join(filter(None, [award.cause_title, award.reason])) if award else "",
            )
        )
    return rows


def evaluation(known: Known, at: datetime) -> dict[str, Any]:
    if not known.reports:
        return {}
    return {
        "reports": [
            paper(
                row.document,
                _("Evaluation report %s") % row.number,
                "",
                row.published_at,
                _("Observations until %s")
                % instant(halts.prolonged(known.suspensions, row.observations_due_at, row.published_at)),
            )
            for row in known.reports
        ],
        "observations": [
            Talk(str(row.number), row.author_name, instant(row.made_at), row.text, row.answer, instant(row.answered_at))
            for row in known.observations
        ],
    }


def award(known: Known, at: datetime) -> list[dict[str, Any]]:
    """Each decision of the process: one of the whole, or one of each lot."""
    names = {lot.number: str(lot) for lot in known.lots}
    return [_award(found, names.get(found.lot or 0, "")) for found in known.awards]


def _award(found: Any, lot: str) -> dict[str, Any]:
    said = [
        Fact(_("Lot"), lot),
        Fact(_("Decision"), str(found.state_title), found.cause_title),
        Fact(
            _("Awarded to"), found.supplier.name if found.supplier else "", found.supplier.nit if found.supplier else ""
        ),
        Fact(_("Offer"), _("The variant of %s") % found.bid.code if found.is_variant else ""),
        Fact(_("Value"), money(found.value_amount, found.value_currency)),
        Fact(_("Decided on"), instant(found.decided_at)),
        Fact(_("Reason"), found.reason, found.legal_basis),
    ]
    papers = [paper(found.document, _("Award decision"), "", found.decided_at)] if found.document else []
    return {"facts": [fact for fact in said if fact.value], "papers": papers}


def contracts(known: Known, at: datetime) -> list[dict[str, Any]]:
    from pliego.publication.native.contract import contract_of

    return [contract_of(known, contract) for contract in known.contracts]
