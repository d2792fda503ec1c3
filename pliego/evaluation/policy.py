"""Who may do what in an evaluation."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.kernel.policy import Explained, Policy, Row, anyone, state_is, who
from pliego.panels import queries as panels
from pliego.panels.gates import may_evaluate
from pliego.parties.policy import has_role, is_signed_in, is_system, works_for
from pliego.tendering import halts


class Act(StrEnum):
    VIEW = "view"
    ASSESS = "assess"
    REPORT = "report"
    REPORT_PRICES = "report_prices"
    REOPEN = "reopen"
    OBSERVE = "observe"
    ANSWER = "answer"
    BREAK_TIE = "break_tie"
    CALL = "call"
    SCORE = "score"
    AGREE = "agree"
    RATE = "rate"
    NEGOTIATE = "negotiate"
    ASK = "ask"


class RequestAct(StrEnum):
    VIEW = "view"
    ANSWER = "answer"


SELLERS = ("bidder", "representative", "administrator")


works_for_the_buyer = works_for("buyer") & who(
    lambda actor, evaluation: bool(actor.roles), _("You have no role in this entity yet."), "has a role"
)
is_reported = who(
    lambda actor, evaluation: evaluation.first_reported_at is not None,
    _("The evaluation report has not been published."),
    "its report is public",
)
is_another_account = who(
    lambda actor, evaluation: actor.account_id != evaluation.buyer_id,
    _("Your own entity wrote this report."),
    "is not the buyer",
)

sits = who(
    lambda actor, evaluation: panels.seat_of(actor, evaluation.tender) is not None,
    _("The entity did not appoint you to evaluate this process."),
    "was appointed",
)
is_not_suspended = Explained(
    "is not suspended",
    lambda actor, evaluation: evaluation.tender.state != "suspended",
    lambda evaluation: halts.sentence(evaluation.tender),
)
reported = is_not_suspended & state_is("reported")

# fmt: off
POLICY = Policy("evaluation", view=Act.VIEW, rows=(
    #   act             who                                                                while it is
    Row(Act.VIEW,       works_for_the_buyer | is_reported | is_system),
    Row(Act.ASSESS,     works_for_the_buyer & has_role("evaluator") & may_evaluate,          state_is("assessing")),
    Row(Act.REPORT,     works_for_the_buyer & has_role("evaluator") & may_evaluate,          is_not_suspended & state_is("assessing"),
        binding=True),
    Row(Act.REPORT_PRICES, works_for_the_buyer & has_role("evaluator") & may_evaluate,       reported, binding=True),
    Row(Act.REOPEN,     works_for_the_buyer & has_role("evaluator", "approver"),             reported),
    Row(Act.OBSERVE,    is_signed_in & is_another_account,                                   reported),
    Row(Act.ANSWER,     works_for_the_buyer & has_role("evaluator", "preparer", "approver"), state_is("reported")),
    Row(Act.BREAK_TIE,  works_for_the_buyer & has_role("evaluator", "approver"),             reported),
    Row(Act.CALL,       works_for_the_buyer & has_role("approver"),                          reported,
        binding=True),
    Row(Act.SCORE,      works_for_the_buyer & (has_role("evaluator") | sits) & may_evaluate, state_is("assessing")),
    Row(Act.AGREE,      works_for_the_buyer & has_role("evaluator") & may_evaluate,          state_is("assessing")),
    Row(Act.ASK,        works_for_the_buyer & has_role("evaluator") & may_evaluate,          is_not_suspended & state_is("assessing", "reported")),
    Row(Act.RATE,       works_for_the_buyer & has_role("evaluator") & may_evaluate,          state_is("assessing", "reported")),
    Row(Act.NEGOTIATE,  works_for_the_buyer & has_role("approver"),                          reported,
        binding=True),
))
# About what was asked of a bidder.
REQUEST_POLICY = Policy("evaluation_request", view=RequestAct.VIEW, rows=(
    Row(RequestAct.VIEW,   anyone),
    Row(RequestAct.ANSWER, works_for("supplier") & has_role(*SELLERS)),
))
# fmt: on
