from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from pliego.contracts import services
from pliego.contracts.models import Contract
from pliego.contracts.tests import given
from pliego.contracts.tests.given import signed
from pliego.documents import blobs
from pliego.kernel.actors import ANYONE, SYSTEM
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry

pytestmark = pytest.mark.django_db


def codes(refused):
    return {objection.code for objection in refused.value.objections}


class TestDraftContract:
    def test_takes_the_parties_and_the_value_from_the_award(self, house, at):
        award = given.award(at, house)

        contract = services.draft_contract(actor=SYSTEM, award_id=award.pk, at=at)

        assert contract.code.startswith("PLG.CTO.")
        assert (contract.buyer_id, contract.supplier_id) == (house.ana.account_id, house.carla.account_id)
        assert (contract.value_amount, contract.state) == (award.value_amount, "draft")

    def test_is_done_once_however_often_it_is_asked(self, house, at):
        award = given.award(at, house)

        first = services.draft_contract(actor=SYSTEM, award_id=award.pk, at=at)
        again = services.draft_contract(actor=SYSTEM, award_id=award.pk, at=at)

        assert first == again
        assert Entry.objects.filter(act="contract.drafted").count() == 1

    def test_is_announced_without_telling_the_public(self, house, at):
        given.drafted(at, house)

        assert Entry.objects.get(act="contract.drafted").is_public is False


class TestEditContract:
    def test_changes_the_draft_and_makes_whoever_does_it_an_author(self, house, at):
        contract = given.drafted(at, house)

        services.edit_contract(
            actor=house.ana, contract_id=contract.pk, data=given.data(contract, object="Otro objeto"), at=at
        )

        contract.refresh_from_db()
        assert (contract.object, contract.authors) == ("Otro objeto", [house.ana.user_id])

    def test_is_refused_with_the_number_of_another_contract(self, house, at):
        other, contract = given.sent(at, house), given.drafted(at, house)

        with pytest.raises(Refused) as refused:
            services.edit_contract(
                actor=house.ana, contract_id=contract.pk, data=given.data(contract, number=other.number), at=at
            )

        assert codes(refused) == {"number_taken"}

    def test_does_not_exist_for_the_supplier_before_it_is_sent(self, house, at):
        contract = given.drafted(at, house)

        with pytest.raises(Unknown):
            services.edit_contract(actor=house.carla, contract_id=contract.pk, data=given.data(contract), at=at)

    def test_is_denied_to_control(self, house, at):
        contract = given.drafted(at, house)

        with pytest.raises(Denied):
            services.edit_contract(actor=house.elena, contract_id=contract.pk, data=given.data(contract), at=at)


class TestSendContract:
    def test_fixes_the_text_that_only_the_parties_read(self, house, at):
        contract = given.sent(at, house)

        with blobs.open(contract.document.sha256) as file:
            assert file.read(5) == b"%PDF-"
        assert contract.document.audience == "participants"
        assert contract.document.grants.get().account_id == contract.supplier_id

    def test_is_announced_with_the_hash_of_the_text(self, house, at):
        contract = given.sent(at, house)

        entry = Entry.objects.get(act="contract.sent")
        assert entry.documents == [contract.document.sha256]
        assert contract.receipt == entry

    def test_is_refused_while_something_is_missing(self, house, at):
        contract = given.drafted(at, house)
        services.edit_contract(
            actor=house.ana, contract_id=contract.pk, data=given.data(contract, object=" ", duration=None), at=at
        )

        with pytest.raises(Refused) as refused:
            services.send_contract(actor=house.ana, contract_id=contract.pk, at=at)

        assert {objection.field for objection in refused.value.objections} == {"object", "duration"}

    def test_is_refused_twice(self, house, at):
        contract = given.sent(at, house)

        with pytest.raises(Denied):
            services.send_contract(actor=house.ana, contract_id=contract.pk, at=at)


class TestAcceptContract:
    def test_binds_the_supplier_to_the_text(self, house, at):
        contract = given.accepted(at, house)

        entry = Entry.objects.get(act="contract.accepted")
        assert (contract.state, contract.accepted_by_id) == ("accepted", house.carla.user_id)
        assert entry.documents == [contract.document.sha256]
        assert "signature" in entry.content

    def test_needs_a_signature(self, house, at):
        contract = given.sent(at, house)

        with pytest.raises(SignatureRequired):
            services.accept_contract(actor=house.carla, contract_id=contract.pk, at=at)

    def test_does_not_exist_for_another_supplier(self, house, at):
        contract = given.sent(at, house)
        dario = given.tendering.supplier(at, "dario")

        with pytest.raises(Unknown):
            services.accept_contract(actor=signed(dario, at), contract_id=contract.pk, at=at)

    def test_is_denied_to_the_buyer(self, house, at):
        contract = given.sent(at, house)

        with pytest.raises(Denied):
            services.accept_contract(actor=signed(house.beto, at), contract_id=contract.pk, at=at)


class TestRejectContract:
    def test_sends_it_back_with_the_reason(self, house, at):
        contract = given.sent(at, house)

        services.reject_contract(actor=house.carla, contract_id=contract.pk, reason="El plazo", at=at)
        reworked = services.rework_contract(actor=house.ana, contract_id=contract.pk, at=at)

        assert (reworked.state, reworked.version, reworked.rejected_reason) == ("draft", 2, "El plazo")

    def test_is_refused_without_a_reason(self, house, at):
        contract = given.sent(at, house)

        with pytest.raises(Refused, match="reason_missing"):
            services.reject_contract(actor=house.carla, contract_id=contract.pk, reason="  ", at=at)


