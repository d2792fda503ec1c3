from decimal import Decimal

import pytest

from pliego.evaluation import services
from pliego.evaluation.models import Evaluation
from pliego.evaluation.tests import given

pytestmark = pytest.mark.django_db


class TestStartEvaluation:
    def test_follows_the_opening_by_itself(self, at, run_reactions):
        tender = given.opened_tender(at, ("1000000.00", "500000.00"), ("900000.00", "500000.00"))

        run_reactions()

        evaluation = Evaluation.objects.get(tender=tender)
        assert [a.price_amount for a in evaluation.assessments.all()] == [Decimal(12_500_000), Decimal(11_500_000)]
        assert {a.complies for a in evaluation.assessments.all()} == {None}

    def test_changes_nothing_when_repeated(self, at):
        evaluation = given.evaluation(at)

        again = services.start_evaluation(tender_id=evaluation.tender_id, at=at)

        assert (again, again.assessments.count()) == (evaluation, 1)

    def test_notes_what_is_wrong_with_a_price(self, at):
        evaluation = given.evaluation(at, ("1000000.00",), ("4000000.00", "500000.00"), ("1.00", "1.00"))

        incomplete, dear, cheap = evaluation.assessments.all()
        assert [fault["code"] for fault in incomplete.price_faults] == ["lines_missing"]
        assert [fault["code"] for fault in dear.price_faults] == ["above_budget"]
        assert cheap.low_price["method"] == "estimate"

    def test_of_a_process_without_offers_is_empty(self, at):
        evaluation = services.start_evaluation(tender_id=given.opened_tender(at).pk, at=at)

        assert not evaluation.assessments.exists()
