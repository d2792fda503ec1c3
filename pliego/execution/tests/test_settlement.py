from datetime import timedelta

import pytest

from pliego.contracts.tests import given
from pliego.contracts.tests.given import signed
from pliego.execution import closing, queries, services, tracking
from pliego.execution.tests import given as execution
from pliego.kernel.actors import ANYONE
from pliego.kernel.objections import Denied, Refused, SignatureRequired
from pliego.ledger.models import Entry

pytestmark = pytest.mark.django_db


class TestSettlement:
    def test_is_made_by_both_parties(self, house, at):
        contract = execution.completed(at, house)
        settlement = execution.signed_settlement(contract, house, at)

        told = {"contract_id": contract.pk, "reservations": " Mayor permanencia "}
        services.accept_settlement(actor=signed(house.carla, at), at=at, **told)

        contract.refresh_from_db()
        settlement.document.refresh_from_db()
        assert (contract.state, settlement.document.audience) == ("settled", "public")
        entry = Entry.objects.get(act="contract.settled")
        assert (entry.documents, entry.content["data"]["released"]) == ([settlement.document.sha256], "0.00")
        assert entry.content["data"]["reservations"] == contract.settlement.reservations == "Mayor permanencia"
        assert Entry.objects.get(act="settlement.signed").disclosed_at == at

    def test_can_be_objected_and_written_again(self, house, at):
        contract = execution.completed(at, house)
        execution.signed_settlement(contract, house, at)

        services.object_settlement(actor=house.carla, contract_id=contract.pk, objection="Falta un pago", at=at)
        again = execution.signed_settlement(contract, house, at)

        assert (again.state, again.objection) == ("signed", "")
        assert Entry.objects.get(act="settlement.objected").content["data"]["objection"] == "Falta un pago"

    def test_is_not_accepted_when_the_accounts_moved_since_it_was_signed(self, house, at):
        contract = given.running(at, house)
        execution.paid_invoice(contract, house, at, number="F-1")
        day = given.calendar.day_of(at)
        given.services.complete_contract(actor=house.gloria, contract_id=contract.pk, completed_on=day, at=at)
        execution.signed_settlement(contract, house, at)
        execution.paid_invoice(contract, house, at, number="F-2")

        with pytest.raises(Refused, match="accounts_moved"):
            services.accept_settlement(actor=signed(house.carla, at), contract_id=contract.pk, at=at)

    def test_is_not_signed_by_whoever_wrote_it(self, house, at):
        contract = execution.completed(at, house)
        services.draft_settlement(actor=house.beto, contract_id=contract.pk, statement="Todo", at=at)

        with pytest.raises(Denied):
            services.sign_settlement(actor=signed(house.beto, at), contract_id=contract.pk, at=at)

    def test_is_not_signed_while_an_invoice_waits(self, house, at):
        contract = given.running(at, house)
        execution.sent_invoice(contract, house, at)
        given.services.complete_contract(
            actor=house.gloria, contract_id=contract.pk, completed_on=given.calendar.day_of(at), at=at
        )

        with pytest.raises(Refused, match="invoices_pending"):
            execution.signed_settlement(contract, house, at)

    def test_binds_only_with_a_signature(self, house, at):
        contract = execution.completed(at, house)
        execution.signed_settlement(contract, house, at)

        with pytest.raises(SignatureRequired):
            services.accept_settlement(actor=house.carla, contract_id=contract.pk, at=at)

    def test_is_refused_without_words_and_before_its_draft(self, house, at):
        contract = execution.completed(at, house)

        with pytest.raises(Refused, match="statement_missing"):
            services.draft_settlement(actor=house.gloria, contract_id=contract.pk, statement=" ", at=at)
        with pytest.raises(Refused, match="settlement_missing"):
            services.sign_settlement(actor=signed(house.beto, at), contract_id=contract.pk, at=at)

    def test_is_denied_to_the_contractor_before_it_is_completed(self, house, contract, at):
        with pytest.raises(Denied):
            services.accept_settlement(actor=signed(house.carla, at), contract_id=contract.pk, at=at)


