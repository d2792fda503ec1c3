"""What is auctioned: the process, or each of its lots; among whom, from which prices, and by which terms."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from pliego.auctions.models import Auction, Participant
from pliego.auctions.section import SECTION, terms_in
from pliego.auctions.terms import CENT, Terms, alias
from pliego.bidding.disclosed import lines_of_bid
from pliego.bidding.models import Bid
from pliego.bidding.queries import price_keys
from pliego.evaluation.models import Assessment, LotAssessment
from pliego.tendering import sections
from pliego.tendering.models import Tender

KEPT = (
    "is_upward", "by", "compares", "margin_kind", "margin", "warning", "minutes", "window", "extension",
    "most_extensions",
)  # fmt: skip


def terms_of(tender: Tender) -> Terms:
    """The terms of the auction as the pliego says them now."""
    return terms_in(tender, sections.get(SECTION, tender).content(tender))


def terms_told(terms: Terms) -> dict[str, Any]:
    """The terms as JSON of an act: amounts as text."""
    told: dict[str, Any] = {name: getattr(terms, name) for name in KEPT}
    return {**told, "margin": str(terms.margin)}


@dataclass(frozen=True)
class Bidder:
    """Somebody who qualified, with the initial price. `price` is None while it is sealed."""

    bid_id: int
    code: str
    account_id: int
    price: Any


@dataclass(frozen=True)
class Subject:
    """The process as a whole, or one of its lots."""

    lot: int | None
    bidders: tuple[Bidder, ...]
    alone_is_enough: bool

    @property
    def is_open(self) -> bool:
        """Whether the initial price of everybody is known."""
        return all(bidder.price is not None for bidder in self.bidders)

    @property
    def needs_auction(self) -> bool:
        """With one alone the law asks for none, where the method says so; where it says nothing, that one may bid."""
        return self.is_open and self.has_enough

    @property
    def has_enough(self) -> bool:
        return len(self.bidders) >= (2 if self.alone_is_enough else 1)


def of(tender: Tender) -> list[Subject]:
    """Everything that is auctioned in the process."""
    alone = bool(tender.rulebook.evaluation.alone_legal_basis)
    rows = Assessment.objects.filter(evaluation__tender=tender, complies=True).select_related("bid")
    if not tender.lot_numbers:
        whole = tuple(_bidder(row, row.price_amount) for row in rows.order_by("pk"))
        return [Subject(None, whole, alone)]
    of_lot: dict[int, list[Bidder]] = {number: [] for number in tender.lot_numbers}
    parts = LotAssessment.objects.filter(assessment__in=rows, complies=True).select_related("assessment__bid")
    for part in parts.order_by("pk"):
        of_lot.setdefault(part.number, []).append(_bidder(part.assessment, part.price_amount))
    return [Subject(number, tuple(bidders), alone) for number, bidders in sorted(of_lot.items())]


def _bidder(row: Assessment, price: Decimal | None) -> Bidder:
    return Bidder(row.bid_id, row.bid.code, row.bid.supplier_id, None if row.price_is_sealed else price)


def lettered(bidders: Iterable[Bidder]) -> list[tuple[str, Bidder]]:
    """Each under letters that chance gives anew, so that none tells who arrived first, nor who it was in a training."""
    drawn = list(bidders)
    secrets.SystemRandom().shuffle(drawn)
    return [(alias(place), bidder) for place, bidder in enumerate(drawn, 1)]


def real_start(tender: Tender, at: datetime) -> datetime:
    """When the first auction that counts starts; before it is announced, the earliest that it can."""
    announced = [auction.starts_at for auction in Auction.objects.of(tender)]
    return min(announced) if announced else terms_of(tender).start(at, tender.due_at("auction"))


def limit_of(auction: Auction, at: datetime) -> datetime | None:
    """When a training is over at the latest; nothing of an auction that counts."""
    return real_start(auction.tender, at) if auction.is_training else None


def items_of(tender: Tender, lot: int | None) -> Mapping[str, Any]:
    """The price lines of which a bid may say the unit price, by key."""
    keys = price_keys(tender)
    return {key: line for key, line in keys.items() if lot is None or lot in line.item.lots}


UnitPrices = dict[str, tuple[Decimal, Decimal]]


def unit_prices(bid: Bid, lot: int | None) -> UnitPrices:
    """By key of line: the quantity asked for, and the initial unit price of that offer."""
    lines = lines_of_bid(bid)
    return {key: (line.quantity, unit) for key, line, unit in lines if lot is None or lot in line.item.lots}


def starting_prices(auction: Auction, mine: Participant) -> UnitPrices:
    """From which unit prices a bid by items goes on: those of the offer; in a training, the invented ones."""
    if not auction.is_training:
        return unit_prices(mine.bid, auction.lot)
    lines = items_of(auction.tender, auction.lot)
    return {key: (line.quantity, Decimal(mine.prices[key])) for key, line in lines.items()}


def invented(tender: Tender, lot: int | None, reference: Decimal) -> dict[str, Decimal]:
    """By key of line, unit prices that come to the reference at most: in proportion to the reference prices of the list
    where every line has one, else the same for each line. No offer has a say in them."""
    lines = items_of(tender, lot)
    known = {key: line.reference_price_amount or Decimal() for key, line in lines.items()}
    if not all(known.values()):
        known = {key: 1 / line.quantity for key, line in lines.items()}
    whole = sum((line.quantity * known[key] for key, line in lines.items()), Decimal())
    return {key: max(CENT, (reference * known[key] / whole).quantize(CENT, ROUND_DOWN)) for key in lines}
