"""Who reads what a supplier says of itself. The object is the account."""

from enum import StrEnum

from pliego.kernel.policy import Policy, Row, state_is
from pliego.parties.policy import has_role, is_buyer, is_desk, is_supplier, works_for


class Act(StrEnum):
    VIEW = "view"
    SEE_CAPACITY = "see_capacity"
    EDIT = "edit"
    SEE_BANK = "see_bank"
    EDIT_BANK = "edit_bank"


is_own = works_for()
keeps = has_role("administrator", "representative", "bidder")
trusted = has_role("administrator", "representative")
is_public = state_is("active", "suspended")
sells = is_own & is_supplier

# fmt: off
POLICY = Policy("suppliers", view=Act.VIEW, rows=(
    #   act                who                            while the account is
    Row(Act.VIEW,          is_public | is_own | is_desk),
    Row(Act.SEE_CAPACITY,  is_own | is_buyer | is_desk,   reads=True),
    Row(Act.EDIT,          sells & keeps,                 state_is("active")),
    Row(Act.SEE_BANK,      sells & trusted,               reads=True),
    Row(Act.EDIT_BANK,     sells & trusted,               state_is("active"),  binding=True),
))
# fmt: on
