"""A decision is drafted and made by one act; what follows it is the contract's."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.states import Machine, Row, State

# fmt: off
AWARD = Machine(
    model="awards.Award",
    title=_("Award"),
    states=(
        #     code        shown as             OCDS award status
        State("draft",    _("Draft"),          "pending"),
        State("made",     _("Awarded"),        "active"),
        State("deserted", _("Declared void"),  "unsuccessful"),
    ),
    rows=(
        #   act       from     to
        Row("make",   "draft", "made"),
        Row("desert", "draft", "deserted"),
    ),
)
# fmt: on
