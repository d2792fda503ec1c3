"""The chain of payments: what may be written of it, and how an invoice goes by it, back and forth."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from pliego.authority import mandates
from pliego.authority.tests import given as authority
from pliego.contracts.tests.given import signed
from pliego.execution import chain, queries, services, tracking
from pliego.execution.chain import StepData
from pliego.execution.models import Invoice
from pliego.execution.policy import INVOICE_POLICY, InvoiceAct
from pliego.execution.tests import given as execution
from pliego.kernel.actors import ANYONE, SYSTEM
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry

PAYS = StepData("Pago", role="treasurer")
ALONE = "one_cannot_be_two"
MONDAY = calendar.at(datetime(2026, 3, 2, tzinfo=UTC).date(), 9)


class TestWhatMayBeWritten:
    @pytest.mark.parametrize(
        ("steps", "minutes", "found"),
        [
            ([StepData("Visto", role="supervisor"), PAYS], 30, set()),
            ([PAYS], 30, {("chain_too_short", "name_2")}),
            ([PAYS] * 9, 30, {("chain_too_long", "name_8")}),
            ([StepData(" ", role="supervisor"), PAYS], 30, {("missing", "name_1")}),
            ([StepData("Visto"), PAYS], 30, {("nobody_for_the_step", "who_1")}),
            ([StepData("Visto", role="control"), PAYS], 30, {("nobody_for_the_step", "who_1")}),
            ([StepData("Visto", role="approver", person="x"), PAYS], 30, {("nobody_for_the_step", "who_1")}),
            ([StepData("Visto", group="g", term_days=0), PAYS], 30, {("term_wrong", "term_1")}),
            ([StepData("Visto", group="g", term_days=61), PAYS], 30, {("term_wrong", "term_1")}),
            ([StepData("Visto", group="g", second_above=Decimal(-1)), PAYS], 30, {("amount_wrong", "second_1")}),
            ([StepData("V", person="x", second_above=Decimal(1)), PAYS], 30, {(ALONE, "second_1")}),
            ([StepData("V", role="supervisor", second_above=Decimal(1)), PAYS], 30, {(ALONE, "second_1")}),
            ([StepData("Visto", group="g"), PAYS], 1441, {("minutes_wrong", "undo_minutes")}),
        ],
    )  # fmt: skip
    def test_is_said_at_the_field(self, steps, minutes, found):
        assert {(o.code, o.field) for o in chain.chain_objections(steps, minutes)} == found

    def test_counts_the_term_in_working_days_and_ends_at_its_last_instant(self):
        due = chain.due_at(MONDAY, 5)

        assert calendar.day_of(due).isoformat() == "2026-03-09"
        assert not chain.is_late(due, due - timedelta(microseconds=1))
        assert chain.is_late(due, due)
        assert not chain.is_late(chain.due_at(MONDAY, None), MONDAY + timedelta(days=999))

    def test_can_be_taken_back_until_before_the_last_minute_ends(self):
        assert chain.may_be_undone(MONDAY, 30, MONDAY + timedelta(minutes=29, seconds=59))
        assert not chain.may_be_undone(MONDAY, 30, MONDAY + timedelta(minutes=30))
        assert not chain.may_be_undone(MONDAY, 0, MONDAY)


@pytest.mark.django_db
class TestWay:
    def test_goes_by_the_steps_of_the_entity_back_and_forth_and_tells_all_of_it(self, house, contract, at):
        execution.chained(house, at)
        invoice = execution.sent_invoice(contract, house, at)
        lina, later = execution.lina(house), at + timedelta(days=1)
        act = {"invoice_id": invoice.pk}

        for stranger in (lina, house.beto, house.hugo, house.ana):  # the first step is the supervisor's
            with pytest.raises(Denied):
                services.approve_invoice(actor=stranger, at=at, **act)
        services.approve_invoice(actor=house.gloria, at=later, step=1, **act)
        with pytest.raises(Refused, match="wrong_state"):  # a second click does not do the next step
            services.approve_invoice(actor=house.gloria, at=later, step=1, **act)
        assert [task.title for task in queries.tasks_for(lina, later)] == ["Aprobar o devolver una factura"]
        with pytest.raises(Refused, match="step_wrong"):
            services.return_invoice(actor=lina, reason="Falta", to=3, at=later, **act)
        services.return_invoice(actor=lina, reason="Falta el acta", to=1, at=later, **act)
        services.approve_invoice(actor=house.gloria, at=later, note="Va el acta", **act)
        services.approve_invoice(actor=lina, at=later, **act)
        assert not Invoice.objects.visible_to(ANYONE).exists()
        services.approve_invoice(actor=house.beto, at=later, **act)
        assert Invoice.objects.visible_to(ANYONE).exists()
        hidden = Entry.objects.filter(act__in=["invoice.sent", "invoice.step_approved", "invoice.sent_back"])
        assert (hidden.count(), hidden.filter(disclosed_at=None).count()) == (5, 0)
        services.return_invoice(actor=house.hugo, reason="La cuenta no existe", to=3, at=later, **act)
        assert not Invoice.objects.visible_to(ANYONE).exists()
        assert Entry.objects.get(act="invoice.corrected").content["data"]["cause"] == "send_back"
        services.approve_invoice(actor=house.beto, at=later, **act)
        services.mark_paid(actor=house.hugo, paid_on=calendar.day_of(later), at=later, **act)

        found = queries.followed(ANYONE).get(pk=invoice.pk)
        assert [stop.title for stop in tracking.tracker(found, later)][1:] == [
            "Supervisión", "Aval jurídico", "Supervisión", "Aval jurídico", "Financiera", "Tesorería", "Financiera",
            "Tesorería",
        ]  # fmt: skip
        stops = tracking.tracker(found, later)
        assert (stops[1].took, stops[1].due_at, stops[2].text) == (1, calendar.later(at, 3), "Falta el acta")
        assert tracking.days_to_pay(at=later)[0].average == 1
        assert tracking.days_to_pay(at=later, year=2025) == []

    def test_is_late_when_the_term_of_the_step_is_over(self, house, contract, at):
        execution.chained(house, at)
        invoice = execution.sent_invoice(contract, house, at)
        found = queries.followed(house.carla).get(pk=invoice.pk)
        due = calendar.later(at, 3)

        assert [stop.is_late for stop in tracking.tracker(found, due - timedelta(seconds=1))] == [False] * 5
        now = next(stop for stop in tracking.tracker(found, due) if stop.is_now)
        assert (now.is_late, now.due_at, found.holder.due_at) == (True, due, due)

    def test_needs_two_different_people_above_the_amount_of_the_step(self, house, contract, at):
        execution.chained(house, at, second_above=Decimal("5000000"))
        second = execution.colleague(house, "marta", ["treasurer"], at)
        big = execution.sent_invoice(contract, house, at, amount=Decimal("5000000.01"))
        small = execution.sent_invoice(contract, house, at, amount=Decimal("5000000"), number="F-2")
        for invoice in (big, small):
            for actor in (house.gloria, execution.lina(house), house.beto):
                services.approve_invoice(actor=actor, invoice_id=invoice.pk, at=at)
        paid = {"paid_on": calendar.day_of(at), "at": at}

        services.mark_paid(actor=house.hugo, invoice_id=small.pk, **paid)
        with pytest.raises(Refused, match="second_missing"):
            services.mark_paid(actor=house.hugo, invoice_id=big.pk, **paid)
        services.approve_invoice(actor=house.hugo, invoice_id=big.pk, at=at)
        for again, told in ((services.approve_invoice, {"at": at}), (services.mark_paid, paid)):
            with pytest.raises(Refused, match="second_person"):
                again(actor=house.hugo, invoice_id=big.pk, **told)

        assert services.mark_paid(actor=second, invoice_id=big.pk, **paid).state == "paid"

    def test_is_done_in_the_place_of_the_owner_by_delegation_and_says_so(self, house, contract, at):
        invoice = execution.sent_invoice(contract, house, at)
        lina = execution.colleague(house, "lina", ["preparer"], at)
        given = authority.delegation(house.gloria, "lina", at, roles=("supervisor",), kinds=("invoices",))
        acting = mandates.acting_under(actor=lina, code=given.code, at=at)

        assert [task.subject for task in queries.tasks_for(acting, at)] == [f"{contract.code} · F-1"]
        services.approve_invoice(actor=acting, invoice_id=invoice.pk, at=at)

        passage = invoice.passages.get()
        assert (passage.user_id, passage.on_behalf_of_id) == (lina.user_id, house.gloria.user_id)
        assert "por delegación de" in tracking.tracker(queries.followed(ANYONE).get(), at)[1].owner

    def test_keeps_the_chain_with_which_it_began(self, house, contract, at):
        old = execution.sent_invoice(contract, house, at)
        execution.chained(house, at)
        new = execution.sent_invoice(contract, house, at, number="F-2")

        assert [len(invoice.steps) for invoice in (old, new)] == [2, 4]
        services.end_chain(actor=house.beto, at=at)
        with pytest.raises(Refused, match="no_chain"):
            services.end_chain(actor=house.beto, at=at)
        assert len(execution.sent_invoice(contract, house, at, number="F-3").steps) == 2
        assert [e.content["data"]["is_active"] for e in Entry.objects.filter(act="payment_chain.set")] == [True, False]
        with pytest.raises(Denied):
            services.set_chain(actor=house.ana, steps=[PAYS, PAYS], at=at)


@pytest.mark.django_db
class TestTakingBack:
    def test_is_for_whoever_did_the_step_within_the_minutes(self, house, contract, at):
        invoice = execution.approved_invoice(contract, house, at)
        act = {"invoice_id": invoice.pk}
        last = at + timedelta(minutes=29)

        with pytest.raises(Denied):
            services.undo_step(actor=house.hugo, at=last, **act)
        with pytest.raises(Refused, match="too_late_to_undo"):
            services.undo_step(actor=house.gloria, at=at + timedelta(minutes=30), **act)
        undone = services.undo_step(actor=house.gloria, at=last, **act)

        assert (undone.state, undone.since, undone.decided_by) == ("sent", at, None)
        assert not Invoice.objects.visible_to(ANYONE).exists()
        assert Entry.objects.get(act="invoice.corrected").is_public
        assert [passage.kind for passage in undone.passages.all()] == ["approved", "undone"]
        services.approve_invoice(actor=house.gloria, at=last, **act)
        services.mark_paid(actor=house.hugo, paid_on=calendar.day_of(at), at=last, **act)
        with pytest.raises(Denied):  # somebody acted after
            services.undo_step(actor=house.gloria, at=last, **act)
        again = services.undo_step(actor=house.hugo, at=last, **act)
        assert (again.state, again.paid_on, again.passages.last().paid_on) == ("approved", None, calendar.day_of(at))

    def test_is_afterwards_the_authorising_officer_s_with_a_reason_in_public(self, house, contract, at):
        invoice = execution.paid_invoice(contract, house, at)
        later, act = at + timedelta(days=3), {"invoice_id": invoice.pk, "at": at + timedelta(days=3)}
        beto = signed(house.beto, later)

        with pytest.raises(Denied):
            services.correct_invoice(actor=signed(house.gloria, later), reason="Error", **act)
        with pytest.raises(Refused, match="reason_missing"):
            services.correct_invoice(actor=beto, reason=" ", **act)
        first = services.correct_invoice(actor=beto, reason="El giro fue rechazado", **act)
        assert (first.state, first.paid_on) == ("approved", None)
        with pytest.raises(Denied):  # nobody corrects twice in a row
            services.correct_invoice(actor=beto, reason="También", **act)
        services.mark_paid(actor=house.hugo, invoice_id=invoice.pk, paid_on=calendar.day_of(later), at=later)

        told = [entry.content["data"] for entry in Entry.objects.filter(act="invoice.corrected")]
        assert [(one["cause"], one["reason"]) for one in told] == [("correct", "El giro fue rechazado")]
        assert Entry.objects.filter(act="invoice.paid").count() == 2
        kinds = [passage.kind for passage in invoice.passages.all()]
        assert kinds == ["approved", "paid", "corrected", "paid"]


@pytest.mark.django_db
def test_the_list_of_what_waits_and_the_table_of_who_may_agree(house, contract, at):
    execution.sent_invoice(contract, house, at, number="F-1")
    execution.chained(house, at)
    second = execution.sent_invoice(contract, house, at, number="F-2")
    execution.sent_invoice(contract, house, at, number="F-3")
    services.approve_invoice(actor=house.gloria, invoice_id=second.pk, at=at)
    people = [house.gloria, execution.lina(house), house.beto, house.hugo, house.ana, house.elena, house.carla]

    for actor in people:
        every = queries.followed(SYSTEM)
        expected = {invoice.number for invoice in every if INVOICE_POLICY.verdict(actor, InvoiceAct.APPROVE, invoice)}
        assert {invoice.number for invoice in queries.waiting_for(actor)} == expected, actor.name
