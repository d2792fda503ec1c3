"""Processes whose envelopes open at several moments, led there by the services."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pliego.bidding import moments, opening
from pliego.bidding.models import Bid, BidCall, Envelope
from pliego.bidding.tests import given as bids
from pliego.bidding.tests.stages import opened
from pliego.evaluation import services, weighing
from pliego.evaluation.models import Evaluation
from pliego.evaluation.tests import given
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders

WORKS, MERIT, LISTED = "licitacion_obra_publica", "concurso_meritos_abierto", "concurso_meritos_precalificacion"
AUCTION = "subasta_inversa"
PRICES = {"carla": ("1000000.00", "500000.00"), "dario": ("900000.00", "400000.00"), "pablo": ("1.00", "2.00")}


def receiving(at: datetime, method: str) -> Tender:
    """A process of that method that receives offers."""
    return opened(tenders.published_tender(at, method=method), "offers")


def offered(tender: Tender, *names: str) -> list[Bid]:
    at = tender.schedule["bids_due"] - timedelta(minutes=30)
    return [
        bids.submitted_bid(tender, tenders.supplier(at, name), at=at + timedelta(minutes=place), prices=PRICES[name])
        for place, name in enumerate(names)
    ]


def first_opened(tender: Tender) -> Evaluation:
    """The first envelopes are open, and their evaluation laid out."""
    done = bids.opened_tender(tender)
    return services.start_evaluation(tender_id=done.pk, at=bids.opening_time(done))


def reported(evaluation: Evaluation, *order: str, failing: Sequence[str] = ()) -> Tender:
    """The report is public, and nobody observes it. `order`: those with the most points, first the best."""
    given.assessed(evaluation, failing=failing)
    tender = evaluation.tender
    quality = next((factor.number for factor in weighing.judged_of(tender)), 0)
    given.scored(evaluation, {bid: {quality: str(40 - 5 * place)} for place, bid in enumerate(order)})
    at = tender.schedule["report_published"]
    ana = tenders.signed(tenders.people_of(tender).ana, at)
    services.publish_report(actor=ana, tender_id=tender.pk, at=at)
    return Tender.objects.get(pk=tender.pk)


def called(tender: Tender, bid: str, at: datetime, reason: str = "") -> BidCall:
    beto = tenders.signed(tenders.people_of(tender).beto, at)
    return services.call_bid(actor=beto, tender_id=tender.pk, bid=bid, reason=reason, at=at)


def later(tender: Tender) -> datetime:
    """When the turn of the next envelopes comes."""
    turn = moments.turn_now(bids.as_it_is(tender))
    assert turn
    assert turn.due_at
    return turn.due_at


def keys_given(tender: Tender) -> None:
    people = tenders.people_of(tender)
    bids.released_halves(tender)
    bids.released_shares(tender, people.ana, people.beto)


def opened_at(tender: Tender, moment: str, at: datetime | None = None) -> Tender:
    beto = tenders.people_of(tender).beto
    return opening.open_bids(actor=beto, tender_id=tender.pk, moment=moment, at=at or later(tender))


def seals(tender: Tender) -> dict[str, set[str]]:
    """Which envelopes of each offer are open."""
    found: dict[str, set[str]] = {bid.code: set() for bid in tender.bids.all()}
    for envelope in Envelope.objects.filter(bid__tender=tender).exclude(identity="").select_related("bid"):
        found[envelope.bid.code].add(envelope.code)
    return found
