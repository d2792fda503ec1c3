"""The pages of auctions: everybody's, the bidder's, and the acts of whoever conducts."""

import secrets
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.auctions import desk, forms, live, placing, queries
from pliego.auctions.models import Auction
from pliego.auctions.policy import POLICY, TRAINING, Act
from pliego.kernel.objections import Denied, Unknown
from pliego.tendering.models import Tender
from pliego.tendering.views.shown import TENDERS
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.http import Request
from pliego.web.sheets import csv_file


def _tender(request: Request, code: str) -> Tender:
    return get_visible(TENDERS.visible_to(request.actor).public(), code=code)


def _auction(request: Request, code: str, lot: int, training: int) -> Auction:
    tender = _tender(request, code)
    rows = Auction.every.of(tender).visible_to(request.actor).select_related("best", "record", "recorded_by")
    found: Auction = get_visible(rows, lot=lot or None, training=training)
    found.tender = tender
    return found


def _crumbs(auction: Auction, here: Any = "") -> list[tuple[str, Any]]:
    code = auction.tender.code
    home = (queries.url_of(auction) if here else "", queries.title_of(auction))
    above = [(reverse("auctions:trainings", args=[code]), _("Training auctions"))] if auction.is_training else []
    return [(f"/procesos/{code}/", code), *above, home, *([("", here)] if here else [])]


def auctions(request: Request, code: str) -> HttpResponse:
    """The auctions of the process: of each of its lots, or the only one."""
    tender = _tender(request, code)
    if "auction" not in tender.rulebook.kinds:
        raise Unknown()
    found = queries.auctions_of(tender)
    if [auction.lot for auction in found] == [None]:
        return redirect("auctions:auction", code, 0)
    crumbs = [(f"/procesos/{code}/", code), ("", _("Auction"))]
    context = {"tender": tender, "crumbs": crumbs, "auctions": [queries.seen(a, request.received_at) for a in found]}
    context["trains"] = bool(TRAINING.verdict(request.actor, Act.SEE_TRAININGS, tender))
    return render(request, "auctions/auctions.html", context)


def auction(request: Request, code: str, lot: int, training: int = 0) -> HttpResponse:
    """How it stands, every bid under letters, and what this person can do now."""
    return render(request, "auctions/auction.html", _shown(request, _auction(request, code, lot, training)))


def standing(request: Request, code: str, lot: int, training: int = 0) -> HttpResponse:
    """The part of the page that changes, for whoever looks again: `parte=propio` is only what is theirs."""
    found = _auction(request, code, lot, training)
    page = "auctions/own.html" if request.GET.get("parte") == "propio" else "auctions/live.html"
    return render(request, page, _shown(request, found))


def _shown(request: Request, found: Auction) -> dict[str, Any]:
    at, actor = request.received_at, request.actor
    bids = queries.told_bids(found)
    mine = queries.participant_of(actor, found)
    seen = queries.seen(found, at)
    is_bidding = mine is not None and seen.phase == "running" and bool(POLICY.verdict(actor, Act.BID, found))
    form = forms.BidForm(auction=found, mine=mine, initial={"key": secrets.token_hex(16)}) if is_bidding else None
    return {
        "tender": found.tender,
        "auction": found,
        "seen": seen,
        "crumbs": _crumbs(found),
        "bids": bids[::-1],
        "chart": queries.chart_of(found, bids) if found.state == "recorded" and not found.is_outside else None,
        "order": queries.order_told(found) if found.state == "recorded" else [],
        "live": live.path_of(found),
        "trains": not found.is_training and bool(TRAINING.verdict(actor, Act.SEE_TRAININGS, found.tender)),
        "pauses": found.pauses.all(),
        "outside": queries.outside_of(found),
        "own": queries.own_of(found, mine) if mine else None,
        "entries": queries.entries_of(actor, mine) if mine else [],
        "form": form,
        "form_action": queries.address(found, "bid"),
        "buttons": desk.buttons(actor, found, at),
        "last": bids[-1].number if bids else 0,
    }


def _around(found: Auction, title: Any, submit: Any, **more: Any) -> dict[str, Any]:
    told = {"tender": found.tender, "auction": found, "title": title, "submit_label": submit}
    return {**told, "cancel_url": queries.url_of(found), "crumbs": _crumbs(found, title), **more}


def _place(found: Auction) -> dict[str, Any]:
    """Which auction a service is asked about. Only an auction that counts knows some of the acts."""
    told = {"tender_id": found.tender_id, "lot": found.lot}
    return {**told, "training": found.training} if found.is_training else told


@signed_in
def act(request: Request, code: str, lot: int, path: str, training: int = 0) -> HttpResponse:
    """The page of one row of `desk.PAGES`."""
    found = _auction(request, code, lot, training)
    if (page := desk.PAGES.get(path)) is None:
        raise Unknown()
    if not (verdict := POLICY.verdict(request.actor, page.act, found)):
        raise Denied(verdict.reason)
    lead, done = page.words(found)
    return perform(
        request,
        page="auctions/act.html",
        form=page.form,
        form_options={"auction": found},
        act=lambda data, actor: page.service(actor=actor, at=request.received_at, **_place(found), **data),
        done=lambda made: (queries.url_of(found), done),
        context=_around(found, page.title, page.submit, lead=lead),
        binding=page.binding,
    )


@signed_in
def bid(request: Request, code: str, lot: int, training: int = 0) -> HttpResponse:
    """A bid: signed by the browser's key, or here with the second factor."""
    found = _auction(request, code, lot, training)
    if not (verdict := POLICY.verdict(request.actor, Act.BID, found)):
        raise Denied(verdict.reason)
    mine = queries.participant_of(request.actor, found)
    return perform(
        request,
        page="auctions/bidding.html",
        form=forms.BidForm,
        form_options={"auction": found, "mine": mine},
        initial={"key": secrets.token_hex(16)},
        act=lambda data, actor: placing.place_bid(
            actor=actor, offer=placing.Offer(**data), at=request.received_at, **_place(found)
        ),
        done=lambda made: (queries.url_of(found), queries.bid_told(made)),
        context=_around(
            found,
            _("Bid"),
            _("Send the bid"),
            seen=queries.seen(found, request.received_at),
            entries=queries.entries_of(request.actor, mine) if mine else [],
        ),
        binding=not request.POST.get("session"),
    )


def download(request: Request, code: str, lot: int, training: int = 0) -> HttpResponseBase:
    """Every bid as a file."""
    found = _auction(request, code, lot, training)
    heads, rows = queries.sheet(found)
    return csv_file(
        name=f"lances-{code}-{lot}{f'-prueba-{training}' if training else ''}.csv", heading=heads, rows=rows
    )
