"""Who enters and bids, who conducts and records. Nobody of the entity bids; no bidder conducts."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.policy import Explained, Policy, Predicate, Row, is_system, state_is, who
from pliego.parties.policy import has_role, is_supplier, works_for
from pliego.tendering import halts


class Act(StrEnum):
    VIEW = "view"
    ENTER = "enter"
    BID = "bid"
    GRADE = "grade"
    SUSPEND = "suspend"
    RESUME = "resume"
    RECORD = "record"
    MOVE_OUTSIDE = "move_outside"
    RECORD_OUTSIDE = "record_outside"
    CANCEL = "cancel"
    SEE_TRAININGS = "see_trainings"
    TRAIN = "train"


def _takes_part(actor: Actor, auction: Any) -> bool:
    return actor.account_id is not None and auction.participants.filter(account_id=actor.account_id).exists()


def _has_offer(actor: Actor, tender: Any) -> bool:
    return actor.account_id is not None and tender.bids.filter(supplier_id=actor.account_id, state="opened").exists()


takes_part = who(_takes_part, _("Only those who qualified for this auction take part in it."), "takes part")
goes_on = Explained(
    "its process goes on",
    lambda actor, auction: auction.tender.state == "opened",
    lambda auction: (
        halts.sentence(auction.tender) if auction.tender.state == "suspended" else _("The process has ended.")
    ),
)
counts = Predicate(
    "it counts", lambda actor, auction: not auction.is_training, _("This is not for a training auction.")
)
trains = Predicate("it is a training", lambda actor, auction: auction.is_training, _("Only a training is called off."))
is_auctioned = Predicate(
    "it is auctioned", lambda actor, tender: "auction" in tender.rulebook.kinds, _("This process has no auction.")
)
has_offer = who(_has_offer, _("Only those who presented an offer train for its auction."), "has an open offer")
not_begun = Predicate(
    "it has not begun here",
    lambda actor, auction: auction.state in {"announced", "outside"},
    _("This auction began here: its result is that of its bids, and nothing held elsewhere replaces it."),
)
bids = is_supplier & takes_part & has_role("representative")  # as for an offer: whoever bids binds
conducts = works_for("buyer") & has_role("preparer", "approver")
signs = works_for("buyer") & has_role("approver")
is_alive = state_is("announced", "running", "suspended")

# fmt: off
POLICY = Policy("auctions", view=Act.VIEW, rows=(
    #   act                  who                  while it is
    Row(Act.VIEW,            counts | takes_part | works_for("buyer") | is_system),
    Row(Act.ENTER,           bids,                is_alive, binding=True),
    # What signs a bid is the key of the entry, or the second factor: `placing` looks at both.
    Row(Act.BID,             bids,                goes_on),
    Row(Act.GRADE,           conducts,            counts & goes_on & state_is("announced")),
    Row(Act.SUSPEND,         conducts | is_system, state_is("running")),
    Row(Act.RESUME,          conducts | is_system, goes_on & state_is("suspended")),
    Row(Act.RECORD,          signs,               goes_on & state_is("running", "ended"), binding=True),
    Row(Act.MOVE_OUTSIDE,    signs,               counts & goes_on & not_begun & state_is("announced"), binding=True),
    Row(Act.RECORD_OUTSIDE,  signs,               counts & goes_on & not_begun, binding=True),
    Row(Act.CANCEL,          conducts,            trains & is_alive),
))
# Training for the auctions of a process.
TRAINING = Policy("trainings", view=Act.SEE_TRAININGS, rows=(
    #   act                  who                  while the process is
    Row(Act.SEE_TRAININGS,   works_for("buyer") | has_offer, is_auctioned),
    Row(Act.TRAIN,           conducts,            state_is("opened")),
))
# fmt: on
