"""Decisions for the tests of this room and of those above, made by services."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from pliego.awards import by_lot, services
from pliego.awards.by_lot import LotDecision
from pliego.awards.models import Award
from pliego.bidding.tests import given as bids
from pliego.evaluation import services as evaluation_services
from pliego.evaluation.tests import given as evaluations
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders
from tests.furnishing import furnished

CHEAP, DEAR = ("900000.00", "500000.00"), ("1000000.00", "500000.00")


@furnished
def awarded(at: datetime, *prices: Sequence[str]) -> Award:
    """A process of mínima cuantía that beto awarded to the lowest offer, the moment its report could be decided."""
    return award(evaluations.ready_to_award(at, *(prices or (DEAR, CHEAP))))


def award(tender: Tender, **told: Any) -> Award:
    moment = evaluations.after_observations(tender)
    beto = tenders.signed(tenders.people_of(tender).beto, moment)
    return services.award_tender(actor=beto, tender_id=tender.pk, at=moment, **told)


FIRST, SECOND, THIRD = ("900000.00", "500000.00"), DEAR, ("100000.00", "500000.00")


@furnished
def varied_tender(at: datetime) -> Tender:
    """A process with three offers and a variant of each, whose report is published: carla's is the first, dario's the
    second, and pablo's, the cheapest, does not comply."""
    tender = bids.with_variants(at)
    for name, prices, line in (("carla", FIRST, "300000.00"), ("dario", SECOND, "1.00"), ("pablo", THIRD, "1.00")):
        what = bids.varied(tender, prices, line2=line)
        bids.submitted_bid(tender, tenders.supplier(at, name), at=at, what=what)
    opened = bids.opened_tender(bids.as_it_is(tender))
    made = evaluation_services.start_evaluation(tender_id=opened.pk, at=evaluations.after_opening(opened))
    evaluations.assessed(made, [evaluations.codes(made)[2]])
    evaluations.reported(made)
    return Tender.objects.get(pk=opened.pk)


# Of three lots: for the third nobody offers. Dario is the lowest in the first, and carla in the second.
CARLA, DARIO = ((1, 2), ("1500000.00", "1000000.00")), ((1, 2), ("1400000.00", "1100000.00"))
NOBODY = LotDecision(lot=3, cause="no_offers", reason="Nadie ofertó por él.")


@furnished
def divided_tender(at: datetime, *offers: Any, failing: Sequence[int] = (), **rules: Any) -> Tender:
    """A process with three lots whose report is published. `failing` are the offers (1, 2…) that do not comply."""
    made = evaluations.divided(at, *offers, **rules)
    arrived = evaluations.codes(made)
    evaluations.assessed(made, [arrived[number - 1] for number in failing])
    evaluations.reported(made)
    return Tender.objects.get(pk=made.tender_id)


def award_lots(tender: Tender, *lots: LotDecision) -> list[Award]:
    """Decided by beto the moment its report could be."""
    moment = evaluations.after_observations(tender)
    beto = tenders.signed(tenders.people_of(tender).beto, moment)
    return by_lot.award_lots(actor=beto, tender_id=tender.pk, lots=lots, at=moment)


@furnished
def direct_tender(at: datetime) -> Tender:
    """A published contratación directa for professional services, with carla's firm invited."""
    return tenders.published_tender(at, method="contratacion_directa", invited=tenders.supplier(at))


@furnished
def awarded_directly(at: datetime, value: Decimal = Decimal("30000000")) -> Award:
    tender = direct_tender(at)
    invited = tender.invitations.select_related("supplier").get().supplier
    beto = tenders.signed(tenders.people_of(tender).beto, at)
    return services.award_directly(actor=beto, tender_id=tender.pk, supplier=invited.code, value=value, at=at)
