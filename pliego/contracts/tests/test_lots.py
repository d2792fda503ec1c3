"""What one supplier wins of a process with lots is one contract, however many awards it comes from."""

from decimal import Decimal

import pytest

from pliego.awards.by_lot import LotDecision
from pliego.awards.tests import given as awards
from pliego.contracts import services
from pliego.contracts.models import Contract
from pliego.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
ONE, TWO = LotDecision(lot=1), LotDecision(lot=2)


def drafted(made, at):
    return [services.draft_contract(actor=SYSTEM, award_id=one.pk, at=at) for one in made if one.state == "made"]


class TestContractsOfLots:
    def test_are_one_for_each_supplier_with_the_lines_of_its_lots(self, at):
        made = awards.award_lots(
            awards.divided_tender(at, awards.CARLA, awards.DARIO, most_awarded=1), ONE, TWO, awards.NOBODY
        )

        contracts = drafted(made, at)

        assert [c.award for c in contracts] == made[:2]
        assert [c.value_amount for c in contracts] == [Decimal("14000000.00"), Decimal("10000000.00")]
        assert [[line.lot for line in c.lines.all()] for c in contracts] == [[1], [2]]

    def test_cover_all_that_a_supplier_wins_and_are_drafted_once(self, at):
        made = awards.award_lots(awards.divided_tender(at, awards.CARLA), ONE, TWO, awards.NOBODY)

        drafted(made, at)

        contract = Contract.objects.get()
        assert (contract.award, contract.value_amount) == (made[0], Decimal("25000000.00"))
        assert [(line.lot, line.unit_price_amount) for line in contract.lines.all()] == [
            (1, Decimal("1500000.00")),
            (2, Decimal("1000000.00")),
        ]
        assert "Lotes: 1. Portátiles; 2. Monitores" in contract.object
