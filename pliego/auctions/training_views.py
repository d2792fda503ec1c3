"""The pages of training auctions: the list, for those invited and the entity, and the form that opens one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.auctions import forms, queries, subjects, training
from pliego.auctions.policy import TRAINING, Act
from pliego.kernel.objections import Denied, Unknown
from pliego.tendering.models import Tender
from pliego.tendering.views.shown import TENDERS
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.http import Request


def _tender(request: Request, code: str) -> Tender:
    tender: Tender = get_visible(TENDERS.visible_to(request.actor).public(), code=code)
    if not TRAINING.verdict(request.actor, Act.SEE_TRAININGS, tender):
        raise Unknown()
    return tender


@signed_in
def trainings(request: Request, code: str) -> HttpResponse:
    """Every training of the process that this person may see."""
    tender, at = _tender(request, code), request.received_at
    found = [queries.seen(auction, at) for auction in queries.trainings_of(request.actor, tender)]
    crumbs = [(f"/procesos/{code}/", code), ("", _("Training auctions"))]
    may_open = bool(TRAINING.verdict(request.actor, Act.TRAIN, tender))
    context = {"tender": tender, "crumbs": crumbs, "trainings": found, "may_open": may_open}
    return render(request, "auctions/trainings.html", context)


@signed_in
def open_one(request: Request, code: str) -> HttpResponse:
    """The form that invites everybody who qualified."""
    tender = _tender(request, code)
    if not (verdict := TRAINING.verdict(request.actor, Act.TRAIN, tender)):
        raise Denied(verdict.reason)
    home, title = reverse("auctions:trainings", args=[code]), _("Open a training auction")
    crumbs = [(f"/procesos/{code}/", code), (home, _("Training auctions")), ("", title)]
    around: dict[str, Any] = {"tender": tender, "crumbs": crumbs, "title": title, "cancel_url": home}
    lead = _("Everybody who qualified is invited. It has no legal value: nothing of it counts for the process.")
    return perform(
        request,
        page="auctions/act.html",
        form=forms.TrainingForm,
        form_options={"lots": tender.lot_numbers},
        initial={"minutes": subjects.terms_of(tender).minutes, "reference": tender.value_amount},
        act=lambda data, actor: training.open_training(
            actor=actor, tender_id=tender.pk, at=request.received_at, **{"lot": None, **data}
        ),
        done=lambda made: (queries.url_of(made), _("The training is open: everybody who qualified was invited.")),
        context={**around, "submit_label": _("Open it and invite"), "lead": lead},
    )
