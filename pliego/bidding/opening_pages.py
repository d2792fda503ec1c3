"""Pages around an opening: the rehearsal before it; the room that everybody may follow; after it, how to open the
offers again, and what they ask to keep from the public."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.bidding import (
    moments,
    parts,
    queries,
    recording,
    rehearsing,
    replacing,
    reserving,
    services,
    watching,
    witnessed,
)
from pliego.bidding.forms import ConfirmForm, MinutesForm, RehearsalForm, ReserveForm
from pliego.bidding.models import Bid, Closing, Reserve
from pliego.bidding.policy import POLICY, RESERVE_POLICY, Act, ReserveAct
from pliego.bidding.reserving import Decision
from pliego.bidding.views import at, visible
from pliego.kernel.objections import Denied, Unknown
from pliego.tendering.models import OpeningMember, Tender
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


# ---- rehearsal -------------------------------------------------------------------------------------------------------


def own_seat(request: Request, code: str) -> tuple[Tender, OpeningMember]:
    tender = visible(request, code)
    POLICY.require(request.actor, Act.REHEARSE, tender)
    return tender, tender.opening_members.get(user_id=request.actor.user_id or 0)


@signed_in
def rehearse(request: Request, code: str) -> HttpResponse:
    """Try one's key: with its file in the browser or, without a script, with the age tool."""
    tender, member = own_seat(request, code)
    sealed, ticket = services.challenge(actor=request.actor, recipient=member.recipient)
    return perform(
        request,
        page="bidding/rehearse.html",
        form=RehearsalForm,
        act=lambda data, actor: rehearsing.rehearse(
            actor=actor, tender_id=tender.pk, answer=data["answer"], ticket=data["ticket"], at=request.received_at
        ),
        done=lambda test: (at("opening", tender), _("Your key works. Keep it until the offers are open.")),
        context={"tender": tender, "member": member, "challenge": sealed, "fresh_ticket": ticket},
    )


@signed_in
def lost_key(request: Request, code: str) -> HttpResponse:
    tender, member = own_seat(request, code)
    return perform(
        request,
        page="bidding/lost_key.html",
        form=ConfirmForm,
        act=lambda data, actor: rehearsing.declare_lost(actor=actor, tender_id=tender.pk, at=request.received_at),
        done=lambda test: (
            at("opening", tender),
            _("It is written down. Make another key for the processes to come."),
        ),
        context={"tender": tender, "member": member, "others": tender.opening_members.count() - 1},
    )


@signed_in
def replace_key(request: Request, code: str) -> HttpResponse:
    """Put another key in the place of the lost one, having shown that it opens."""
    tender = visible(request, code)
    if not (verdict := POLICY.verdict(request.actor, Act.REPLACE_KEY, tender)):
        raise Denied(verdict.reason)
    seat = tender.opening_members.select_related("key_test").get(user_id=request.actor.user_id or 0)
    recipient = replacing.other_key(request.actor.user_id or 0, seat)
    sealed, ticket = services.challenge(actor=request.actor, recipient=recipient) if recipient else ("", "")
    objections = list(replacing.cannot_replace(tender, seat, recipient, request.received_at))
    told = {"tender": tender, "member": seat, "recipient": recipient, "objections": objections}
    return perform(
        request,
        page="bidding/replace_key.html",
        form=RehearsalForm,
        binding=True,
        act=lambda data, actor: replacing.replace_key(
            actor=actor, tender_id=tender.pk, answer=data["answer"], ticket=data["ticket"], at=request.received_at
        ),
        done=lambda test: (at("opening", tender), _("Offers are sealed to your new key from now on. Keep it.")),
        context={**told, "challenge": sealed, "fresh_ticket": ticket},
    )


# ---- minutes ---------------------------------------------------------------------------------------------------------


@signed_in
def record(request: Request, code: str, moment: str) -> HttpResponse:
    """Sign the minutes of an opening: those of one moment, the first that has none."""
    tender = visible(request, code)
    turn = recording.turn_of_minutes(tender, moment)
    if not (verdict := POLICY.verdict(request.actor, Act.RECORD, tender)):
        raise Denied(verdict.reason)
    return perform(
        request,
        page="bidding/record.html",
        form=MinutesForm,
        binding=True,
        draft=f"acta/{tender.code}/{moment}",
        act=lambda data, actor: recording.record_opening(
            actor=actor, tender_id=tender.pk, moment=moment, bid=turn.bid, note=data["note"], at=request.received_at
        ),
        done=lambda signed: (at("opening", tender), _("The minutes are signed and public: %s.") % signed.entry.code),
        context={"tender": tender, "turn": turn},
    )


# ---- the room that everybody may follow ------------------------------------------------------------------------------


def watched(request: Request, code: str) -> Tender:
    tender = visible(request, code)
    if not tender.has_bidding or tender.published_at is None:
        raise Unknown()
    return tender


def watch(request: Request, code: str) -> HttpResponse:
    """The opening while it happens, and what it opened; `parte=vivo` is only the part that changes."""
    tender = watched(request, code)
    standing = watching.standing(tender, request.received_at)
    context = {"tender": tender, "standing": standing, "given": watching.given_by(standing)}
    if request.GET.get("parte") == "vivo":
        return render(request, "bidding/standing.html", context)
    lines = watching.lines(tender)
    context |= {
        "crumbs": [(f"/procesos/{code}/", code), ("", _("Opening of the offers"))],
        "lines": lines[::-1],
        "last": lines[-1].number if lines else 0,
        "closing": Closing.objects.filter(tender=tender).select_related("entry").first(),
        "members": tender.opening_members.select_related("user"),
        "witnesses": witnessed.of_closing(tender),
        "turns": moments.turns_of(tender),
        "opening_act": queries.opening_act(tender),
        "bidders": watching.bidders(tender),
        "minutes": recording.minutes_of(tender),
    }
    return render(request, "bidding/watch.html", context)


def open_again(request: Request, code: str, bid: str) -> HttpResponse:
    """The published keys of an offer, its sealed files with their hashes, and the line of command that opens them."""
    tender = watched(request, code)
    found = get_visible(queries.opened_bid_rows(tender), code=bid)
    room = (at("watch", tender), str(_("Opening of the offers")))
    context = {"tender": tender, "bid": found, "crumbs": [(f"/procesos/{code}/", code), room, ("", found.code)]}
    return render(request, "bidding/open_again.html", context | {"envelopes": watching.opened_envelopes(found)})


def sealed_file(request: Request, code: str, bid: str, recipient: str, name: str) -> HttpResponseBase:
    """A file of an opened offer as it was presented: whoever has the key of its envelope, which is public, opens it."""
    found: Bid = get_visible(queries.opened_bid_rows(watched(request, code)), code=bid)
    opened = [each.files for each in watching.opened_envelopes(found) if each.envelope.recipient == recipient]
    files = [each for listed in opened for each in listed if each.sealed == name and not each.is_kept_out]
    if not files:
        raise Unknown()
    content = (parts.get(part) for part in files[0].parts)
    response = StreamingHttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Length"] = str(files[0].size)
    return response