class TestSignContract:
    def sign(self, actor, contract, at, number="RP-1", amount=None):
        return services.sign_contract(
            actor=actor,
            contract_id=contract.pk,
            budget_commitment=number,
            budget_commitment_amount=contract.value_amount if amount is None else amount,
            at=at,
        )

    def test_makes_the_contract_and_its_acts_public(self, house, at):
        contract = given.signed_contract(at, house)

        assert list(Contract.objects.visible_to(ANYONE)) == [contract]
        contract.document.refresh_from_db()
        assert contract.document.audience == "public"
        hidden = Entry.objects.filter(act__startswith="contract.", is_public=False, disclosed_at__isnull=True)
        assert not hidden.exists()

    def test_is_announced(self, house, at):
        contract = given.signed_contract(at, house)

        entry = Entry.objects.get(act="contract.signed")
        assert (entry.file, entry.documents) == (contract.tender.ocid, [contract.document.sha256])
        assert entry.content["data"]["budget_commitment"] == "RP-88"

    def test_is_refused_without_money_reserved(self, house, at):
        contract = given.accepted(at, house)

        with pytest.raises(Refused) as refused:
            self.sign(signed(house.beto, at), contract, at, number=" ")

        assert codes(refused) == {"budget_commitment_missing"}

    def test_is_refused_when_the_reserve_is_short(self, house, at):
        contract = given.accepted(at, house)

        with pytest.raises(Refused, match="budget_commitment_short"):
            self.sign(signed(house.beto, at), contract, at, amount=contract.value_amount - Decimal("0.01"))

    def test_is_denied_to_whoever_prepared_it(self, house, at):
        contract = given.drafted(at, house)
        services.send_contract(actor=house.beto, contract_id=contract.pk, at=at)
        services.accept_contract(actor=signed(house.carla, at), contract_id=contract.pk, at=at)

        with pytest.raises(Denied):
            self.sign(signed(house.beto, at), contract, at)

    def test_needs_a_signature(self, house, at):
        with pytest.raises(SignatureRequired):
            self.sign(house.beto, given.accepted(at, house), at)

    def test_cannot_be_written_in_the_database_by_another_road(self, house, at):
        contract = given.drafted(at, house)

        with pytest.raises(IntegrityError), transaction.atomic():
            Contract.objects.filter(pk=contract.pk).update(state="signed")


class TestStartContract:
    def start(self, contract, house, at, **changes):
        told = {"supervisor_id": house.gloria.user_id, "starts_on": calendar.day_of(at), **changes}
        return services.start_contract(actor=house.beto, contract_id=contract.pk, at=at, **told)

    def test_fixes_the_days_and_names_the_supervisor(self, house, at):
        contract = given.running(at, house)

        assert (contract.state, contract.supervisor_id) == ("running", house.gloria.user_id)
        assert contract.ends_on == contract.expected_end(calendar.day_of(at))
        assert Entry.objects.get(act="contract.started").content["data"]["starts_on"] == "2026-03-02"

    def test_is_refused_until_each_guarantee_is_approved(self, house, at):
        contract = given.signed_contract(at, house, covers=("performance", "goods"))
        given.submitted_guarantee(contract, house, at)
        given.approved_guarantee(contract, house, at, "goods")

        with pytest.raises(Refused) as refused:
            self.start(contract, house, at)

        assert codes(refused) == {"guarantee_missing"}

    def test_says_all_that_is_wrong_at_once(self, house, at):
        contract = given.signed_contract(at, house, covers=("performance",))

        with pytest.raises(Refused) as refused:
            self.start(contract, house, at, supervisor_id=None, starts_on=calendar.day_of(at) - timedelta(days=1))

        assert codes(refused) == {"guarantee_missing", "supervisor_missing", "starts_too_soon"}

    def test_is_refused_with_a_supervisor_who_is_not_one(self, house, at):
        contract = given.signed_contract(at, house)

        with pytest.raises(Refused, match="not_a_supervisor"):
            self.start(contract, house, at, supervisor_id=house.hugo.user_id)

    def test_is_denied_to_the_supplier(self, house, at):
        contract = given.signed_contract(at, house)

        with pytest.raises(Denied):
            services.start_contract(
                actor=house.carla, contract_id=contract.pk, supervisor_id=None, starts_on=calendar.day_of(at), at=at
            )


class TestCompleteContract:
    def test_is_said_by_its_supervisor(self, house, at):
        contract = given.running(at, house)

        services.complete_contract(actor=house.gloria, contract_id=contract.pk, completed_on=calendar.day_of(at), at=at)

        assert Entry.objects.get(act="contract.completed").content["data"]["completed_on"] == "2026-03-02"

    def test_is_refused_on_a_day_to_come(self, house, at):
        contract = given.running(at, house)

        with pytest.raises(Refused, match="completed_in_the_future"):
            services.complete_contract(
                actor=house.gloria,
                contract_id=contract.pk,
                completed_on=calendar.day_of(at) + timedelta(days=1),
                at=at,
            )

    def test_is_denied_to_who_does_not_supervise_it(self, house, at):
        contract = given.running(at, house)

        with pytest.raises(Denied):
            services.complete_contract(
                actor=house.beto, contract_id=contract.pk, completed_on=calendar.day_of(at), at=at
            )


class TestReaction:
    def test_drafts_the_contract_when_a_process_is_awarded(self, house, at, run_reactions):
        award = given.award(at, house)

        run_reactions()

        assert Contract.objects.get(award=award).state == "draft"

    def test_lists_what_was_offered_with_its_prices(self, at, db, run_reactions):
        award = given.awards.awarded(at)

        run_reactions()

        contract = Contract.objects.get(award=award)
        assert contract.lines.count() == award.tender.price_lines.count()
        assert contract.lines_total == contract.value_amount == award.value_amount
