"""What this room announces, on the file of the process; of a training, on a file apart.

No public act names a bidder before the minutes do.
"""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event

TRAINING_FILE = "prueba:"  # before the number of the process: the file of its trainings


class AuctionAnnounced(Event):
    """data: code, lot, starts_at, terms, bidders (how many), best (the best initial price)."""

    code = "auction.announced"
    title = _("Auction announced")


class AuctionGraded(Event):
    """data: code, lot, points [{bid, points}]: the quality with which prices are compared, and starts_at."""

    code = "auction.graded"
    title = _("Quality points of the auction published")


class AuctionEntered(Event):
    """data: code, lot, alias, session, public_key. Private until the minutes."""

    code = "auction.entered"
    title = _("Entry to the auction")
    public = False


class AuctionPutOff(Event):
    """data: code, lot, missed (the hour at which it did not start), starts_at, ends_at."""

    code = "auction.put_off"
    title = _("Start of the auction put off")


class AuctionStarted(Event):
    """data: code, lot, starts_at, ends_at."""

    code = "auction.started"
    title = _("Auction started")


class BidPlaced(Event):
    """data: code, lot, number, alias, amount, value, prices, key, session, signature, received_at, ends_at.
    Private until the minutes."""

    code = "auction.bid_placed"
    title = _("Bid in the auction")
    public = False


class AuctionSuspended(Event):
    """data: code, lot, reason, seconds_left, resumes_at; by a failure of the platform, failure and began_at too."""

    code = "auction.suspended"
    title = _("Auction suspended")


class AuctionResumptionSet(Event):
    """data: code, lot, resumes_at, ends_at: the hour at which it goes on, said by the entity."""

    code = "auction.resumption_set"
    title = _("Hour at which the auction goes on")


class AuctionResumed(Event):
    """data: code, lot, resumes_at, ends_at."""

    code = "auction.resumed"
    title = _("Auction resumed")


class AuctionEnded(Event):
    """data: code, lot, ended_at, bids (how many), best."""

    code = "auction.ended"
    title = _("Auction ended")


class AuctionMovedOutside(Event):
    """data: code, lot, place, held_at, reason: it is held outside the platform."""

    code = "auction.moved_outside"
    title = _("Auction to be held outside the platform")


class AuctionRecorded(Event):
    """data: code, lot, outside, basis, order [{rank, bid, supplier, supplier_name, alias, initial, final, bids}]; of one
    held elsewhere, also place, held_at, reason, signers, and in the order who is absent."""

    code = "auction.recorded"
    title = _("Minutes of the auction")


class AuctionVoided(Event):
    """data: code, lot, reason."""

    code = "auction.voided"
    title = _("Auction without effect")


class TrainingOpened(Event):
    """data: code, lot, training, starts_at, ends_at, reference, terms, suppliers [{supplier_code}]. Of those invited and
    of the entity: no act of a training is ever public."""

    code = "auction.training_opened"
    title = _("Training auction opened, without legal value")
    public = False


class TrainingCancelled(Event):
    """data: code, lot, training, starts_at, reason, suppliers [{supplier_code}]."""

    code = "auction.training_cancelled"
    title = _("Training auction called off")
    public = False


class TrainingAct(Event):
    """data: code, lot, training, act (what it would be in an auction that counts), and the data of that act."""

    code = "auction.training_act"
    title = _("Act of a training auction, without legal value")
    public = False
