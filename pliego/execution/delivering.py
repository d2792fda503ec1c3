"""The acts of execution: the plan of what is delivered, each reception, and the documents that both sides load."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, Prefetch, QuerySet
from django.utils.translation import gettext as _

from pliego.conditions.payments import ADVANCE_LAW, MOST_ADVANCE
from pliego.contracts.models import Contract
from pliego.documents import services as documents
from pliego.execution import deliveries, events, modified
from pliego.execution.balances import balance_of
from pliego.execution.deliveries import DeliveryData, Mode, Progress, Slot
from pliego.execution.models import Delivery, ExecutionPlan, Paper
from pliego.execution.paying import opened_for
from pliego.execution.policy import Act
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.ledger import outbox
from pliego.web.fields import Upload


@transaction.atomic
def set_execution_plan(
    *, actor: Actor, contract_id: int, mode: str, rows: Sequence[DeliveryData], at: datetime,
    advance: Decimal = Decimal(0),
) -> ExecutionPlan:  # fmt: skip
    """Say in which deliveries the contract is performed, how they are measured, and how much is paid in advance."""
    contract = opened_for(Act.PLAN_DELIVERIES, actor=actor, contract_id=contract_id)
    refuse_if_any(
        _plan_is_in_use(contract),
        deliveries.plan_objections(mode, rows, bought_by(contract)),
        _advance_is_wrong(contract, advance),
    )
    contract.deliveries.all().delete()
    told = {"mode": mode, "advance_amount": advance, "currency": contract.value_currency, "set_by_id": actor.user_id}
    plan, _made = ExecutionPlan.objects.update_or_create(contract=contract, defaults={**told, "set_at": at})
    made = [
        Delivery(
            contract=contract, number=n, title=" ".join(row.title.split())[:200], due_on=row.due_on,
            percent=row.percent if mode == Mode.PERCENT else None, articles=_kept(row.articles),
        )
        for n, row in enumerate(rows, start=1)
    ]  # fmt: skip
    Delivery.objects.bulk_create(made)
    said = [
        {
            "number": row.number, "title": row.title, "due_on": row.due_on.isoformat() if row.due_on else "",
            "percent": str(row.percent or ""), "articles": row.articles,
        }
        for row in made
    ]  # fmt: skip
    data = {"contract": contract.code, "mode": mode, "advance": str(advance), "deliveries": said}
    event = events.ExecutionPlanSet(file=contract.file, subject_id=contract.pk, data=data)
    plan.receipt = outbox.publish(event, actor=actor, at=at)
    return plan


def _plan_is_in_use(contract: Contract) -> Objection | None:
    used = contract.deliveries.exclude(received_on=None, invoices=None, papers=None)
    if not used.exists():
        return None
    sentence = _("The plan cannot change: something was received, invoiced or loaded for one of its deliveries.")
    return Objection("deliveries_in_use", sentence)


def _advance_is_wrong(contract: Contract, advance: Decimal) -> list[Objection]:
    """At most half of the value is paid in advance; and never less than what was asked for already."""
    found = []
    if not 0 <= advance <= contract.value_amount * MOST_ADVANCE / 100:
        sentence = _("The advance is at most half of the value of the contract.")
        found.append(Objection("advance_too_large", sentence, "advance", ADVANCE_LAW))
    if advance < balance_of(contract).advance_asked:
        found.append(Objection("advance_in_use", _("An invoice already asks for more of the advance."), "advance"))
    return found


def bought_by(contract: Contract) -> dict[int, Decimal]:
    return {line.number: line.quantity for line in contract.lines.all()}


def prices_of(contract: Contract) -> dict[int, Decimal]:
    return {line.number: line.unit_price_amount for line in contract.lines.all() if line.unit_price_amount is not None}


def _kept(articles: Mapping[int, Decimal]) -> dict[str, str]:
    return {str(line): str(quantity) for line, quantity in articles.items()}


@transaction.atomic
def receive_delivery(
    *, actor: Actor, contract_id: int, received: DeliveryData, at: datetime, number: int | None = None,
    remarks: str = "",
) -> Delivery:  # fmt: skip
    """The supervisor receives a delivery of the plan, or without a number one that nobody had planned."""
    contract = opened_for(Act.RECEIVE, actor=actor, contract_id=contract_id)
    plan: ExecutionPlan | None = getattr(contract, "execution_plan", None)
    if plan is None:
        raise Refused(Objection("no_execution_plan", _("Set the execution plan first.")))
    refuse_if_any(modified.new_party_is_not_covered(contract))
    delivery = _to_receive(contract, number, received.title)
    done = [row for row in contract.deliveries.all() if row.is_received]
    refuse_if_any(
        deliveries.reception_objections(
            plan.mode, received, before=real_percent(done), bought=bought_by(contract),
            had=deliveries.added(row.had_articles for row in done), today=calendar.day_of(at),
        )
    )  # fmt: skip
    delivery.received_on, delivery.remarks = received.due_on, remarks.strip()
    if plan.mode == Mode.PERCENT:
        delivery.received_percent = received.percent
    else:
        delivery.received_articles = _kept(received.articles)
    delivery.received_by_id, delivery.received_at = actor.user_id, at
    delivery.save()
    data = {
        "contract": contract.code, "delivery": delivery.number, "title": delivery.title,
        "is_planned": delivery.is_planned, "received_on": str(delivery.received_on),
        "percent": str(delivery.received_percent or ""), "articles": delivery.received_articles,
        "remarks": delivery.remarks,
    }  # fmt: skip
    event = events.DeliveryReceived(file=contract.file, subject_id=contract.pk, data=data)
    delivery.receipt = outbox.publish(event, actor=actor, at=at)
    return delivery


def _to_receive(contract: Contract, number: int | None, title: str) -> Delivery:
    if number is None:
        if not title.strip():
            raise Refused(Objection("title_missing", _("Write the name of the delivery."), "title"))
        last = contract.deliveries.aggregate(last=Max("number"))["last"] or 0
        named = " ".join(title.split())[:200]
        return Delivery(contract=contract, number=last + 1, title=named, is_planned=False)
    delivery = _delivery(contract, number)
    if delivery.is_received:
        raise Refused(Objection("already_received", _("This delivery was received already.")))
    return delivery


def _delivery(contract: Contract, number: int) -> Delivery:
    found = contract.deliveries.filter(number=number).first()
    if found is None:
        raise Refused(Objection("no_delivery", _("The contract has no delivery with that number."), "delivery_number"))
    return found


@transaction.atomic
def load_paper(
    *, actor: Actor, contract_id: int, number: int, slot: str, document: Upload, at: datetime,
    period_from: date | None = None, period_to: date | None = None,
) -> Paper:  # fmt: skip
    """Load a document of a delivery. The other side sees it at once, and nobody deletes it."""
    contract = opened_for(Act.LOAD_PAPER, actor=actor, contract_id=contract_id)
    delivery = _delivery(contract, number)
    wrong = (period_from is None) != (period_to is None) or bool(period_to and period_from and period_to < period_from)
    period = Objection("period_wrong", _("Write both days of the period, in their order."), "period_to")
    unknown = Objection("slot_unknown", _("Choose which document it is."), "slot")
    refuse_if_any(period if wrong else None, None if slot in Slot.values else unknown)
    told: dict[str, Any] = {"kind": "invoice_support", "file": contract.file, "audience": "participants"}
    stored = documents.take(actor=actor, value=document, at=at, field="document", **told)
    documents.grant(document=stored, account_ids=[contract.buyer_id, contract.supplier_id], at=at)
    paper = Paper.objects.create(
        delivery=delivery, slot=slot, period_from=period_from, period_to=period_to, document=stored,
        account_id=actor.account_id or 0, loaded_by_id=actor.user_id or 0, loaded_at=at,
    )  # fmt: skip
    data = {
        "contract": contract.code, "delivery": delivery.number, "slot": slot,
        "period_from": str(period_from or ""), "period_to": str(period_to or ""),
    }  # fmt: skip
    event = events.PaperLoaded(file=contract.file, subject_id=contract.pk, data=data, documents=(stored.sha256,))
    paper.receipt = outbox.publish(event, actor=actor, at=at)
    return paper


def deliveries_for(actor: Actor, contract: Contract) -> QuerySet[Delivery]:
    """With their documents, for both parties; for who assigned the contract, with those that it loaded."""
    papers = Paper.objects.select_related("document", "account__organization")
    if actor.account_id in {contract.buyer_id, contract.supplier_id}:
        return contract.deliveries.prefetch_related(Prefetch("papers", papers))
    own = papers.filter(account_id=actor.account_id or 0)
    rows = contract.deliveries.prefetch_related(Prefetch("papers", own))
    return rows if contract.was_of(actor.account_id) else rows.none()


def real_percent(done: Sequence[Delivery]) -> Decimal:
    """What was done from the start, by the receptions with a percentage."""
    return max((row.received_percent for row in done if row.received_percent is not None), default=Decimal(0))


def progress_of(contract: Contract, today: date) -> Progress | None:
    """Planned against real; none where the contract has no execution plan."""
    plan: ExecutionPlan | None = getattr(contract, "execution_plan", None)
    if plan is None:
        return None
    rows, today = list(contract.deliveries.all()), contract.terms_on(today)
    due = [row for row in rows if row.is_planned and row.due_on is not None and row.due_on <= today]
    done = [row for row in rows if row.is_received]
    if plan.mode == Mode.PERCENT:
        planned = max((row.percent for row in due if row.percent is not None), default=Decimal(0))
        real = real_percent(done)
    else:
        bought, prices = bought_by(contract), prices_of(contract)
        planned = deliveries.percent_of(deliveries.added(row.planned_articles for row in due), bought, prices)
        real = deliveries.percent_of(deliveries.added(row.had_articles for row in done), bought, prices)
    value = contract.value_amount
    return Progress(planned, real, deliveries.delivered_value(value, real), value)
