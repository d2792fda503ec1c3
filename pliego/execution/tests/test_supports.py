"""What an entity asks with each request of payment, and what is withheld of a payment."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from pliego.contracts.tests.given import signed, tendering
from pliego.execution import services, supports
from pliego.execution.balances import balance_of
from pliego.execution.chain import StepData
from pliego.execution.models import Invoice
from pliego.execution.supports import RetentionData, SupportData
from pliego.execution.tests import given as execution
from pliego.execution.tests.test_pages import visitor
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Refused
from pliego.ledger.models import Entry

__all__ = ["visitor"]
amounts = st.decimals("0.01", "999999999.99", places=2)
rates = st.decimals("0.0001", "100", places=4)


def asked(*rows):
    return [SimpleNamespace(number=n, title=title, contract_type=of, is_required=needed)
            for n, (title, of, needed) in enumerate(rows, start=1)]  # fmt: skip


class TestWithheld:
    """Property: what is withheld is never more than what is paid, and it is refused as soon as it would be."""

    @drawn(payable=amounts, lines=st.lists(st.tuples(amounts, rates), min_size=1, max_size=6))
    def test_never_exceeds_what_is_paid(self, payable, lines):
        rows = [RetentionData("income", min(base, payable), rate) for base, rate in lines]

        found = list(supports.retention_objections(rows, payable, "COP"))

        assert bool(found) == (supports.withheld_of(rows) > payable)
        assert all(0 <= row.amount <= row.base for row in rows)

    @pytest.mark.parametrize(
        ("row", "field"),
        [
            (RetentionData("nada", Decimal(5), Decimal(1)), "concept_1"),
            (RetentionData("ica", Decimal(11), Decimal(1)), "base_1"),
            (RetentionData("ica", Decimal(0), Decimal(1)), "base_1"),
            (RetentionData("ica", Decimal(5), Decimal("100.01")), "rate_1"),
            (RetentionData("ica", Decimal(5), Decimal("0.00001")), "rate_1"),
        ],
    )
    def test_says_at_which_field_a_line_is_wrong(self, row, field):
        assert [o.field for o in supports.retention_objections([row], Decimal(10), "COP")] == [field]


class TestAsked:
    def test_are_those_of_the_type_and_of_every_contract(self):
        rows = asked(("Planilla", "", True), ("Acta de obra", "works", True), ("Informe", "", False))

        of_works = supports.asked_of(rows, "works")

        assert [row.title for row in supports.asked_of(rows, "supply")] == ["Planilla", "Informe"]
        assert [o.field for o in supports.missing(of_works, {1: "x"})] == ["support_2"]
        assert [o.field for o in supports.missing(of_works, {1: "x", 2: "x", 9: "x"})] == ["support_9"]

    def test_are_written_once_each_and_of_a_known_type(self):
        rows = [SupportData("Planilla"), SupportData(" planilla "), SupportData(" "), SupportData("Acta", "nada")]

        assert [o.field for o in supports.support_objections(rows)] == ["support_2", "support_3", "support_type_4"]


@pytest.mark.django_db
def test_a_request_brings_its_supports_and_its_payment_is_withheld_and_corrected(house, contract, at, visitor):
    steps = [StepData("Supervisión", role="supervisor"), StepData("Pago", role="treasurer")]
    kept = [SupportData("Planilla de aportes"), SupportData("Acta de obra", "works"), SupportData("Informe", "", False)]
    services.set_chain(actor=house.beto, steps=steps, supports=kept, at=at)
    typed = {"amount": Decimal("1000000")}
    with pytest.raises(Refused) as refused:
        execution.sent_invoice(contract, house, at, **typed)

    page = visitor(house.carla).get(f"/escritorio/contratos/{contract.code}/facturas/nueva/").content.decode()
    invoice = execution.sent_invoice(contract, house, at, **typed, supports={1: tendering.pdf("planilla.pdf")})
    services.approve_invoice(actor=house.gloria, invoice_id=invoice.pk, at=at)
    paid = {"invoice_id": invoice.pk, "paid_on": calendar.day_of(at), "at": at}
    rows = [
        RetentionData("income", Decimal("1000000"), Decimal(4)),
        RetentionData("ica", Decimal("1000000"), Decimal("0.966")),
    ]
    with pytest.raises(Refused, match="base_wrong"):
        services.mark_paid(
            actor=house.hugo, retentions=[RetentionData("ica", Decimal("1000000.01"), Decimal(1))], **paid
        )
    hugo, way = visitor(house.hugo), f"/escritorio/contratos/{contract.code}/facturas/{invoice.code}/pagar/"
    half = hugo.post(way, {"paid_on": calendar.day_of(at).isoformat(), "concept_2": "ica", "rate_2": "0,966"})
    done = services.mark_paid(actor=house.hugo, retentions=rows, **paid)
    balance = balance_of(contract)
    told = visitor(house.carla).get(f"/escritorio/contratos/{contract.code}/facturas/{invoice.code}/").content.decode()
    services.correct_invoice(actor=signed(house.beto, at), invoice_id=invoice.pk, reason="Otra tarifa", at=at)

    assert {(o.code, o.field) for o in refused.value.objections} == {("support_missing", "support_1")}
    assert (half.status_code, list(half.context["form"].errors)) == (422, ["base_2"])
    assert "Planilla de aportes" in page
    assert "Acta de obra" not in page
    assert (done.withheld_amount, done.received_amount) == (Decimal("49660.00"), Decimal("950340.00"))
    assert (balance.invoiced, balance.disbursed, balance.withheld, balance.received) == (
        Decimal("1000000"), Decimal("1000000"), Decimal("49660.00"), Decimal("950340.00"),
    )  # fmt: skip
    assert "planilla.pdf" in told
    assert "0,966" in told
    assert invoice.supports.get().document.audience == "participants"
    entry = Entry.objects.get(act="invoice.paid")
    assert [row["amount"] for row in entry.content["data"]["retentions"]] == ["40000.00", "9660.00"]
    mended = Invoice.objects.get(pk=invoice.pk)
    assert (mended.state, mended.withheld_amount, mended.retentions) == ("approved", 0, [])
    assert sum(one.retentions.count() for one in mended.passages.all()) == 2  # nothing erases them
