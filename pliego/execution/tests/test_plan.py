from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pliego.contracts.tests import given as contracts
from pliego.execution import rules, services
from pliego.execution.rules import Part
from pliego.execution.tests import given as execution
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry

values = st.decimals("0.01", "999999999999999999.99", places=2)


class TestPlanAddsUp:
    @given(value=values, count=st.integers(1, 120))
    def test_in_equal_parts_always(self, value, count):
        amounts = rules.equal_parts(value, count)

        assert sum(amounts) == value
        assert max(amounts) - min(amounts) <= Decimal("0.01")

    @given(amounts=st.lists(st.decimals("0.01", "1000000000", places=2), min_size=1, max_size=30))
    def test_when_the_parts_are_the_value_and_only_then(self, amounts):
        parts = [Part("Pago", None, amount) for amount in amounts]
        value = sum(amounts)

        assert list(rules.plan_objections(parts, value)) == []
        for wrong in (value + Decimal("0.01"), value - Decimal("0.01")):
            assert [o.code for o in rules.plan_objections(parts, wrong)] == ["plan_does_not_add_up"]

    def test_says_all_that_is_wrong_at_once(self):
        parts = [Part(" ", date(2026, 5, 1), Decimal(0)), Part("Dos", date(2026, 4, 1), Decimal(5))]

        found = {(o.code, o.field) for o in rules.plan_objections(parts, Decimal(10))}

        assert found == {
            ("title_missing", "parts-0-title"),
            ("amount_missing", "parts-0-amount"),
            ("plan_does_not_add_up", ""),
            ("plan_out_of_order", ""),
        }


@pytest.mark.django_db
class TestSetPaymentPlan:
    def test_keeps_the_payments_and_announces_them(self, house, contract, at):
        execution.planned(contract, house, at, count=3)

        assert sum(row.amount for row in contract.installments.all()) == contract.value_amount
        entry = Entry.objects.get(act="payment_plan.set")
        assert [row["number"] for row in entry.content["data"]["installments"]] == [1, 2, 3]

    def test_replaces_the_plan_before(self, house, contract, at):
        execution.planned(contract, house, at, count=3)

        execution.planned(contract, house, at, count=1)

        assert contract.installments.count() == 1

    def test_is_refused_when_it_does_not_add_up_to_the_cent(self, house, contract, at):
        short = [Part("Único", None, contract.value_amount - Decimal("0.01"))]

        with pytest.raises(Refused, match="plan_does_not_add_up"):
            services.set_payment_plan(actor=house.gloria, contract_id=contract.pk, parts=short, at=at)

    def test_is_refused_once_there_are_invoices(self, house, contract, at):
        execution.sent_invoice(contract, house, at)

        with pytest.raises(Refused, match="plan_in_use"):
            execution.planned(contract, house, at)

    def test_is_denied_to_the_contractor(self, house, contract, at):
        parts = [Part("Único", None, contract.value_amount)]

        with pytest.raises(Denied):
            services.set_payment_plan(actor=house.carla, contract_id=contract.pk, parts=parts, at=at)


class TestModifiedContract:
    """What a modification leaves is what is paid."""

    def test_a_plan_in_use_is_set_again_and_what_was_invoiced_stays(self, house, contract, at):
        value = contract.value_amount
        first, second = Part("Primero", None, Decimal("10000000")), Part("Segundo", None, value - Decimal("10000000"))
        plan = {"actor": house.gloria, "contract_id": contract.pk, "at": at}
        services.set_payment_plan(parts=[first, second], **plan)
        execution.sent_invoice(contract, house, at, amount=Decimal("10000000"), installment_number=1)
        contracts.published_modification(house, contract, at)
        more = Part("Tercero", None, Decimal("1000000"))
        with pytest.raises(Refused, match="payment_in_use"):
            services.set_payment_plan(parts=[Part("Otro", None, first.amount), second, more], **plan)
        services.set_payment_plan(parts=[first, second, more], **plan)

        assert [str(row) for row in contract.installments.all()] == ["1. Primero", "2. Segundo", "3. Tercero"]
        assert contract.invoices.get().installment.number == 1
        with pytest.raises(Refused, match="plan_in_use"):
            services.set_payment_plan(parts=[first, Part("X", None, value - first.amount + more.amount)], **plan)

    def test_invoices_reach_the_new_value(self, house, contract, at):
        execution.sent_invoice(contract, house, at, amount=contract.value_amount)
        with pytest.raises(Refused, match="exceeds_balance"):
            execution.sent_invoice(contract, house, at, amount=Decimal("1000000"), number="F-2")
        contracts.published_modification(house, contract, at)

        assert execution.sent_invoice(contract, house, at, amount=Decimal("1000000"), number="F-2").state == "sent"

    def test_a_contract_is_not_reduced_below_its_invoices(self, house, contract, at):
        execution.sent_invoice(contract, house, at, amount=contract.value_amount - Decimal("500000"))

        with pytest.raises(Refused, match="below_what_was_invoiced"):
            contracts.sent_modification(house, contract, at, "reduction")
