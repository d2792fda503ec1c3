"""Hearings for the tests of this room and of those above, made by services."""

from datetime import datetime, timedelta

from pliego.hearings import services
from pliego.hearings.models import Hearing
from pliego.tendering import services as tendering
from pliego.tendering.models import Tender
from pliego.tendering.tests import given
from tests.furnishing import furnished

BEFORE = timedelta(hours=2)  # the visit is so long before the last hour for observations


@furnished
def visited_tender(at: datetime, of: given.Buyer | None = None, mandatory: str = "yes") -> Tender:
    """A public process whose pliego arranges a visit to the place."""
    of = of or given.buyer(at)
    tender = given.draft_tender(at, of)
    due = tender.due_at("enquiries_due")
    assert due is not None
    content = {
        "allowed": "yes", "held_at": (due - BEFORE).isoformat(), "municipality": "73001",
        "meeting_point": "Portería de la sede", "mandatory": mandatory, "contact": "Oficina de compras, 601 5550000",
    }  # fmt: skip
    tendering.save_section(actor=of.ana, tender_id=tender.pk, part="visit", content=content, at=at)
    tendering.submit_for_approval(actor=of.ana, tender_id=tender.pk, at=at)
    return tendering.publish_tender(actor=given.signed(of.beto, at), tender_id=tender.pk, at=at)


@furnished
def convened(at: datetime, of: given.Buyer | None = None) -> Hearing:
    of = of or given.buyer(at)
    tender = visited_tender(at, of)
    return services.convene_hearing(
        actor=of.ana, tender_id=tender.pk, occasion="visit", place="Portería de la sede", link="", how="", at=at
    )


@furnished
def in_session(at: datetime, of: given.Buyer | None = None) -> Hearing:
    of = of or given.buyer(at)
    hearing = convened(at, of)
    begins = hearing.begins_at
    services.begin_hearing(actor=of.ana, tender_id=hearing.tender_id, number=hearing.number, at=begins)
    return Hearing.objects.select_related("tender").get(pk=hearing.pk)
