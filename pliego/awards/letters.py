"""The letter that tells the decision, as a PDF. Legal documents are Spanish whatever the reader's language."""

import json
from pathlib import Path

import typst
from django.conf import settings
from django.utils import translation

from pliego.awards.models import Award
from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.money import format_money
from pliego.methods.law import Words
from pliego.tendering.models import Tender

TEMPLATE = Path(__file__).with_name("aceptacion.typ")
SPANISH = "es-co"
# Where the stage of the award is this one, the offer and its acceptance are the contract (Ley 1474 de 2011, art. 94).
ACCEPTANCE = "acceptance"


def called(tender: Tender) -> Words:
    """How the law of the method calls the decision: act of award, or acceptance of the offer; without offers, decision
    to contract."""
    law = tender.rulebook
    acts = [document.title for document in law.documents if document.code == "award" and tender.has_bidding]
    return acts[0] if acts else law.milestone("award").title


def title_of(award: Award) -> str:
    """The decision as its letter is headed."""
    return called(award.tender).es


def _lot(award: Award) -> str:
    lot = award.tender.lots.filter(number=award.lot).first() if award.lot else None
    return str(lot) if lot else ""


def render_acceptance(award: Award, *, author: str) -> bytes:
    """The letter to whoever won, as PDF/A."""
    tender, supplier = award.tender, award.supplier
    assert supplier is not None
    with translation.override(SPANISH):
        causal = tender.rulebook.causal(tender.causal)
        shown = {
            "title": title_of(award),
            "is_acceptance": tender.rulebook.stage_of("award").code == ACCEPTANCE,
            "is_practice": settings.PLIEGO_PRACTICE,
            "buyer": tender.buyer.name,
            "nit": tender.buyer.nit,
            "supplier": supplier.name,
            "supplier_nit": supplier.nit,
            "code": tender.code,
            "award": award.code,
            "reference": tender.reference,
            "object": tender.description or tender.title,
            "lot": _lot(award),
            "method": str(tender.rulebook.title),
            "causal": str(causal.title) if causal else "",
            "legal_basis": award.legal_basis,
            "value": format_money(award.value),
            "duration": f"{tender.duration} {tender.get_duration_unit_display().lower()}" if tender.duration else "",
            "certificate": tender.budget_certificate,
            "bid": award.bid.code if award.bid else "",
            "is_variant": award.is_variant,
            "reason": award.reason,
            "at": dates.instant(award.decided_at),
            "date": list(award.decided_at.astimezone(BOGOTA).timetuple()[:3]),
            "author": author,
        }
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"shown": json.dumps(shown, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        ignore_system_fonts=True,
    )
