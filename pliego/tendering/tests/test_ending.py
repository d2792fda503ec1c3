from datetime import timedelta

import pytest

from pliego.kernel.objections import Denied, Refused, SignatureRequired
from pliego.ledger.models import Entry
from pliego.tendering import services
from pliego.tendering.models import Tender
from pliego.tendering.tests import given


class TestMarkClosed:
    def test_is_refused_until_the_deadline(self, published):
        due = published.schedule["bids_due"]

        with pytest.raises(Refused, match="too_early"):
            services.mark_closed(tender_id=published.pk, at=due - timedelta(microseconds=1))
        assert services.mark_closed(tender_id=published.pk, at=due).state == "closed"

    def test_is_refused_where_no_offers_are_received(self, house, at):
        direct = given.published_tender(at, house, method="contratacion_directa")

        with pytest.raises(Refused, match="no_bidding"):
            services.mark_closed(tender_id=direct.pk, at=at)


class TestFromClosedToFinished:
    def test_goes_through_each_state_once(self, published):
        dates = published.schedule
        services.mark_closed(tender_id=published.pk, at=dates["bids_due"])
        services.mark_opened(tender_id=published.pk, at=dates["opening"])
        services.mark_awarded(tender_id=published.pk, at=dates["award"])

        finished = services.mark_finished(tender_id=published.pk, at=dates["contract_signed"])

        assert (finished.state, finished.ended_at) == ("finished", dates["contract_signed"])

    def test_does_not_open_before_the_hour(self, published):
        dates = published.schedule
        services.mark_closed(tender_id=published.pk, at=dates["bids_due"])

        with pytest.raises(Refused, match="too_early"):
            services.mark_opened(tender_id=published.pk, at=dates["opening"] - timedelta(seconds=1))

    def test_does_not_award_before_the_offers_are_open(self, published):
        with pytest.raises(Refused, match="not_opened"):
            services.mark_awarded(tender_id=published.pk, at=published.schedule["award"])

    def test_awards_a_direct_contracting_without_offers(self, house, at):
        direct = given.published_tender(at, house, method="contratacion_directa")

        assert services.mark_awarded(tender_id=direct.pk, at=at).state == "awarded"

    def test_declares_void_with_the_reason(self, published):
        dates = published.schedule
        services.mark_closed(tender_id=published.pk, at=dates["bids_due"])

        tender = services.mark_deserted(tender_id=published.pk, reason="Nadie ofreció", at=dates["opening"])

        assert (tender.state, tender.ending_reason) == ("deserted", "Nadie ofreció")


class TestCancelTender:
    reason = {"reason": "Cambió la necesidad", "legal_basis": "Ley 1437 de 2011, art. 93"}

    def test_ends_it_with_a_public_reason(self, house, published, at):
        services.cancel_tender(actor=given.signed(house.beto, at), tender_id=published.pk, at=at, **self.reason)

        kept = Tender.objects.get(pk=published.pk)
        entry = Entry.objects.get(file=published.ocid, act="tender.cancelled")
        assert (kept.state, kept.ended_at) == ("cancelled", at)
        assert entry.content["data"]["reason"] == "Cambió la necesidad"

    def test_is_refused_without_reason_and_basis(self, house, published, at):
        with pytest.raises(Refused) as refused:
            services.cancel_tender(
                actor=given.signed(house.beto, at), tender_id=published.pk, reason="", legal_basis="", at=at
            )

        assert {o.field for o in refused.value.objections} == {"reason", "legal_basis"}

    def test_needs_a_signature(self, house, published, at):
        with pytest.raises(SignatureRequired):
            services.cancel_tender(actor=house.beto, tender_id=published.pk, at=at, **self.reason)

    def test_is_denied_to_the_preparer(self, house, published, at):
        with pytest.raises(Denied):
            services.cancel_tender(actor=given.signed(house.ana, at), tender_id=published.pk, at=at, **self.reason)

    def test_is_denied_after_the_award(self, house, at):
        direct = given.published_tender(at, house, method="contratacion_directa")
        services.mark_awarded(tender_id=direct.pk, at=at)

        with pytest.raises(Denied):
            services.cancel_tender(actor=given.signed(house.beto, at), tender_id=direct.pk, at=at, **self.reason)
