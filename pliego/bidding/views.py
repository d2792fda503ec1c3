"""Pages of offers: the supplier's, the opening members', and the public list of bidders."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.bidding import (
    closing,
    files,
    moments,
    opening,
    queries,
    reach,
    recording,
    reserving,
    rules,
    services,
    varying,
    witnessed,
)
from pliego.bidding.browser import bundle_hash
from pliego.bidding.forms import BundleForm, ConfirmForm, KeyForm, PresentForm, SharesForm
from pliego.bidding.models import Bid, Closing
from pliego.bidding.moments import Turn
from pliego.bidding.policy import BID_POLICY, POLICY, ROOM_POLICY, Act, BidAct, RoomAct
from pliego.conditions import guarantees, mipyme, variants
from pliego.conditions.dividing import division_of
from pliego.documents.queries import accepted_files
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, Unknown
from pliego.parties.models import Account
from pliego.tendering import halts, price_lists
from pliego.tendering import queries as tendering
from pliego.tendering.models import OpeningKey, Tender
from pliego.tendering.views.pricing import LINES
from pliego.web.acts import See303, get_visible, perform, signed_in
from pliego.web.buttons import Button, button
from pliego.web.http import Request
from pliego.web.pagination import paginate

FOLDED = 50  # questions: with more of them, each envelope unfolds by itself
OPENING = _("Opening")
CLOSE, OPEN = _("Write the closing record"), _("Open the offers")
OPENED = _(
    "All the envelopes of this opening are opened at once, and from then on everybody can read what is in them. It"
    " cannot be undone."
)


def visible(request: Request, code: str) -> Tender:
    return get_visible(Tender.objects.visible_to(request.actor).select_related("buyer__organization"), code=code)


def at(name: str, tender: Tender) -> str:
    return reverse(f"bidding:{name}", args=[tender.code])


def standing(request: Request, tender: Tender) -> Bid | None:
    """The actor's account's offer that counts."""
    own = Bid.objects.filter(tender=tender, supplier_id=request.actor.account_id or 0).standing()
    return own.select_related("receipt").first()


# ---- suppliers -------------------------------------------------------------------------------------------------------


@signed_in
def own_bids(request: Request) -> HttpResponse:
    """Every offer that the account presented."""
    ROOM_POLICY.require(request.actor, RoomAct.SEND_PARTS)
    bids = Bid.objects.filter(supplier_id=request.actor.account_id).exclude(state="draft")
    rows = bids.select_related("tender", "receipt").order_by("-received_at", "-pk")
    return render(request, "bidding/own_bids.html", {"bids": paginate(request, rows)})


@signed_in
def offer(request: Request, code: str) -> HttpResponse:
    """Where an offer stands: what to do next, its receipt, its history."""
    tender = visible(request, code)
    actor, now = request.actor, request.received_at
    over = list(rules.reception_is_over(tender, now))
    is_waiting = tender.suspended_from == "published"
    bid = standing(request, tender)
    history = Bid.objects.filter(tender=tender, supplier_id=actor.account_id or 0).exclude(state="draft")
    prepare_verdict = POLICY.verdict(actor, Act.PREPARE, tender) if not over else None  # the term says it better
    called = tender.rulebook.words.called
    label = called(_("Prepare another offer in its place") if bid else _("Prepare the offer"))
    context = {
        "tender": tender,
        "bid": bid,
        "is_over": bool(over) and not is_waiting,
        "halted": str(halts.sentence(tender)) if is_waiting else "",
        "seal_again": not over and bid in reach.to_seal_again(tender),
        "cautions": mipyme.offered_by(tender, Account.objects.filter(pk=actor.account_id or 0).first()),
        "crumbs": trail(tender, ("", called(_("Your offer"))), of=""),
        "history": history.select_related("receipt", "withdrawal"),
        "due_at": None if is_waiting else tender.due_at("bids_due"),
        "prepare": button(label, at("prepare", tender), verdict=prepare_verdict, objections=over),
        "by_file": button(
            _("Present a file"), at("present_file", tender), verdict=prepare_verdict, objections=over, kind="secondary"
        ),
        "confirm": button(
            called(_("Confirm the offer")),
            at("confirm", tender),
            verdict=BID_POLICY.verdict(actor, BidAct.CONFIRM, bid) if bid else None,
            objections=over,
            kind="",
        ),
        "withdraw": button(
            called(_("Withdraw the offer")),
            at("withdraw", tender),
            verdict=BID_POLICY.verdict(actor, BidAct.WITHDRAW, bid) if bid else None,
            objections=list(rules.withdrawal_is_over(tender, now)),
            kind="warning",
        ),
    }
    return render(request, "bidding/offer.html", context)


def trail(tender: Tender, *more: tuple[str, Any], of: str = "/escritorio") -> list[tuple[str, Any]]:
    """From the page of the process to this one: that of its entity, or that of everybody."""
    return [(f"{of}/procesos/{tender.code}/", tender.code), *more]


def presented(tender: Tender) -> Any:
    def done(bid: Bid) -> tuple[str, Any]:
        return at("offer", tender), tender.rulebook.words.called(_("The offer was received. Keep its receipt."))

    return done


@signed_in
def prepare(request: Request, code: str) -> HttpResponse:
    """Write the offer, seal it in the browser and present it."""
    tender = visible(request, code)
    POLICY.require(request.actor, Act.PREPARE, tender)
    if tender.is_reinforced and request.method == "GET":
        return See303(at("present_file", tender))  # nothing is sealed in a browser there
    called = tender.rulebook.words.called
    own = called(_("Your offer"))
    return perform(
        request,
        page="bidding/prepare.html",
        form=PresentForm,
        binding=True,
        act=lambda data, actor: services.submit_bid(
            actor=actor, tender_id=tender.pk, manifest=data["manifest"], at=request.received_at
        ),
        done=presented(tender),
        context={
            "tender": tender,
            "crumbs": trail(tender, (at("offer", tender), own), ("", called(_("Prepare the offer"))), of=""),
            "envelopes": queries.questions(tender),
            "has_prices": "information" not in tender.rulebook.kinds,
            "division": division_of(tender),
            "guarantee": guarantees.of_the_offer(tender),
            "variants": variants.told(tender),
            "is_long": tender.items.count() > FOLDED,
            "headings": json.dumps(price_lists.OFFERED),
            "due_at": tender.due_at("bids_due"),
            "bundle_hash": bundle_hash(),
            **accepted_files("bid_document"),
            "parts_url": reverse("bidding:missing").removesuffix("faltan"),
            "members": tender.opening_members.select_related("user"),
        },
    )


@signed_in
def present_file(request: Request, code: str) -> HttpResponse:
    """The file road, which needs no script: present a ZIP sealed by the command line."""
    tender = visible(request, code)
    POLICY.require(request.actor, Act.PREPARE, tender)
    return perform(
        request,
        page="bidding/present_file.html",
        form=BundleForm,
        binding=True,
        act=lambda data, actor: services.present_bundle(
            actor=actor, tender_id=tender.pk, file=data["bundle"], at=request.received_at
        ),
        done=presented(tender),
        context={"tender": tender, "due_at": tender.due_at("bids_due"), "publication": queries.publication_act(tender)},
    )


@signed_in
def withdraw(request: Request, code: str) -> HttpResponse:
    tender = visible(request, code)
    bid = get_visible(
        Bid.objects.visible_to(request.actor).standing(), tender=tender, supplier_id=request.actor.account_id
    )
    return perform(
        request,
        page="bidding/withdraw.html",
        form=ConfirmForm,
        binding=True,
        act=lambda data, actor: services.withdraw_bid(actor=actor, bid_id=bid.pk, at=request.received_at),
        done=lambda withdrawn: (
            at("offer", tender),
            tender.rulebook.words.called(_("The offer was withdrawn. Nobody will ever open it.")),
        ),
        context={"tender": tender, "bid": bid, "due_at": tender.due_at("bids_due")},
    )


@signed_in
def confirm(request: Request, code: str) -> HttpResponse:
    """Say that the offer stands as it is under the amended pliego."""
    tender = visible(request, code)
    bid = get_visible(
        Bid.objects.visible_to(request.actor).standing(), tender=tender, supplier_id=request.actor.account_id
    )
    return perform(
        request,
        page="bidding/confirm_bid.html",
        form=ConfirmForm,
        binding=True,
        act=lambda data, actor: services.confirm_bid(actor=actor, bid_id=bid.pk, at=request.received_at),
        done=lambda done: (at("offer", tender), _("Your offer counts again. Keep the receipt: %s.") % done[1].code),
        context={
            "tender": tender,
            "bid": bid,
            "due_at": tender.due_at("bids_due"),
            "amendments": queries.binding_amendments(bid),
        },
    )


# ---- the public ------------------------------------------------------------------------------------------------------


def bidders(request: Request, code: str) -> HttpResponse:
    """The closing record and, after the opening, the list of bidders with all that they offered."""
    tender = visible(request, code)
    bids = queries.opened_bids(tender)
    context = {
        "tender": tender,
        "lots": queries.offered_lots(tender, bids) if bids else [],
        "closing": Closing.objects.filter(tender=tender).select_related("entry").first(),
        "opening_act": queries.opening_act(tender),
        "bids": bids,
        "identities": queries.identities(tender),
        "unopenable": [(bid, opening.blame(bid)) for bid in queries.unopenable_bids(tender)],
        "due_at": tender.due_at("bids_due"),
        "turns": moments.turns_of(tender),
        "reserves": reserving.reserves_of(tender),
    }
    return render(request, "bidding/bidders.html", context)


def opened_bid(request: Request, code: str, bid: str) -> Bid:
    return get_visible(queries.opened_bid_rows(visible(request, code)), code=bid)


def crumbs(tender: Tender, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(f"/procesos/{tender.code}/", tender.code), (at("bidders", tender), str(_("List of bidders"))), *more]


def bid_answers(request: Request, code: str, bid: str) -> HttpResponse:
    """What one opened offer answered, a page of questions at a time."""
    found = opened_bid(request, code, bid)
    asked = queries.asked_of(found, tendering.questions_in_order(found.tender))
    pager = paginate(request, asked, per_page=tendering.QUESTIONS)
    answers = queries.answers_of(found, pager, request.actor)
    context = {"tender": found.tender, "bid": found, "pager": pager, "answers": answers}
    context["summary"] = varying.summary_of(found) if found.has_variant else ""
    context["crumbs"] = crumbs(found.tender, ("", found.code))
    return render(request, "bidding/answers.html", context)


def bid_prices(request: Request, code: str, bid: str, number: int) -> HttpResponse:
    """One price list of an opened offer, a page of lines at a time."""
    found = opened_bid(request, code, bid)
    item = get_visible(found.tender.items.filter(kind="price_list"), number=number)
    pager = paginate(request, queries.offered_prices(found, item), per_page=LINES)
    above = (reverse("bidding:answers", args=[code, bid]), found.code)
    context = {"tender": found.tender, "bid": found, "item": item, "pager": pager}
    context["crumbs"] = crumbs(found.tender, above, ("", item.title))
    return render(request, "bidding/prices.html", context)


def answers_file(request: Request, code: str, form: str) -> HttpResponseBase:
    """Everything that every opened offer says, to compare it in a spreadsheet."""
    tender = visible(request, code)
    if form not in files.FORMATS:
        raise Unknown()
    return files.answers(tender, form)


# ---- opening members -------------------------------------------------------------------------------------------------


@signed_in
def keys(request: Request) -> HttpResponse:
    """Make an opening key in the browser, or register one made with stock age."""

    def register(data: dict[str, str], actor: Any) -> OpeningKey:
        if not data["answer"] or not data["ticket"]:
            raise Refused(Objection("prove_it", _("Decrypt the challenge below and write its answer."), "answer"))
        return services.register_opening_key(actor=actor, at=request.received_at, **data)

    context: dict[str, Any] = {"keys": OpeningKey.objects.filter(user_id=request.actor.user_id or 0)}
    if request.method == "POST" and not request.POST.get("answer"):
        context |= challenged(request)
    return perform(
        request,
        page="bidding/keys.html",
        form=KeyForm,
        act=register,
        done=lambda key: (reverse("bidding:keys"), _("Your opening key is registered.")),
        context=context,
    )


def challenged(request: Request) -> dict[str, str]:
    """The challenge for the key typed on the page, where no script asks for it."""
    try:
        sealed, ticket = services.challenge(actor=request.actor, recipient=request.POST.get("recipient", "").strip())
    except Refused:
        return {}
    return {"challenge": sealed, "challenge_ticket": ticket}


def open_button(tender: Tender, turn: Turn, actor: Actor, now: datetime) -> Button:
    """The button that opens; before the closing record there is one reason why not, and it says what comes first."""
    url = reverse("bidding:open_at", args=[tender.code, turn.moment]) if not turn.is_first else at("open", tender)
    label = tender.rulebook.words.called(OPEN)
    if tender.state == "published":
        sentence = _("First the closing record is written, when the term is over.")
        return button(label, url, objections=[Objection("not_closed", sentence)])
    objections = opening.opening_objections(turn, now)
    return button(label, url, verdict=POLICY.verdict(actor, Act.OPEN, tender), objections=objections)


def record_buttons(tender: Tender, actor: Actor, now: datetime) -> list[Button]:
    """One for each moment of which an opening has no minutes yet."""
    verdict, found = POLICY.verdict(actor, Act.RECORD, tender), {}
    for turn in recording.turns_to_record(tender):
        if turn.record and turn.moment not in found:
            label = _("Sign the minutes") if turn.is_first else _("Sign the minutes: %s") % turn.title
            objections = recording.recording_objections(turn.record, actor, now)
            url = reverse("bidding:record", args=[tender.code, turn.moment])
            found[turn.moment] = button(label, url, verdict=verdict, objections=objections, kind="secondary")
    return list(found.values())


@signed_in
def opening_room(request: Request, code: str) -> HttpResponse:
    """Where the members bring their keys: what has been given, what is missing, and the form for one's own."""
    tender = visible(request, code)
    actor, now = request.actor, request.received_at
    turns = moments.turns_of(tender)
    turn = next((turn for turn in turns if not turn.is_done), turns[-1] if turns else None)
    context = {
        "tender": tender,
        "early_left": reach.left_of_the_first(tender),
        "member": tender.opening_members.select_related("key_test").filter(user_id=actor.user_id or 0).first(),
        "turns": turns,
        "turn": turn,
        "status": queries.opening_status(tender, turn),
        "closing": Closing.objects.filter(tender=tender).select_related("entry").first(),
        "opening_act": queries.opening_act(tender),
        "close": button(
            _("Write the closing record"),
            at("close", tender),
            objections=closing.closing_objections(tender, request.received_at),
        ),
        "open": open_button(tender, turn, actor, now) if turn and not turn.is_done else None,
        "minutes": recording.minutes_of(tender),
        "to_record": record_buttons(tender, actor, now),
        "witnesses": witnessed.of_closing(tender),
        "may_release": POLICY.verdict(actor, Act.RELEASE_SHARES, tender) and turn and not turn.is_done,
        "may_rehearse": POLICY.verdict(actor, Act.REHEARSE, tender) and turn and not turn.is_done,
        "submit_label": _("Give my shares"),
        "crumbs": trail(tender, ("", OPENING)),
    }
    return perform(
        request,
        page="bidding/opening.html",
        form=SharesForm,
        act=lambda data, actor: closing.release_share(
            actor=actor, tender_id=tender.pk, shares=data["shares"], at=request.received_at
        ),
        done=lambda released: (at("opening", tender), _("Your shares were received.")),
        context=context,
    )


