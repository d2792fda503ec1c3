"""What an opened offer says: its answers, prices, lots, variant and documents, as whoever reads may read them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from pliego.bidding import rules
from pliego.bidding.models import Bid, BidDocument, Envelope, Reserve
from pliego.bidding.policy import RESERVE_POLICY, ReserveAct
from pliego.bidding.queries import price_keys
from pliego.bidding.varying import summary_of, varied_in
from pliego.kernel.actors import ANYONE, Actor
from pliego.tendering import kinds
from pliego.tendering.lots import concerns
from pliego.tendering.models import PriceLine, QuestionnaireItem, Tender

# ---- an offer --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Variant:
    """The variant of an opened offer: what it says, and the whole of its price (`varying.py`)."""

    summary: str
    price_lines: list[tuple[int, Decimal, Decimal]]
    total: Decimal
    documents: list[BidDocument]


@dataclass(frozen=True)
class OpenedBid:
    """An offer after the opening. `price_lines` are (line number, quantity, unit price)."""

    bid_id: int
    code: str
    supplier_id: int
    supplier_name: str
    received_at: datetime
    answers: dict[str, Any] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)  # its own reference, its guarantee (sealing.ABOUT)
    price_lines: list[tuple[int, Decimal, Decimal]] = field(default_factory=list)
    total: Decimal = Decimal()
    documents: list[BidDocument] = field(default_factory=list)
    withheld: list[Reserve] = field(
        default_factory=list
    )  # what is kept from the public, and so is in none of the above
    sealed: tuple[str, ...] = ()  # the envelopes that open at a later moment, or never
    lots: tuple[int, ...] = ()  # for which it is, where the process has lots
    lot_lines: dict[int, list[tuple[str, Decimal, Decimal]]] = field(default_factory=dict)  # by lot, with their keys
    variant: Variant | None = None

    @property
    def has_price(self) -> bool:
        return not self.sealed or bool(self.price_lines)


def opened_bids(tender: Tender) -> list[OpenedBid]:
    """The offers that were opened, in order of arrival, with what they say."""
    bids = Bid.objects.filter(tender=tender, state="opened").select_related("supplier__organization")
    asked = price_keys(tender)
    related = ("envelopes__documents__document", "envelopes__reserve__item")
    return [_opened(bid, asked) for bid in bids.prefetch_related(*related)]


def unopenable_bids(tender: Tender) -> list[Bid]:
    return list(Bid.objects.filter(tender=tender, state="unopenable").select_related("supplier__organization"))


def _opened(bid: Bid, asked: dict[str, PriceLine]) -> OpenedBid:
    envelopes = list(bid.envelopes.all())
    shown = [envelope for envelope in envelopes if not envelope.is_withheld]
    offered = [each for each in _lines(envelopes, asked) if concerns(each[1].item.lots, bid.lots)]
    lines = [(line.number, line.quantity, unit) for _key, line, unit in offered]
    return OpenedBid(
        bid_id=bid.pk,
        code=bid.code,
        supplier_id=bid.supplier_id,
        supplier_name=bid.supplier.name,
        received_at=bid.received_at,
        answers={number: value for e in shown for number, value in (e.answers or {}).get("answers", {}).items()},
        about=said_in(_open_to_all(bid), "about"),
        price_lines=lines,
        total=rules.total_of(lines),
        documents=[row for envelope in shown for row in envelope.documents.all() if not row.in_variant],
        sealed=tuple(envelope.code for envelope in envelopes if not envelope.identity and not envelope.reserved),
        withheld=[envelope.reserve for envelope in envelopes if envelope.identity and envelope.is_withheld],
        lots=tuple(bid.lots),
        lot_lines={
            lot: [(key, line.quantity, unit) for key, line, unit in offered if lot in line.item.lots]
            for lot in bid.lots
        },
        variant=_variant(bid, asked) if bid.has_variant else None,
    )


def _variant(bid: Bid, asked: dict[str, PriceLine]) -> Variant:
    envelopes = _open_to_all(bid)
    lines = [(line.number, line.quantity, unit) for _key, line, unit in _lines(envelopes, asked, in_variant=True)]
    documents = [row for envelope in envelopes for row in envelope.documents.all() if row.in_variant]
    return Variant(summary_of(bid), lines, rules.total_of(lines), documents)


def _lines(
    envelopes: Iterable[Envelope], asked: dict[str, PriceLine], *, in_variant: bool = False
) -> list[tuple[str, PriceLine, Decimal]]:
    """Each price line that was answered with a price: (key, line, unit price), in the order of the pliego. A price
    counts in the envelope in which it is asked for, and in no other."""
    own = [each for each in envelopes if not each.reserved]
    told = {each.code: said_in([each], "prices") | (varied_in([each], "prices") if in_variant else {}) for each in own}
    offered = ((k, line, rules.price(told.get(line.item.envelope, {}).get(k))) for k, line in asked.items())
    return [(key, line, unit) for key, line, unit in offered if unit is not None]


def total_of_bid(bid: Bid, *, in_variant: bool = False) -> Decimal:
    """What the offer or its variant adds up to by its unit prices; the total that the supplier wrote is only shown."""
    lines = lines_of_bid(bid, in_variant=in_variant)
    return rules.total_of([(line.number, line.quantity, unit) for _key, line, unit in lines])


def lines_of_bid(bid: Bid, *, in_variant: bool = False) -> list[tuple[str, PriceLine, Decimal]]:
    """Each line that the offer prices, where it is of the whole or of one of its lots: (key, line, unit price)."""
    offered = _lines(bid.envelopes.all(), price_keys(bid.tender), in_variant=in_variant)
    return [each for each in offered if concerns(each[1].item.lots, bid.lots)]


def _open_to_all(bid: Bid) -> list[Envelope]:
    return [envelope for envelope in bid.envelopes.all() if not envelope.reserved]


# ---- lots ------------------------------------------------------------------------------------------------------------


def lots_of_bid(bid: Bid, known: Iterable[int]) -> list[int]:
    """The lots for which an offer is, as its envelopes that are open say; those that the process no longer has do not
    count. It is asked at the first opening: what a later envelope says changes nothing.

    Until then nothing on the server tells them. They are in the answers of each envelope, under its key; the manifest,
    which is in clear, names no question (`sealing` refuses one that does); every envelope is there whatever was chosen.
    """
    said: list[int] = next((e.answers["lots"] for e in _open_to_all(bid) if e.answers and "lots" in e.answers), [])
    return sorted(set(said).intersection(known))


def asked_of(bid: Bid, items: QuerySet[QuestionnaireItem]) -> QuerySet[QuestionnaireItem]:
    """The questions that an offer had to answer: those of the whole and of its lots."""
    return items.filter(Q(lots=[]) | Q(lots__overlap=bid.lots) if bid.lots else Q(lots=[]))


@dataclass(frozen=True)
class OfferedLot:
    """A lot after the opening, with who offered for it."""

    lot: Any
    bidders: list[str]


def offered_lots(tender: Tender, bids: Iterable[OpenedBid]) -> list[OfferedLot]:
    """Each lot with its bidders; a lot for which nobody offered has none."""
    told = list(bids)
    return [OfferedLot(lot, [b.supplier_name for b in told if lot.number in b.lots]) for lot in tender.lots.all()]


# ---- its answers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answered:
    """A question and what an opened offer answered; `asked`: why it should be confidential, when that was asked.
    `reserve`: the request, where it was sealed apart; `is_withheld`: who reads this may not read that answer."""

    item: QuestionnaireItem
    text: str
    asked: str
    documents: list[BidDocument]
    priced: int = 0  # lines of its list with a price
    reserve: Reserve | None = None
    is_withheld: bool = False
    variant: "Answered | None" = None  # what the variant says instead

    @property
    def shown(self) -> str:
        return kinds.shown(self.item, self.text)

    @property
    def cells(self) -> list[list[str]]:
        return kinds.cells_of(self.item, self.text)

    @property
    def is_as_asked(self) -> bool:
        return self.is_withheld or kinds.is_as_asked(self.item, self.text)


def said_in(envelopes: Iterable[Envelope], part: str) -> dict[str, str]:
    """A part of the answers of those envelopes of an opened offer."""
    found: dict[str, str] = {}
    for envelope in envelopes:
        found |= (envelope.answers or {}).get(part, {})
    return found


def readable(bid: Bid, actor: Actor) -> list[Envelope]:
    """The envelopes of an opened offer that the actor may read: all but those kept from them. The reserved ones first,
    so that no answer of theirs takes the place of one that is open to all."""
    apart = [each for each in bid.envelopes.all() if each.reserved and hasattr(each, "reserve")]
    return [e for e in apart if RESERVE_POLICY.verdict(actor, ReserveAct.READ, e.reserve)] + _open_to_all(bid)


def answers_of(bid: Bid, items: Iterable[QuestionnaireItem], actor: Actor = ANYONE) -> list[Answered]:
    """What an opened offer says to those questions, as the actor may read it."""
    envelopes = readable(bid, actor)
    said, prices = said_in(envelopes, "answers"), said_in(_open_to_all(bid), "prices")
    asked = said_in(_open_to_all(bid), "confidential")
    kept = {e.reserve.item_id: e for e in bid.envelopes.all() if e.reserved and hasattr(e, "reserve")}
    documents = _documents_in(envelopes)
    priced = _priced(price_keys(bid.tender) if prices else {}, prices)
    items = list(items)
    varied = _varied(bid, items) if bid.has_variant else {}
    return [
        Answered(
            item,
            said.get(number, ""),
            asked.get(number, ""),
            documents.get(number, []),
            priced.get(item.pk, 0),
            kept[item.pk].reserve if item.pk in kept else None,
            item.pk in kept and kept[item.pk] not in envelopes,
            varied.get(item.pk),
        )
        for item in items
        if (number := str(item.number))
    ]


def _varied(bid: Bid, items: list[QuestionnaireItem]) -> dict[int, Answered]:
    """What the variant answers, of the questions that it answers otherwise than the base."""
    envelopes = _open_to_all(bid)
    said, documents = varied_in(envelopes, "answers"), _documents_in(envelopes, in_variant=True)
    priced = _priced(price_keys(bid.tender), varied_in(envelopes, "prices"))
    told = [(item, str(item.number), priced.get(item.pk, 0)) for item in items]
    return {
        item.pk: Answered(item, said.get(number, ""), "", documents.get(number, []), lines)
        for item, number, lines in told
        if number in said or number in documents or lines
    }


def _documents_in(envelopes: Iterable[Envelope], *, in_variant: bool = False) -> dict[str, list[BidDocument]]:
    """The files of each question, of the base offer or of its variant."""
    found: dict[str, list[BidDocument]] = {}
    for envelope in envelopes:
        for document in envelope.documents.all():
            if document.in_variant == in_variant:
                found.setdefault(document.item, []).append(document)
    return found


def _priced(asked: dict[str, PriceLine], prices: dict[str, str]) -> dict[int, int]:
    """How many lines of each list have a price."""
    found: dict[int, int] = {}
    for key, line in asked.items():
        found[line.item_id] = found.get(line.item_id, 0) + (rules.price(prices.get(key)) is not None)
    return found


@dataclass(frozen=True)
class Offered:
    """A price line with the unit price that an offer wrote beside it."""

    key: str
    line: PriceLine
    price: Decimal | None
    varied: Decimal | None = None  # the price of the variant, where it is another

    @property
    def amount(self) -> Decimal | None:
        return None if self.price is None else (self.line.quantity * self.price).quantize(Decimal("0.01"))

    @property
    def varied_amount(self) -> Decimal | None:
        return None if self.varied is None else (self.line.quantity * self.varied).quantize(Decimal("0.01"))


def offered_prices(bid: Bid, item: QuestionnaireItem | None = None) -> list[Offered]:
    """The lines of one list of an opened offer, or of all of them."""
    prices = said_in(_open_to_all(bid), "prices")
    varied = varied_in(_open_to_all(bid), "prices") if bid.has_variant else {}
    return [
        Offered(key, line, rules.price(prices.get(key)), rules.price(varied.get(key)))
        for key, line in price_keys(bid.tender).items()
        if concerns(line.item.lots, bid.lots) and (item is None or line.item_id == item.pk)
    ]


def opened_bid_rows(tender: Tender) -> QuerySet[Bid]:
    rows = Bid.objects.filter(tender=tender, state="opened").select_related("supplier__organization", "tender")
    related = ("envelopes__documents__document", "envelopes__reserve__tender", "envelopes__reserve__envelope__bid")
    return rows.prefetch_related(*related).order_by("received_at", "pk")
