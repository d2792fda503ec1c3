"""Which keys of an opening are left, and whether they open what was sealed to an earlier list of them."""

from datetime import datetime
from typing import Any

from pliego.bidding.models import Bid, KeyReplacement
from pliego.bidding.queries import key_is_lost, sealing_process
from pliego.tendering.models import Tender


def in_force(tender: Tender) -> set[str]:
    """The keys that nobody has said to be lost."""
    seats = tender.opening_members.select_related("key_test")
    return {seat.recipient for seat in seats if not key_is_lost(seat)}


def lists(tender: Tender, now: list[dict[str, str]] | None = None) -> list[list[dict[str, str]]]:
    """Every list of members and keys for which offers could be sealed, the one of now first (`now`, if it was read)."""
    found = [now or sealing_process(tender)["members"]]
    for row in KeyReplacement.objects.filter(member__tender=tender).select_related("member").order_by("-pk"):
        number = str(row.member.number)
        found.append([{**each, "recipient": row.former} if each["member"] == number else each for each in found[-1]])
    return found


def process_sealed_for(tender: Tender, manifest: dict[str, Any], process: dict[str, Any]) -> dict[str, Any]:
    """What the offer must be locked with: the process as it is now, with the members of the list that it was sealed
    for, or those of now."""
    try:
        locks = [lock["recipient"] for lock in manifest["envelopes"][0]["header"]["locks"]]
    except (KeyError, IndexError, TypeError):
        return process  # it is not even a manifest: whoever checks it says so
    known = lists(tender, process["members"])
    same = (members for members in known if [member["recipient"] for member in members] == locks)
    return {**process, "members": next(same, known[0])}


def is_out_of_reach(bid: Bid, keys: set[str]) -> bool:
    """Whether too few of the keys that an offer is locked for are left."""
    return any(
        sum(lock["recipient"] in keys for lock in envelope.header["locks"]) < envelope.header["t"]
        for envelope in bid.envelopes.all()
    )


def left_of_the_first(tender: Tender, without: str = "") -> int:
    """How many keys are left of those that the process was published with."""
    return len({member["recipient"] for member in lists(tender)[-1]} & in_force(tender) - {without})


def to_seal_again(tender: Tender) -> list[Bid]:
    """The offers that the keys left do not open, while sealing them again mends it."""
    keys = in_force(tender)
    was_replaced = KeyReplacement.objects.filter(member__tender=tender).exists()
    if not was_replaced or len(keys) < tender.opening_threshold:
        return []
    standing = tender.bids.filter(state="submitted").prefetch_related("envelopes")
    return [bid for bid in standing if is_out_of_reach(bid, keys)]


def sealed_too_early(tender: Tender) -> list[Bid]:
    """Of those, the ones whose suppliers had the time that a moved closing gave them: they lose their effect."""
    due, found = tender.due_at("bids_due"), to_seal_again(tender)
    rows = KeyReplacement.objects.filter(member__tender=tender) if found else ()
    replaced = {row.former: row.due_at for row in rows}
    return [bid for bid in found if due is not None and all(due > then for then in _when(bid, replaced))]


def _when(bid: Bid, replaced: dict[str, datetime]) -> list[datetime]:
    locks = {lock["recipient"] for envelope in bid.envelopes.all() for lock in envelope.header["locks"]}
    return [then for former, then in replaced.items() if former in locks]