@signed_in
def close(request: Request, code: str) -> HttpResponse:
    tender = visible(request, code)
    return perform(
        request,
        page="bidding/confirm.html",
        form=ConfirmForm,
        act=lambda data, actor: closing.close_tender(actor=actor, tender_id=tender.pk, at=request.received_at),
        done=lambda record: (at("opening", tender), _("The closing record is written.")),
        context={
            "tender": tender,
            "title": CLOSE,
            "submit_label": CLOSE,
            "crumbs": trail(tender, (at("opening", tender), OPENING), ("", CLOSE)),
        },
    )


@signed_in
def open_offers(request: Request, code: str, moment: str = "") -> HttpResponse:
    tender = visible(request, code)
    turn, title = moments.turn_at(tender, moment), tender.rulebook.words.called(OPEN)
    return perform(
        request,
        page="bidding/confirm.html",
        form=ConfirmForm,
        act=lambda data, actor: opening.open_bids(
            actor=actor, tender_id=tender.pk, at=request.received_at, moment=turn.moment, bid=turn.bid
        ),
        done=lambda opened: (at("bidders", tender), tender.rulebook.words.called(_("The offers are open."))),
        context={
            "tender": tender,
            "turn": turn,
            "title": title,
            "lead": OPENED,
            "submit_label": title,
            "crumbs": trail(tender, (at("opening", tender), OPENING), ("", title)),
        },
    )
