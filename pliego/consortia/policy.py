"""Who makes a plural bidder, who answers for a member, and who sees it meanwhile."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.kernel.policy import Policy, Row, is_system, state_is, who
from pliego.parties.policy import has_role, is_desk, is_supplier, works_for


class Act(StrEnum):
    CREATE = "create"
    VIEW = "view"
    EDIT = "edit"
    SEND = "send"
    ANSWER = "answer"
    DROP = "drop"
    DISSOLVE = "dissolve"
    LAPSE = "lapse"


def _is_asked(actor, group) -> bool:  # type: ignore[no-untyped-def]
    if group is None or actor.account_id is None:
        return False
    return group.members.filter(supplier_id=actor.account_id).exclude(state="listed").exists()


is_member = who(_is_asked, _("Only the members of this plural bidder can do this."), "is asked as member")
promotes = works_for("promoter")
is_it = works_for("account")
works = has_role("bidder", "representative", "administrator")
binds = has_role("representative")
is_open = state_is("draft", "invited", "refused", "lapsed")

# fmt: off
POLICY = Policy("consortia", view=Act.VIEW, rows=(
    #   act            who                                  while it is
    Row(Act.CREATE,    is_supplier & works),
    Row(Act.VIEW,      state_is("active", "dissolved") | promotes | is_it | is_member | is_desk | is_system),
    Row(Act.EDIT,      promotes & works,                    is_open),
    Row(Act.SEND,      promotes & binds,                    state_is("draft"),    binding=True),
    Row(Act.ANSWER,    is_member & binds,                   state_is("invited"),  binding=True),
    Row(Act.DROP,      promotes & works,                    is_open),
    Row(Act.DISSOLVE,  is_it & binds,                       state_is("active"),   binding=True),
    Row(Act.LAPSE,     is_system,                           state_is("invited")),
))
# fmt: on
