"""Who may do what to an annual plan."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.kernel.policy import Policy, Row, state_is, who
from pliego.parties.policy import anyone, has_role, is_buyer, is_desk, is_operator, is_system, works_for


class Act(StrEnum):
    VIEW = "view"
    EDIT = "edit"
    PUBLISH = "publish"


is_public = who(lambda actor, plan: plan.version >= 1, _("This plan has not been published yet."), "it is public")
its_people = works_for("account")

# fmt: off
POLICY = Policy("planning", view=Act.VIEW, rows=(
    #   act          who                                              while the plan is
    Row(Act.VIEW,    its_people | is_public | is_desk | is_operator | is_system),
    Row(Act.EDIT,    its_people & has_role("preparer")),
    Row(Act.PUBLISH, its_people & has_role("approver"),               state_is("draft", "changing"), binding=True),
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
