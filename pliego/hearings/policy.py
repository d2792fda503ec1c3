"""Who convenes, conducts and closes a hearing, who attends and speaks."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.policy import Explained, Policy, Row, anyone, is_signed_in, is_system, state_is, who
from pliego.parties.policy import has_role, works_for
from pliego.tendering import halts
from pliego.tendering.policy import is_not_suspended, is_public, works_for_the_buyer


class Act(StrEnum):
    VIEW = "view"
    CONVENE = "convene"


class HearingAct(StrEnum):
    VIEW = "view"
    CANCEL = "cancel"
    BEGIN = "begin"
    ATTEND = "attend"
    REGISTER = "register"
    LEAVE = "leave"
    SPEAK = "speak"
    NOTE = "note"
    ANSWER = "answer"
    ATTACH = "attach"
    ADJOURN = "adjourn"
    RESUME = "resume"
    CLOSE = "close"
    ADD = "add"


def _is_there(actor: Actor, hearing: Any) -> bool:
    return actor.user_id is not None and hearing.attendances.filter(user_id=actor.user_id, left_at=None).exists()


is_there = who(_is_there, _("Register your attendance first."), "is in the hearing")
is_of_others = who(
    lambda actor, hearing: actor.account_id != hearing.buyer_id,
    _("Your own entity holds it: its people register whoever comes."),
    "is not the buyer",
)
goes_on = Explained(
    "its process is not suspended",
    lambda actor, hearing: hearing.tender.state != "suspended",
    lambda hearing: halts.sentence(hearing.tender),
)
has_not_ended = who(
    lambda actor, tender: tender.ended_at is None, _("The process has ended."), "the process has not ended"
)
OFFICE = ("preparer", "approver")
conducts = works_for("buyer") & has_role(*OFFICE)
helps = works_for("buyer") & has_role(*OFFICE, "evaluator")
in_session = goes_on & state_is("in_session")

# fmt: off
# About a tender.
POLICY = Policy("hearings", view=Act.VIEW, rows=(
    #   act           who                                        while the tender is
    Row(Act.VIEW,     works_for_the_buyer | is_public | is_system),
    Row(Act.CONVENE,  works_for_the_buyer & has_role(*OFFICE),   is_not_suspended & is_public & has_not_ended),
))
HEARINGS = Policy("hearing", view=HearingAct.VIEW, rows=(
    #   act                  who                          while it is
    Row(HearingAct.VIEW,     anyone),
    Row(HearingAct.CANCEL,   conducts,                    state_is("convened")),
    Row(HearingAct.BEGIN,    conducts,                    goes_on & state_is("convened")),
    Row(HearingAct.ATTEND,   is_signed_in & is_of_others, in_session),
    Row(HearingAct.REGISTER, helps,                       in_session),
    Row(HearingAct.LEAVE,    is_there | helps,            in_session),
    Row(HearingAct.SPEAK,    is_there,                    in_session),
    Row(HearingAct.NOTE,     helps,                       in_session),
    Row(HearingAct.ANSWER,   conducts,                    in_session),
    Row(HearingAct.ATTACH,   helps,                       state_is("in_session", "adjourned")),
    Row(HearingAct.ADJOURN,  conducts,                    in_session),
    Row(HearingAct.RESUME,   conducts,                    goes_on & state_is("adjourned")),
    Row(HearingAct.CLOSE,    conducts,                    in_session, binding=True),
    Row(HearingAct.ADD,      conducts,                    state_is("closed"), binding=True),
))
# fmt: on
