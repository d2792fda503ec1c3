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

APPLICATION = Machine(
    model="parties.Application",
    title=_("Registration form"),
    states=(
        State("open",      _("Being filled in")),
        State("sent",      _("Sent")),
        State("returned",  _("Returned for correction")),
        State("dropped",   _("Dropped")),
    ),
    rows=(
        Row("send",    ("open", "returned"), "sent"),
        Row("return",  "sent",               "returned"),
        Row("drop",    "open",               "dropped"),
    ),
)

CHANGE = Machine(
    model="parties.Change",
    title=_("Change of an active account"),
    states=(
        State("requested", _("Waiting for the service desk")),
        State("approved",  _("Approved")),
        State("refused",   _("Refused")),
        State("withdrawn", _("Withdrawn")),
    ),
    rows=(
        Row("approve",  "requested", "approved"),
        Row("refuse",   "requested", "refused"),
        Row("withdraw", "requested", "withdrawn"),
    ),
)

APPOINTMENT = Machine(
    model="parties.Appointment",
    title=_("Appointment of an administrator"),
    states=(
        State("proposed",  _("Waiting for a second person")),
        State("confirmed", _("Confirmed")),
        State("refused",   _("Refused")),
    ),
    rows=(
        Row("confirm", "proposed", "confirmed"),
        Row("refuse",  "proposed", "refused"),
    ),
)

INVITE = Machine(
    model="parties.Invite",
    title=_("Invitation to an account"),
    states=(
        State("sent",      _("Sent")),
        State("taken",     _("Taken")),
        State("declined",  _("Declined")),
        State("withdrawn", _("Withdrawn")),
    ),
    rows=(
        Row("take",     "sent", "taken"),
        Row("decline",  "sent", "declined"),
        Row("withdraw", "sent", "withdrawn"),
    ),
)
# fmt: on
