"""The end of a contract for its parties: its terms, how it is settled, and what closing its file waits for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.contracts import queries as contracts
from pliego.contracts.acting import ActPage, Subject, found_for, view_of
from pliego.contracts.models import Contract
from pliego.execution import closing
from pliego.execution.balances import balance_of
from pliego.execution.pages import endings
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Objection, Text, Unknown
from pliego.settlements import forms, queries, rules, services, terms
from pliego.settlements.models import Resolution
from pliego.settlements.policy import POLICY, RESOLUTIONS, Act, ResolutionAct
from pliego.settlements.services import AppealData, ResolutionData, RulingData
from pliego.settlements.states import RESOLUTION
from pliego.web.acts import get_visible, signed_in
from pliego.web.buttons import Button, button
from pliego.web.http import Request


@signed_in
def ending(request: Request, code: str) -> HttpResponse:
    """Until when it is settled and in which way, what was decided, and each condition to close its file."""
    rows = contracts.whole(Contract.objects.visible_to(request.actor)).select_related("settlement__document")
    contract: Contract = get_visible(rows.select_related("closing__document"), code=code)
    POLICY.require(request.actor, Act.VIEW, contract)
    at, today = request.received_at, calendar.day_of(request.received_at)
    found, resolution = terms.of(contract), queries.resolution_of(request.actor, contract)
    context = {
        "contract": contract,
        "crumbs": [(contracts.url_of(contract), contract.code), ("", _("Settlement and closing"))],
        "terms": [(term, term.until < today) for term in found or ()],
        "running": found.running(today) if found else None,
        "warnings": list(rules.warnings_of(found, "mutual", today)) if found and contract.state == "completed" else [],
        "resolution": resolution,
        "settled": queries.settled([contract]).get(contract.pk),
        "conditions": closing.conditions(contract, at) if contract.completed_on else [],
        "buttons": [*_buttons(request.actor, contract, resolution, at), *endings(request.actor, contract, at)],
    }
    return render(request, "settlements/ending.html", context)


def _warned(way: str) -> Any:
    """What to think of before settling in that way."""

    def lead(subject: Subject) -> Text:
        found = terms.of(subject.contract)
        today = calendar.day_of(subject.shown["at"])
        return " ".join(str(one) for one in rules.warnings_of(found, way, today)) if found else ""

    return lead


@dataclass(frozen=True)
class OfContract(ActPage):
    policy: Any = POLICY


@dataclass(frozen=True)
class OfResolution(ActPage):
    policy: Any = RESOLUTIONS


def _subject(contract: Contract, request: Request, row: Any = None) -> Subject:
    shown = {"at": request.received_at, "resolution": row}
    return Subject(contract, row or contract, queries.url_of(contract), shown)


def the_contract(request: Request, page: ActPage, code: str) -> Subject:
    return _subject(found_for(request, code, page.act, POLICY), request)


def the_resolution(request: Request, page: ActPage, code: str) -> Subject:
    contract = get_visible(contracts.whole(Contract.objects.visible_to(request.actor)), code=code)
    if (resolution := queries.resolution_of(request.actor, contract)) is None:
        raise Unknown()
    resolution.contract = contract
    if not (verdict := RESOLUTIONS.verdict(request.actor, page.act, resolution)):
        raise Denied(verdict.reason)
    return _subject(contract, request, resolution)


def _as_drafted(subject: Subject, request: Request) -> dict[str, Any]:
    """What was drafted; or else what the balance says that the contractor must give back of its advance."""
    row = queries.resolution_of(request.actor, subject.contract)
    if row is None or row.state != "draft":
        return {"owed_to_entity": balance_of(subject.contract).to_amortise or None}
    return {name: getattr(row, name) for name in ResolutionData.__dataclass_fields__}


def _drafted(contract: Contract, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
    return services.draft_resolution(actor=actor, contract_id=contract.pk, data=ResolutionData(**data), at=at)


def _issued(row: Resolution, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
    return services.issue_resolution(actor=actor, contract_id=row.contract_id, at=at)


def _appealed(row: Resolution, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
    return services.appeal_resolution(actor=actor, contract_id=row.contract_id, at=at, **data)


def _resolved(row: Resolution, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
    return services.resolve_appeal(actor=actor, contract_id=row.contract_id, data=AppealData(**data), at=at)


def _settled(row: Resolution, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
    return services.settle_resolution(actor=actor, contract_id=row.contract_id, at=at)


def _ruled(contract: Contract, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
    document = data.pop("document")
    told: dict[str, Any] = {"contract_id": contract.pk, "data": RulingData(**data), "document": document}
    return services.register_ruling(actor=actor, at=at, **told)


DRAFT = OfContract(
    act=Act.DRAFT,
    form=forms.ResolutionForm,
    call=_drafted,
    title=_("Draft the unilateral settlement"),
    lead=_warned("unilateral"),
    submit=_("Save the resolution"),
    message=_("The resolution is drafted. The authorising officer must sign it."),
    initial=_as_drafted,
    draft="liquidacion-unilateral",
)
ISSUE = OfResolution(
    act=ResolutionAct.ISSUE,
    call=_issued,
    title=_("Sign the unilateral settlement"),
    lead=lambda subject: subject.row.grounds,
    submit=_("Sign and notify"),
    message=_("The contractor is notified and may appeal."),
)
APPEAL = OfResolution(
    act=ResolutionAct.APPEAL,
    form=forms.AppealForm,
    call=_appealed,
    title=_("Appeal the unilateral settlement"),
    submit=_("Present the appeal"),
    message=_("The appeal is presented. The entity must decide it."),
    draft="recurso-liquidacion",
)
RESOLVE = OfResolution(
    act=ResolutionAct.RESOLVE,
    form=forms.DecideForm,
    call=_resolved,
    title=_("Decide the appeal of the settlement"),
    lead=lambda subject: subject.row.appeal,
    submit=_("Sign the decision"),
    message=_("The appeal is decided and notified."),
    draft="decidir-liquidacion",
)
SETTLE = OfResolution(
    act=ResolutionAct.SETTLE,
    call=_settled,
    title=_("Declare the settlement firm"),
    lead=_("Nobody appealed in time. The contract is settled."),
    submit=_("Declare it firm"),
    message=_("The contract is settled."),
)
RULING = OfContract(
    act=Act.REGISTER_RULING,
    form=forms.RulingForm,
    call=_ruled,
    title=_("Register the decision of a judge"),
    submit=_("Register it"),
    message=_("The contract is settled."),
    draft="liquidacion-judicial",
)

draft, ruling = view_of(DRAFT, the_contract), view_of(RULING, the_contract)
issue, appeal = view_of(ISSUE, the_resolution), view_of(APPEAL, the_resolution)
resolve, settle = view_of(RESOLVE, the_resolution), view_of(SETTLE, the_resolution)
# fmt: off
OF_CONTRACT = ((DRAFT, "draft"), (RULING, "ruling"))
OF_RESOLUTION = (
    # page    its name   the move whose objections turn it off
    (ISSUE,   "issue",   "issue"),
    (APPEAL,  "appeal",  "appeal"),
    (RESOLVE, "resolve", ""),
    (SETTLE,  "settle",  "settle"),
)
# fmt: on


def _buttons(actor: Actor, contract: Contract, resolution: Resolution | None, at: datetime) -> list[Button]:
    """What this person may do; what the law still holds back is there, off, with its reasons."""
    state = resolution.state if resolution else "revoked"
    found = [
        button(page.title, reverse(f"settlements:{name}", args=[contract.code]), kind="secondary")
        for page, name in OF_CONTRACT
        if state in {"draft", "revoked"} and POLICY.verdict(actor, page.act, contract)
    ]
    if resolution is None:
        return found
    resolution.contract = contract
    for page, name, move in OF_RESOLUTION:
        if RESOLUTIONS.verdict(actor, page.act, resolution):
            against: list[Objection] = RESOLUTION.objections(resolution, move, at=at) if move else []
            url = reverse(f"settlements:{name}", args=[contract.code])
            found.append(button(page.title, url, objections=against, kind=""))
    return found
