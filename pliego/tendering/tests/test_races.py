"""Two people at once, in real threads on real connections: one result."""

import threading

import pytest
from django.db import connection, transaction

from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry
from pliego.tendering import services
from pliego.tendering.models import CustodianKey, Tender
from pliego.tendering.services.editing import note_saved
from pliego.tendering.services.locking import locked
from pliego.tendering.tests import given

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts):
    """Run the acts at the same moment, each in a thread of its own; answers what each gave or raised."""
    gate = threading.Barrier(len(acts))
    results = [None] * len(acts)

    def run(place, act):
        try:
            gate.wait(timeout=20)
            results[place] = act()
        except (Refused, Denied) as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.fixture
def held(at):
    clock.hold(at)
    yield at
    clock.hold(None)


def test_two_approvals_at_once_publish_once(held):
    house = given.buyer(held)
    tender = given.submitted_tender(held, house)
    other = given.joined(house.account, "irene", ["approver"], held)
    given.custodian_keys(2)

    results = together(*(
        lambda who=who: services.publish_tender(actor=given.signed(who, held), tender_id=tender.pk, at=held)
        for who in (house.beto, other)
    ))  # fmt: skip

    assert sorted(type(result).__name__ for result in results) == ["Denied", "Tender"]
    assert Entry.objects.filter(file=tender.ocid, act="tender.published").count() == 1
    assert CustodianKey.objects.filter(tender=tender).count() == 1


def test_publishing_against_returning_ends_in_one_of_them(held):
    house = given.buyer(held)
    tender = given.submitted_tender(held, house)
    other = given.joined(house.account, "irene", ["approver"], held)

    results = together(
        lambda: services.publish_tender(actor=given.signed(house.beto, held), tender_id=tender.pk, at=held),
        lambda: services.return_to_draft(actor=other, tender_id=tender.pk, reasons="Falta", at=held),
    )

    kept = Tender.objects.get(pk=tender.pk)
    ends = Entry.objects.filter(file=tender.ocid, act__in=["tender.published", "tender.returned"])
    assert [type(result).__name__ for result in results].count("Denied") == 1
    assert ends.count() == 1
    assert (kept.state == "published") == (kept.published_at is not None) == (ends.get().act == "tender.published")


def test_two_publications_never_share_a_custodian_key(held):
    house = given.buyer(held)
    first, second = (given.submitted_tender(held, house) for _i in range(2))
    signed = given.signed(house.beto, held)

    together(*(
        lambda pk=pk: services.publish_tender(actor=signed, tender_id=pk, at=held) for pk in (first.pk, second.pk)
    ))  # fmt: skip

    numbers = list(Tender.objects.values_list("custodian_number", flat=True))
    assert len(numbers) == len(set(numbers)) == 2


def test_a_first_look_while_the_section_is_saved_waits_and_neither_fails(held):
    house = given.buyer(held)
    tender = given.draft_tender(held, house)
    is_held, has_looked = threading.Event(), threading.Event()

    def save():
        with transaction.atomic():
            locked(tender.pk)
            is_held.set()
            assert not has_looked.wait(timeout=0.5)  # it waits, or has written its row and waits at its commit
            note_saved(actor=house.ana, tender=tender, part="documents", at=held)

    def look():
        is_held.wait(timeout=20)
        services.visit_section(actor=house.ana, tender_id=tender.pk, part="documents", at=held)
        has_looked.set()

    assert together(save, look) == [None, None]
    assert tender.visits.get(part="documents").saved_at == held
