"""What the open data say of lots: the status of each, and the lots of offers, decisions and lines."""

import pytest

from pliego.awards.by_lot import LotDecision
from pliego.awards.tests import given as awards
from pliego.publication.native import ocds, row
from pliego.publication.native.reading import known

pytestmark = pytest.mark.django_db


def test_each_lot_has_its_own_status_and_each_decision_its_lot(at):
    tender = awards.divided_tender(at, awards.CARLA, awards.DARIO, most_awarded=1)
    before = ocds.release(known(tender.ocid), release_id="1", tag="tender", at=at)

    made = awards.award_lots(tender, LotDecision(lot=1), LotDecision(lot=2), awards.NOBODY)

    found = known(tender.ocid)
    release = ocds.release(found, release_id="2", tag="award", at=at)
    assert [lot["status"] for lot in before["tender"]["lots"]] == ["active"] * 3
    assert [lot["status"] for lot in release["tender"]["lots"]] == ["complete", "complete", "unsuccessful"]
    assert [bid["relatedLots"] for bid in release["bids"]["details"]] == [["1", "2"], ["1", "2"]]
    assert [(each["status"], each["relatedLots"]) for each in release["awards"]] == [
        ("active", ["1"]),
        ("active", ["2"]),
        ("unsuccessful", ["3"]),
    ]
    assert {award.code for award in made} <= row.names_of(found).keys()
