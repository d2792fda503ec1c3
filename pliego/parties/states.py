"""The lives of an account and of a person's place in it."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.states import Machine, Row, State

# fmt: off
ACCOUNT = Machine(
    model="parties.Account",
    title=_("Account"),
    states=(
        #     code         shown as
        State("draft",     _("Draft")),
        State("requested", _("Waiting for activation")),
        State("returned",  _("Returned for correction")),
        State("active",    _("Active")),
        State("suspended", _("Suspended")),
    ),
    rows=(
        #   act          from                    to
        Row("request",   ("draft", "returned"),  "requested"),
        Row("return",    "requested",            "returned"),
        Row("activate",  "requested",            "active"),
        Row("enrol",     "draft",                "active"),     # suppliers activate themselves
        Row("suspend",   "active",               "suspended"),
        Row("reinstate", "suspended",            "active"),
    ),
)

MEMBERSHIP = Machine(
    model="parties.Membership",
    title=_("Access to an account"),
    states=(
        State("pending",   _("Pending")),
        State("accepted",  _("Accepted")),
        State("rejected",  _("Rejected")),
        State("cancelled", _("Cancelled")),
    ),
    rows=(
        Row("accept",     "pending",                 "accepted"),
        Row("reject",     "pending",                 "rejected"),
        Row("revert",     "rejected",                "pending"),     # a rejection made by mistake
        Row("ask_again",  ("rejected", "cancelled"), "pending"),
        Row("deactivate", "accepted",                "cancelled"),
    ),
)
# fmt: on
