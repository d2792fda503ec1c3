"""A hearing is convened, held, perhaps suspended and resumed, and closed with its minutes, which never change."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pliego.hearings import rules
from pliego.kernel.states import Machine, Row, State

# fmt: off
HEARING = Machine(
    model="hearings.Hearing",
    title=_("Hearing or visit"),
    states=(
        State("convened",   _("Convened")),
        State("in_session", _("In session")),
        State("adjourned",  pgettext_lazy("hearing", "Suspended")),
        State("closed",     pgettext_lazy("hearing", "Closed")),
        State("cancelled",  _("Called off")),
    ),
    rows=(
        #   act        from          to            refused when
        Row("begin",   "convened",   "in_session", rules.is_not_due),
        Row("adjourn", "in_session", "adjourned"),
        Row("resume",  "adjourned",  "in_session", rules.resumption_is_not_due),
        Row("close",   "in_session", "closed",     rules.questions_wait),
        Row("cancel",  "convened",   "cancelled"),
    ),
)
# fmt: on
