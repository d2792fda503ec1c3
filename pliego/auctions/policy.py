"""Who enters and bids, who conducts and records. Nobody of the entity bids; no bidder conducts."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.policy import Explained, Policy, Row, anyone, is_system, state_is, who
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
    RECORD_OUTSIDE = "record_outside"


def _takes_part(actor: Actor, auction: Any) -> bool:
    return actor.account_id is not None and auction.participants.filter(account_id=actor.account_id).exists()


takes_part = who(_takes_part, _("Only those who qualified for this auction take part in it."), "takes part")
goes_on = Explained(
    "its process goes on",
    lambda actor, auction: auction.tender.state == "opened",
    lambda auction: (
        halts.sentence(auction.tender) if auction.tender.state == "suspended" else _("The process has ended.")
    ),
)
bids = is_supplier & takes_part & has_role("representative")  # as for an offer: whoever bids binds
conducts = works_for("buyer") & has_role("preparer", "approver")
signs = works_for("buyer") & has_role("approver")
is_alive = state_is("announced", "running", "suspended")

# fmt: off
POLICY = Policy("auctions", view=Act.VIEW, rows=(
    #   act                  who                  while it is
    Row(Act.VIEW,            anyone),
    Row(Act.ENTER,           bids,                is_alive, binding=True),
    # What signs a bid is the key of the entry, or the second factor: `placing` looks at both.
    Row(Act.BID,             bids,                goes_on),
    Row(Act.GRADE,           conducts,            goes_on & state_is("announced")),
    Row(Act.SUSPEND,         conducts | is_system, state_is("running")),
    Row(Act.RESUME,          conducts | is_system, goes_on & state_is("suspended")),
    Row(Act.RECORD,          signs,               goes_on & state_is("running", "ended"), binding=True),
    Row(Act.RECORD_OUTSIDE,  signs,               goes_on & state_is("announced", "suspended", "ended"), binding=True),
))
# fmt: on
