"""What happens to a contract that runs: suspended and resumed, taken over by another, ended before its time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from pliego.consortia.tests import given as plural
from pliego.contracts import covering, guarantees, modifying, queries, services, suspensions, versions
from pliego.contracts.models import Contract, Modification
from pliego.contracts.policy import MODIFICATION_POLICY, POLICY, Act, ModificationAct
from pliego.contracts.tests import given
from pliego.contracts.tests.given import signed
from pliego.kernel.actors import ANYONE, Actor
from pliego.kernel.objections import Denied, Refused, SignatureRequired
from pliego.ledger.models import Entry
from pliego.parties.models import Account
from pliego.parties.tests import given as parties
from pliego.tendering.tests import given as tendering

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def codes(refused: Any) -> set[str]:
    return {objection.code for objection in refused.value.objections}


@pytest.fixture
def contract(house: Any, at: datetime) -> Contract:
    return given.running(at, house, covers=("performance",))


@pytest.fixture
def dario(house: Any, at: datetime) -> Actor:
    return tendering.supplier(at, "dario")


def now(contract: Contract) -> Contract:
    return Contract.objects.get(pk=contract.pk)


class TestSuspension:
    def test_stops_the_contract_until_it_resumes_and_its_end_comes_as_many_days_later(
        self, house: Any, contract: Contract, at: datetime
    ) -> None:
        given.published_modification(house, contract, at, "suspension")
        stopped = now(contract)
        with pytest.raises(Refused) as refused:
            given.drafted_modification(house, contract, at, "addition")
        may = POLICY.verdict(house.gloria, Act.COMPLETE, stopped)
        made = given.published_modification(house, contract, at + 10 * DAY, "resumption")
        after = now(contract)

        assert (stopped.state, stopped.happened, stopped.suspended_on) == ("running", ["suspended"], at.date())
        assert (codes(refused), bool(may)) == ({"suspended"}, False)
        assert (after.ends_on, made.days) == (contract.ends_on + 10 * DAY, 10)
        assert made.changes["ends_on"] == {"old": str(contract.ends_on), "new": str(after.ends_on)}
        assert (after.happened, after.suspended_on, after.resumes_on) == (["resumed"], None, None)
        assert POLICY.verdict(house.gloria, Act.COMPLETE, after)
        found = versions.versions_of(after)
        moved = [row.field for row in versions.compared(found[0], found[-1]) if row.is_other]
        assert ([row.number for row in found], moved) == ([1, 2, 3], ["ends_on"])

    def test_is_told_to_both_parties_before_its_planned_end_and_again_when_it_is_longer(
        self, house: Any, contract: Contract, at: datetime
    ) -> None:
        given.published_modification(house, contract, at, "suspension")
        told = [suspensions.watch(at=at + days * DAY) for days in (14, 15, 16)]
        tasks = [task.title for task in queries.tasks_for(house.ana, at + 16 * DAY)]
        longer = {"effective_on": at.date() + 16 * DAY, "resumes_on": at.date() + 40 * DAY}
        given.published_modification(house, contract, at + 16 * DAY, "suspension", **longer)
        again = [suspensions.watch(at=at + days * DAY) for days in (17, 36)]

        assert (told, again) == ([0, 1, 0], [0, 1])
        assert "Reanudar un contrato, o prorrogar su suspensión" in [str(title) for title in tasks]
        assert now(contract).suspended_on == at.date()
        announced = Entry.objects.filter(act="contract.resumption_due").order_by("pk")
        assert [one.content["data"]["planned_on"] for one in announced] == ["2026-03-22", "2026-04-11"]

    def test_is_ordered_alone_where_it_needs_no_supplier_and_never_before_its_day(
        self, house: Any, contract: Contract, at: datetime
    ) -> None:
        typed = {"needs_supplier": False, "effective_on": at.date() + DAY}
        made = given.drafted_modification(house, contract, at, "suspension", **typed)
        with pytest.raises(Refused) as refused:
            modifying.publish_modification(actor=signed(house.beto, at), modification_id=made.pk, at=at)
        done = modifying.publish_modification(actor=signed(house.beto, at), modification_id=made.pk, at=at + DAY)

        assert codes(refused) == {"too_early"}
        assert (done.state, now(contract).suspended_on) == ("published", at.date() + DAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            Contract.objects.filter(pk=contract.pk).update(suspended_on=None)

    def test_tells_everything_that_is_missing(self, house: Any, contract: Contract, at: datetime) -> None:
        nothing = {"effective_on": None, "resumes_on": None}
        made = given.drafted_modification(house, contract, at, "suspension", **nothing)

        with pytest.raises(Refused) as refused:
            modifying.send_modification(actor=house.ana, modification_id=made.pk, at=at)

        assert codes(refused) == {"effective_missing", "planned_missing"}


class TestGuarantees:
    def test_that_a_modification_leaves_short_are_said_and_asked_for(
        self, house: Any, contract: Contract, at: datetime
    ) -> None:
        longer = contract.ends_on + 500 * DAY
        made = given.published_modification(house, contract, at, "extension", ends_on=longer)
        tasks = [str(task.title) for task in queries.tasks_for(house.carla, at)]
        demand = covering.demanded_by(made)
        new = given.guarantee_data(contract, at, ends_on=demand[0].until, policy_number="POL-2")
        document = tendering.pdf("poliza.pdf")
        sent = guarantees.submit_guarantee(
            actor=house.carla, contract_id=contract.pk, data=new, document=document, at=at
        )

        assert [(one.cover, one.grows, one.lasts_longer) for one in demand] == [("performance", False, True)]
        assert demand[0].until is not None
        assert demand[0].until >= longer
        assert "Enviar una garantía que reemplace la que vence" in tasks
        assert sent.state == "submitted"


class TestAssignment:
    def test_is_agreed_by_the_three_and_the_contract_is_of_another_from_then(
        self, house: Any, contract: Contract, dario: Actor, at: datetime
    ) -> None:
        drafted = given.drafted_modification(house, contract, at, "assignment")
        seen = [Modification.objects.visible_to(dario).exists()]
        modifying.send_modification(actor=house.ana, modification_id=drafted.pk, at=at)
        turns = [str(task.title) for task in queries.tasks_for(dario, at)]
        first = modifying.accept_modification(actor=signed(house.carla, at), modification_id=drafted.pk, at=at)
        with pytest.raises(SignatureRequired):
            modifying.take_over(actor=dario, modification_id=drafted.pk, at=at)
        second = modifying.take_over(actor=signed(dario, at), modification_id=drafted.pk, at=at)
        made = modifying.publish_modification(actor=signed(house.beto, at), modification_id=drafted.pk, at=at + DAY)
        after = now(contract)

        assert [*seen, Modification.objects.visible_to(dario).exists()] == [False, True]
        assert turns == ["Asumir un contrato por cesión, o rechazarlo"]
        assert (first.state, second.state, made.state) == ("sent", "accepted", "published")
        assert (after.supplier_id, made.given_by_id) == (dario.account_id, house.carla.account_id)
        assert (after.happened, after.state, after.assigned_at) == (["assigned"], "running", at + DAY)
        assert made.changes["supplier"] == {"old": contract.supplier.name, "new": after.supplier.name}
        assert [one.of_the_new_party for one in covering.demanded_by(made)] == [True]
        for actor in (house.carla, dario, house.ana):
            assert list(queries.of_account(actor=actor)) == [after]
        verdicts = [bool(POLICY.verdict(actor, Act.SUBMIT_GUARANTEE, after)) for actor in (house.carla, dario)]
        assert verdicts == [False, True]
        assert after.approved_covers == set()
        data = given.guarantee_data(after, at, policy_number="POL-3")
        told: dict[str, Any] = {"contract_id": after.pk, "data": data, "document": tendering.pdf("p.pdf")}
        sent = guarantees.submit_guarantee(actor=dario, at=at + 2 * DAY, **told)
        guarantees.approve_guarantee(actor=house.beto, guarantee_id=sent.pk, at=at + 2 * DAY)
        assert now(contract).approved_covers == {"performance"}
        seen = [[n for n, _one in queries.guarantees_for(one, now(contract))] for one in (house.carla, dario, ANYONE)]
        assert seen == [[1, 2], [1, 2], [2]]
        assert {one.state for one in after.guarantees.exclude(pk=sent.pk)} == {"replaced"}

    def test_is_given_back_by_any_of_them_and_taken_back_by_the_entity(
        self, house: Any, contract: Contract, dario: Actor, at: datetime
    ) -> None:
        made = given.accepted_modification(house, contract, at, "assignment")
        again = modifying.rework_modification(actor=house.ana, modification_id=made.pk, at=at)
        assert (again.state, again.decided_at, again.party_decided_at) == ("draft", None, None)
        modifying.send_modification(actor=house.ana, modification_id=made.pk, at=at)
        for stranger in (house.carla, house.beto):
            assert not MODIFICATION_POLICY.verdict(stranger, ModificationAct.TAKE_OVER, again)

        back = modifying.reject_modification(actor=dario, modification_id=made.pk, reason="No alcanzo", at=at)

        assert (back.state, now(contract).supplier_id) == ("rejected", house.carla.account_id)

    def test_is_refused_to_who_may_not_take_it_over(
        self, house: Any, contract: Contract, dario: Actor, at: datetime
    ) -> None:
        account = Account.objects.get(pk=dario.account_id)
        made = given.drafted_modification(house, contract, at, "assignment", to=contract.supplier.code)

        def refused() -> set[str]:
            with pytest.raises(Refused) as found:
                modifying.send_modification(actor=house.ana, modification_id=made.pk, at=at)
            return codes(found)

        def to(number: str) -> None:
            data = modifying.ModificationData(reason="Se retira", effective_on=at.date(), to=number)
            modifying.edit_modification(actor=house.ana, modification_id=made.pk, data=data, at=at)

        with pytest.raises(Refused, match="unknown_supplier"):
            to("123")
        assert refused() == {"same_party"}
        to(account.organization.number)
        assert Modification.objects.get(pk=made.pk).party_id == account.pk
        of_both, mine = plural.active(at).account, Contract.objects.filter(pk=contract.pk)
        mine.update(supplier=of_both)
        to(account.organization.number)
        assert refused() == {"a_member"}
        mine.update(supplier=house.carla.account_id)
        to(account.code)
        parties.join(account, "gloria", ["bidder"], by="dario", at=at)
        assert refused() == {"in_conflict"}
        to("")
        assert refused() == {"to_missing"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Modification.objects.filter(pk=made.pk).update(state="accepted", decided_at=at, sent_at=at)


class TestEnding:
    def test_before_its_time_completes_the_contract_even_while_it_is_suspended(
        self, house: Any, contract: Contract, at: datetime
    ) -> None:
        given.published_modification(house, contract, at, "suspension")
        made = given.published_modification(house, contract, at + 3 * DAY, "termination")
        after = now(contract)

        assert (after.state, after.completed_on) == ("completed", at.date() + 3 * DAY)
        assert (after.happened, after.suspended_on, after.ends_on) == (["terminated"], None, contract.ends_on)
        assert made.guarantees == []
        completed = Entry.objects.get(act="contract.completed")
        assert completed.content["data"]["completed_on"] == "2026-03-05"
        with pytest.raises(Denied):
            given.drafted_modification(house, contract, at + 4 * DAY, "general")

    def test_by_an_act_of_conclusion_completes_it_too(self, house: Any, contract: Contract, at: datetime) -> None:
        given.published_modification(house, contract, at + DAY, "conclusion")

        assert (now(contract).state, now(contract).happened) == ("completed", ["concluded"])

    def test_by_caducity_takes_the_suspension_out(self, house: Any, contract: Contract, at: datetime) -> None:
        given.published_modification(house, contract, at, "suspension")
        services.mark_ended(contract_id=contract.pk, ended_on=at.date() + DAY, at=at + DAY)

        assert (now(contract).state, now(contract).happened) == ("completed", ["forfeited"])


class TestPagesAndApi:
    def test_tell_stage_and_happenings_apart_and_compare_versions(
        self, house: Any, contract: Contract, dario: Actor, at: datetime, client_for: Any
    ) -> None:
        from pliego.accounts.tests import given as people

        given.published_modification(house, contract, at)
        given.published_modification(house, contract, at, "suspension")
        given.sent_modification(house, contract, at, "assignment")
        ana = client_for(people.person("ana"), contract.buyer)
        vera = client_for(people.person("dario"), Account.objects.get(pk=dario.account_id))
        session = vera.session
        session["opened_by"] = "demo"  # so that acts are signed with the practice signature
        session.save()
        one = f"/escritorio/contratos/{contract.code}/"
        page, public = ana.get(one).content.decode(), f"/contratos/{contract.code}/versiones/"
        lists = [ana.get(f"/escritorio/contratos/?hecho={code}").content.decode() for code in ("suspended", "reduced")]
        rows = b"".join(ana.get("/escritorio/contratos/?formato=csv&hecho=added")).decode().splitlines()
        compared = client_for(None).get(f"{public}?de=1&a=2").content.decode()
        told = ana.get(f"/api/v1/contracts/{contract.code}/versions?old=1&new=2").json()
        taken = vera.post(f"{one}modificaciones/3/asumir/", {"firma-demo": "on"})
        last = ana.get(f"/api/v1/contracts/{contract.code}/modifications").json()[-1]

        assert "El contrato está suspendido" in page
        assert "Suspendido ahora" in page
        assert [contract.code in shown for shown in lists] == [True, False]
        assert len(rows) == 2
        assert "suspended added" in rows[1]
        assert "39.850.000,50" in compared
        assert "40.850.000,50" in compared
        assert client_for(None).get(f"{public}?de=9").status_code == 404
        assert told["changed"]["value_amount"] == {"old": "39850000.50", "new": "40850000.50"}
        assert [row["number"] for row in told["versions"]] == [1, 2, 3]
        assert ana.get(f"/api/v1/contracts/{contract.code}").json()["happened"] == ["suspended", "added"]
        listed = [ana.get(f"/api/v1/contracts?happened={code}") for code in ("suspended", "reduced", "nothing")]
        assert [answer.status_code for answer in listed] == [200, 200, 422]
        assert [[row["code"] for row in answer.json()] for answer in listed[:2]] == [[contract.code], []]
        assert client_for(None).get("/api/v1/contracts").json() == []
        assert taken.status_code == 303
        assert (last["kind"], last["state"], last["party_decided_at"] is not None) == ("assignment", "sent", True)
