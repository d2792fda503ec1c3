"""The plan of what a contract delivers and its receptions, without a database; then one contract that lives them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pliego.execution import deliveries, services
from pliego.execution.balances import balance_of
from pliego.execution.deliveries import DeliveryData, Mode, added, percent_of
from pliego.execution.delivering import progress_of
from pliego.execution.models import Paper
from pliego.execution.tests import given as execution
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry
from pliego.tendering.tests.given import pdf

DAY = date(2026, 3, 2)
BOUGHT = {1: Decimal(10), 2: Decimal(4)}


def codes(found):
    return [(objection.code, objection.field) for objection in found]


class TestPlan:
    @pytest.mark.parametrize(
        ("percents", "found"),
        [
            (["25", "50", "100"], []),
            (["50", "25", "100"], [("percent_wrong", "percent_2")]),
            (["50", "50", "100"], [("percent_wrong", "percent_2")]),
            (["50", "99.99"], [("plan_not_whole", "percent_2")]),
            (["50", "100.01"], [("percent_wrong", "percent_2")]),
            ([], [("deliveries_wrong", "title_1")]),
        ],
    )
    def test_by_percentage_rises_to_the_whole(self, percents, found):
        rows = [DeliveryData("Entrega", None, Decimal(percent)) for percent in percents]

        assert codes(deliveries.plan_objections(Mode.PERCENT, rows, {})) == found

    @given(parts=st.lists(st.integers(1, 9), min_size=1, max_size=8))
    def test_by_articles_is_whole_when_it_adds_up_and_only_then(self, parts):
        rows = [DeliveryData(f"Entrega {n}", None, articles={1: Decimal(part)}) for n, part in enumerate(parts)]
        whole = Decimal(sum(parts))

        assert codes(deliveries.plan_objections(Mode.ARTICLES, rows, {1: whole})) == []
        wrong = deliveries.plan_objections(Mode.ARTICLES, rows, {1: whole + 1})
        assert codes(wrong) == [("plan_not_whole", f"articles_{len(parts)}")]

    def test_says_where_it_is_wrong(self):
        rows = [DeliveryData(" ", date(2026, 5, 1), articles={3: Decimal(1)}), DeliveryData("B", DAY)]

        assert codes(deliveries.plan_objections(Mode.ARTICLES, rows, {1: Decimal(1)})) == [
            ("plan_out_of_order", ""), ("title_missing", "title_1"), ("no_such_line", "articles_1"),
            ("articles_missing", "articles_2"), ("plan_not_whole", "articles_2"),
        ]  # fmt: skip


class TestReception:
    @pytest.mark.parametrize(
        ("mode", "received", "found"),
        [
            ("percent", DeliveryData("", DAY, Decimal(60)), []),
            ("percent", DeliveryData("", DAY, Decimal(39)), [("percent_wrong", "percent")]),
            ("percent", DeliveryData("", date(2026, 3, 3), Decimal(60)), [("received_on_wrong", "received_on")]),
            ("articles", DeliveryData("", DAY, articles={1: Decimal(7)}), []),
            ("articles", DeliveryData("", DAY, articles={1: Decimal("7.01")}), [("receives_too_much", "articles")]),
            ("articles", DeliveryData("", DAY, articles={9: Decimal(1)}), [("no_such_line", "articles")]),
            ("articles", DeliveryData("", DAY, articles={2: Decimal(0)}), [("quantity_wrong", "articles")]),
        ],
    )
    def test_is_of_what_is_left(self, mode, received, found):
        had, before = {1: Decimal(3)}, Decimal(40)

        assert codes(
            deliveries.reception_objections(mode, received, before=before, bought=BOUGHT, had=had, today=DAY)
        ) == found  # fmt: skip

    @given(received=st.lists(st.dictionaries(st.sampled_from([1, 2]), st.integers(1, 10).map(Decimal)), max_size=12))
    def test_in_any_order_never_exceeds_what_is_bought(self, received):
        had = {}
        for articles in received:
            one = DeliveryData("", DAY, articles=articles)
            told = {"before": Decimal(0), "bought": BOUGHT, "had": had, "today": DAY}
            if not list(deliveries.reception_objections(Mode.ARTICLES, one, **told)):
                had = added([had, articles])

            assert all(had.get(line, 0) <= quantity for line, quantity in BOUGHT.items())
            assert 0 <= percent_of(had, BOUGHT, {1: Decimal("0.33")}) <= 100

    @pytest.mark.parametrize(("text", "read"), [("1=5; 2=3,5", {1: Decimal(5), 2: Decimal("3.5")}), ("", {})])
    def test_reads_the_articles_that_it_shows(self, text, read):
        assert deliveries.typed_articles(text) == read
        assert deliveries.shown_articles(read) == text

    @pytest.mark.parametrize("text", ["1", "a=1", "1=x", "1=1; 1=2", "1=-1", "=2"])
    def test_does_not_guess(self, text):
        assert deliveries.typed_articles(text) is None


@pytest.mark.django_db
def test_a_contract_with_an_advance_and_two_deliveries_is_paid_whole(house, contract, at):
    value, act = contract.value_amount, {"contract_id": contract.pk, "at": at}
    rows = [DeliveryData("Diseños", DAY, Decimal(40)), DeliveryData("Obra", date(2026, 4, 2), Decimal(100))]
    plan = {"mode": "percent", "rows": rows, **act}

    with pytest.raises(Denied):
        services.set_execution_plan(actor=house.carla, **plan)
    with pytest.raises(Refused, match="advance_too_large"):
        services.set_execution_plan(actor=house.gloria, advance=value / 2 + 1, **plan)
    advance = Decimal("10000000.00")
    services.set_execution_plan(actor=house.gloria, advance=advance, **plan)
    contract.refresh_from_db()
    assert (progress_of(contract, DAY).planned, progress_of(contract, DAY).is_behind) == (40, True)

    told = {"amount": advance, "number": "AN-1", "kind": "advance", "installment_number": 1}
    assert execution.paid_invoice(contract, house, at, **told).installment is None  # it is before every payment
    with pytest.raises(Refused, match="exceeds_advance"):
        execution.sent_invoice(contract, house, at, amount=Decimal(1), number="AN-2", kind="advance")
    first = execution.sent_invoice(
        contract, house, at, amount=Decimal("20000000"), number="F-1", delivery_number=1, amortised=Decimal("6000000")
    )
    with pytest.raises(Refused, match="delivery_not_received"):
        services.approve_invoice(actor=house.gloria, invoice_id=first.pk, at=at)
    for actor in (house.carla, house.ana):
        with pytest.raises(Denied):
            services.receive_delivery(actor=actor, number=1, received=DeliveryData("", DAY, Decimal(40)), **act)
    services.receive_delivery(
        actor=house.gloria, number=1, received=DeliveryData("", DAY, Decimal(45)), remarks="Completos", **act
    )
    with pytest.raises(Refused, match="already_received"):
        services.receive_delivery(actor=house.gloria, number=1, received=DeliveryData("", DAY, Decimal(50)), **act)
    with pytest.raises(Refused, match="deliveries_in_use"):
        services.set_execution_plan(actor=house.gloria, **plan)
    paper = {"number": 1, "slot": "report", "period_from": DAY, "period_to": DAY, "document": pdf("informe.pdf"), **act}
    services.load_paper(actor=house.carla, **paper)
    with pytest.raises(Refused, match="period_wrong"):
        services.load_paper(actor=house.carla, **(paper | {"period_to": None}))
    unplanned = services.receive_delivery(actor=house.gloria, received=DeliveryData("Muestra", DAY, Decimal(50)), **act)
    assert (unplanned.number, unplanned.is_planned, Paper.objects.get().document.audience) == (3, False, "participants")
    services.approve_invoice(actor=house.gloria, invoice_id=first.pk, at=at)
    services.mark_paid(actor=house.hugo, invoice_id=first.pk, paid_on=calendar.day_of(at), at=at)
    left = value - Decimal("20000000")
    with pytest.raises(Refused, match="amortise_more"):
        execution.sent_invoice(contract, house, at, amount=left, number="F-2", amortised=Decimal("3999999.99"))
    execution.paid_invoice(contract, house, at, amount=left, number="F-2", amortised=Decimal("4000000"))

    found = balance_of(contract)
    assert (found.disbursed, found.to_amortise, found.to_pay, found.to_invoice) == (value, 0, 0, 0)
    progress = progress_of(contract, date(2026, 4, 2))
    assert (progress.planned, progress.real) == (100, 50)
    assert Entry.objects.filter(act="delivery.received", is_public=True).count() == 2


@pytest.mark.django_db
def test_a_credit_note_corrects_an_accepted_invoice_and_holds_it(house, contract, at):
    wrong = execution.sent_invoice(contract, house, at, amount=Decimal(500), number="F-1")
    note = {"amount": Decimal(200), "number": "NC-1", "kind": "credit", "corrects": wrong.code}
    with pytest.raises(Refused, match="note_of_nothing"):
        execution.sent_invoice(contract, house, at, **note)
    services.approve_invoice(actor=house.gloria, invoice_id=wrong.pk, at=at)
    with pytest.raises(Refused, match="credit_too_large"):
        execution.sent_invoice(contract, house, at, **(note | {"amount": Decimal("500.01")}))
    credit = execution.approved_invoice(contract, house, at, **note)
    debit = {"amount": Decimal(50), "number": "ND-1", "kind": "debit", "corrects": wrong.code}
    execution.approved_invoice(contract, house, at, **debit)

    assert balance_of(contract).accepted == Decimal(350)
    with pytest.raises(Refused, match="invoice_is_credited"):
        services.return_invoice(actor=house.hugo, invoice_id=wrong.pk, reason="Mal", at=at)
    services.return_invoice(actor=house.hugo, invoice_id=credit.pk, reason="Era otra", at=at)
    assert balance_of(contract).accepted == Decimal(550)
