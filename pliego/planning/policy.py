"""Who may do what to an annual plan."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Denied, Text
from pliego.kernel.policy import YES, Policy, Row, Verdict, state_is, who
from pliego.parties.policy import anyone, has_role, is_buyer, is_desk, is_operator, is_system, works_for
from pliego.teams.policy import in_its_team, team_edits


class Act(StrEnum):
    VIEW = "view"
    EDIT_GENERAL = "edit_general"
    EDIT_LINES = "edit_lines"
    EDIT_NEEDS = "edit_needs"
    CHOOSE_TEAM = "choose_team"
    PUBLISH = "publish"


is_public = who(lambda actor, plan: plan.version >= 1, _("This plan has not been published yet."), "it is public")
its_people = works_for("account")
prepares = its_people & has_role("preparer")
began_it = who(
    lambda actor, plan: plan.prepared_by_id in actor.people,
    _("Only who began it, its team or an administrator chooses another team."),
    "began it",
)

# fmt: off
POLICY = Policy("planning", view=Act.VIEW, rows=(
    #   act          who                                              while the plan is
    Row(Act.VIEW,    its_people | is_public | is_desk | is_operator | is_system),
    Row(Act.EDIT_GENERAL, prepares & team_edits("general")),
    Row(Act.EDIT_LINES,   prepares & team_edits("lines")),
    Row(Act.EDIT_NEEDS,   prepares & team_edits("needs")),
    Row(Act.CHOOSE_TEAM,  its_people & ((has_role("preparer") & (began_it | in_its_team)) | has_role("administrator"))),
    Row(Act.PUBLISH, its_people & has_role("approver"),               state_is("draft", "changing"), binding=True),
))
# fmt: on
# The section of each kind of line.
EDITS = {"acquisition": Act.EDIT_LINES, "need": Act.EDIT_NEEDS}


def closed_kinds(actor: Actor, plan: Any) -> dict[str, Text]:
    """The kinds of line that they may not write, with the reason."""
    verdicts = {kind: POLICY.verdict(actor, act, plan) for kind, act in EDITS.items()}
    return {kind: verdict.reason for kind, verdict in verdicts.items() if not verdict}


def writes_lines(actor: Actor, plan: Any) -> Verdict:
    """Whether there is a kind of line that they may write."""
    closed = closed_kinds(actor, plan)
    return YES if closed.keys() != EDITS.keys() else Verdict(False, closed["acquisition"])


def require_lines(actor: Actor, plan: Any) -> None:
    """The same as a demand: who brings many lines may write some of them."""
    POLICY.require(actor, Act.VIEW, plan)
    if not (verdict := writes_lines(actor, plan)):
        raise Denied(verdict.reason)


class LoadAct(StrEnum):
    VIEW = "view"
    APPLY = "apply"
    DROP = "drop"


its_peoples = works_for("plan.account")

# fmt: off
LOAD_POLICY = Policy("planning_load", view=LoadAct.VIEW, rows=(
    #   act             who                                           while the file is
    Row(LoadAct.VIEW,   its_peoples),
    Row(LoadAct.APPLY,  its_peoples & has_role("preparer"),           state_is("read")),
    Row(LoadAct.DROP,   its_peoples & has_role("preparer"),           state_is("read", "failed")),
))
# fmt: on


class RoomAct(StrEnum):
    VIEW = "view"
    LIST = "list"
    CREATE = "create"


# fmt: off
ROOM_POLICY = Policy("planning_room", view=RoomAct.VIEW, rows=(
    Row(RoomAct.VIEW,   anyone),
    Row(RoomAct.LIST,   is_buyer,   reads=True),
    Row(RoomAct.CREATE, is_buyer & has_role("preparer")),
))
# fmt: on
