"""The states of an offer and every move between them."""

from django.utils.translation import gettext_lazy as _

from pliego.bidding import rules
from pliego.kernel.states import Machine, Row, State

# fmt: off
BID = Machine(
    model="bidding.Bid",
    title=_("Offer"),
    states=(
        #     code          shown as                 OCDS bid status
        State("draft",      _("Draft"),              "invited"),
        State("submitted",  _("Submitted, sealed"),  "pending"),
        State("replaced",   _("Replaced"),           "withdrawn"),
        State("withdrawn",  _("Withdrawn"),          "withdrawn"),
        State("lapsed",     _("Without effect: neither confirmed nor sealed again when it was needed"), "withdrawn"),
        State("opened",     _("Opened"),             "valid"),
        State("unopenable", _("Could not be opened"), "disqualified"),
    ),
    rows=(
        #   act         from         to
        Row("submit",   "draft",     "submitted"),
        Row("replace",  "submitted", "replaced"),
        Row("confirm",  "submitted", "submitted", rules.is_already_confirmed),
        Row("withdraw", "submitted", "withdrawn"),
        Row("lapse",    "submitted", "lapsed",    rules.was_confirmed),
        Row("open",     "submitted", "opened"),
        Row("give_up",  ("submitted", "opened"), "unopenable"),
    ),
)
# fmt: on

# fmt: off
RESERVE = Machine(
    model="bidding.Reserve",
    title=_("Request of confidentiality"),
    states=(
        #     code          shown as
        State("requested",  _("Without a decision: kept from the public")),
        State("accepted",   _("Confidential for a term")),
        State("refused",    _("Not confidential: public")),
        State("ended",      _("Its term ended: public")),
    ),
    rows=(
        #   act        from                       to          refused when
        Row("accept",  "requested",               "accepted", rules.reserve_cannot_be_kept),
        Row("refuse",  ("requested", "accepted"), "refused"),
        Row("end",     "accepted",                "ended",    rules.reserve_still_runs),
    ),
)
# fmt: on

STANDING = ("submitted", "opened", "unopenable")
