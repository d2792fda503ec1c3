"""Who may suspend, answer, merge and replace factors: the desk and the operator, never about themselves, never alone."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.policy import Policy, Row, state_is, who

PLATFORM = {"desk", "operator"}

is_of_the_platform = who(
    lambda actor, obj: not actor.platform_roles.isdisjoint(PLATFORM),
    _("Only the service desk or the operator can do this."),
    "is the desk or the operator",
)
is_not_about_them = who(
    lambda actor, obj: actor.user_id not in _concerned(obj),
    _("Nobody decides about themselves: another person of the desk must do it."),
    "is not about themselves",
)
did_not_open_it = who(
    lambda actor, obj: obj.opened_by_id != actor.user_id,
    _("You opened it: two other people decide."),
    "did not open it",
)


did_not_prove_it = who(
    lambda actor, obj: obj.proved_by_id != actor.user_id,
    _("You proved the identity: another person confirms it."),
    "did not prove it",
)
is_themselves = who(
    lambda actor, obj: actor.user_id is not None and obj.user_id == actor.user_id,
    _("This concerns another person."),
    "is the person themselves",
)


def _concerned(obj: Any) -> set[int | None]:
    return {getattr(obj, name, None) for name in ("user_id", "kept_id", "duplicate_id")} - {None}


def _was_told(actor: Actor, obj: Any) -> bool:
    return actor.user_id is not None and obj.user_id == actor.user_id and obj.in_force_from is not None


is_theirs = who(_was_told, _("This concerns another person."), "is the person concerned")


class Act(StrEnum):
    VIEW = "view"
    OPEN = "open"
    APPROVE = "approve"
    REJECT = "reject"
    LIFT = "lift"
    APPEAL = "appeal"
    ANSWER = "answer"


class MergerAct(StrEnum):
    VIEW = "view"
    OPEN = "open"
    APPROVE = "approve"
    REJECT = "reject"


class ReissueAct(StrEnum):
    VIEW = "view"
    PROVE = "prove"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    STOP = "stop"


decides = is_of_the_platform & is_not_about_them
undecided = state_is("proposed", "approved")
under_way = state_is("asked", "proved", "confirmed")

# fmt: off
POLICY = Policy("suspensions", view=Act.VIEW, rows=(
    #   act          who                             while the suspension is
    Row(Act.VIEW,    is_of_the_platform | is_theirs),
    Row(Act.OPEN,    decides,                                              binding=True),
    Row(Act.APPROVE, decides & did_not_open_it,      undecided,            binding=True),
    Row(Act.REJECT,  decides,                        undecided,            binding=True),
    Row(Act.LIFT,    decides,                        state_is("in_force"), binding=True),
    Row(Act.APPEAL,  is_theirs,                      state_is("in_force"), while_suspended=True),
    Row(Act.ANSWER,  decides & did_not_open_it,      state_is("in_force"), binding=True),
))

MERGING = Policy("mergers", view=MergerAct.VIEW, rows=(
    Row(MergerAct.VIEW,    is_of_the_platform),
    Row(MergerAct.OPEN,    decides,                                        binding=True),
    Row(MergerAct.APPROVE, decides & did_not_open_it, undecided,           binding=True),
    Row(MergerAct.REJECT,  decides,                   undecided,           binding=True),
))

REISSUING = Policy("reissues", view=ReissueAct.VIEW, rows=(
    Row(ReissueAct.VIEW,    is_of_the_platform | is_themselves),
    Row(ReissueAct.PROVE,   decides,                    state_is("asked"),  binding=True),
    Row(ReissueAct.CONFIRM, decides & did_not_prove_it, state_is("proved"), binding=True),
    Row(ReissueAct.REFUSE,  decides,                    under_way,          binding=True),
    Row(ReissueAct.STOP,    is_themselves,              under_way,          while_suspended=True),  # at once: no factor asked
))
# fmt: on
