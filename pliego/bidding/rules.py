"""What can stand against an act on offers, and what the codes of the sealing format say to people."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.dates import instant
from pliego.kernel.objections import Objection, Text
from pliego.tendering.halts import is_suspended, suspended_at

# Requests that had arrived before the deadline may still be waiting for their turn: the closing record waits for them.
SETTLING = timedelta(seconds=15)

# fmt: off
SEAL_FAULTS: dict[str, Text] = {
    "bad_shape":            _("The sealed offer is incomplete or was made with another program. Seal it again."),
    "unknown_version":      _("The sealed offer is of a version that this platform does not read. Seal it again here."),
    "other_process":        _("This offer was sealed for another process."),
    "other_supplier":       _("This offer was sealed for another supplier account."),
    "other_envelopes":      _("The offer does not have exactly the envelopes that the process asks for."),
    "other_members":        _("The offer is not locked for the opening members of this process. Seal it again."),
    "other_custodian":      _("The offer is not locked for the time custodian of this process. Seal it again."),
    "repeated_key":         _("Two envelopes of the offer have the same key. Seal it again."),
    "tells_the_lots":       _("The offer says in clear which question each file answers, and so for which lots it is."
                              " Seal it again."),
    "sealed_by_the_page":   _("This process is reinforced: its offers are sealed outside the browser, with “pliego"
                              " seal”. Follow the steps of its page, and present the ZIP that the command writes."),
    "tells_the_sizes":      _("This process is reinforced, and the sizes of the sealed files are not rounded up. Seal"
                              " the offer again with the process file of now."),
    "tells_the_variant":    _("The offer says in clear which question each file answers, and so whether there is a"
                              " variant. Seal it again."),
}
BLAME: dict[str, Text] = {
    "lock_does_not_open":              _("a lock does not open with its key"),
    "lock_breaks_its_promise":         _("a lock holds something else than what was promised in the header"),
    "locks_do_not_open":               _("too few of the members' locks open"),
    "piece_is_not_the_promised_one":   _("a piece that was given is not the one promised in the header"),
    "pieces_do_not_fit":               _("the pieces make another key than the one in the header"),
    "file_does_not_open":              _("a file does not open with the key of its envelope"),
    "file_is_not_the_listed_one":      _("a file is not the one listed in the answers"),
    "answers_cannot_be_read":          _("the answers cannot be read"),
    "sealed_for_another_offer":        _("the content was sealed for another offer"),
}
# fmt: on


def is_on_time(received_at: datetime, due_at: datetime) -> bool:
    """A term is half-open: the instant of the deadline is late."""
    return received_at < due_at


def reception_is_over(tender: Any, at: datetime) -> Iterator[Objection]:
    """The one judge of lateness."""
    due = tender.due_at("bids_due")
    if due is None or not tender.has_bidding:
        yield Objection("no_bidding", _("This process does not receive offers."))
    elif halted := is_suspended(tender, at):
        yield halted
    elif not is_on_time(at, due):
        yield Objection("too_late", _("Offers were received until %(due)s.") % {"due": instant(due)})
    elif tender.underlying_state != "published" or not tender.stage_now.is_bidding:
        yield Objection("wrong_state", _("This process is not receiving offers."))


TOO_FEW_KEYS = _("It is sealed for keys of the opening of which too few are left. Seal it again, and present it.")


def too_few_keys(manifest: dict[str, Any], keys: set[str], now: list[dict[str, str]]) -> Iterator[Objection]:
    """An offer sealed for an earlier list of members must open with the keys left of it. For the list of now nothing is
    asked: sealing again would change nothing."""
    headers = [envelope["header"] for envelope in manifest["envelopes"]]
    current = [member["recipient"] for member in now]
    for header in headers:
        locks = [lock["recipient"] for lock in header["locks"]]
        if locks != current and sum(lock in keys for lock in locks) < header["t"]:
            yield Objection("too_few_keys", TOO_FEW_KEYS, "manifest")
            return


def is_already_confirmed(bid: Any, at: datetime) -> Objection | None:
    if bid.is_unconfirmed:
        return None
    return Objection("already_confirmed", _("Your offer counts: nothing changed since it was presented or confirmed."))


def was_confirmed(bid: Any, at: datetime) -> Objection | None:
    """Only what waits for its owner loses its effect: for a word, or to be sealed again."""
    return None if bid.is_unconfirmed or bid.must_be_sealed_again else Objection("confirmed", _("This offer counts."))


def withdrawal_is_over(tender: Any, at: datetime) -> Iterator[Objection]:
    """An offer is the supplier's until the term ends; a suspended term has not ended, so it may still be taken back."""
    found = suspended_at(tender, at)
    if found and found.came_from == "published" and tender.underlying_state == "published":
        return
    yield from reception_is_over(tender, at)


