from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from pliego.contracts.tests import given
from pliego.execution import services
from pliego.execution.balances import balance_of
from pliego.execution.models import Invoice
from pliego.execution.tests import given as execution
from pliego.kernel.actors import ANYONE, SYSTEM
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry

pytestmark = pytest.mark.django_db


def codes(refused):
    return {objection.code for objection in refused.value.objections}


class TestSendInvoice:
    def test_waits_for_the_supervisor_and_only_the_parties_see_it(self, house, contract, at):
        invoice = execution.sent_invoice(contract, house, at)

        assert (invoice.state, invoice.document.audience) == ("sent", "participants")
        assert invoice.code.startswith("PLG.FAC.")
        assert list(Invoice.objects.visible_to(house.hugo)) == [invoice]
        assert not Invoice.objects.visible_to(ANYONE).exists()

    def test_is_announced_without_telling_the_public(self, house, contract, at):
        invoice = execution.sent_invoice(contract, house, at)

        entry = Entry.objects.get(act="invoice.sent")
        assert (entry.is_public, entry.documents) == (False, [invoice.document.sha256])

    def test_says_all_that_is_wrong_at_once(self, house, contract, at):
        with pytest.raises(Refused) as refused:
            execution.sent_invoice(contract, house, at, amount=None, number=" ", issued_on=None)

        assert codes(refused) == {"number_missing", "day_missing", "amount_missing"}

    def test_is_refused_beyond_what_is_left_of_the_contract(self, house, contract, at):
        execution.sent_invoice(contract, house, at, amount=contract.value_amount)

        with pytest.raises(Refused) as refused:
            execution.sent_invoice(contract, house, at, amount=Decimal("0.01"), number="F-2")

        assert codes(refused) == {"exceeds_balance"}

    def test_is_refused_with_a_number_that_already_stands(self, house, contract, at):
        execution.sent_invoice(contract, house, at)

        with pytest.raises(Refused, match="number_repeated"):
            execution.sent_invoice(contract, house, at)

    def test_is_refused_on_a_day_to_come(self, house, contract, at):
        with pytest.raises(Refused, match="issued_in_the_future"):
            execution.sent_invoice(contract, house, at, issued_on=calendar.day_of(at) + timedelta(days=1))

    def test_belongs_to_a_payment_of_the_plan(self, house, contract, at):
        execution.planned(contract, house, at)

        assert execution.sent_invoice(contract, house, at, installment_number=2).installment.number == 2
        with pytest.raises(Refused, match="no_installment"):
            execution.sent_invoice(contract, house, at, number="F-2", installment_number=9)

    def test_is_denied_to_the_entity(self, house, contract, at):
        with pytest.raises(Denied):
            services.send_invoice(
                actor=house.gloria,
                contract_id=contract.pk,
                data=execution.invoice_data(at, Decimal(1)),
                document=given.tendering.pdf("f.pdf"),
                at=at,
            )

    def test_does_not_let_a_stranger_in(self, house, contract, at):
        dario = given.tendering.supplier(at, "dario")

        with pytest.raises(Denied):
            services.send_invoice(
                actor=dario,
                contract_id=contract.pk,
                data=execution.invoice_data(at, Decimal(1)),
                document=given.tendering.pdf("f.pdf"),
                at=at,
            )


class TestReturnInvoice:
    def test_says_what_to_mend_and_frees_the_number(self, house, contract, at):
        invoice = execution.sent_invoice(contract, house, at)

        services.return_invoice(actor=house.gloria, invoice_id=invoice.pk, reason="Falta la planilla", at=at)
        again = execution.sent_invoice(contract, house, at)

        invoice.refresh_from_db()
        assert (invoice.state, invoice.returned_reason, again.state) == ("returned", "Falta la planilla", "sent")
        assert Entry.objects.get(act="invoice.returned").content["data"]["reason"] == "Falta la planilla"

    def test_is_refused_without_a_reason(self, house, contract, at):
        invoice = execution.sent_invoice(contract, house, at)

        with pytest.raises(Refused, match="reason_missing"):
            services.return_invoice(actor=house.gloria, invoice_id=invoice.pk, reason=" ", at=at)

    def test_is_refused_after_the_approval(self, house, contract, at):
        invoice = execution.approved_invoice(contract, house, at)

        with pytest.raises(Refused, match="wrong_state"):
            services.return_invoice(actor=house.gloria, invoice_id=invoice.pk, reason="Tarde", at=at)


