from datetime import timedelta
from decimal import Decimal

import pytest

from pliego.contracts import guarantees, queries, rules, sections, writing
from pliego.contracts.models import Contract
from pliego.contracts.tests import given
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry

pytestmark = pytest.mark.django_db


def submit(contract, house, at, **changes):
    return guarantees.submit_guarantee(
        actor=house.carla,
        contract_id=contract.pk,
        data=given.guarantee_data(contract, at, **changes),
        document=given.tendering.pdf("poliza.pdf"),
        at=at,
    )


class TestSubmitGuarantee:
    def test_waits_for_the_entity_that_alone_reads_it(self, house, at):
        contract = given.signed_contract(at, house, covers=("performance",))

        guarantee = submit(contract, house, at)

        assert (guarantee.state, guarantee.document.audience) == ("submitted", "participants")
        assert Entry.objects.get(act="guarantee.submitted").documents == [guarantee.document.sha256]

    def test_is_refused_below_the_legal_minimum(self, house, at):
        contract = given.signed_contract(at, house)

        with pytest.raises(Refused) as refused:
            submit(contract, house, at, amount=contract.value_amount / 10 - Decimal("0.01"))

        assert [o.legal_basis for o in refused.value.objections] == ["Decreto 1082 de 2015, art. 2.2.1.2.3.1.12"]

    def test_is_refused_when_it_ends_before_the_contract(self, house, at):
        contract = given.signed_contract(at, house)

        with pytest.raises(Refused, match="guarantee_too_short"):
            submit(contract, house, at, ends_on=calendar.day_of(at) + timedelta(days=20))

    def test_is_refused_while_another_of_the_cover_stands(self, house, at):
        contract = given.signed_contract(at, house)
        submit(contract, house, at)

        with pytest.raises(Refused, match="guarantee_exists"):
            submit(contract, house, at)

    def test_is_refused_for_a_cover_that_does_not_exist(self, house, at):
        with pytest.raises(Refused, match="unknown_cover"):
            submit(given.signed_contract(at, house), house, at, cover="nada")

    def test_is_denied_to_the_entity(self, house, at):
        contract = given.signed_contract(at, house)

        with pytest.raises(Denied):
            guarantees.submit_guarantee(
                actor=house.beto,
                contract_id=contract.pk,
                data=given.guarantee_data(contract, at),
                document=given.tendering.pdf(),
                at=at,
            )


class TestDecideGuarantee:
    def test_approval_makes_it_public(self, house, at):
        contract = given.signed_contract(at, house)

        guarantee = given.approved_guarantee(contract, house, at)

        guarantee.document.refresh_from_db()
        assert (guarantee.state, guarantee.document.audience) == ("approved", "public")
        assert contract.approved_covers == {"performance"}

    def test_rejection_says_why_and_leaves_room_for_another(self, house, at):
        contract = given.signed_contract(at, house)
        first = submit(contract, house, at)

        guarantees.reject_guarantee(actor=house.beto, guarantee_id=first.pk, reason="Sin firma", at=at)
        second = submit(contract, house, at)

        first.refresh_from_db()
        assert (first.state, first.rejected_reason, second.state) == ("rejected", "Sin firma", "submitted")

    def test_rejection_needs_a_reason(self, house, at):
        guarantee = submit(given.signed_contract(at, house), house, at)

        with pytest.raises(Refused, match="reason_missing"):
            guarantees.reject_guarantee(actor=house.beto, guarantee_id=guarantee.pk, reason="", at=at)

    def test_is_not_taken_twice(self, house, at):
        guarantee = given.approved_guarantee(given.signed_contract(at, house), house, at)

        with pytest.raises(Refused, match="wrong_state"):
            guarantees.reject_guarantee(actor=house.beto, guarantee_id=guarantee.pk, reason="Tarde", at=at)

    def test_is_denied_to_the_contractor(self, house, at):
        guarantee = submit(given.signed_contract(at, house), house, at)

        with pytest.raises(Denied):
            guarantees.approve_guarantee(actor=house.carla, guarantee_id=guarantee.pk, at=at)


class TestWhatTheContractAsks:
    def test_is_the_least_when_it_is_more_than_the_law(self, house, at):
        contract = given.drafted(at, house)
        asked = {"cover": "performance", "percent": "20", "months": 12}
        advance = {"advance_kind": "advance", "advance_percent": "40"}
        content = {**sections.TERMS.plain(contract), "covers": [asked], **advance}
        writing.save_section(actor=house.ana, contract_id=contract.pk, part="terms", content=content, at=at)
        contract = Contract.objects.get(pk=contract.pk)
        ends = rules.least_end(contract, "performance", calendar.day_of(at))

        assert rules.least_amount(contract, "performance") == Decimal("7970000.10")  # 20 % and not 10 %
        assert rules.least_amount(contract, "liability") == 200 * Decimal(1_750_905)  # up to 1.500 minimum wages
        assert rules.least_amount(contract, "advance") == Decimal("15940000.20")  # all of the advance, not of the value
        assert rules.least_amount(contract, "prepayment") == contract.value_amount  # nothing says how much it is
        assert [bool(list(found)) for found in (
            rules.guarantee_dates_are_wrong(contract, "performance", calendar.day_of(at), ends),
            rules.guarantee_dates_are_wrong(contract, "performance", calendar.day_of(at), ends - timedelta(days=1)),
        )] == [False, True]  # fmt: skip


class TestWatch:
    def test_tells_each_alert_once_and_the_end(self, house, at):
        contract = given.running(at, house, covers=("performance",))
        ends = contract.guarantees.get().ends_on

        told = [
            (days, guarantees.watch(at=at + (ends - calendar.day_of(at)) - timedelta(days=days)))
            for days in (31, 30, 29, 5, 0, -1, -2)
        ]

        assert [days for days, n in told if n] == [30, 5, -1]
        assert Entry.objects.filter(act="guarantee.ending").count() == 2
        assert Entry.objects.get(act="guarantee.ended").content["data"]["ends_on"] == ends.isoformat()
        assert f"{contract.code} " in str([task.subject for task in queries.tasks_for(house.carla, at)])

    def test_lets_another_take_the_place_of_one_that_ends_or_falls_short(self, house, at):
        contract = given.signed_contract(at, house, covers=("performance",))
        least = rules.least_amount(contract, "performance")
        first = submit(contract, house, at, amount=least)
        guarantees.approve_guarantee(actor=house.beto, guarantee_id=first.pk, at=at)
        with pytest.raises(Refused, match="guarantee_exists"):
            submit(contract, house, at)
        given.published_modification(house, contract, at, "addition", amount=Decimal("5000000"))
        contract.refresh_from_db()

        second = submit(contract, house, at)
        guarantees.approve_guarantee(actor=house.beto, guarantee_id=second.pk, at=at)

        assert list(contract.guarantees.values_list("state", flat=True)) == ["replaced", "approved"]
