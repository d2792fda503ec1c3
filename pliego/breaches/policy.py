"""Who reports a breach, calls to the hearing, conducts it and decides; who answers; who reads it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.breaches.states import SITTING, UNDECIDED
from pliego.contracts.policy import (
    acts_for_the_supplier,
    approves,
    has_a_role,
    supervises_it,
    was_sent,
    works_for_the_buyer,
    works_for_the_supplier,
)
from pliego.contracts.states import ALIVE
from pliego.kernel.policy import Policy, Row, is_system, state_is, who
from pliego.parties.policy import has_role, works_for


class Act(StrEnum):
    VIEW = "view"
    REPORT = "report"
    DEMAND = "demand"
    ANSWER = "answer"


class BreachAct(StrEnum):
    VIEW = "view"
    CITE = "cite"
    DISMISS = "dismiss"
    MOVE = "move"
    BEGIN = "begin"
    ATTEND = "attend"
    REGISTER = "register"
    PLEAD = "plead"
    NOTE = "note"
    ASK_EVIDENCE = "ask_evidence"
    ASK_FOR = "ask_for"
    DECIDE_EVIDENCE = "decide_evidence"
    TAKE_EVIDENCE = "take_evidence"
    ADJOURN = "adjourn"
    DECIDE = "decide"
    APPEAL = "appeal"
    NOTE_APPEAL = "note_appeal"
    RESOLVE = "resolve"
    CLOSE = "close"
    CEASE = "cease"
    RECOVER = "recover"
    CHALLENGE = "challenge"
    ANNUL = "annul"


unsupervised = who(
    lambda actor, contract: contract.supervisor_id is None,
    _("Only the supervisor of this contract can do this."),
    "nobody supervises it",
)
reports = works_for_the_buyer & (supervises_it | unsupervised & has_role("supervisor", "preparer"))

buyer_of_it = works_for("contract.buyer") & has_a_role
was_cited = who(
    lambda actor, breach: breach.cited_at is not None, _("Nobody has been called to a hearing."), "was cited"
)
supplier_of_it = works_for("contract.supplier") & has_a_role & was_cited
did_not_report_it = who(
    lambda actor, breach: breach.reported_by_id not in actor.people,
    _("Whoever reported the breach does not decide it: another person must."),
    "did not report it",
)
sits = who(lambda actor, breach: breach.sitting is not None, _("There is no session now."), "is in session")
is_not_there = who(
    lambda actor, breach: all(row.user_id != actor.user_id for row in breach.sitting.attendances.all()),
    _("You are registered already."),
    "is not registered",
)
has_not_appealed = who(
    lambda actor, breach: all((row.kind, row.side) != ("appeal", "contractor") for row in breach.statements.all()),
    _("Your appeal is presented already."),
    "has not appealed",
)
waits = who(lambda actor, breach: breach.next_session is not None, _("No session is called."), "a session is called")
conducts = buyer_of_it & has_role("approver") & did_not_report_it
helps = buyer_of_it & has_role("preparer", "approver", "supervisor")
answers = supplier_of_it & has_role("representative", "bidder")
represents = supplier_of_it & has_role("representative")
collects = buyer_of_it & has_role("treasurer", "approver")

# fmt: off
# About a contract.
POLICY = Policy("breaches", view=Act.VIEW, rows=(
    #   act          who                                                      while the contract is
    Row(Act.VIEW,    works_for_the_buyer | (works_for_the_supplier & was_sent) | is_system),
    Row(Act.REPORT,  reports,                                                 state_is(*ALIVE)),
    Row(Act.DEMAND,  reports | approves,                                      state_is(*ALIVE)),
    Row(Act.ANSWER,  acts_for_the_supplier,                                   state_is(*ALIVE)),
))
BREACHES = Policy("breach", view=BreachAct.VIEW, rows=(
    #   act                        who                                      while it is
    Row(BreachAct.VIEW,            buyer_of_it | supplier_of_it | is_system),
    Row(BreachAct.CITE,            conducts,    state_is("reported"), binding=True),
    Row(BreachAct.DISMISS,         conducts,    state_is("reported"), binding=True),
    Row(BreachAct.MOVE,            conducts,    waits & state_is(*SITTING)),
    Row(BreachAct.BEGIN,           conducts,    waits & state_is(*SITTING)),
    Row(BreachAct.ATTEND,          answers,     sits & is_not_there),
    Row(BreachAct.REGISTER,        helps,       sits),
    Row(BreachAct.PLEAD,           answers,     state_is(*UNDECIDED)),
    Row(BreachAct.NOTE,            helps,       sits),
    Row(BreachAct.ASK_EVIDENCE,    answers,     state_is(*UNDECIDED)),
    Row(BreachAct.ASK_FOR,         helps,       state_is(*UNDECIDED)),
    Row(BreachAct.DECIDE_EVIDENCE, conducts,    state_is("hearing")),
    Row(BreachAct.TAKE_EVIDENCE,   helps,       state_is("hearing")),
    Row(BreachAct.ADJOURN,         conducts,    sits & state_is("hearing", "appealed"), binding=True),
    Row(BreachAct.DECIDE,          conducts,    sits & state_is("hearing"), binding=True),
    Row(BreachAct.APPEAL,          represents,  sits & state_is("decided", "appealed") & has_not_appealed),
    Row(BreachAct.NOTE_APPEAL,     helps,       sits & state_is("decided", "appealed")),
    Row(BreachAct.RESOLVE,         conducts,    sits & state_is("appealed"), binding=True),
    Row(BreachAct.CLOSE,           conducts,    sits & state_is("decided", "resolved"), binding=True),
    Row(BreachAct.CEASE,           conducts,    state_is("cited", "hearing", "decided", "appealed"), binding=True),
    Row(BreachAct.RECOVER,         collects,    state_is("in_force")),
    Row(BreachAct.CHALLENGE,       helps,       state_is("in_force")),
    Row(BreachAct.ANNUL,           conducts,    state_is("in_force"), binding=True),
))
# fmt: on
