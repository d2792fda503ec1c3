"""What a modification of the contract does to what is delivered and paid."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pliego.accounts.tests import given as people
from pliego.contracts import guarantees
from pliego.contracts.models import Contract
from pliego.contracts.tests import given as contracts
from pliego.execution import rules, services, tracking
from pliego.execution.balances import balance_of
from pliego.execution.deliveries import DeliveryData
from pliego.execution.delivering import deliveries_for, progress_of
from pliego.execution.models import Invoice
from pliego.execution.policy import INVOICE_POLICY, POLICY, Act, InvoiceAct
from pliego.execution.tests import given
from pliego.kernel.actors import ANYONE
from pliego.kernel.objections import Denied, Refused
from pliego.suppliers import services as suppliers
from pliego.tendering.tests import given as tendering

DAY, HALF = timedelta(days=1), Decimal("19925000.25")


def test_terms_do_not_run_while_it_is_suspended_and_only_invoices_are_added(
    house: Any, contract: Contract, at: datetime
) -> None:
    today = at.date()
    rows = [DeliveryData(f"Entrega {n}", today + n * 10 * DAY, Decimal(n * 50)) for n in (1, 2)]
    services.set_execution_plan(actor=house.gloria, contract_id=contract.pk, mode="percent", rows=rows, at=at)
    parts = [rules.Part("Primero", today + 5 * DAY, HALF), rules.Part("Segundo", today + 30 * DAY, HALF)]
    services.set_payment_plan(actor=house.gloria, contract_id=contract.pk, parts=parts, at=at)
    contracts.published_modification(house, contract, at + 8 * DAY, "suspension")
    stopped = Contract.objects.get(pk=contract.pk)
    acts = (Act.PLAN, Act.PLAN_DELIVERIES, Act.RECEIVE, Act.LOAD_PAPER)
    denied = [bool(POLICY.verdict(house.gloria, act, stopped)) for act in acts]
    with pytest.raises(Denied):
        services.set_payment_plan(actor=house.gloria, contract_id=contract.pk, parts=parts, at=at + 9 * DAY)
    sent = given.sent_invoice(stopped, house, at + 9 * DAY)
    progress = progress_of(stopped, today + 25 * DAY)
    contracts.published_modification(house, contract, at + 20 * DAY, "resumption")

    assert denied == [False] * 4
    assert sent.state == "sent"
    assert progress is not None
    assert progress.planned == 0
    assert list(contract.deliveries.values_list("due_on", flat=True)) == [today + 22 * DAY, today + 32 * DAY]
    assert list(contract.installments.values_list("due_on", flat=True)) == [today + 5 * DAY, today + 42 * DAY]


def test_what_was_of_who_assigned_it_stays_theirs_and_the_new_contractor_gives_guarantees_first(
    house: Any, at: datetime, client_for: Any
) -> None:
    bank = {"bank": "Banco de Ejemplo", "kind": "savings", "number": "123456789", "holder": "Carla"}
    carla = contracts.signed(house.carla, at)
    suppliers.save_bank_account(actor=carla, account_id=carla.account_id or 0, at=at, **bank)
    contract = contracts.running(at, house, covers=("performance",))
    dario = tendering.supplier(at, "dario")
    kept = given.sent_invoice(contract, house, at)
    given.followed(contract, house, at)
    loaded: dict[str, Any] = {"slot": "report", "document": tendering.pdf("informe.pdf"), "at": at}
    services.load_paper(actor=house.carla, contract_id=contract.pk, number=1, **loaded)
    contracts.published_modification(house, contract, at + DAY, "assignment")
    after, when = Contract.objects.get(pk=contract.pk), at + 2 * DAY
    told: dict[str, Any] = {"contract_id": after.pk, "document": tendering.pdf("factura.pdf"), "at": when}
    data = given.invoice_data(when, Decimal("500000"))
    with pytest.raises(Refused) as refused:
        services.send_invoice(actor=dario, data=data, **told)
    with pytest.raises(Denied):
        services.send_invoice(actor=house.carla, data=data, **told)
    policy = contracts.guarantee_data(after, at, policy_number="POL-2")
    given_now: dict[str, Any] = {"contract_id": after.pk, "data": policy, "document": tendering.pdf("p.pdf")}
    covered = guarantees.submit_guarantee(actor=dario, at=when, **given_now)
    guarantees.approve_guarantee(actor=house.beto, guarantee_id=covered.pk, at=when)
    new = services.send_invoice(actor=dario, data=data, **{**told, "document": tendering.pdf("factura.pdf")})

    assert {objection.code for objection in refused.value.objections} == {"guarantee_missing"}
    assert (kept.number, new.number) == ("F-1", "F-1")
    for actor, seen, other in ((house.carla, kept, new), (dario, new, kept)):
        assert list(Invoice.objects.visible_to(actor)) == [seen]
        rows = {row.pk: row for row in Invoice.objects.all()}
        assert INVOICE_POLICY.verdict(actor, InvoiceAct.VIEW, rows[seen.pk])
        assert not INVOICE_POLICY.verdict(actor, InvoiceAct.VIEW, rows[other.pk])
    page = f"/escritorio/contratos/{after.code}/facturas/{kept.code}/"
    pays = client_for(people.person("beto"), after.buyer).get(page).content.decode()
    assert "123456789" in pays
    assert "123456789" not in client_for(people.person("ana"), after.buyer).get(page).content.decode()
    assert client_for(people.person("dario"), after.supplier).get(page).status_code == 404
    papers = [
        [len(row.papers.all()) for row in deliveries_for(one, after)] for one in (house.carla, dario, house.elena)
    ]
    assert papers == [[1, 0], [1, 0], [1, 0]]
    assert list(deliveries_for(ANYONE, after)) == []
    assert balance_of(after).waiting == kept.amount + new.amount
    back = services.return_invoice(actor=house.gloria, invoice_id=kept.pk, reason="Falta el soporte", at=when)
    assert back.supplier.pk == house.carla.account_id
    assert tracking.tracker(back, when)[-1].owner == back.supplier.name
