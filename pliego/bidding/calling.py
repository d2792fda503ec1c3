"""Calling one offer to open its envelope, where the method opens them one by one. The room that evaluates calls this
from inside an act of its own, which asks its own policy and knows the order."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.bidding.closing import held
from pliego.bidding.events import BidCalled
from pliego.bidding.models import Bid, BidCall
from pliego.bidding.moments import Turn, acts_are_missing, turns_of
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, refuse_if_any
from pliego.ledger import outbox
from pliego.tendering.models import Tender


def turn_to_call(tender: Tender) -> Turn | None:
    """The opening at which an offer may be called, if the method has one."""
    return next((turn for turn in reversed(turns_of(tender)) if turn.rule.by_call), None)


def called(tender: Tender) -> list[str]:
    """The offers that were called, in order."""
    return list(tender.bid_calls.order_by("place").values_list("bid__code", flat=True))


@transaction.atomic
def call_bid(*, actor: Actor, tender_id: int, bid: str, reason: str, at: datetime) -> BidCall:
    """Let the envelope of this offer be opened, and of no other. The same call again is the same record."""
    tender = held(tender_id)
    offer = Bid.objects.select_related("supplier__organization").get(tender=tender, code=bid)
    if known := BidCall.objects.filter(bid=offer).select_related("entry").first():
        return known
    turn = turn_to_call(tender)
    refuse_if_any(_cannot_call(turn), acts_are_missing(turn, at) if turn else None)
    assert turn is not None
    assert actor.user_id is not None
    place = tender.bid_calls.count() + 1
    data = {"tender": tender.code, "moment": turn.moment, "bid": offer.code, "place": place, "reason": reason}
    data |= {"supplier": offer.supplier.code, "supplier_name": offer.supplier.name}
    entry = outbox.publish(BidCalled(file=tender.ocid, subject_id=offer.pk, data=data), actor=actor, at=at)
    return BidCall.objects.create(
        tender=tender,
        bid=offer,
        moment=turn.moment,
        place=place,
        reason=reason,
        called_by_id=actor.user_id,
        called_at=at,
        entry=entry,
    )


def _cannot_call(turn: Turn | None) -> Objection | None:
    if turn is None:
        return Objection("no_calls", _("In this method the envelopes are not opened one offer after the other."))
    if turn.tender.state != "opened":
        return Objection("wrong_state", _("The first envelopes are opened before."))
    if turn.call is not None and not turn.is_done and turn.call.bid.state == "opened":
        sentence = _("The envelope of the offer %(bid)s was called and is not open yet.") % {"bid": turn.bid}
        return Objection("call_is_open", sentence, "bid")
    return None
