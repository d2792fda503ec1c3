"""A plan is public from its first publication on; what changes later is drafted beside the public version.

A file of lines changes nothing until somebody has seen what it would change.
"""

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

LOAD = Machine(
    model="planning.Load",
    title=_("File of lines of an annual plan"),
    states=(
        State("reading",  _("Being read")),
        State("read",     _("Read, nothing done yet")),
        State("applying", _("Being written into the plan")),
        State("applied",  _("Written into the plan")),
        State("failed",   _("It could not be read")),
        State("dropped",  _("Dropped")),
    ),
    rows=(
        Row("show",   "reading",            "read"),
        Row("fail",   "reading",            "failed"),
        Row("apply",  "read",               "applying"),
        Row("finish", "applying",           "applied"),
        Row("reread", ("read", "applying"), "reading"),
        Row("drop",   ("read", "failed"),   "dropped"),
    ),
)
# fmt: on
