"""Processes of our own to measure with, made by the same services as everybody's."""

from datetime import datetime

from pliego.bidding.tests import given as bids
from pliego.kernel import clock
from pliego.kernel.calendar import BOGOTA
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=BOGOTA)


def opened_process() -> Tender:
    from django.db import transaction

    with clock.fixed(MONDAY), transaction.atomic():
        tender = tenders.published_tender(MONDAY)
        for name in ("carla", "dario"):
            bids.submitted_bid(tender, tenders.supplier(MONDAY, name))
    with clock.fixed(bids.opening_time(tender)), transaction.atomic():
        return bids.opened_tender(tender)


def published_process() -> Tender:
    from django.db import transaction

    with clock.fixed(MONDAY), transaction.atomic():
        return tenders.published_tender(MONDAY)


def turned_to(moment: datetime) -> None:
    """Set the practice clock of the installation, for the processes that serve it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_practiceclock (id, shift) VALUES (1, %s - clock_timestamp())"
            " ON CONFLICT (id) DO UPDATE SET shift = excluded.shift",
            [moment],
        )
