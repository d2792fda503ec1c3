"""A plan is public from its first publication on; what changes later is drafted beside the public version."""

from django.utils.translation import gettext_lazy as _

from pliego.authority import gates
from pliego.kernel.states import Machine, Row, State
from pliego.planning import rules

# fmt: off
PLAN = Machine(
    model="planning.Plan",
    title=_("Annual procurement plan"),
    states=(
        State("draft",     _("Draft")),
        State("published", _("Published")),
        State("changing",  _("Published, with changes to publish")),
    ),
    rows=(
        Row("publish", ("draft", "changing"), "published", (rules.plan_has_no_lines, rules.lines_are_incomplete,
                                                            gates.approved("plan"))),
        Row("change",  "published",           "changing"),
    ),
)
# fmt: on
