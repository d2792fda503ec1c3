"""A member serves until an act relieves them; an impediment or recusal waits until it is decided, once."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.states import Machine, Row, State
from pliego.panels import rules

# fmt: off
MEMBER = Machine(
    model="panels.Member",
    title=_("Member of a committee or jury"),
    states=(State("serving", _("Serving")), State("relieved", _("Relieved"))),
    rows=(Row("relieve", "serving", "relieved"),),
)
IMPEDIMENT = Machine(
    model="panels.Impediment",
    title=_("Impediment or recusal"),
    states=(
        State("waiting",   _("Waiting for its decision")),
        State("accepted",  _("Accepted: the member was relieved")),
        State("dismissed", _("Not accepted: the member goes on")),
    ),
    rows=(
        #   act        from       to           refused when
        Row("accept",  "waiting", "accepted",  rules.answer_is_awaited),
        Row("dismiss", "waiting", "dismissed", rules.answer_is_awaited),
    ),
)
# fmt: on
