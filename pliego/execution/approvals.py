"""What the approval of an invoice is about, and who came before whoever pays it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.urls import reverse

from pliego.authority.cases import Case, Source, register
from pliego.contracts import changes, effects
from pliego.execution import modified
from pliego.execution.balances import balance_of, below_what_was_invoiced
from pliego.execution.models import Invoice
from pliego.execution.states import INVOICE
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection
from pliego.teams.queries import flow_owners
from pliego.web.acts import get_visible


def _find(actor: Actor, code: str) -> Invoice:
    rows = Invoice.objects.visible_to(actor).filter(contract__buyer_id=actor.account_id or 0)
    return get_visible(rows.select_related("contract__buyer__organization", "contract__tender", "document"), code=code)


def _describe(invoice: Invoice, option: str) -> Case:
    contract = invoice.contract
    content = {
        "contract": contract.code,
        "invoice": invoice.code,
        "number": invoice.number,
        "amount": str(invoice.amount),
        "document": invoice.document.sha256,
        **({"amortised": str(invoice.amortised_amount)} if invoice.amortised_amount else {}),
    }
    approvers = {
        person for passage in invoice.passages.all() if passage.kind == "approved" for person in passage.people
    }
    before: dict[str, set[Any]] = {
        "signer": {contract.authorising_officer_id},
        "invoice_approver": approvers or {invoice.decided_by_id},
    }
    return Case(
        account_id=contract.buyer_id,
        account_code=contract.buyer.code,
        subject=invoice.code,
        title=f"{invoice.number} · {contract.code} {contract.title}",
        file=invoice.file,
        content=content,
        amount=invoice.amount,
        people={capacity: frozenset(people - {None}) for capacity, people in before.items()},
        url=reverse("execution:contract", args=[contract.code]),
    )


def _source(act: str) -> Source:
    return Source(
        machine=INVOICE,
        act=act,
        find=_find,
        account_id=lambda invoice: invoice.contract.buyer_id,
        subject=lambda invoice: invoice.code,
        describe=_describe,
        owners=lambda invoice: flow_owners(invoice.contract.tender),
    )


def _what_was_invoiced(contract: Any, value: Decimal) -> Iterator[Objection]:
    return below_what_was_invoiced(balance_of(contract), value)


effects.AFTER["assignment"].append(modified.stay_whose_they_were)
effects.AFTER["resumption"].append(modified.wait_as_long)
changes.VALUE_CHECKS.append(_what_was_invoiced)
register("invoices", _source("approve"))
register("payment", _source("pay"))
