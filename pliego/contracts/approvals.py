"""What the approvals of a contract and of its modifications are about, before they go to the supplier."""

from django.urls import reverse

from pliego.authority.cases import Case, Source, register
from pliego.contracts.changes import written
from pliego.contracts.models import Contract, Modification
from pliego.contracts.states import CONTRACT, MODIFICATION
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


def _find_modification(actor: Actor, code: str) -> Modification:
    rows = Modification.objects.visible_to(actor).filter(contract__buyer_id=actor.account_id or 0)
    return get_visible(rows.select_related("contract__buyer__organization", "contract__tender", "document"), code=code)


def _describe_modification(modification: Modification, option: str) -> Case:
    contract = modification.contract
    content = {
        "contract": contract.code,
        "modification": modification.code,
        "kind": modification.kind,
        "changes": modification.changes,
        "reason": modification.reason,
        "needs_supplier": modification.needs_supplier,
        "budget_commitment": modification.budget_commitment,
        "effective_on": written(modification.effective_on),
        "cause": modification.cause,
        "to": modification.party.code if modification.party else "",
        "document": modification.document.sha256 if modification.document else "",
    }
    return Case(
        account_id=contract.buyer_id,
        account_code=contract.buyer.code,
        subject=modification.code,
        title=f"{modification.code} · {contract.code} {contract.title}",
        file=contract.file,
        content=content,
        amount=modification.amount,
        people={"author": frozenset(modification.authors)},
        url=reverse("contracts:modification", args=[contract.code, modification.number]),
    )


register(
    "modification",
    Source(
        machine=MODIFICATION,
        act="send",
        find=_find_modification,
        account_id=lambda modification: modification.contract.buyer_id,
        subject=lambda modification: modification.code,
        describe=_describe_modification,
        early=frozenset({"unilateral"}),
        owners=lambda modification: flow_owners(modification.contract.tender),
    ),
)
