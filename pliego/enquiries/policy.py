"""Who may observe a process and who answers, while it is what."""

from enum import StrEnum

from pliego.kernel.policy import Policy, Row
from pliego.parties.policy import has_role, is_signed_in, is_supplier, is_system
from pliego.tendering.policy import is_another_account, is_public, receiving, undecided, works_for_the_buyer


class Act(StrEnum):
    VIEW = "view"
    ASK = "ask"
    ANSWER = "answer"
    EXPLAIN = "explain"


# fmt: off
# About a tender.
POLICY = Policy("enquiries", view=Act.VIEW, rows=(
    #   act         who                                                    while the tender is
    Row(Act.VIEW,   works_for_the_buyer | is_public | is_system),
    Row(Act.ASK,    is_signed_in & is_supplier & is_another_account,        receiving),
    Row(Act.ANSWER, works_for_the_buyer & has_role("preparer", "approver"), undecided),
    Row(Act.EXPLAIN, works_for_the_buyer & has_role("preparer", "approver"), undecided),
))
# fmt: on
