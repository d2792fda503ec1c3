"""What a variant becomes once it is awarded: the prices of the contract, and a bid of its own in the open data."""

from decimal import Decimal

import pytest

from pliego.awards.tests import given as awards
from pliego.contracts import services as contracts
from pliego.kernel.actors import SYSTEM
from pliego.publication.native import ocds, outcome
from pliego.publication.native.reading import known

pytestmark = pytest.mark.django_db


def test_the_awarded_variant_is_a_bid_that_no_statistic_counts_and_gives_the_contract_its_prices(at):
    tender = awards.varied_tender(at)

    award = awards.award(tender, variant=True, reason="Mejor calidad, sin condiciones.")
    contract = contracts.draft_contract(actor=SYSTEM, award_id=award.pk, at=award.decided_at)

    found = known(tender.ocid)
    release = ocds.release(found, release_id="1", tag="award", at=at)
    details = {row["id"]: row for row in release["bids"]["details"]}
    varied = details[f"{award.bid.code}-variante"]
    assert release["tender"]["submissionMethodDetails"]
    assert [row["value"] for row in release["bids"]["statistics"]] == [3, 2]
    assert [row["status"] for row in details.values()] == [
        *("valid", "valid", "disqualified"),
        *("valid", "pending", "disqualified"),
    ]
    assert (varied["value"]["amount"], release["awards"][0]["relatedBid"]) == (Decimal(10_500_000), varied["id"])
    assert [row["title"] for row in varied["documents"]] == ["otra marca.pdf"]
    assert "otra marca.pdf" not in [row["title"] for row in details[award.bid.code]["documents"]]
    assert outcome.offers(found, at)[0].variant.endswith("10.500.000")
    prices = contract.lines.order_by("number").values_list("unit_price_amount", flat=True)
    assert list(prices) == [Decimal(900_000), Decimal(300_000)]
