"""Pages of the entity: what the offers ask to keep from the public, and the decision on each."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.bidding import reserving
from pliego.bidding.forms import ReserveForm
from pliego.bidding.models import Reserve
from pliego.bidding.policy import RESERVE_POLICY, ReserveAct
from pliego.bidding.reserving import Decision
from pliego.bidding.views import at, visible
from pliego.kernel.objections import Denied
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.buttons import button
from pliego.web.http import Request


@signed_in
def reserves(request: Request, code: str) -> HttpResponse:
    """Each request with what was decided of it; what it says, for whoever may read it."""
    tender = visible(request, code)
    if tender.buyer_id != request.actor.account_id or not request.actor.roles:
        raise Denied(_("Only people of that account can do this."))
    rows = [(row, decide_button(request, row)) for row in reserving.reserves_of(tender)]
    return render(request, "bidding/reserves.html", {"tender": tender, "rows": rows})


def decide_button(request: Request, reserve: Reserve) -> Any:
    label = _("Decide") if reserve.state == "requested" else _("Decide again")
    url = reverse("bidding:decide_reserve", args=[reserve.tender.code, reserve.number])
    return button(
        label, url, verdict=RESERVE_POLICY.verdict(request.actor, ReserveAct.DECIDE, reserve), kind="secondary"
    )


@signed_in
def decide(request: Request, code: str, number: int) -> HttpResponse:
    """Accept a request for a term, or refuse it and publish the answer."""
    tender = visible(request, code)
    reserve = get_visible(tender.reserves.select_related("tender", "envelope__bid__supplier", "item"), number=number)
    if not (verdict := RESERVE_POLICY.verdict(request.actor, ReserveAct.DECIDE, reserve)):  # the page shows the answer
        raise Denied(verdict.reason)
    return perform(
        request,
        page="bidding/reserve.html",
        form=ReserveForm,
        binding=True,
        act=lambda data, actor: reserving.decide(
            actor=actor,
            tender_id=tender.pk,
            number=number,
            decision=Decision(data["decision"] == "accept", data["rationale"], data["basis"], data["until"]),
            at=request.received_at,
        ),
        done=lambda decided: (at("reserves", tender), _("Decided. Keep the receipt: %s.") % decided.entry.code),
        context={"tender": tender, "reserve": reserve, "one": reserving.reserved_answer(reserve)},
    )
