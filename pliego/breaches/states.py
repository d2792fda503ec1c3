"""The states of a breach, from the report to a sanction in force, and of each session of its hearing."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pliego.breaches import rules
from pliego.kernel.states import Machine, Row, State

# fmt: off
BREACH = Machine(
    model="breaches.Breach",
    title=_("Breach of a contract"),
    states=(
        State("reported",  pgettext_lazy("breach", "Reported")),
        State("cited",     _("Called to the hearing")),
        State("hearing",   _("In its hearing")),
        State("decided",   pgettext_lazy("breach", "Decided")),
        State("appealed",  pgettext_lazy("breach", "Appealed")),
        State("resolved",  _("Appeal decided")),
        State("in_force",  _("Sanction in force")),
        State("filed",     pgettext_lazy("breach", "Filed without sanction")),
        State("ceased",    _("Ended: the breach ceased")),
        State("annulled",  _("Sanction without effect")),
    ),
    rows=(
        #   act        from                       to          refused when
        Row("cite",    "reported",                "cited"),
        Row("dismiss", "reported",                "filed"),
        Row("begin",   "cited",                   "hearing"),
        Row("decide",  "hearing",                 "decided",  (rules.nobody_was_heard, rules.evidence_waits)),
        Row("appeal",  ("decided", "appealed"),   "appealed", rules.nothing_to_appeal),
        Row("resolve", "appealed",                "resolved"),
        Row("enforce", ("decided", "resolved"),   "in_force", rules.imposes_nothing),
        Row("file",    ("decided", "resolved"),   "filed",    rules.imposes_something),
        Row("cease",   ("cited", "hearing", "decided", "appealed"), "ceased"),
        Row("annul",   "in_force",                "annulled"),
    ),
)
SESSION = Machine(
    model="breaches.Session",
    title=_("Session of a hearing of breach"),
    states=(
        State("called", pgettext_lazy("session", "Called")),
        State("open",   pgettext_lazy("session", "In session")),
        State("closed", pgettext_lazy("session", "Closed")),
        State("moved",  pgettext_lazy("session", "Moved to another date")),
    ),
    rows=(
        Row("open",  "called", "open",   rules.is_not_due),
        Row("close", "open",   "closed"),
        Row("move",  "called", "moved"),
    ),
)
# fmt: on
LIVE = ("reported", "cited", "hearing", "decided", "appealed", "resolved")
UNDECIDED = ("cited", "hearing")
SITTING = ("cited", "hearing", "appealed")  # what may still have a session to come
HEARD = ("cited", "hearing", "decided", "appealed", "resolved")  # called, and not ended
