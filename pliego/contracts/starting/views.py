"""Pages of the record of the start: drawn by the entity, signed by the supervisor and by the contractor."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.contracts import forms
from pliego.contracts.acting import ActPage, Subject, found_for, on, view_of
from pliego.contracts.policy import Act
from pliego.contracts.starting import drawing
from pliego.contracts.states import STANDING_RECORDS
from pliego.contracts.views import START, the_contract
from pliego.web.http import Request


def its_record(request: Request, page: ActPage, code: str) -> Subject:
    """The contract with the record that stands, for who must read it before the act."""
    contract = found_for(request, code, page.act)
    rows = contract.start_records.select_related("document").filter(state__in=STANDING_RECORDS)
    row = rows.first()
    return Subject.of(contract, document=row.document if row else None)


def drawn(contract: Any, data: dict[str, Any], actor: Any, at: Any) -> Any:
    told = {"supervisor_id": data["supervisor"], "starts_on": data["starts_on"]}
    return drawing.draw_start_record(actor=actor, contract_id=contract.pk, at=at, **told)


DRAW = ActPage(
    act=Act.DRAW_START,
    form=forms.StartForm,
    call=drawn,
    title=_("Draw the record of the start"),
    lead=_("The supervisor signs it and then the contractor: with both signatures the contract starts on that day."),
    submit=_("Draw the record"),
    message=_("The record is drawn. The supervisor must sign it."),
    initial=START.initial,
    options=START.options,
)
SIGN = ActPage(
    act=Act.SIGN_START,
    call=on(drawing.sign_start_record),
    title=_("Sign the record of the start"),
    lead=_("You state, as supervisor, that what the start asks for was verified."),
    submit=_("Sign the start"),
    message=_("The record is signed. The contractor must sign it now."),
)
ACCEPT = ActPage(
    act=Act.ACCEPT_START,
    call=on(drawing.accept_start_record),
    title=_("Sign the record of the start"),
    lead=_("With your signature the contract starts, on the day that the record says."),
    submit=_("Accept and sign"),
    message=_("The contract has started."),
)
REFUSE = ActPage(
    act=Act.OBJECT_START,
    form=forms.ReasonForm,
    call=on(drawing.object_start_record),
    title=_("Object to the record of the start"),
    lead=_("The entity reads your reason and draws another."),
    submit=_("Send the objection"),
    message=_("The entity has been told of your objection."),
)
draw, sign = view_of(DRAW, the_contract), view_of(SIGN, its_record)
accept, refuse = view_of(ACCEPT, its_record), view_of(REFUSE, its_record)
