"""Who settles a contract that both parties did not settle, who appeals, and who reads it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.contracts.policy import (
    approves,
    has_a_role,
    was_sent,
    works_for_the_buyer,
    works_for_the_supplier,
)
from pliego.execution.policy import settles
from pliego.kernel.policy import Policy, Row, is_system, state_is, who
from pliego.parties.policy import has_role, works_for


class Act(StrEnum):
    VIEW = "view"
    DRAFT = "draft"
    REGISTER_RULING = "register_ruling"


class ResolutionAct(StrEnum):
    VIEW = "view"
    ISSUE = "issue"
    APPEAL = "appeal"
    RESOLVE = "resolve"
    SETTLE = "settle"


needs_it = who(
    lambda actor, contract: contract.has_settlement, _("This contract needs no settlement."), "it must be settled"
)
buyer_of_it = works_for("contract.buyer") & has_a_role
supplier_of_it = (
    works_for("contract.supplier")
    & has_a_role
    & who(
        lambda actor, resolution: resolution.issued_at is not None,
        _("The entity has not settled it alone."),
        "it was notified",
    )
)
officer = buyer_of_it & has_role("approver")
did_not_write_it = who(
    lambda actor, resolution: resolution.prepared_by_id not in actor.people,
    _("Whoever prepared the resolution does not sign it: another person must."),
    "did not prepare it",
)
is_over = who(
    lambda actor, resolution: resolution.contract.state == "completed",
    _("The contract is settled already, or it is not over yet."),
    "its contract is completed",
)

# fmt: off
# About a contract.
POLICY = Policy("settlements", view=Act.VIEW, rows=(
    #   act                     who                                                       while the contract is
    Row(Act.VIEW,               works_for_the_buyer | (works_for_the_supplier & was_sent) | is_system),
    Row(Act.DRAFT,              settles & needs_it,                                       state_is("completed")),
    Row(Act.REGISTER_RULING,    approves & needs_it,                                      state_is("completed"), binding=True),
))
RESOLUTIONS = Policy("settlement_resolution", view=ResolutionAct.VIEW, rows=(
    #   act                     who                                                       while it is
    Row(ResolutionAct.VIEW,     buyer_of_it | supplier_of_it | state_is("firm") | is_system),
    Row(ResolutionAct.ISSUE,    officer & did_not_write_it & is_over,                     state_is("draft"), binding=True),
    Row(ResolutionAct.APPEAL,   supplier_of_it & has_role("representative") & is_over,    state_is("issued"), binding=True),
    Row(ResolutionAct.RESOLVE,  officer & is_over,                                        state_is("appealed"), binding=True),
    Row(ResolutionAct.SETTLE,   (officer & is_over) | is_system,                          state_is("issued")),
))
# fmt: on
