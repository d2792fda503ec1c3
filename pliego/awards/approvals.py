"""What the approval of a decision is about: to whom and for how much, or that the process is void."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.authority.cases import Case, Option, register
from pliego.evaluation.models import Assessment
from pliego.kernel.money import cop, format_money
from pliego.tendering.approvals import case_of, source
from pliego.tendering.models import Tender

VOID = "desert"


def _options(tender: Tender) -> list[Option]:
    """The offers that comply, or the suppliers invited to a direct contract; and declaring it void."""
    if not tender.has_bidding:
        return [(i.supplier.code, i.supplier.name) for i in _invitations(tender)]
    rows = _assessments(tender).filter(complies=True).order_by("rank", "pk")
    bids = [(row.bid.code, f"{row.bid.supplier.name} · {format_money(cop(row.price_amount or 0))}") for row in rows]
    return [*bids, (VOID, _("Declare the process void"))]


def _invitations(tender: Tender) -> Any:
    return tender.invitations.select_related("supplier__organization")


def _assessments(tender: Tender) -> Any:
    rows = Assessment.objects.filter(evaluation__tender=tender)
    return rows.select_related("bid__supplier__organization")


def _decision(tender: Tender, option: str) -> Case:
    content = {"code": tender.code, "choice": option}
    chosen = _assessments(tender).filter(bid__code=option).first()
    if chosen is not None:
        content |= {"supplier": chosen.bid.supplier.code, "value": str(chosen.price_amount)}
    elif option != VOID:
        content |= {"up_to": str(tender.value_amount)}
    assessors = _assessments(tender).exclude(assessed_by=None).values_list("assessed_by_id", flat=True)
    people = {"evaluator": frozenset(assessors)}
    return case_of(tender, content, "awards:decide" if tender.has_bidding else "awards:directly", people=people)


register("award", source("award", _decision, options=_options))
