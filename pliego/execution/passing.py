"""The way of an invoice through the chain of the entity: approved, sent back, paid, taken back, corrected.

Guarantees: each act is of one step, of which it leaves one passage that nothing erases. Contract and invoice are
locked, so that two who press at once end in one act. What was public and goes back says so in public.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.authority import gates
from pliego.contracts.holding import locked
from pliego.contracts.services import without_reason
from pliego.documents import services as documents
from pliego.execution import chain, chaining, events, rules
from pliego.execution.balances import CREDITED, ZERO, balance_of, unsound
from pliego.execution.models import Invoice, Passage, Retention
from pliego.execution.paying import announce
from pliego.execution.policy import INVOICE_POLICY, InvoiceAct, has_its_turn_elsewhere
from pliego.execution.states import INVOICE, STANDING
from pliego.execution.supports import RetentionData, retention_objections, withheld_of
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.web.fields import Upload

Kind = Passage.Kind
HIDDEN = ("invoice.sent", "invoice.step_approved", "invoice.sent_back", "invoice.undone")
MUTABLE = (
    "state", "at_step", "waiting_since", "returned_reason", "decided_by", "decided_at", "paid_on", "paid_by", "paid_at",
    "payment_proof", "withheld_amount",
)  # fmt: skip
OF_A_STEP = {InvoiceAct.APPROVE, InvoiceAct.RETURN, InvoiceAct.PAY}


def refuse_if_elsewhere(actor: Actor, act: InvoiceAct, invoice: Invoice, step: int | None = None) -> None:
    """Whoever did their step already, or saw another one, is told where the invoice is instead of being denied."""
    verdict = INVOICE_POLICY.verdict
    if act not in OF_A_STEP or not verdict(actor, InvoiceAct.VIEW, invoice):
        return
    is_another = step is not None and (invoice.here is None or invoice.here.number != step)
    if is_another or (not verdict(actor, act, invoice) and has_its_turn_elsewhere(actor, act, invoice)):
        holder = invoice.holder
        said = _("%(who)s has the invoice now.") % {"who": holder.name} if holder else _("The invoice is paid.")
        raise Refused(Objection("wrong_state", said))


def _held(act: InvoiceAct, actor: Actor, invoice_id: int, step: int | None = None) -> Invoice:
    """The invoice and its contract, both locked, the contract first; at the very step that the person saw."""
    found = Invoice.objects.filter(pk=invoice_id).first()
    if found is None:
        raise Unknown()
    contract = locked(found.contract_id)
    related = ("document", "delivery", "chain", "at_step__place__user", "at_step__group", "payment_proof")
    invoice = Invoice.objects.select_for_update(of=("self",)).select_related(*related).get(pk=invoice_id)
    invoice.contract = contract
    refuse_if_elsewhere(actor, act, invoice, step)
    INVOICE_POLICY.require(actor, act, invoice)
    return invoice


def first_of_two(invoice: Invoice) -> Passage | None:
    """The approval of the first of two people, while the second is awaited."""
    last = invoice.last_passage
    return last if last is not None and last.kind == Kind.ENDORSED else None


def _by_another(invoice: Invoice, actor: Actor) -> bool:
    """Whether the first of two people approved already; the second must be another person."""
    first = first_of_two(invoice)
    if first is not None and not first.people.isdisjoint(actor.people):
        sentence = _("You approved it already: for this amount a second person must too.")
        raise Refused(Objection("second_person", sentence))
    return first is not None


@transaction.atomic
def approve_invoice(*, actor: Actor, invoice_id: int, at: datetime, note: str = "", step: int | None = None) -> Invoice:
    """Do the step at which the invoice is. The last one before payment makes the invoice public."""
    invoice = _held(InvoiceAct.APPROVE, actor, invoice_id, step)
    here = invoice.here
    assert here is not None
    gates.require(kind_of(here), invoice, actor=actor)
    refuse_if_any(rules.delivery_is_not_received(invoice))
    needs_second = chain.needs_two(here, invoice.amount) and not _by_another(invoice, actor)
    if here.is_payment and not needs_second:
        raise Refused(Objection("pay_it", _("Nothing is left to approve: mark the invoice as paid.")))
    if needs_second:
        _leave(Kind.ENDORSED, invoice, actor, at, to=here.number, reason=note)
        tell = [code for code in chaining.people_of(invoice) if code != actor.user_code]
        _announce_step(invoice, here, actor, at, tell, next=str(here.name))
        return invoice
    following = next(one for one in invoice.steps if one.number > here.number)
    _leave(Kind.APPROVED, invoice, actor, at, to=following.number, reason=note)
    INVOICE.fire(invoice, "approve" if following.is_payment else "pass", at=at)
    if following.is_payment:
        invoice.decided_by_id, invoice.decided_at = actor.user_id, at
    _move(invoice, following, at)
    if following.is_payment:
        _publish(invoice, actor, at)
    else:
        _announce_step(invoice, here, actor, at, chaining.people_of(invoice), next=str(following.name))
    return invoice


def _announce_step(invoice: Invoice, step: Any, actor: Actor, at: datetime, tell: list[str], **more: str) -> None:
    told = {"step": step.number, "name": str(step.name), "tell": tell, **more}
    announce(events.InvoiceStepApproved, invoice, actor, at, invoice.document.sha256, **told)


def _publish(invoice: Invoice, actor: Actor, at: datetime) -> None:
    """Every step before payment approved it: the invoice is public, and so is the way that it went."""
    documents.disclose(documents=[invoice.document], audience="public", at=at)
    before = Entry.objects.filter(file=invoice.file, act__in=HIDDEN, subject_id=invoice.pk, disclosed_at=None)
    outbox.disclose(before.values_list("pk", flat=True), at)
    tell = chaining.people_of(invoice)
    announce(events.InvoiceApproved, invoice, actor, at, invoice.document.sha256, tell=tell)


@transaction.atomic
def return_invoice(
    *, actor: Actor, invoice_id: int, reason: str, at: datetime, to: int = chain.SUPPLIER, step: int | None = None
) -> Invoice:
    """Do not approve, and say what to mend: to the supplier, who sends it again, or to any earlier step."""
    invoice = _held(InvoiceAct.RETURN, actor, invoice_id, step)
    here, was_public = invoice.here, invoice.state == "approved"
    assert here is not None
    target = next((one for one in invoice.steps if one.number == to and one.number < here.number), None)
    wrong = Objection("step_wrong", _("Choose the supplier or a step before this one."), "to")
    refuse_if_any(without_reason(reason), None if target or to == chain.SUPPLIER else wrong)
    refuse_if_any(_goes_back_wrongly(invoice, "sent" if target else "returned"))
    act = ("send_back" if was_public else "pass") if target else "return"
    _leave(Kind.SENT_BACK if target else Kind.RETURNED, invoice, actor, at, to=to, reason=reason)
    INVOICE.fire(invoice, act, at=at)
    if target is None:
        invoice.returned_reason, invoice.decided_by_id, invoice.decided_at = reason.strip(), actor.user_id, at
    _move(invoice, target, at)
    event = events.InvoiceSentBack if target else events.InvoiceReturned
    told = {"reason": reason.strip(), "step": here.number, "name": str(here.name), "to": to}
    tell = chaining.people_of(invoice) if target else []
    announce(event, invoice, actor, at, invoice.document.sha256, **told, tell=tell)
    if was_public:
        announce(events.InvoiceCorrected, invoice, actor, at, cause=act, **told)
    return invoice


@transaction.atomic
def mark_paid(
    *, actor: Actor, invoice_id: int, paid_on: date, at: datetime, proof: Upload | None = None, step: int | None = None,
    retentions: Sequence[RetentionData] = (),
) -> Invoice:  # fmt: skip
    """The last step says on which real day the money left, and what of it was withheld."""
    invoice = _held(InvoiceAct.PAY, actor, invoice_id, step)
    here = invoice.here
    assert here is not None
    gates.require("payment", invoice, actor=actor)
    if chain.needs_two(here, invoice.amount) and not _by_another(invoice, actor):
        sentence = _("For this amount two people pay: another one must approve the payment first.")
        raise Refused(Objection("second_missing", sentence))
    assert invoice.decided_at is not None
    refuse_if_any(
        rules.paid_day_is_wrong(paid_on, invoice.decided_at, at),
        retention_objections(
            retentions, ZERO if invoice.kind == "credit" else invoice.payable_amount, invoice.currency
        ),
    )
    if proof:
        told: dict[str, Any] = {"kind": "payment_proof", "file": invoice.file, "audience": "participants"}
        invoice.payment_proof = documents.take(actor=actor, value=proof, at=at, field="proof", **told)
        accounts = [invoice.contract.buyer_id, invoice.supplier_id]
        documents.grant(document=invoice.payment_proof, account_ids=accounts, at=at)
    _withhold(_leave(Kind.PAID, invoice, actor, at, paid_on=paid_on, document=invoice.payment_proof), retentions)
    invoice.withheld_amount = withheld_of(retentions)
    INVOICE.fire(invoice, "pay", at=at)
    invoice.paid_on, invoice.paid_by_id, invoice.paid_at = paid_on, actor.user_id, at
    _move(invoice, None, at)
    hashes = [invoice.payment_proof.sha256] if invoice.payment_proof else []
    told = {"paid_on": paid_on.isoformat(), "retentions": [row.told for row in retentions]}
    announce(events.InvoicePaid, invoice, actor, at, *hashes, **told)
    return invoice


def _withhold(paid: Passage, rows: Sequence[RetentionData]) -> None:
    Retention.objects.bulk_create(
        Retention(passage=paid, number=number, amount=row.amount, **vars(row))
        for number, row in enumerate(rows, start=1)
    )


@transaction.atomic
def undo_step(*, actor: Actor, invoice_id: int, at: datetime) -> Invoice:
    """Whoever just approved or paid takes it back, while nobody acted after and within the minutes of the chain."""
    invoice = _held(InvoiceAct.UNDO, actor, invoice_id)
    last = invoice.last_passage
    assert last is not None
    refuse_if_any(undo_objection(invoice, last, at))
    _take_back(Kind.UNDONE, invoice, last, actor, at)
    return invoice


def undo_objection(invoice: Invoice, last: Passage, at: datetime) -> Objection | None:
    """Why the last passage cannot be taken back by whoever did it."""
    if last.kind not in {Kind.APPROVED, Kind.ENDORSED, Kind.PAID}:
        return Objection("nothing_to_undo", _("Only an approval or a payment is taken back."))
    if chain.may_be_undone(last.at, invoice.undo_minutes, at):
        return None
    sentence = _("It could be taken back for %(minutes)s minutes. Now the authorising officer corrects it.")
    return Objection("too_late_to_undo", sentence % {"minutes": invoice.undo_minutes})


@transaction.atomic
def correct_invoice(*, actor: Actor, invoice_id: int, reason: str, at: datetime) -> Invoice:
    """Another person takes back an approval or a payment by mistake, in public; what was said before stays written."""
    invoice = _held(InvoiceAct.CORRECT, actor, invoice_id)
    refuse_if_any(without_reason(reason))
    wanted = Kind.PAID if invoice.state == "paid" else Kind.APPROVED
    mistaken = invoice.passages.filter(kind=wanted).last()
    _take_back(Kind.CORRECTED, invoice, mistaken, actor, at, reason=reason.strip())
    return invoice


def _take_back(
    kind: Passage.Kind, invoice: Invoice, last: Passage | None, actor: Actor, at: datetime, *, reason: str = ""
) -> None:
    """Bring the invoice back to the step of a passage, and leave one that says so."""
    before, act = invoice.state, "undo" if kind == Kind.UNDONE else "correct"
    number = last.step if last else (len(invoice.steps) if before == "paid" else 1)
    step = next(one for one in invoice.steps if one.number == number)
    stays = last is not None and last.kind == Kind.ENDORSED
    after = before if stays or before == "sent" else {"approved": "sent", "paid": "approved"}[before]
    refuse_if_any(rules.accounts_are_fixed(invoice.contract, at), _goes_back_wrongly(invoice, after))
    _leave(kind, invoice, actor, at, to=number, reason=reason, paid_on=invoice.paid_on, document=invoice.payment_proof)
    if before != "sent" and not stays:
        INVOICE.fire(invoice, act, at=at)
    invoice.paid_on = invoice.paid_by = invoice.paid_at = invoice.payment_proof = None
    invoice.withheld_amount = ZERO
    if invoice.state == "sent":
        invoice.decided_by = invoice.decided_at = None
    _move(invoice, step, last.arrived_at if last and kind == Kind.UNDONE else at)
    told = {"step": number, "name": str(step.name), "to": number, "reason": reason}
    if kind == Kind.UNDONE:
        announce(events.InvoiceUndone, invoice, actor, at, **told, tell=chaining.people_of(invoice))
    if before != "sent" and not stays:
        announce(events.InvoiceCorrected, invoice, actor, at, cause=act, **told)


def _goes_back_wrongly(invoice: Invoice, state: str) -> list[Objection]:
    """What would not add up, or would be left without what it corrects."""
    found = list(unsound(balance_of(invoice.contract, moved=(invoice, state))))
    is_held = state not in {"approved", "paid"} and invoice.notes.filter(state__in=STANDING).exists()
    if is_held and not any(one.code == CREDITED.code for one in found):
        found.append(CREDITED)
    return found


def kind_of(step: Any) -> str:
    """The kind of act that a step is, for delegations and segregation of functions."""
    return "payment" if step.is_payment else "invoices"


def _leave(
    kind: Passage.Kind, invoice: Invoice, actor: Actor, at: datetime, *, to: int | None = None, reason: str = "",
    **more: Any,
) -> Passage:  # fmt: skip
    """Write down what was done at the step where the invoice is, or was when it had ended."""
    here = invoice.here or invoice.steps[-1]
    return Passage.objects.create(
        invoice=invoice, kind=kind, step=here.number, name=str(here.name)[:100], to_step=to, user_id=actor.user_id or 0,
        on_behalf_of_id=actor.mandate.grantor_id if actor.mandate else None, reason=reason.strip(), at=at,
        arrived_at=invoice.since, due_at=chain.due_at(invoice.since, here.term_days), **more,
    )  # fmt: skip


def _move(invoice: Invoice, step: Any, since: datetime) -> None:
    """Put the invoice at that step, from that moment on, with all that was decided of it."""
    invoice.at_step = step if step is not None and invoice.chain is not None else None
    invoice.waiting_since = since
    invoice.save(update_fields=MUTABLE)
