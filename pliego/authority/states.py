"""The lives of an approval and of a delegation."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.states import Machine, Row, State

# fmt: off
APPROVAL = Machine(
    model="authority.Approval",
    title=_("Approval of an act"),
    states=(
        #     code          shown as
        State("running",    _("In approval")),
        State("authorised", _("Authorised")),
        State("returned",   _("Returned with a reason")),
        State("cancelled",  _("Cancelled")),
        State("void",       _("Void: what was approved changed")),
    ),
    rows=(
        #   act          from                       to
        Row("approve",   "running",                 "running"),      # one task of several
        Row("authorise", "running",                 "authorised"),   # the last task
        Row("return",    "running",                 "returned"),
        Row("cancel",    ("running", "authorised"), "cancelled"),
        Row("void",      ("running", "authorised"), "void"),
    ),
)
DELEGATION = Machine(
    model="authority.Delegation",
    title=_("Delegation"),
    states=(
        State("granted", _("Granted")),
        State("revoked", _("Revoked")),
    ),
    rows=(
        Row("revoke", "granted", "revoked"),
    ),
)
# fmt: on
OPEN = ("running", "authorised")
