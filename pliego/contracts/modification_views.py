"""Pages of a modification: its kind, its data, and each act on it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from pliego.contracts import changes, covering, forms, modifying, queries, turning
from pliego.contracts.acting import ActPage, Subject, found_for, on, view_of
from pliego.contracts.models import Contract, Modification
from pliego.contracts.modifying import ModificationData
from pliego.contracts.policy import MODIFICATION_POLICY, Act, ModificationAct
from pliego.contracts.states import MODIFICATION
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Denied
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.buttons import Button, button
from pliego.web.http import Request


def _found(request: Request, code: str, number: int) -> Modification:
    contract = get_visible(queries.whole(Contract.objects.visible_to(request.actor)), code=code)
    rows = Modification.objects.visible_to(request.actor).filter(contract=contract)
    rows = rows.select_related("document", "party__organization", "given_by__organization")
    found = get_visible(rows, number=number)
    found.contract = contract
    return found


def _told(found: Modification) -> dict[str, Any]:
    return {"modification": found, "changes": queries.changes_in(found), "demands": covering.demanded_by(found)}


def a_modification(request: Request, page: ActPage, code: str, number: int) -> Subject:
    """The modification, with what it changes and its act, for who must read it before the act."""
    found = _found(request, code, number)
    if not (verdict := MODIFICATION_POLICY.verdict(request.actor, page.act, found)):
        raise Denied(verdict.reason)
    shown = {**_told(found), "document": found.document}
    return Subject(found.contract, found, queries.modification_url(found), shown)


@signed_in
def new(request: Request, code: str) -> HttpResponse:
    """Which kind of modification it is; its data come on the next page."""
    contract = found_for(request, code, Act.MODIFY)
    return perform(
        request,
        page="contracts/act.html",
        form=forms.ModificationKindForm,
        act=lambda data, actor: modifying.draft_modification(
            actor=actor, contract_id=contract.pk, kind=data["kind"], at=request.received_at
        ),
        done=lambda made: (f"{queries.modification_url(made)}editar/", _("Now write what changes, and why.")),
        form_options={"kinds": turning.kinds_for(contract, changes.KINDS.values())},
        context={
            "contract": contract,
            "title": _("Modify the contract"),
            "submit_label": _("Go on"),
            "cancel_url": queries.url_of(contract),
            "crumbs": [(queries.url_of(contract), contract.code), ("", _("Modify the contract"))],
        },
    )


@signed_in
def modification(request: Request, code: str, number: int) -> HttpResponse:
    """What it changes, where it is, and what this person may do with it."""
    found = _found(request, code, number)
    context = {
        **_told(found),
        "contract": found.contract,
        "buttons": _buttons(request, found),
        "crumbs": [(queries.url_of(found.contract), found.contract.code), ("", found.code)],
    }
    return render(request, "contracts/modification.html", context)


# fmt: off
OFFERS = (
    # act                      move             words                                    page     kind
    (ModificationAct.SEND,    "send",          _("Send the modification to the supplier"), "send", ""),
    (ModificationAct.ACCEPT,  "accept",        _("Accept the modification"),             "accept", ""),
    (ModificationAct.TAKE_OVER, "accept",      _("Take the contract over"),              "take_over", ""),
    (ModificationAct.REJECT,  "reject",        _("Reject the modification"),             "reject", "secondary"),
    (ModificationAct.PUBLISH, "publish",       _("Publish the modification"),            "publish", ""),
    (ModificationAct.PUBLISH, "publish_alone", _("Publish the modification"),            "publish", ""),
    (ModificationAct.EDIT,    "",              _("Change the data"),                     "edit", "secondary"),
    (ModificationAct.REWORK,  "rework",        _("Take the modification back to change it"), "rework", "secondary"),
    (ModificationAct.DISCARD, "discard",       _("Discard the modification"),            "discard", "secondary"),
)
# fmt: on
UNTIL_THE_END = {"send": True, "publish_alone": False}  # which of the two ways counts, by whether it needs the supplier


def _buttons(request: Request, found: Modification) -> list[Button]:
    made = []
    for act, move, words, page, kind in OFFERS:
        is_other_way = UNTIL_THE_END.get(move, found.needs_supplier) != found.needs_supplier
        if is_other_way or (move and not MODIFICATION.allows(found, move)):
            continue
        verdict = MODIFICATION_POLICY.verdict(request.actor, act, found)
        if not verdict and (act != ModificationAct.PUBLISH or request.actor.account_id != found.contract.buyer_id):
            continue
        against = MODIFICATION.objections(found, move, at=request.received_at) if move and verdict else []
        url = f"{queries.modification_url(found)}{PATHS[page]}/"
        made.append(button(words, url, verdict=verdict, objections=against, kind=kind))
    return made


PATHS = {
    "send": "enviar", "accept": "aceptar", "take_over": "asumir", "reject": "rechazar", "publish": "publicar",
    "edit": "editar", "rework": "devolver", "discard": "descartar",
}  # fmt: skip


PLAIN = ("reason", "needs_supplier", "amount", "budget_commitment", "effective_on", "resumes_on", "cause")


def data_of(subject: Subject, request: Request) -> dict[str, Any]:
    found, contract = subject.row, subject.contract
    texts = {name: found.changes.get(name, {}).get("new", getattr(contract, name)) for name in changes.TEXTS}
    moved = found.changes.get("ends_on", {}).get("new")
    plain = {name: getattr(found, name) for name in PLAIN}
    plain["to"] = found.party.code if found.party else ""
    return {**texts, **plain, "ends_on": changes.value_of("ends_on", moved) if moved else None}


def edited(row: Any, data: dict[str, Any], actor: Actor, at: Any) -> Modification:
    document = data.pop("document", None)
    told: dict[str, Any] = {"actor": actor, "modification_id": row.pk, "at": at, "document": document}
    return modifying.edit_modification(**told, data=ModificationData(**data))


MODIFICATION_ID = "modification_id"
EDIT = ActPage(
    act=ModificationAct.EDIT,
    form=forms.ModificationForm,
    call=edited,
    title=_("Data of the modification"),
    submit=_("Save the data"),
    message=_("The data of the modification have been saved."),
    initial=data_of,
    options=lambda subject, request: {"kind": subject.row.of, "has_document": subject.row.document_id is not None},
    policy=MODIFICATION_POLICY,
)
SEND = ActPage(
    act=ModificationAct.SEND,
    call=on(modifying.send_modification, MODIFICATION_ID),
    title=_("Send the modification to the supplier"),
    lead=_("The supplier reads it with its act, and accepts it or rejects it with a reason."),
    submit=_("Send the modification"),
    message=_("The modification has been sent to the supplier."),
    policy=MODIFICATION_POLICY,
)
ACCEPT = ActPage(
    act=ModificationAct.ACCEPT,
    call=on(modifying.accept_modification, MODIFICATION_ID),
    title=_("Accept the modification"),
    lead=_("Your acceptance is your signature: it binds the supplier to the contract as it is modified here."),
    submit=_("Accept and sign"),
    message=_("You have accepted the modification. The entity must publish it now."),
    policy=MODIFICATION_POLICY,
)
TAKE_OVER = ActPage(
    act=ModificationAct.TAKE_OVER,
    call=on(modifying.take_over, MODIFICATION_ID),
    title=_("Take the contract over"),
    lead=_("Your acceptance is your signature: your account performs the contract, with guarantees of its own."),
    submit=_("Accept and sign"),
    message=_("You have accepted to take the contract over. It is yours once the entity publishes it."),
    policy=MODIFICATION_POLICY,
)
REJECT = ActPage(
    act=ModificationAct.REJECT,
    form=forms.ReasonForm,
    call=on(modifying.reject_modification, MODIFICATION_ID),
    title=_("Reject the modification"),
    lead=_("The contract stays as it is, and the entity reads your reason."),
    submit=_("Reject the modification"),
    message=_("You have rejected the modification."),
    policy=MODIFICATION_POLICY,
)
REWORK = ActPage(
    act=ModificationAct.REWORK,
    call=on(modifying.rework_modification, MODIFICATION_ID),
    title=_("Take the modification back to change it"),
    lead=_("What the supplier accepted no longer counts: it must be sent and accepted again."),
    submit=_("Take the modification back"),
    message=_("The modification is in preparation again."),
    policy=MODIFICATION_POLICY,
)
DISCARD = ActPage(
    act=ModificationAct.DISCARD,
    call=on(modifying.discard_modification, MODIFICATION_ID),
    title=_("Discard the modification"),
    lead=_("The contract stays as it is."),
    submit=_("Discard the modification"),
    message=_("The modification was discarded."),
    policy=MODIFICATION_POLICY,
)
PUBLISH = ActPage(
    act=ModificationAct.PUBLISH,
    call=on(modifying.publish_modification, MODIFICATION_ID),
    title=_("Publish the modification"),
    lead=_("Your signature binds the entity: the contract changes and everybody sees it from that moment."),
    submit=_("Publish the modification"),
    message=_("The contract is modified, and everybody can see it."),
    policy=MODIFICATION_POLICY,
)

edit, send, accept = view_of(EDIT, a_modification), view_of(SEND, a_modification), view_of(ACCEPT, a_modification)
take_over = view_of(TAKE_OVER, a_modification)
reject, rework = view_of(REJECT, a_modification), view_of(REWORK, a_modification)
discard, publish = view_of(DISCARD, a_modification), view_of(PUBLISH, a_modification)
