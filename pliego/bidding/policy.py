"""Who may do what with offers, while what."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.kernel.policy import Policy, Row, anyone, is_signed_in, is_system, state_is, who
from pliego.parties.policy import has_role, is_supplier, works_for


class Act(StrEnum):
    VIEW = "view"
    PREPARE = "prepare"
    SUBMIT = "submit"
    CLOSE = "close"
    REHEARSE = "rehearse"
    REPLACE_KEY = "replace_key"
    RELEASE_HALVES = "release_halves"
    RELEASE_SHARES = "release_shares"
    OPEN = "open"
    RECORD = "record"


is_public = who(lambda actor, tender: tender.published_at is not None, _("This process is not public yet."), "public")
is_another_account = who(
    lambda actor, tender: actor.account_id != tender.buyer_id,
    _("Your own entity runs this process."),
    "is not the buyer",
)
receives_offers = who(
    lambda actor, tender: tender.has_bidding, _("This process does not receive offers."), "the process takes offers"
)
is_opening_member = who(
    lambda actor, tender: (
        actor.signed_in and any(member.user_id == actor.user_id for member in tender.opening_members.all())
    ),
    _("Only the opening members of this process can do this."),
    "is an opening member",
)
works_for_the_buyer = works_for("buyer") & who(
    lambda actor, tender: bool(actor.roles), _("You have no role in this entity yet."), "has a role"
)
# Whose offers the stage takes is a word of the method's file.
was_invited = who(
    lambda actor, tender: tender.admits("invited", actor.account_id),
    _("Only those whom the entity invited may offer in this process."),
    "was invited, where only the invited may offer",
)
expressed_interest = who(
    lambda actor, tender: tender.admits("interested", actor.account_id),
    _("Only those who expressed interest in time, and stayed after the draw if there was one, may offer here."),
    "expressed interest, where only the interested may offer",
)
offers = is_supplier & is_another_account & receives_offers
# While it is suspended nobody presents, but what was begun is not lost.
is_prepared = state_is("published") | state_is("published", field="suspended_from")
is_on_the_list = who(
    lambda actor, tender: tender.admits("listed", actor.account_id),
    _("Only those on the list of the prequalification may offer in this process."),
    "is on the list, where only the listed may offer",
)
admitted = was_invited & expressed_interest & is_on_the_list
# From the publication until its last envelope: a key may be tried, or said to be lost.
holds_the_lock = state_is("published", "closed", "opened") | state_is("published", "closed", field="suspended_from")
# Closed: the first envelopes. Opened: those of later moments, where the method has them.
opens_envelopes = state_is("closed", "opened")
was_opened = state_is("opened", "awarded", "deserted", "finished")

# fmt: off
# About a tender.
POLICY = Policy("bidding", view=Act.VIEW, rows=(
    #   act                  who                                              while the tender is
    Row(Act.VIEW,            is_public | works_for_the_buyer | is_system),
    Row(Act.PREPARE,         offers & admitted & has_role("bidder", "representative"), is_prepared),
    Row(Act.SUBMIT,          offers & admitted & has_role("representative"),           is_public, binding=True),
    Row(Act.CLOSE,           anyone),
    Row(Act.REHEARSE,        is_opening_member,                               holds_the_lock),
    Row(Act.REPLACE_KEY,     is_opening_member,                               state_is("published"), binding=True),
    Row(Act.RELEASE_HALVES,  is_system,                                       opens_envelopes),
    Row(Act.RELEASE_SHARES,  is_opening_member,                               opens_envelopes),
    Row(Act.OPEN,            is_opening_member | is_system,                   opens_envelopes),
    Row(Act.RECORD,          is_opening_member,                               was_opened, binding=True),
))
# fmt: on


class BidAct(StrEnum):
    VIEW = "view"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"


is_own = works_for("supplier") & who(
    lambda actor, bid: bool(actor.roles), _("You have no role in this account yet."), "has a role"
)
is_open_to_all = state_is("opened", "unopenable")

# fmt: off
BID_POLICY = Policy("bidding_bid", view=BidAct.VIEW, rows=(
    #   act               who                                   while the offer is
    Row(BidAct.VIEW,      is_own | is_open_to_all | is_system),
    Row(BidAct.CONFIRM,   is_own & has_role("representative"),  state_is("submitted"), binding=True),
    Row(BidAct.WITHDRAW,  is_own & has_role("representative"),  state_is("submitted"), binding=True),
))
# fmt: on


class ReserveAct(StrEnum):
    VIEW = "view"
    READ = "read"
    DECIDE = "decide"


works_for_its_buyer = works_for("tender.buyer") & who(
    lambda actor, reserve: bool(actor.roles), _("You have no role in this entity yet."), "has a role"
)
made_the_offer = works_for("envelope.bid.supplier") & who(
    lambda actor, reserve: bool(actor.roles), _("You have no role in this account yet."), "has a role"
)

# fmt: off
RESERVE_POLICY = Policy("bidding_reserve", view=ReserveAct.VIEW, rows=(
    #   act                who                                                            while it is
    Row(ReserveAct.VIEW,    anyone),
    Row(ReserveAct.READ,    works_for_its_buyer | made_the_offer | state_is("refused", "ended") | is_system,
        reads=True),
    Row(ReserveAct.DECIDE,  works_for_its_buyer & has_role("approver"),                   state_is("requested", "accepted"),
        binding=True),
))
# fmt: on


class RoomAct(StrEnum):
    VIEW = "view"
    SEND_PARTS = "send_parts"
    REGISTER_KEY = "register_key"
    ANNOUNCE_KEYS = "announce_keys"


# fmt: off
ROOM_POLICY = Policy("bidding_room", view=RoomAct.VIEW, rows=(
    Row(RoomAct.VIEW,           anyone),
    Row(RoomAct.SEND_PARTS,     is_supplier & has_role("bidder", "representative")),
    Row(RoomAct.REGISTER_KEY,   is_signed_in),
    Row(RoomAct.ANNOUNCE_KEYS,  is_system),
))
# fmt: on
