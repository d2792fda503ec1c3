"""What the approval of a contract is about: its text and its lines, before it goes to the supplier."""

from django.urls import reverse

from pliego.authority.cases import Case, Source, register
from pliego.contracts.models import Contract
from pliego.contracts.states import CONTRACT
from pliego.kernel.actors import Actor
from pliego.teams.queries import flow_owners
from pliego.web.acts import get_visible

WORDS = (
    "code", "version", "number", "title", "object", "contract_type", "value_currency", "duration", "duration_unit",
    "delivery_place", "payment_terms", "clauses", "covers", "has_settlement", "budget_certificate",
)  # fmt: skip


def _find(actor: Actor, code: str) -> Contract:
    rows = Contract.objects.visible_to(actor).filter(buyer_id=actor.account_id or 0)
    return get_visible(rows.select_related("buyer__organization", "supplier__organization", "tender"), code=code)


def _describe(contract: Contract, option: str) -> Case:
    lines = contract.lines.order_by("number")
    content = {
        **{name: getattr(contract, name) for name in WORDS},
        "supplier": contract.supplier.code,
        "value": str(contract.value_amount),
        "lines": [[line.number, line.description, str(line.quantity), str(line.unit_price_amount)] for line in lines],
    }
    return Case(
        account_id=contract.buyer_id,
        account_code=contract.buyer.code,
        subject=contract.code,
        title=f"{contract.code} {contract.title}",
        file=contract.file,
        content=content,
        amount=contract.value_amount,
        people={"author": frozenset(contract.authors)},
        url=reverse("execution:contract", args=[contract.code]),
    )


register(
    "contract",
    Source(
        machine=CONTRACT,
        act="send",
        find=_find,
        account_id=lambda contract: contract.buyer_id,
        subject=lambda contract: contract.code,
        describe=_describe,
        owners=lambda contract: flow_owners(contract.tender),
    ),
)
