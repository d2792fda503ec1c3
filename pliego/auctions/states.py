"""An auction waits for its hour, runs, ends and is recorded; it may stop on the way and go on."""

from django.utils.translation import gettext_lazy as _

from pliego.auctions import rules
from pliego.kernel.states import Machine, Row, State

# fmt: off
AUCTION = Machine(
    model="auctions.Auction",
    title=_("Auction"),
    states=(
        State("announced", _("Announced: bidders may enter")),
        State("running",   _("Bids are received")),
        State("suspended", _("Suspended")),
        State("ended",     _("Ended, without minutes yet")),
        State("recorded",  _("Ended, with its minutes")),
        State("outside",   _("Held outside the platform")),
        State("void",      _("Without effect")),
    ),
    rows=(
        #   act               from                                             to           refused when
        Row("start",          "announced",                                     "running",   (rules.is_early, rules.quality_is_missing)),
        Row("suspend",        "running",                                       "suspended", rules.time_is_over),
        Row("resume",         "suspended",                                     "running"),
        # A failure may have taken the end itself: then that is undone too.
        Row("interrupt",      ("running", "ended"),                            "suspended"),
        Row("end",            "running",                                       "ended",     rules.is_not_over),
        Row("record",         "ended",                                         "recorded"),
        Row("move_outside",   "announced",                                     "outside"),
        Row("record_outside", ("announced", "outside"),                        "recorded"),
        Row("void",           ("announced", "running", "suspended", "ended", "outside"), "void"),
    ),
)
# fmt: on
