"""Breaches over the API: the same services as the pages, and the register of sanctions for everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from ninja import Query, Status

from pliego.breaches import calling, deciding, files, hearing, queries, services
from pliego.breaches.models import Breach
from pliego.breaches.policy import POLICY, Act
from pliego.breaches.schemas import (
    AdjournBody,
    AppealNoteIn,
    BreachesOut,
    BreachOut,
    CallIn,
    CeaseIn,
    ChallengeIn,
    CiteIn,
    CloseBody,
    Done,
    EvidenceDecisionIn,
    EvidenceIn,
    EvidenceNoteIn,
    EvidenceResultIn,
    MoveIn,
    PartyIn,
    PleaIn,
    ReasonBody,
    RecoveryIn,
    ReportIn,
    ResolutionIn,
    SanctionOut,
    StatementIn,
)
from pliego.contracts.models import Contract
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema
from pliego.web.fields import Upload
from pliego.web.http import Request

router = Router(tags=["breaches"])
MOST = 500


def _contract(request: Request, code: str) -> Contract:
    contract = get_visible(Contract.objects.visible_to(request.actor), code=code)
    POLICY.require(request.actor, Act.VIEW, contract)
    return contract


def _row(breach: Breach) -> dict[str, Any]:
    session = breach.sitting or breach.next_session
    return {
        "number": breach.number,
        "state": breach.state,
        "facts": breach.cited_facts or breach.facts,
        "clauses": breach.cited_clauses or breach.clauses,
        "consequences": breach.consequences,
        "begins_at": session.called_for if session else None,
    }


def _told(payload: Any) -> dict[str, Any]:
    """The body as its service takes it: an upload is a document."""
    told = payload.told() if hasattr(payload, "told") else payload.dict()
    if "upload" in told:
        code = told.pop("upload")
        told["document"] = Upload(upload_id=code) if code else None
    return told


@router.get("/contracts/{code}/breaches", response=BreachesOut, operation_id="list_breaches")
def list_breaches(request: Request, code: str) -> dict[str, Any]:
    """The calls for compliance and the procedures of a contract, for its parties."""
    contract = _contract(request, code)
    rows = queries.of_contract(request.actor, contract)
    return {"calls": list(contract.compliance_calls.all()), "breaches": [_row(breach) for breach in rows]}


@router.get("/contracts/{code}/breaches/{number}", response=BreachOut, operation_id="get_breach")
def get_breach(request: Request, code: str, number: int) -> dict[str, Any]:
    """One procedure, with what was said and decided. Documents of people are in no answer."""
    rows = queries.whole(Breach.objects.visible_to(request.actor).filter(contract=_contract(request, code)))
    breach = get_visible(rows, number=number)
    said, asked = (
        ("number", "side", "kind", "name", "text"),
        ("number", "side", "text", "is_admitted", "reason", "result"),
    )
    decided = ("number", "is_of_appeal", "measures", "grounds")
    return {
        **_row(breach),
        "statements": [{name: getattr(row, name) for name in said} for row in breach.statements.all()],
        "evidence": [{name: getattr(row, name) for name in asked} for row in breach.evidence_asked.all()],
        "decisions": [{name: getattr(row, name) for name in decided} for row in breach.decisions.all()],
    }


@router.post("/contracts/{code}/compliance-calls", response={201: Done}, operation_id="demand_compliance")
def demand_compliance(request: Request, code: str, payload: CallIn) -> Status[dict[str, Any]]:
    contract = _contract(request, code)
    told: dict[str, Any] = {"actor": request.actor, "contract_id": contract.pk, "at": request.received_at}
    made = services.demand_compliance(**told, **_told(payload))
    return Status(201, {"number": made.number, "state": "", "receipt": Receipt.of(made.receipt)})


@router.post("/contracts/{code}/compliance-calls/{number}/answer", response=Done, operation_id="answer_compliance_call")
def answer_compliance_call(request: Request, code: str, number: int, payload: PleaIn) -> dict[str, Any]:
    contract = _contract(request, code)
    told: dict[str, Any] = {"actor": request.actor, "contract_id": contract.pk, "at": request.received_at}
    made = services.answer_call(number=number, **told, **_told(payload))
    return {"number": made.number, "state": "", "receipt": Receipt.of(made.receipt)}


@router.post("/contracts/{code}/breaches", response={201: Done}, operation_id="report_breach")
def report_breach(request: Request, code: str, payload: ReportIn) -> Status[dict[str, Any]]:
    """By the supervisor. Only the entity reads it until it calls the contractor to the hearing."""
    contract = _contract(request, code)
    told: dict[str, Any] = {"actor": request.actor, "contract_id": contract.pk, "at": request.received_at}
    made = services.report_breach(**told, **_told(payload))
    return Status(201, {"number": made.number, "state": made.state, "receipt": Receipt.of(made.receipt)})


# ---- the acts of a procedure, as a table -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Operation:
    """`name` is the last part of its address and of its operation; `about` is said in the OpenAPI document."""

    name: str
    service: Callable[..., Any]
    body: type[Schema] | None
    about: str


# fmt: off
OPERATIONS = (
    Operation("cite",              calling.cite,            CiteIn,             "Call contractor and guarantors"),
    Operation("dismiss",           calling.dismiss,         ReasonBody,         "File the report without a hearing"),
    Operation("move",              calling.move_session,    MoveIn,             "Hold the session on another date"),
    Operation("begin",             calling.begin_session,   None,               "Begin the session, at its hour"),
    Operation("attend",            hearing.attend,          None,               "I am here, for the contractor"),
    Operation("parties",           hearing.register_party,  PartyIn,            "Write down who came"),
    Operation("pleas",             hearing.plead,           PleaIn,             "Give the pleas of the contractor"),
    Operation("statements",        hearing.note_statement,  StatementIn,        "Write down what a side said"),
    Operation("evidence",          hearing.ask_evidence,    EvidenceIn,         "Ask for evidence, as contractor"),
    Operation("noted-evidence",    hearing.note_evidence,   EvidenceNoteIn,     "Write down evidence asked for"),
    Operation("evidence-decision", hearing.decide_evidence, EvidenceDecisionIn, "Admit or refuse evidence"),
    Operation("evidence-result",   hearing.take_evidence,   EvidenceResultIn,   "Write down what evidence gave"),
    Operation("adjourn",           calling.adjourn,         AdjournBody,        "Suspend the hearing until a date"),
    Operation("decide",            deciding.decide,         ResolutionIn,       "Decide by resolution"),
    Operation("appeal",            deciding.appeal,         PleaIn,             "Appeal in the hearing, as contractor"),
    Operation("noted-appeal",      deciding.note_appeal,    AppealNoteIn,       "Write down an appeal"),
    Operation("resolve",           deciding.resolve_appeal, ResolutionIn,       "Decide the appeal"),
    Operation("close",             deciding.close_hearing,  CloseBody,          "End the hearing with its minutes"),
    Operation("cease",             calling.cease,           CeaseIn,            "End it because the breach ceased"),
    Operation("recoveries",        deciding.note_recovery,  RecoveryIn,         "Write down what was recovered"),
    Operation("challenge",         deciding.note_challenge, ChallengeIn,        "Write down that it is before a judge"),
    Operation("annul",             deciding.annul,          ReasonBody,         "Leave the sanction without effect"),
)
# fmt: on


def _done(operation: Operation, request: Request, code: str, number: int, told: dict[str, Any]) -> dict[str, Any]:
    contract = _contract(request, code)
    on = {"actor": request.actor, "contract_id": contract.pk, "number": number, "at": request.received_at}
    made = operation.service(**on, **told)
    state = contract.breaches.values_list("state", flat=True).get(number=number)
    return {
        "number": made.number if isinstance(made.number, int) else number,
        "state": state,
        "receipt": Receipt.of(made.receipt),
    }


def _operation(operation: Operation) -> Callable[..., dict[str, Any]]:
    body = operation.body
    if body is None:

        def bare(request: Request, code: str, number: int) -> dict[str, Any]:
            return _done(operation, request, code, number, {})

        return bare

    def act(request: Request, code: str, number: int, payload: body) -> dict[str, Any]:  # type: ignore[valid-type]
        return _done(operation, request, code, number, _told(payload))

    return act


for one in OPERATIONS:
    router.post(
        f"/contracts/{{code}}/breaches/{{number}}/{one.name}",
        response=Done,
        operation_id=f"breach_{one.name.replace('-', '_')}",
        summary=one.about,
    )(_operation(one))


# ---- the register ----------------------------------------------------------------------------------------------------


@router.get("/sanctions", response=list[SanctionOut], operation_id="list_sanctions")
def list_sanctions(request: Request, q: Annotated[str, Query(max_length=200)] = "") -> list[dict[str, Any]]:
    """The sanctions in force, the newest first, for everybody. `q`: words of the name of the contractor, or its NIT."""
    return [files.record(row) for row in queries.register(queries.today(request.received_at), q)[:MOST]]
