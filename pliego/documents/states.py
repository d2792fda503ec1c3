"""What the antivirus has said of a document, and how far an upload has come."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.states import Machine, Row, State

# fmt: off
SCAN = Machine(
    model="documents.Document", field="scan", title=_("Antivirus"),
    states=(
        #     code           shown as
        State("unscanned",   _("Not examined")),
        State("clean",       _("Nothing found")),
        State("quarantined", _("In quarantine")),
    ),
    rows=(
        #   act           from                      to
        Row("clear",      "unscanned",              "clean"),
        Row("quarantine", ("unscanned", "clean"),   "quarantined"),
        Row("release",    "quarantined",            "clean"),
    ),
)
UPLOAD = Machine(
    model="documents.Upload", title=_("Upload"),
    states=(
        State("receiving",   _("Receiving")),
        State("complete",    _("Complete")),
        State("used",        _("Used")),
        State("discarded",   _("Discarded")),
    ),
    rows=(
        Row("complete",   "receiving",                  "complete"),
        Row("use",        "complete",                   "used"),
        Row("discard",    ("receiving", "complete"),    "discarded"),
    ),
)
# fmt: on
