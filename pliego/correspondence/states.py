"""A case waits for the entity until it answers; whoever opened it may write again, and it waits again."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.states import Machine, Row, State

EITHER = ("waiting", "answered")
CASE = Machine(
    model="correspondence.Case",
    title=_("Case of a process"),
    states=(State("waiting", _("Without an answer")), State("answered", _("Answered"))),
    rows=(Row("answer", EITHER, "answered"), Row("write", EITHER, "waiting")),
)