class TestCloseFile:
    def test_ends_the_process_when_it_was_its_last_contract(self, house, at):
        contract = execution.completed(at, house, has_settlement=False)

        closed = services.close_file(
            actor=house.beto, contract_id=contract.pk, at=at, disposal=" Plan ambiental cumplido "
        )

        contract.tender.refresh_from_db()
        assert (closed.state, contract.tender.state) == ("closed", "finished")
        entry, kept = Entry.objects.get(act="contract.closed"), contract.closing
        assert (entry.documents, kept.document.audience) == ([kept.document.sha256], "public")
        assert (kept.disposal, [one["since"] != "" for one in kept.conditions]) == (
            "Plan ambiental cumplido",
            [True, True, False],
        )

    def test_waits_for_the_settlement(self, house, at):
        contract = execution.completed(at, house)

        with pytest.raises(Refused, match="settlement_missing"):
            services.close_file(actor=house.beto, contract_id=contract.pk, at=at)

    def test_waits_for_the_guarantees_that_outlive_it(self, house, at):
        contract = execution.completed(at, house, has_settlement=False, covers=("goods",))

        with pytest.raises(Refused) as refused:
            services.close_file(actor=house.beto, contract_id=contract.pk, at=at)

        assert [o.code for o in refused.value.objections] == ["guarantee_in_force"]
        lines = [(line.is_met, line.since) for line in closing.conditions(contract, at)]
        ends_on = contract.guarantees.get().ends_on
        assert lines == [(True, contract.completed_on), (False, ends_on + timedelta(days=1)), (True, None)]
        services.close_file(actor=house.beto, contract_id=contract.pk, at=at + timedelta(days=401))

    def test_waits_for_the_invoices_too(self, house, at):
        contract = execution.completed(at, house, has_settlement=False)
        contract.invoices.update(state="approved")

        with pytest.raises(Refused, match="invoices_pending"):
            services.close_file(actor=house.beto, contract_id=contract.pk, at=at)

    def test_is_denied_to_the_treasurer(self, house, at):
        contract = execution.completed(at, house, has_settlement=False)

        with pytest.raises(Denied):
            services.close_file(actor=house.hugo, contract_id=contract.pk, at=at)


class TestTracker:
    def test_says_where_the_invoice_is(self, house, contract, at):
        sent = execution.sent_invoice(contract, house, at, number="F-1")
        approved = execution.approved_invoice(contract, house, at, number="F-2")
        paid = execution.paid_invoice(contract, house, at, number="F-3")

        assert [[step.is_now for step in tracking.tracker(one, at)] for one in (sent, approved, paid)] == [
            [False, True, False],
            [False, False, True],
            [False, False, False],
        ]

    def test_names_who_has_it_and_since_when(self, house, contract, at):
        sent = execution.sent_invoice(contract, house, at, number="F-1")
        approved = execution.approved_invoice(contract, house, at, number="F-2")
        paid = execution.paid_invoice(contract, house, at, number="F-3")

        texts = [[step.text for step in tracking.tracker(one, at) if step.is_now] for one in (sent, approved, paid)]

        assert contract.supervisor.full_name in texts[0][0]
        assert contract.buyer.name in texts[1][0]
        assert all("2 mar 2026, 09:00" in text for (text,) in texts[:2])
        assert texts[2] == []
        assert paid.holder is None

    def test_says_why_it_was_returned(self, house, contract, at):
        invoice = execution.sent_invoice(contract, house, at)
        services.return_invoice(actor=house.gloria, invoice_id=invoice.pk, reason="Falta algo", at=at)

        invoice.refresh_from_db()
        stops = tracking.tracker(invoice, at)
        assert (stops[-2].text, stops[-1].is_now) == ("Falta algo", True)
        assert contract.supplier.name in stops[-1].text


def test_nobody_has_tasks_without_an_account(at, house):
    assert queries.tasks_for(ANYONE, at) == []
