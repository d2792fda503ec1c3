"""Who writes to whom about a process, and who reads it."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.policy import Policy, Row, who
from pliego.parties.policy import has_role, is_signed_in, is_supplier, is_system, works_for
from pliego.tendering.policy import is_another_account, is_public, works_for_the_buyer

SELLERS = ("bidder", "representative", "administrator")


class Act(StrEnum):
    VIEW = "view"
    WRITE = "write"
    OPEN_CASE = "open_case"


class CaseAct(StrEnum):
    VIEW = "view"
    ANSWER = "answer"
    WRITE = "write"


class MessageAct(StrEnum):
    VIEW = "view"


class DeliveryAct(StrEnum):
    VIEW = "view"
    OPEN = "open"


has_any_role = who(lambda actor, obj: bool(actor.roles), _("You have no role in this account yet."), "has a role")
is_for_all = who(
    lambda actor, message: message.group == "public", _("This message is not for everybody."), "is for everybody"
)


def _was_sent_to(actor: Actor, message: Any) -> bool:
    return actor.account_id is not None and message.recipients.filter(account_id=actor.account_id).exists()


was_sent_to_them = who(_was_sent_to, _("This message was not sent to your account."), "was sent to their account")
of_the_entity = works_for("tender.buyer") & has_any_role
of_the_account = works_for("account") & has_any_role

# fmt: off
# About a tender.
POLICY = Policy("correspondence", view=Act.VIEW, rows=(
    #   act            who                                                                       while the tender is
    Row(Act.VIEW,      works_for_the_buyer | is_public | is_system),
    Row(Act.WRITE,     works_for_the_buyer & has_role("preparer", "approver"),                   is_public),
    Row(Act.OPEN_CASE, is_signed_in & is_supplier & is_another_account & has_role(*SELLERS),     is_public),
))
CASES = Policy("correspondence_case", view=CaseAct.VIEW, rows=(
    Row(CaseAct.VIEW,   of_the_entity | of_the_account | is_system),
    Row(CaseAct.ANSWER, works_for("tender.buyer") & has_role("preparer", "approver")),
    Row(CaseAct.WRITE,  works_for("account") & has_role(*SELLERS)),
))
# `MessageQuerySet.visible_to` says the same in SQL.
MESSAGES = Policy("correspondence_message", view=MessageAct.VIEW, rows=(
    Row(MessageAct.VIEW, is_for_all | of_the_entity | (works_for("author") & has_any_role)
        | (was_sent_to_them & has_any_role) | is_system),
))
# About a message as it was delivered to one account.
DELIVERIES = Policy("correspondence_delivery", view=DeliveryAct.VIEW, rows=(
    Row(DeliveryAct.VIEW, of_the_account),
    Row(DeliveryAct.OPEN, of_the_account, reads=True),
))
# fmt: on
