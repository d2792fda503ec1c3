"""Two people press the same button at once: in real threads, on real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from pliego.contracts.tests import given
from pliego.execution import services
from pliego.execution.balances import balance_of
from pliego.execution.models import Invoice
from pliego.execution.tests import given as execution
from pliego.kernel import clock
from pliego.kernel.objections import Refused
from pliego.ledger.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(at):
    return given.house(at)


def at_once(*calls):
    """Run the calls together; what each answered or raised."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(10)
            return call()
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


class TestRaces:
    def test_two_approvals_end_in_one(self, house, at):
        clock.hold(at)
        invoice = execution.sent_invoice(given.running(at, house), house, at)

        found = at_once(
            *[lambda: services.approve_invoice(actor=house.gloria, invoice_id=invoice.pk, at=at) for _n in range(2)]
        )

        assert sorted(type(one).__name__ for one in found) == ["Invoice", "Refused"]
        assert Entry.objects.filter(act="invoice.approved").count() == 1

    def test_two_officials_of_one_step_end_in_one_approval(self, house, at):
        """The step is a group's: both its people press at once, one of them did it, the other is told so."""
        execution.chained(house, at, people=("lina", "marta"))
        invoice = execution.sent_invoice(given.running(at, house), house, at)
        services.approve_invoice(actor=house.gloria, invoice_id=invoice.pk, at=at)
        lawyers = [execution.lawyer(house, name) for name in ("lina", "marta")]

        found = at_once(
            *[
                lambda who=who: services.approve_invoice(actor=who, invoice_id=invoice.pk, step=2, at=at)
                for who in lawyers
            ]
        )

        refused = next(one for one in found if isinstance(one, Refused))
        assert sorted(type(one).__name__ for one in found) == ["Invoice", "Refused"]
        assert [one.code for one in refused.objections] == ["wrong_state"]
        assert invoice.passages.filter(name="Aval jurídico").count() == 1
        assert Invoice.objects.get(pk=invoice.pk).at_step.name == "Financiera"
        assert Entry.objects.filter(act="invoice.step_approved").count() == 2  # the supervisor's and this one

    def test_an_approval_and_a_return_end_in_one_of_them(self, house, at):
        invoice = execution.sent_invoice(given.running(at, house), house, at)

        at_once(
            lambda: services.approve_invoice(actor=house.gloria, invoice_id=invoice.pk, at=at),
            lambda: services.return_invoice(actor=house.gloria, invoice_id=invoice.pk, reason="No", at=at),
        )

        assert Entry.objects.filter(act__in=["invoice.approved", "invoice.returned"]).count() == 1

    def test_two_invoices_never_exceed_the_contract(self, house, at):
        contract = given.running(at, house)
        half = contract.value_amount / 2 + 1

        at_once(
            *[lambda n=n: execution.sent_invoice(contract, house, at, amount=half, number=f"F-{n}") for n in range(2)]
        )

        assert Invoice.objects.count() == 1
        assert balance_of(contract).to_invoice >= 0
