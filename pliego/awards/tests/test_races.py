"""Two people who decide at the same moment: one decision, one act, one answer to each."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from pliego.awards import services
from pliego.awards.models import Award
from pliego.awards.tests import given
from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry
from pliego.tendering.tests import given as tenders


@pytest.mark.django_db(transaction=True)
def test_a_process_decided_twice_at_once_is_decided_once(at):
    tender = given.direct_tender(at)
    beto = tenders.signed(tenders.people_of(tender).beto, at)
    supplier = tender.invitations.select_related("supplier").get().supplier.code
    together = Barrier(2)

    def decide(value):
        try:
            with clock.fixed(at):
                together.wait(timeout=20)
                services.award_directly(actor=beto, tender_id=tender.pk, supplier=supplier, value=value, at=at)
            return "made"
        except (Denied, Refused):
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(decide, (given.Decimal(1_000_000), given.Decimal(2_000_000))))

    assert answers == ["made", "refused"]
    assert (Award.objects.count(), Entry.objects.filter(act="award.made").count()) == (1, 1)
