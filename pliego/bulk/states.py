"""The life of a file that was read."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.states import Machine, Row, State

# fmt: off
BATCH = Machine(
    model="bulk.Batch",
    title=_("File of many rows"),
    states=(
        State("read",    _("Read, nothing done yet")),
        State("applied", _("Applied")),
        State("dropped", _("Dropped")),
    ),
    rows=(
        Row("apply", "read", "applied"),
        Row("drop",  "read", "dropped"),
    ),
)
# fmt: on
