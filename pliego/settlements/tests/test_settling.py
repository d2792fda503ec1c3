from datetime import date, timedelta
from decimal import Decimal

import pytest

from pliego.breaches.tests import given as breaches
from pliego.contracts.tests import given as contracts
from pliego.contracts.tests.given import signed
from pliego.documents.models import Document
from pliego.execution import closing
from pliego.execution import services as execution
from pliego.execution.tests import given as paying
from pliego.kernel.actors import ANYONE, SYSTEM
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry
from pliego.settlements import deadlines, queries, services, terms
from pliego.settlements.services import AppealData, RulingData
from pliego.settlements.tests import given

pytestmark = pytest.mark.django_db
AFTER_APPEAL = timedelta(days=20)


@pytest.fixture
def contract(house, at):
    return given.over(at, house)


def codes(refused):
    return [objection.code for objection in refused.value.objections]


def decided(contract, house, at, outcome, **more):
    data = AppealData(outcome=outcome, number="R-13", answer="Se revisó el expediente.", **more)
    return services.resolve_appeal(actor=signed(house.beto, at), contract_id=contract.pk, data=data, at=at)


class TestUnilateral:
    def test_is_notified_then_firm_when_nobody_appeals_and_then_public(self, contract, house, at):
        resolution = given.issued(contract, house, at, owed_to_contractor=Decimal("500000"))
        assert not Document.objects.visible_to(ANYONE).filter(pk=resolution.document_id).exists()
        assert Document.objects.visible_to(house.carla).filter(pk=resolution.document_id).exists()
        with pytest.raises(Refused, match="appeal_can_come"):
            services.settle_resolution(actor=house.beto, contract_id=contract.pk, at=at)
        later = at + AFTER_APPEAL
        assert terms.settle_the_unappealed(at=calendar.at(resolution.appeal_until, 23, 0)) == 0

        told = (terms.settle_the_unappealed(at=later), terms.settle_the_unappealed(at=later))

        contract.refresh_from_db()
        found = queries.settled([contract])[contract.pk]
        assert (told, contract.state, found.way) == ((1, 0), "settled", "unilateral")
        assert (found.paid_amount, found.owed_to_contractor) == (Decimal("1000000"), Decimal("500000"))
        assert found.released_amount == contract.value_amount - Decimal("1500000")
        assert Document.objects.visible_to(ANYONE).filter(pk=resolution.document_id).exists()
        acts = Entry.objects.filter(act__startswith="settlement_resolution.").order_by("pk")
        assert [(entry.act, entry.is_disclosed) for entry in acts] == [
            ("settlement_resolution.issued", True),
            ("settlement_resolution.firm", True),
        ]

    def test_is_changed_on_appeal_and_settles(self, contract, house, at):
        given.appealed(contract, house, at)
        decided(contract, house, at, "change", owed_to_contractor=Decimal("200000"))

        contract.refresh_from_db()
        found = queries.settled([contract])[contract.pk]
        assert (contract.state, found.owed_to_contractor, len(found.documents)) == ("settled", Decimal("200000"), 2)

    def test_is_revoked_on_appeal_and_both_parties_may_settle_again(self, contract, house, at):
        given.appealed(contract, house, at)
        with pytest.raises(Refused) as missing:
            services.resolve_appeal(
                actor=signed(house.beto, at), contract_id=contract.pk, data=AppealData("", "", " "), at=at
            )
        assert codes(missing) == ["outcome_missing", "number_missing", "answer_missing"]
        decided(contract, house, at, "revoke")

        contract.refresh_from_db()
        assert (contract.state, given.drafted(contract, house, at).state) == ("completed", "draft")
        paying.signed_settlement(contract, house, at)

    def test_holds_back_the_settlement_of_both_parties_while_it_is_not_firm(self, contract, house, at):
        paying.signed_settlement(contract, house, at)
        given.issued(contract, house, at)

        with pytest.raises(Refused, match="resolution_waits"):
            execution.accept_settlement(actor=signed(house.carla, at), contract_id=contract.pk, at=at)
        with pytest.raises(Refused, match="already_issued"):
            given.drafted(contract, house, at)
        with pytest.raises(Refused, match="resolution_waits"):
            paying.sent_invoice(contract, house, at, number="F-9")
        paid = {"invoice_id": contract.invoices.get().pk, "reason": "Se pagó de más", "at": at}
        with pytest.raises(Refused, match="resolution_waits"):
            execution.correct_invoice(actor=signed(house.beto, at), **paid)

    def test_is_refused_while_something_is_missing_or_waits_and_says_all(self, contract, house, at):
        given.drafted(contract, house, at, number=" ", cause="", called="", grounds="")
        paying.sent_invoice(contract, house, at, number="F-9")

        with pytest.raises(Refused) as refused:
            services.issue_resolution(actor=signed(house.beto, at), contract_id=contract.pk, at=at)
        missing = ["cause_missing", "number_missing", "called_missing", "grounds_missing", "invoices_pending"]
        assert codes(refused) == missing
        with pytest.raises(Refused) as amounts:
            given.drafted(contract, house, at, owed_to_contractor=contract.value_amount, owed_to_entity=Decimal(-1))
        assert codes(amounts) == ["amount_negative", "more_than_the_value"]

    def test_is_signed_by_another_with_a_second_factor_and_appealed_in_time(self, contract, house, at):
        services.draft_resolution(
            actor=house.beto, contract_id=contract.pk, data=services.ResolutionData(number="R-1"), at=at
        )
        with pytest.raises(Denied):
            services.issue_resolution(actor=signed(house.beto, at), contract_id=contract.pk, at=at)
        with pytest.raises(Unknown):
            services.appeal_resolution(actor=signed(house.carla, at), contract_id=contract.pk, text="No", at=at)
        given.drafted(contract, house, at)
        with pytest.raises(SignatureRequired):
            services.issue_resolution(actor=house.beto, contract_id=contract.pk, at=at)
        services.issue_resolution(actor=signed(house.beto, at), contract_id=contract.pk, at=at)

        with pytest.raises(Refused, match="text_missing"):
            services.appeal_resolution(actor=signed(house.carla, at), contract_id=contract.pk, text=" ", at=at)
        later = at + AFTER_APPEAL
        with pytest.raises(Refused, match="appeal_late"):
            services.appeal_resolution(actor=signed(house.carla, later), contract_id=contract.pk, text="No", at=later)


