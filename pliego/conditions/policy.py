"""Who may do what in this room, while the process is what."""

from enum import StrEnum

from pliego.kernel.policy import Policy, Row
from pliego.parties.policy import has_role, is_signed_in, is_supplier
from pliego.tendering.policy import is_another_account, is_public, receiving, works_for_the_buyer


class Act(StrEnum):
    VIEW = "view"
    ASK_LIMITATION = "ask_limitation"


# fmt: off
POLICY = Policy("conditions", view=Act.VIEW, rows=(
    #   act                  who                                                                    while the tender is
    Row(Act.VIEW,            works_for_the_buyer | is_public),
    Row(Act.ASK_LIMITATION,  is_signed_in & is_supplier & is_another_account & has_role("bidder", "representative"),
        receiving),
))
# fmt: on
