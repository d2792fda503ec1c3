"""What stands against an act of an auction. Each rule takes what it judges and the moment, and changes nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.dates import instant
from pliego.kernel.money import Money, format_money
from pliego.kernel.objections import Objection

LAW = "Decreto 1082 de 2015, art. 2.2.1.2.1.2.2"
FAILURES_LAW = "Decreto 1082 de 2015, art. 2.2.1.2.1.2.6"  # [GK?] the article, not the rule
# How long the end waits for bids that had arrived before it and wait their turn.
SETTLING = timedelta(seconds=10)
# An auction that nobody started this long after its hour was not there to be bid in: the platform failed, or the
# process was suspended. It starts anew, with time to enter (Decreto 1082 de 2015, art. 2.2.1.2.1.2.6). [GK?] the figure
LATE_START = timedelta(minutes=2)
TRAINING_WARNING = timedelta(minutes=5)  # for those invited to hear of a training; no article says it


def is_early(auction: Any, at: datetime) -> Objection | None:
    if at >= auction.starts_at:
        return None
    sentence = _("The auction starts at %(at)s: bids are received from then on.")
    return Objection("not_started", sentence % {"at": instant(auction.starts_at)})


def quality_is_missing(auction: Any, at: datetime) -> Objection | None:
    """Prices are compared by coefficient only once everybody's points are known."""
    if auction.compares == "price" or not auction.participants.filter(quality__isnull=True).exists():
        return None
    return Objection("quality_missing", _("The entity has not published the quality points of every bidder yet."))


def time_is_over(auction: Any, at: datetime) -> Objection | None:
    """Half-open: the last instant before the end is in time, the end is not."""
    if at < auction.ends_at:
        return None
    return Objection("too_late", _("The auction ended at %(at)s.") % {"at": instant(auction.ends_at)})


def is_not_over(auction: Any, at: datetime) -> Objection | None:
    if at >= auction.ends_at + SETTLING:
        return None
    return Objection("not_over", _("The auction ends at %(at)s.") % {"at": instant(auction.ends_at)})


def is_not_running(auction: Any, at: datetime) -> Iterator[Objection]:
    """Why no bid counts now."""
    if auction.state == "announced":
        yield from filter(None, (is_early(auction, at), quality_is_missing(auction, at)))
    elif auction.state == "suspended":
        if auction.resumes_at:
            sentence = _("The auction is suspended until %(at)s: the time that was left is kept.")
            yield Objection("suspended", sentence % {"at": instant(auction.resumes_at)})
        else:
            yield Objection("suspended", _("The auction is suspended: the time that was left is kept."))
    elif auction.state == "running":
        yield from filter(None, (time_is_over(auction, at),))
    elif auction.state == "outside":
        yield Objection("outside", _("This auction is held outside the platform: nothing is bid here."))
    elif auction.state == "void":
        yield Objection("void", _("This auction is without effect."))
    else:
        yield Objection("too_late", _("The auction ended at %(at)s.") % {"at": instant(auction.ends_at)})


def is_open(auction: Any, at: datetime) -> bool:
    """Whether a bid that arrives at that moment would be looked at, whoever has written down what the hours brought."""
    if auction.state == "announced":
        return at <= auction.starts_at + LATE_START and not (is_early(auction, at) or quality_is_missing(auction, at))
    if auction.state == "suspended":
        return auction.resumes_at is not None and auction.resumes_at <= at < auction.due_end(at)
    return bool(auction.state == "running" and at < auction.ends_at)


def amount_is_wrong(amount: Decimal | None) -> Objection | None:
    if amount is None or not amount.is_finite() or amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        return Objection("not_an_amount", _("Write an amount larger than zero, with at most two decimals."), "amount")
    return None


def does_not_improve(auction: Any, participant: Any, amount: Decimal) -> Objection | None:
    """A bid improves the best one that stands, whoever made it, by the margin at least."""
    terms = auction.terms
    if terms.improves(terms.value(amount, participant.quality), auction.best_value):
        return None
    limit = format_money(Money(terms.price_to_reach(auction.best_value, participant.quality), auction.currency))
    if auction.is_upward:
        sentence = _("It does not improve the best price by the margin: offer %(limit)s or more.")
    else:
        sentence = _("It does not improve the best price by the margin: offer %(limit)s or less.")
    return Objection("does_not_improve", sentence % {"limit": limit}, "amount", LAW)


def is_too_good(auction: Any, participant: Any, amount: Decimal, *, is_sure: bool) -> Objection | None:
    """A bid far beyond the best one counts only when its bidder said that it is no mistake."""
    terms = auction.terms
    if is_sure or not terms.is_large(terms.value(amount, participant.quality), auction.best_value):
        return None
    told = {"amount": format_money(Money(amount, auction.currency))}
    sentence = _(
        "%(amount)s is very far from the best price. If that is what you offer, confirm it: it cannot be undone."
    )
    return Objection("is_it_right", sentence % told, "is_sure")


def prices_are_wrong(auction: Any, asked: Any, prices: Any) -> Iterator[Objection]:
    """Where bids say unit prices: only lines that there are, each with an amount."""
    if auction.by != "items":
        if prices:
            yield Objection("no_items", _("In this auction a bid is one amount for the whole."), "prices")
        return
    if not prices:
        yield Objection("missing", _("Write at least one unit price."), "prices")
    for key, price in prices.items():
        if key not in asked:
            yield Objection("unknown_line", _("The price list has no line %(key)s.") % {"key": key}, f"prices.{key}")
        elif amount_is_wrong(price):
            sentence = _("Line %(key)s: write an amount larger than zero, with at most two decimals.")
            yield Objection("not_an_amount", sentence % {"key": key}, f"prices.{key}")


