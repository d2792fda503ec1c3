"""Requests that race, in real threads on real PostgreSQL: whatever the interleaving, one result."""

from datetime import timedelta

import pytest

from pliego.bidding import closing, services
from pliego.bidding.models import Bid, Closing
from pliego.bidding.tests import given
from pliego.kernel.actors import SYSTEM
from pliego.ledger.models import Entry
from pliego.tendering.tests import given as tenders
from tests.racing import together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8


def presenting(tender, supplier, manifest, at):
    return lambda: services.submit_bid(
        actor=tenders.signed(supplier, at), tender_id=tender.pk, manifest=manifest, at=at
    )


def test_an_offer_against_the_close_is_in_the_record_or_refused_never_neither(at):
    outcomes = set()
    suppliers = [tenders.supplier(at, name) for name in ("carla", "dario")]
    for _round in range(ROUNDS):
        tender = given.published_tender(at)
        manifests = [given.sealed(tender, supplier, at) for supplier in suppliers]
        in_time = given.last_moment(tender)  # they arrived in time; the close comes while they wait their turn

        *offers, record = together(
            *(presenting(tender, s, m, in_time) for s, m in zip(suppliers, manifests, strict=True)),
            lambda tender=tender: closing.close_tender(actor=SYSTEM, tender_id=tender.pk, at=given.after_close(tender)),
        )

        assert isinstance(record, Closing), record
        listed = {line["receipt"] for line in record.entry.content["data"]["receipts"]}
        accepted = {offer.receipt.code for offer in offers if isinstance(offer, Bid)}
        assert accepted == listed
        assert all(isinstance(offer, Bid) or offer == {"wrong_state"} for offer in offers), offers
        assert Bid.objects.filter(tender=tender, state="submitted").count() == len(accepted)
        outcomes.add(len(accepted))
    assert outcomes


def test_late_offers_lose_every_race(at):
    supplier = tenders.supplier(at)
    for microseconds in (0, 1, 1000):
        tender = given.published_tender(at)
        manifest = given.sealed(tender, supplier, at)
        late = given.due(tender) + timedelta(microseconds=microseconds)

        (answer,) = together(presenting(tender, supplier, manifest, late))

        assert answer == {"too_late"}


def test_a_double_click_is_one_offer(at):
    supplier = tenders.supplier(at)
    for _round in range(ROUNDS):
        tender = given.published_tender(at)
        manifest = given.sealed(tender, supplier, at)

        answers = together(*[presenting(tender, supplier, manifest, at)] * 4)

        assert {bid.pk for bid in answers} == {Bid.objects.get(tender=tender).pk}
        assert Entry.objects.filter(act="bid.submitted", file=tender.ocid).count() == 1


def test_two_offers_of_one_supplier_leave_one_standing(at):
    supplier = tenders.supplier(at)
    for _round in range(ROUNDS):
        tender = given.published_tender(at)
        manifests = [given.sealed(tender, supplier, at) for _both in range(3)]

        answers = together(*(presenting(tender, supplier, manifest, at) for manifest in manifests))

        assert all(isinstance(answer, Bid) for answer in answers), answers
        states = sorted(Bid.objects.filter(tender=tender).values_list("state", flat=True))
        assert states == ["replaced", "replaced", "submitted"]


def test_a_withdrawal_against_the_close_agrees_with_the_record(at):
    supplier = tenders.supplier(at)
    for _round in range(ROUNDS):
        tender = given.published_tender(at)
        bid = given.submitted_bid(tender, supplier)

        withdrawal, record = together(
            lambda bid=bid, tender=tender: services.withdraw_bid(
                actor=tenders.signed(supplier, at), bid_id=bid.pk, at=given.last_moment(tender)
            ),
            lambda tender=tender: closing.close_tender(actor=SYSTEM, tender_id=tender.pk, at=given.after_close(tender)),
        )

        bid.refresh_from_db()
        said = record.entry.content["data"]
        assert (bid.state == "withdrawn") == isinstance(withdrawal, Bid)
        assert said["standing"] == (0 if bid.state == "withdrawn" else 1)


def test_two_closes_write_one_record(at):
    for _round in range(ROUNDS):
        tender = given.published_tender(at)
        close = lambda tender=tender: closing.close_tender(  # noqa: E731
            actor=SYSTEM, tender_id=tender.pk, at=given.after_close(tender)
        )

        answers = together(close, close, close)

        assert len({record.pk for record in answers}) == 1
        assert Entry.objects.filter(act="bids.closed", file=tender.ocid).count() == 1


def test_the_same_ciphertext_by_two_suppliers_at_once_is_taken_from_one_at_most(at):
    import io
    import json

    from pliego.bidding import parts

    carla, dario = tenders.supplier(at, "carla"), tenders.supplier(at, "dario")
    for _round in range(ROUNDS):
        tender = given.published_tender(at)
        own = given.sealed(tender, carla, at)
        stolen = json.loads(json.dumps(own).replace(carla.account_code, dario.account_code))
        for envelope in own["envelopes"]:
            for row in envelope["files"]:
                for part in row["parts"]:
                    services.keep_part(actor=dario, sha256=part, stream=io.BytesIO(parts.get(part)), at=at)

        answers = together(presenting(tender, carla, own, at), presenting(tender, dario, stolen, at))

        assert sum(isinstance(answer, Bid) for answer in answers) == 1
        assert {"copied_ciphertext"} in answers
