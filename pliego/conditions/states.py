"""The states of a lot: a field of its own, beside the state and the stage of its process."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pliego.kernel.states import Machine, Row, State

# fmt: off
LOT = Machine(
    model="conditions.Lot",
    title=_("Lot"),
    states=(
        #     code         shown as                            OCDS lot.status
        State("open",      pgettext_lazy("lot", "Open"),          "active"),
        State("void",      pgettext_lazy("lot", "Declared void"), "unsuccessful"),
        State("awarded",   pgettext_lazy("lot", "Awarded"),       "complete"),
        State("cancelled", pgettext_lazy("lot", "Cancelled"),     "cancelled"),
    ),
    rows=(
        #   act       from    to
        Row("void",   "open", "void"),
        Row("award",  "open", "awarded"),
        Row("cancel", "open", "cancelled"),
    ),
)
# fmt: on