class TestJudicial:
    def test_settles_with_the_decision_and_its_amounts(self, contract, house, at):
        paper = contracts.tendering.pdf("sentencia.pdf")
        bad = RulingData("", " ", calendar.day_of(at) + timedelta(days=1), Decimal(-1))
        with pytest.raises(Refused) as refused:
            services.register_ruling(
                actor=signed(house.beto, at), contract_id=contract.pk, data=bad, document=paper, at=at
            )
        assert codes(refused) == [
            "court_missing", "file_number_missing", "decided_in_the_future", "amount_negative",
        ]  # fmt: skip
        data = RulingData("Tribunal", "25000-1", calendar.day_of(at), contract.value_amount * 2)
        with pytest.raises(Denied):
            services.register_ruling(
                actor=signed(house.gloria, at), contract_id=contract.pk, data=data, document=paper, at=at
            )

        services.register_ruling(
            actor=signed(house.beto, at), contract_id=contract.pk, data=data, document=paper, at=at
        )

        contract.refresh_from_db()
        found = queries.settled([contract])[contract.pk]
        assert (contract.state, found.way, found.released_amount) == ("settled", "judicial", Decimal(0))
        entry = Entry.objects.get(act="settlement_ruling.registered")
        assert (entry.is_disclosed, entry.content["data"]["court"]) == (True, "Tribunal")
        assert found.documents[0].audience == "public"


class TestWhatHoldsBack:
    def test_is_an_open_hearing_of_breach_for_settling_and_for_closing(self, house, at):
        breach = breaches.cited(at, house)
        contract = breach.contract
        day = calendar.day_of(at)
        contracts.services.complete_contract(actor=house.gloria, contract_id=contract.pk, completed_on=day, at=at)

        with pytest.raises(Refused, match="hearing_open"):
            paying.signed_settlement(contract, house, at)
        with pytest.raises(Refused, match="hearing_open"):
            given.issued(contract, house, at)
        contract.refresh_from_db()
        assert [line.is_met for line in closing.conditions(contract, at)][-1] is False


class TestTerms:
    def test_are_told_to_the_entity_once_each_before_they_end_and_when_they_ended(self, contract, house, at):
        until = terms.of(contract).mutual.until

        def on(day: date) -> int:
            return terms.watch(at=calendar.at(day, 8))

        told = [on(until - timedelta(days=left)) for left in (31, 30, 29, 5, 4, 0, -1, -2)]

        assert told == [0, 1, 0, 1, 0, 0, 1, 0]
        acts = Entry.objects.filter(act__startswith="settlement_term.", subject_id=contract.pk).order_by("pk")
        assert [entry.act.partition(".")[2] for entry in acts] == ["ending", "ending", "ended"]
        assert acts[0].content["data"]["ends_on"] == until.isoformat()

    def test_stop_while_a_resolution_waits_and_are_dates_of_the_supervisor(self, contract, house, at):
        until = terms.of(contract).mutual.until
        before = [(row.kind, row.on) for row in deadlines.deadlines_for(house.gloria, at)]

        resolution = given.issued(contract, house, at)

        after = [(row.kind, row.on) for row in deadlines.deadlines_for(house.gloria, at)]
        assert before == [("settlement", until)]
        assert after == [("settlement", resolution.appeal_until)]
        assert terms.watch(at=calendar.at(until, 8)) == 0


class TestPages:
    def test_tell_each_party_where_it_stands_and_do_what_the_services_do(self, contract, house, at, visitor):
        gloria, beto, carla = visitor(house.gloria), visitor(house.beto), visitor(house.carla)
        room = f"/escritorio/contratos/{contract.code}/liquidacion/"
        signature = {"firma-demo": "on"}
        assert f"{room}unilateral/" in gloria.get(f"{room}cierre/").text
        assert carla.get(f"{room}unilateral/firmar/").status_code == 404
        typed = {"number": "R-12", "cause": "absent", "called": "Por correo", "grounds": "No vino"}
        assert gloria.post(f"{room}unilateral/", typed).status_code == 303
        assert "R-12" not in carla.get(f"{room}cierre/").text
        assert beto.post(f"{room}unilateral/firmar/", signature).status_code == 303
        assert carla.post(f"{room}unilateral/recurrir/", {"text": " ", **signature}).status_code == 422
        assert carla.post(f"{room}unilateral/recurrir/", {"text": "Falta algo", **signature}).status_code == 303
        answer = {"outcome": "confirm", "number": "R-13", "answer": "Nada nuevo", **signature}
        assert beto.post(f"{room}unilateral/resolver/", answer).status_code == 303

        page, api = carla.get(f"{room}cierre/").text, carla.get(f"/api/v1/contracts/{contract.code}/ending").json()

        assert ("R-12" in page, api["state"], api["settled"]["way"]) == (True, "settled", "unilateral")
        assert [term["code"] for term in api["terms"]] == ["mutual", "unilateral", "limit"]
        assert api["conditions"][0]["is_met"] is True
        assert queries.tasks_for(house.carla, at) == []
        assert list(deadlines.deadlines_for(SYSTEM, at)) == []
