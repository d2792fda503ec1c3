"""Pages of a process with lots: how each stands, the award of all that are open, and one declared void."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.awards import by_lot, forms, queries, rules
from pliego.awards.models import Award
from pliego.awards.policy import DECISION_POLICY, DecisionAct
from pliego.awards.views import allow, own_tender, page_of, told
from pliego.kernel.objections import Unknown
from pliego.tendering.models import Tender
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.buttons import button
from pliego.web.http import Request


def _home(code: str) -> str:
    return reverse("awards:lots", args=[code])


def _divided(request: Request, code: str) -> Tender:
    tender = own_tender(request, code)
    if not tender.lot_numbers:
        raise Unknown()
    return tender


@signed_in
def lots(request: Request, code: str) -> HttpResponse:
    """Each lot with its state, its bidders and what was decided; and what can be decided now."""
    tender = _divided(request, code)
    standing = queries.standing_of(tender, at=request.received_at)
    verdict = DECISION_POLICY.verdict(request.actor, DecisionAct.AWARD, tender)
    context = page_of(tender, _("Lots"), "", lots=queries.lots_of(tender), must_desert=standing.must_desert)
    context["is_known"] = queries.knows_the_offers(tender)
    context["may_void"] = bool(DECISION_POLICY.verdict(request.actor, DecisionAct.DESERT, tender))
    context["may_void"] &= not rules.offers_are_not_open(tender, request.received_at)
    context["award"] = button(
        _("Award the lots"),
        reverse("awards:award_lots", args=[code]),
        verdict=verdict,
        objections=standing.objections if verdict else [],
    )
    return render(request, "awards/lots.html", context)


@signed_in
def award_lots(request: Request, code: str) -> HttpResponse:
    """Say of every open lot who wins it, or why it is void."""
    tender = _divided(request, code)
    allow(request, DecisionAct.AWARD, tender)
    standing, found = queries.standing_of(tender, at=request.received_at), queries.lots_of(tender)
    still_open = [one for one in found if one.lot.state == "open"]
    return perform(
        request,
        page="awards/award_lots.html",
        form=forms.AwardLotsForm,
        act=lambda data, actor: by_lot.award_lots(
            actor=actor, tender_id=tender.pk, lots=data["decisions"], at=request.received_at
        ),
        done=_decided,
        initial={f"lot-{one.lot.number}": one.options[0][0] for one in still_open},
        form_options={"lots": still_open},
        context=page_of(tender, _("Award the lots"), _("Award the lots"), standing=standing, ranking=standing.rows),
        binding=True,
    )


def _decided(made: list[Award]) -> tuple[str, str]:
    names = ", ".join(award.code for award in made)
    return _home(made[0].tender.code), _("The decisions %(awards)s are public.") % {"awards": names}


@signed_in
def desert_lot(request: Request, code: str, lot: int) -> HttpResponse:
    """Declare one lot void, with its cause and its reasons."""
    tender = _divided(request, code)
    allow(request, DecisionAct.DESERT, tender)
    row = get_visible(tender.lots.all(), number=lot)
    title = _("Declare the lot %(n)s void") % {"n": lot}
    return perform(
        request,
        page="awards/desert_lot.html",
        form=forms.DesertLotForm,
        act=lambda data, actor: by_lot.declare_lot_void(
            actor=actor, tender_id=tender.pk, lot=lot, at=request.received_at, **data
        ),
        done=lambda award: (_home(code), told(award)[1]),
        initial={"cause": _cause(tender, lot)},
        context={**page_of(tender, title, title, lot=row), "cancel_url": _home(code)},
        binding=True,
    )


def _cause(tender: Tender, lot: int) -> str:
    has_offers = tender.bids.filter(state="opened", lots__contains=[lot]).exists()
    return "none_complies" if has_offers else "no_offers"
