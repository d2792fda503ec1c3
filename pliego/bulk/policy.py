"""Who reads and applies files: administrators those of their people, the desk those of suppliers."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.kernel.policy import Policy, Row, state_is, who
from pliego.parties.policy import has_role, is_desk, works_for


class Act(StrEnum):
    READ_PEOPLE = "read_people"
    READ_SUPPLIERS = "read_suppliers"
    VIEW = "view"
    APPLY = "apply"
    DROP = "drop"


administers = has_role("administrator")
acts_for_an_account = who(
    lambda actor, obj: actor.account_id is not None, _("Act for an account to do this."), "acts for an account"
)
is_of_suppliers = who(
    lambda actor, batch: batch.kind == "suppliers", _("Only the service desk can do this."), "it is of suppliers"
)
may_handle = (works_for("account") & administers) | (is_of_suppliers & is_desk)

# fmt: off
POLICY = Policy("bulk", view=Act.VIEW, rows=(
    #   act                  who                                   while it is
    Row(Act.READ_PEOPLE,     acts_for_an_account & administers),
    Row(Act.READ_SUPPLIERS,  is_desk),
    Row(Act.VIEW,            may_handle),
    Row(Act.APPLY,           may_handle,                           state_is("read")),
    Row(Act.DROP,            may_handle,                           state_is("read")),
))
# fmt: on
