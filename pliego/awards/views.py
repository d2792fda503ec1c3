"""Pages of the decision, for the authorising officer."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.authority import gates
from pliego.awards import forms, letters, queries, services
from pliego.awards.models import Award
from pliego.awards.policy import DECISION_POLICY, DecisionAct
from pliego.kernel import clock
from pliego.kernel.objections import Denied
from pliego.tendering.models import Tender
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.http import Request


def own_tender(request: Request, code: str) -> Tender:
    rows = Tender.objects.visible_to(request.actor).select_related("buyer__organization")
    return get_visible(rows.filter(buyer_id=request.actor.account_id or 0), code=code)


def page_of(tender: Tender, title: str, submit: str, **more: Any) -> dict[str, Any]:
    return {
        "tender": tender,
        "title": title,
        "act_title": letters.called(tender),
        "submit_label": submit,
        "crumbs": [(f"/escritorio/procesos/{tender.code}/", tender.code), ("", title)],
        "cancel_url": f"/escritorio/procesos/{tender.code}/",
        "gate": gates.approved("award")(tender, clock.now()),
        **more,
    }


def allow(request: Request, act: DecisionAct, tender: Tender) -> None:
    if not (verdict := DECISION_POLICY.verdict(request.actor, act, tender)):
        raise Denied(verdict.reason)


def _decided(request: Request, tender: Tender, award: Award) -> HttpResponse:
    return render(
        request, "awards/decided.html", {"tender": tender, "award": award, **page_of(tender, _("Decision"), "")}
    )


def told(award: Award) -> tuple[str, str]:
    assert award.receipt is not None
    words = {"award": award.code, "code": award.receipt.code}
    sentence = _("Decision %(award)s is public. Receipt %(code)s.") % words
    return reverse("awards:decide", args=[award.tender.code]), sentence


@signed_in
def decide(request: Request, code: str) -> HttpResponse:
    """Award the process, or see how it was decided."""
    tender = own_tender(request, code)
    if tender.lot_numbers:
        return redirect("awards:lots", code)
    if award := queries.decision_of(tender):
        return _decided(request, tender, award)
    allow(request, DecisionAct.AWARD, tender)
    standing = queries.standing_of(tender, at=request.received_at)
    bids = queries.options_of(standing)
    return perform(
        request,
        page="awards/decide.html",
        form=forms.AwardForm,
        act=lambda data, actor: services.award_tender(
            actor=actor, tender_id=tender.pk, reason=data["reason"], at=request.received_at, **forms.chosen(data["bid"])
        ),
        done=told,
        initial={"bid": bids[0][0] if bids else ""},
        form_options={"bids": bids},
        context=page_of(
            tender, _("Award the process"), _("Award the process"), standing=standing, ranking=standing.rows
        ),
        binding=True,
    )


@signed_in
def desert(request: Request, code: str) -> HttpResponse:
    tender = own_tender(request, code)
    if award := queries.decision_of(tender):
        return _decided(request, tender, award)
    allow(request, DecisionAct.DESERT, tender)
    return perform(
        request,
        page="awards/desert.html",
        form=forms.DesertForm,
        act=lambda data, actor: services.declare_deserted(
            actor=actor, tender_id=tender.pk, reason=data["reason"], at=request.received_at
        ),
        done=told,
        context=page_of(tender, _("Declare the process void"), _("Declare the process void")),
        binding=True,
    )


@signed_in
def directly(request: Request, code: str) -> HttpResponse:
    """Contract directly with an invited supplier."""
    tender = own_tender(request, code)
    if award := queries.decision_of(tender):
        return _decided(request, tender, award)
    allow(request, DecisionAct.AWARD_DIRECTLY, tender)
    invited = [i.supplier for i in tender.invitations.select_related("supplier__organization")]
    return perform(
        request,
        page="awards/directly.html",
        form=forms.DirectForm,
        act=lambda data, actor: services.award_directly(
            actor=actor, tender_id=tender.pk, at=request.received_at, **data
        ),
        done=told,
        initial={"value": tender.value_amount, "supplier": invited[0].code if len(invited) == 1 else ""},
        form_options={"suppliers": [(s.code, f"{s.name} · NIT {s.nit}") for s in invited]},
        context=page_of(
            tender,
            _("Contract directly"),
            _("Decide the contract"),
            causal=tender.rulebook.causal(tender.causal),
        ),
        binding=True,
    )
