"""Offers while their process is suspended, and after it was resumed or revoked."""

from datetime import date, timedelta

import pytest

from pliego.bidding import closing, services
from pliego.bidding.models import Envelope
from pliego.bidding.tests import given
from pliego.bidding.tests.test_custodian import custodian, moments_later, process
from pliego.kernel.actors import SYSTEM
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Refused
from pliego.tendering import services as tendering
from pliego.tendering.models import Suspension, Tender
from pliego.tendering.tests import given as tenders
from tests.racing import together

__all__ = ["custodian", "process"]
WHY = {"reason": "Un juez lo ordenó", "legal_basis": "Auto 12 de 2026", "planned_on": date(2026, 3, 12)}


def suspend(tender, at):
    beto = tenders.signed(tenders.people_of(tender).beto, at)
    return tendering.suspend_tender(actor=beto, tender_id=tender.pk, at=at, **WHY)


def resume(tender, at):
    beto = tenders.signed(tenders.people_of(tender).beto, at)
    return tendering.resume_tender(actor=beto, tender_id=tender.pk, reason="Cesó la causa", at=at)


@pytest.mark.django_db
def test_an_offer_is_judged_by_the_moment_at_which_it_arrived(at):
    tender = given.published_tender(at)
    old_due = given.due(tender)
    carla, dario, third = (tenders.supplier(at, name) for name in ("carla", "dario", "fabio"))
    bid = given.submitted_bid(tender, carla, at)
    stop, restart = at + timedelta(hours=5), at + timedelta(days=3, hours=5)
    suspend(tender, stop)

    in_time = given.submitted_bid(tender, dario, stop - timedelta(microseconds=1))  # it waited for its turn
    with pytest.raises(Refused, match="suspended") as refused:
        given.submitted_bid(tender, third, stop)
    assert "12 mar 2026" in str(refused.value)
    services.save_draft(actor=third, tender_id=tender.pk, ciphertext="x", version=0, at=stop)  # what was begun stays
    withdrawn = services.withdraw_bid(actor=tenders.signed(carla, stop), bid_id=bid.pk, at=old_due)
    assert (in_time.state, withdrawn.state) == ("submitted", "withdrawn")
    assert closing.close_due(at=old_due + timedelta(days=1)) == []
    with pytest.raises(Refused, match="wrong_state"):
        closing.close_tender(actor=SYSTEM, tender_id=tender.pk, at=old_due + timedelta(days=1))

    resume(tender, restart)
    tender = Tender.objects.get(pk=tender.pk)
    assert given.due(tender) == calendar.later(old_due, 3)
    with pytest.raises(Refused, match="suspended"):
        given.submitted_bid(tender, third, restart - timedelta(microseconds=1))
    assert given.submitted_bid(tender, third, restart).state == "submitted"
    assert given.submitted_bid(tender, carla, given.last_moment(tender)).state == "submitted"
    assert closing.close_due(at=old_due + timedelta(minutes=1)) == []
    assert closing.close_due(at=given.after_close(tender)) == [tender.code]


@pytest.mark.django_db
class TestTheCustodian:
    def test_gives_nothing_while_it_is_suspended_and_waits_for_the_new_hour(self, custodian, process):
        given.closed_tender(process)
        suspend(process, given.after_close(process))
        hour = given.opening_time(process)

        assert moments_later(custodian, hour) == []
        assert not any("halves" in path for path in custodian.http.asked)
        resume(process, hour + timedelta(days=1))
        new = Tender.objects.get(pk=process.pk).due_at("opening")
        assert new > hour + timedelta(days=1)
        assert moments_later(custodian, new - timedelta(microseconds=1)) == []
        assert moments_later(custodian, new) == [process.ocid]

    def test_never_opens_a_revoked_process(self, custodian, process):
        given.closed_tender(process)
        at = given.after_close(process)
        tendering.revoke_tender(
            actor=tenders.signed(tenders.people_of(process).beto, at),
            tender_id=process.pk,
            ground="against_the_law",
            reason="Faltó un estudio",
            at=at,
        )

        assert moments_later(custodian, given.opening_time(process) + timedelta(days=9)) == []
        assert not Envelope.objects.get().custodian_half


@pytest.mark.django_db(transaction=True)
def test_the_close_against_a_suspension_ends_in_one_of_them(at):
    for _round in range(4):
        tender = given.published_tender(at)
        moment, late = given.last_moment(tender), given.after_close(tender)

        stopped, closed = together(
            lambda tender=tender, moment=moment: suspend(tender, moment),
            lambda tender=tender, late=late: closing.close_tender(actor=SYSTEM, tender_id=tender.pk, at=late),
        )

        state = Tender.objects.get(pk=tender.pk).state
        if state == "suspended":
            assert isinstance(stopped, Suspension)
            assert closed == {"wrong_state"}
        else:
            assert (state, stopped) == ("closed", {"closed_meanwhile"})