def lots_are_wrong(chosen: Collection[int], least: int, most: int) -> Objection | None:
    """How many lots an offer may be for; both ends are the pliego's."""
    if not chosen:
        return Objection("no_lot", _("Choose the lots for which you offer."), "lots")
    if len(chosen) < least:
        return Objection("too_few_lots", _("In this process one offers for all the lots."), "lots")
    if len(chosen) > most:
        sentence = _("One offers for at most %(most)s lots, and you chose %(n)s.") % {"most": most, "n": len(chosen)}
        return Objection("too_many_lots", sentence, "lots")
    return None


def queue_is_settling(tender: Any, at: datetime) -> Iterator[Objection]:
    """Nobody closes before the offers that had arrived have had their turn."""
    due = tender.due_at("bids_due")
    if due is not None and due <= at < due + SETTLING:
        sentence = _("The last offers that arrived in time are being written down. Try again in %(seconds)s seconds.")
        yield Objection("still_settling", sentence % {"seconds": int(SETTLING.total_seconds())})


# Whoever opened leads and signs; after so long without minutes another member may, so that none is left without them.
LED = timedelta(days=1)


def another_leads(leader: Any, user_id: int | None, opened_at: datetime, at: datetime) -> Iterator[Objection]:
    """Who signs the minutes of an opening. `leader` is the member who opened it; none when the platform did."""
    if leader is not None and leader.pk != user_id and at < opened_at + LED:
        sentence = _("%(name)s opened and signs the minutes. If they do not, another member may from %(from)s.")
        yield Objection("another_leads", sentence % {"name": leader.full_name, "from": instant(opened_at + LED)})


def seal_fault(code: str) -> Objection:
    return Objection(code, SEAL_FAULTS.get(code, SEAL_FAULTS["bad_shape"]), "manifest")


PRICE = re.compile(r"[0-9]{1,18}(\.[0-9]{1,2})?")


def price(text: object) -> Decimal | None:
    """A unit price as the answers carry it: digits with at most two decimals. None when it is not one."""
    return Decimal(text) if isinstance(text, str) and PRICE.fullmatch(text) else None


def total_of(lines: list[tuple[int, Decimal, Decimal]]) -> Decimal:
    """Sum of quantity by unit price, in cents."""
    return sum((quantity * unit for _number, quantity, unit in lines), Decimal()).quantize(Decimal("0.01"))


# ---- what is asked to be confidential --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Basis:
    """A ground on which an answer may be kept from the public; `most_years` where the law bounds the term."""

    title: Text
    article: str
    most_years: int | None = None


# [GK]: the articles are to be confirmed by counsel.
# fmt: off
BASES: dict[str, Basis] = {
    "trade_secret":    Basis(_("Trade, industrial or professional secret"), "Ley 1712 de 2014, art. 18, lit. c"),
    "intimacy":        Basis(_("Intimacy of a person"),                     "Ley 1712 de 2014, art. 18, lit. a"),
    "safety":          Basis(_("Life, health or safety of a person"),       "Ley 1712 de 2014, art. 18, lit. b"),
    "public_interest": Basis(_("Harm to a public interest"),                "Ley 1712 de 2014, arts. 19 y 22", 15),
    "other_law":       Basis(_("Another law or the Constitution"),          "Ley 1437 de 2011, art. 24"),
}
# fmt: on


def reserve_cannot_be_kept(reserve: Any, at: datetime) -> Iterator[Objection]:
    """What stands against keeping an answer from the public. `reserve` carries the decision that is proposed."""
    basis, until = BASES.get(reserve.basis), reserve.until
    if not reserve.is_admitted:
        why = _("The pliego does not let this answer be confidential: refuse the request.")
        yield Objection("not_admitted", why, "decision")
    if basis is None:
        yield Objection("no_basis", _("Choose the rule that allows it."), "basis", "Ley 1712 de 2014, arts. 18 y 19")
    if until is None or until <= at:
        why = _("Write until when it is confidential: an instant after now.")
        yield Objection("no_term", why, "until", "Ley 1712 de 2014, art. 22")
    elif basis and basis.most_years and until > years_after(at, basis.most_years):
        sentence = _("On this ground nothing is kept for more than %(years)s years.") % {"years": basis.most_years}
        yield Objection("term_too_long", sentence, "until", basis.article)


def years_after(at: datetime, years: int) -> datetime:
    """The same day of that year; 29 February gives way to 1 March."""
    try:
        return at.replace(year=at.year + years)
    except ValueError:
        return at.replace(year=at.year + years, month=3, day=1)


def reserve_still_runs(reserve: Any, at: datetime) -> Objection | None:
    """The term of a decision is half-open, as all are."""
    if reserve.until is None or at < reserve.until:
        return Objection("term_runs", _("The term of the confidentiality has not ended."))
    return None
