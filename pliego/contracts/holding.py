"""The contract that an act holds, for who may do it; and who wrote in it."""

from pliego.contracts.models import Contract
from pliego.contracts.policy import POLICY, Act
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Unknown


def locked(contract_id: int) -> Contract:
    """The contract, held by this transaction until it ends."""
    rows = Contract.objects.select_for_update(of=("self",)).select_related(
        "tender", "award", "buyer__organization", "supplier__organization"
    )
    if (contract := rows.filter(pk=contract_id).first()) is None:
        raise Unknown()
    return contract


def opened_for(act: Act, *, actor: Actor, contract_id: int) -> Contract:
    contract = locked(contract_id)
    POLICY.require(actor, act, contract)
    return contract


def note_author(contract: Contract, actor: Actor) -> None:
    """Whoever writes in a contract is one of its authors, and authors never sign it."""
    if actor.user_id is not None and actor.user_id not in contract.authors:
        contract.authors = [*contract.authors, actor.user_id]