class TestApproveInvoice:
    def test_makes_the_invoice_public_with_the_act_that_sent_it(self, house, contract, at):
        invoice = execution.approved_invoice(contract, house, at)

        invoice.document.refresh_from_db()
        assert invoice.document.audience == "public"
        assert list(Invoice.objects.visible_to(ANYONE)) == [invoice]
        assert Entry.objects.get(act="invoice.sent").disclosed_at == at

    def test_is_denied_to_a_supervisor_of_something_else(self, house, contract, at):
        invoice = execution.sent_invoice(contract, house, at)

        with pytest.raises(Denied):
            services.approve_invoice(actor=house.beto, invoice_id=invoice.pk, at=at)

    def test_is_refused_twice(self, house, contract, at):
        invoice = execution.approved_invoice(contract, house, at)

        with pytest.raises(Refused, match="wrong_state"):
            services.approve_invoice(actor=house.gloria, invoice_id=invoice.pk, at=at)

    @pytest.mark.parametrize("change", [{"amount": Decimal(1)}, {"number": "X"}, {"cufe": "a"}])
    def test_leaves_something_that_the_database_does_not_let_change(self, house, contract, at, change):
        invoice = execution.approved_invoice(contract, house, at)

        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Invoice.objects.filter(pk=invoice.pk).update(**change)

    def test_leaves_something_that_the_database_does_not_let_go(self, house, contract, at):
        invoice = execution.approved_invoice(contract, house, at)

        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Invoice.objects.filter(pk=invoice.pk)._raw_delete("default")


class TestMarkPaid:
    def test_keeps_the_real_day_and_the_proof_for_the_parties(self, house, contract, at):
        invoice = execution.approved_invoice(contract, house, at)

        paid = services.mark_paid(
            actor=house.hugo,
            invoice_id=invoice.pk,
            paid_on=calendar.day_of(at),
            proof=given.tendering.pdf("giro.pdf"),
            at=at,
        )

        assert (paid.state, paid.paid_on, paid.payment_proof.audience) == ("paid", calendar.day_of(at), "participants")
        assert Entry.objects.get(act="invoice.paid").content["data"]["paid_on"] == "2026-03-02"

    @pytest.mark.parametrize(("days", "code"), [(1, "paid_in_the_future"), (-1, "paid_before_approval")])
    def test_is_refused_on_an_impossible_day(self, house, contract, at, days, code):
        invoice = execution.approved_invoice(contract, house, at)

        with pytest.raises(Refused, match=code):
            services.mark_paid(
                actor=house.hugo, invoice_id=invoice.pk, paid_on=calendar.day_of(at) + timedelta(days=days), at=at
            )

    def test_is_refused_before_the_approval(self, house, contract, at):
        invoice = execution.sent_invoice(contract, house, at)

        with pytest.raises(Refused, match="wrong_state"):
            services.mark_paid(actor=house.hugo, invoice_id=invoice.pk, paid_on=calendar.day_of(at), at=at)

    def test_is_denied_to_the_supervisor(self, house, contract, at):
        invoice = execution.approved_invoice(contract, house, at)

        with pytest.raises(Denied):
            services.mark_paid(actor=house.gloria, invoice_id=invoice.pk, paid_on=calendar.day_of(at), at=at)

    def test_of_an_invoice_that_does_not_exist_is_unknown(self, house, at):
        with pytest.raises(Unknown):
            services.mark_paid(actor=house.hugo, invoice_id=0, paid_on=calendar.day_of(at), at=at)


class TestBalance:
    def test_adds_up_whatever_happened(self, house, contract, at):
        execution.paid_invoice(contract, house, at, amount=Decimal("1000000.10"), number="F-1")
        execution.approved_invoice(contract, house, at, amount=Decimal("2000000.20"), number="F-2")
        execution.sent_invoice(contract, house, at, amount=Decimal("3000000.30"), number="F-3")
        returned = execution.sent_invoice(contract, house, at, amount=Decimal(4), number="F-4")
        services.return_invoice(actor=house.gloria, invoice_id=returned.pk, reason="No", at=at)

        balance = balance_of(contract)

        assert (balance.paid, balance.approved, balance.waiting) == (
            Decimal("1000000.10"),
            Decimal("2000000.20"),
            Decimal("3000000.30"),
        )
        assert balance.invoiced + balance.to_invoice == balance.value == contract.value_amount


def test_the_queryset_and_the_table_of_readers_agree(house, contract, at):
    execution.sent_invoice(contract, house, at, number="F-1")
    execution.approved_invoice(contract, house, at, number="F-2")
    dario = given.tendering.supplier(at, "dario")
    readers = {"buyer": house.elena, "supplier": house.carla, "rival": dario, "anyone": ANYONE, "system": SYSTEM}

    seen = {
        name: sorted(Invoice.objects.visible_to(actor).values_list("number", flat=True))
        for name, actor in readers.items()
    }

    everything, approved = ["F-1", "F-2"], ["F-2"]
    assert seen == {
        "buyer": everything, "supplier": everything, "system": everything, "rival": approved, "anyone": approved
    }  # fmt: skip
