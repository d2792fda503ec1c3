"""Who makes the templates of an entity, and who reads them."""

from enum import StrEnum

from pliego.authority.policy import in_its_account, works_here
from pliego.kernel.policy import Policy, Row, state_is
from pliego.parties.policy import has_role, is_buyer, is_system


class Act(StrEnum):
    VIEW = "view"
    REVISE = "revise"
    RETIRE = "retire"
    RESTORE = "restore"


class RoomAct(StrEnum):
    VIEW = "view"
    MAKE = "make"


keeps = has_role("administrator", "approver")

# fmt: off
# About a template.
POLICY = Policy("blueprints", view=Act.VIEW, rows=(
    #   act            who                        while the template is
    Row(Act.VIEW,      in_its_account | is_system),
    Row(Act.REVISE,    in_its_account & keeps,    state_is("active")),
    Row(Act.RETIRE,    in_its_account & keeps,    state_is("active")),
    Row(Act.RESTORE,   in_its_account & keeps,    state_is("retired")),
))
# About an account.
ROOM_POLICY = Policy("blueprints_room", view=RoomAct.VIEW, rows=(
    Row(RoomAct.VIEW,  (works_here & is_buyer) | is_system),
    Row(RoomAct.MAKE,  works_here & is_buyer & keeps, state_is("active")),
))
# fmt: on
