"""A template is in use until somebody retires it; it can come back."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.states import Machine, Row, State

# fmt: off
BLUEPRINT = Machine(
    model="blueprints.Blueprint",
    title=_("Template of a pliego"),
    states=(
        State("active",  _("In use")),
        State("retired", _("Retired")),
    ),
    rows=(
        #   act        from       to
        Row("retire",  "active",  "retired"),
        Row("restore", "retired", "active"),
    ),
)
# fmt: on