def is_in_the_way(ends_at: datetime, real: datetime | None, field: str) -> Objection | None:
    """A training is over when the auction that counts starts."""
    if real is None or ends_at <= real:
        return None
    sentence = _("It would end at %(end)s: a training ends before the auction starts, at %(at)s.")
    return Objection("overlaps", sentence % {"end": instant(ends_at), "at": instant(real)}, field)


def training_is_wrong(
    starts_at: datetime, minutes: int, reference: Decimal | None, at: datetime
) -> Iterator[Objection]:
    """When it is held, for how long, and from which invented price."""
    if starts_at < at + TRAINING_WARNING:
        told = {"n": int(TRAINING_WARNING.total_seconds() / 60), "at": instant(at + TRAINING_WARNING)}
        sentence = _("The invited need %(n)s minutes to hear of it: choose %(at)s or later.")
        yield Objection("too_soon", sentence % told, "starts_at")
    if not 5 <= minutes <= 600:
        yield Objection("bad_minutes", _("Write from 5 to 600 minutes."), "minutes")
    if amount_is_wrong(reference):
        sentence = _("Write an amount larger than zero, with at most two decimals.")
        yield Objection("not_an_amount", sentence, "reference")


def nobody_trains(subject: Any, *, is_reported: bool, has_started: bool, is_one_open: bool) -> Iterator[Objection]:
    """Why no training can be opened now, whatever its hour."""
    if has_started:
        yield Objection("started", _("The auction has already started: there is nothing left to train for."))
    elif not is_reported or not subject.bidders:
        sentence = _("Nobody is known to take part yet: publish the evaluation report that says who qualified.")
        yield Objection("nobody_qualified", sentence)
    elif not subject.has_enough:
        yield Objection(
            "one_alone", _("Only one qualified: the law asks for no auction, and there is none to train for.")
        )
    elif is_one_open:
        yield Objection("one_is_open", _("A training is already open: wait until it ends, or call it off."))


def restart_is_past(at: datetime, resumes_at: datetime | None) -> Objection | None:
    if resumes_at is None or resumes_at >= at:
        return None
    return Objection("restart_past", _("The auction can only go on from now on: choose a later hour."), "resumes_at")


def unwritten(text: str, field: str, sentence: Any) -> Objection | None:
    return None if text.strip() else Objection("missing", sentence, field)


def points_are_wrong(auction: Any, bids: set[str], points: dict[str, Decimal]) -> Iterator[Objection]:
    """The quality points of everybody, above zero and at most a hundred."""
    if auction.compares != "coefficient":
        yield Objection("only_price", _("In this auction only the price is compared."), "points")
        return
    for code in sorted(bids - points.keys()):
        yield Objection("missing", _("The offer %(code)s has no points.") % {"code": code}, f"points.{code}")
    for code, value in points.items():
        if code not in bids:
            yield Objection("unknown_bid", _("The offer %(code)s is not in the auction.") % {"code": code}, "points")
        elif not value.is_finite() or not 0 < value <= 100 or value != value.quantize(Decimal("0.01")):
            sentence = _("The offer %(code)s: write points above 0 and at most 100, with at most two decimals.")
            yield Objection("bad_points", sentence % {"code": code}, f"points.{code}")


def finals_are_wrong(
    auction: Any, initials: dict[str, Decimal], finals: dict[str, Decimal], absent: set[str]
) -> Iterator[Objection]:
    """What is written of an auction held elsewhere: of everybody, the last price, never worse than the initial one, or
    that it did not attend."""
    for code in sorted(initials.keys() - finals.keys() - absent):
        sentence = _("Write the last price of the offer %(code)s, or mark that it did not attend.")
        yield Objection("missing", sentence % {"code": code}, f"prices.{code}")
    for code in sorted((finals.keys() | absent) - initials.keys()):
        yield Objection("unknown_bid", _("The offer %(code)s is not in the auction.") % {"code": code}, "prices")
    for code, price in finals.items():
        if code in absent:
            sentence = _("The offer %(code)s has a last price and did not attend: only one of them is so.")
            yield Objection("both", sentence % {"code": code}, f"prices.{code}")
        elif amount_is_wrong(price):
            sentence = _("The offer %(code)s: write an amount larger than zero, with at most two decimals.")
            yield Objection("not_an_amount", sentence % {"code": code}, f"prices.{code}")
        elif code in initials and ((price < initials[code]) if auction.is_upward else (price > initials[code])):
            sentence = _("The last price of the offer %(code)s is worse than its initial one, which it keeps.")
            yield Objection("worse_than_initial", sentence % {"code": code}, f"prices.{code}", LAW)


def margin_is_short(terms: Any, best: Decimal, values: list[Decimal], *, is_sure: bool) -> Objection | None:
    """One held elsewhere may have gone by rounds: its last prices are questioned, and then taken as they were."""
    if is_sure or not terms.falls_short(best, values):
        return None
    sentence = _(
        "Some last prices improve by less than the margin of the pliego. If that is how it was held, confirm it."
    )
    return Objection("is_it_right", sentence, "is_sure", LAW)


def place_is_wrong(place: str, reason: str) -> Iterator[Objection]:
    yield from filter(
        None, (unwritten(place, "place", _("Write where the auction is held: the room, or the service.")),)
    )
    yield from filter(None, (unwritten(reason, "reason", _("Write why it is not held here.")),))


def is_not_held_yet(held_at: datetime, at: datetime) -> Objection | None:
    if held_at <= at:
        return None
    return Objection("not_held", _("It is recorded once it was held: that hour has not come."), "held_at")


def is_over_already(held_at: datetime, at: datetime) -> Objection | None:
    if held_at > at:
        return None
    return Objection("past", _("That hour has passed. If it was held already, record it instead."), "held_at")
