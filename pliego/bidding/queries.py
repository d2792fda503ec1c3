"""What others read of offers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.bidding import parts as store
from pliego.bidding import rules
from pliego.bidding.events import BidsOpened
from pliego.bidding.models import Bid, BidDocument, Envelope, Opening, Part, ReleasedShare, Reserve
from pliego.bidding.moments import Turn, turn_now
from pliego.bidding.policy import POLICY, RESERVE_POLICY, Act, ReserveAct
from pliego.bidding.states import STANDING
from pliego.bidding.varying import summary_of, varied_in
from pliego.conditions import guarantees, variants
from pliego.conditions.dividing import division_of
from pliego.kernel.actors import ANYONE, Actor
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.objections import Text
from pliego.kernel.todo import Task
from pliego.ledger.models import Entry
from pliego.tendering import kinds
from pliego.tendering.events import TenderPublished
from pliego.tendering.lots import concerns
from pliego.tendering.models import Amendment, OpeningKey, OpeningMember, PriceLine, QuestionnaireItem, Tender
from pliego.tendering.queries import by_envelope, rewritten


def envelopes_of(tender: Tender) -> list[str]:
    """The envelopes that an offer has: those of the method for which the questionnaire asks something."""
    asked = set(tender.items.values_list("envelope", flat=True))
    named = [envelope.code for envelope in tender.rulebook.envelopes]
    return [code for code in named if code in asked] + sorted(asked.difference(named))


def sealing_process(tender: Tender) -> dict[str, Any]:
    """What an offer must be locked with: fixed when the process was published (README: “The process file”)."""
    return {
        "v": 1,
        "process": tender.ocid,
        "t": tender.opening_threshold,
        "members": [
            {"member": str(member.number), "recipient": member.recipient} for member in tender.opening_members.all()
        ],
        "custodian": {"number": tender.custodian_number, "recipient": tender.custodian_recipient},
        "envelopes": envelopes_of(tender),
        "lots": tender.lot_numbers,
        "variants": variants.is_admitted(tender),
        **({"reinforced": True} if tender.is_reinforced else {}),
    }


def price_keys(tender: Tender) -> dict[str, PriceLine]:
    """The name of each price line in the answers: its number, or "item.number" where there are several lists."""
    lines = list(tender.price_lines.select_related("item").order_by("item__number", "number"))
    several = len({line.item_id for line in lines}) > 1
    return {f"{line.item.number}.{line.number}" if several else str(line.number): line for line in lines}


def process_file(tender: Tender) -> dict[str, Any]:
    """The process as `pliego seal` and the browser read it: the locks, and what is asked."""
    due, division = tender.due_at("bids_due"), division_of(tender)
    return {
        **sealing_process(tender),
        "lots": [
            {"number": lot.number, "title": lot.title, "value": str(lot.value_amount or "")}
            for lot in (division.lots if division else ())
        ],
        "asks_guarantee": guarantees.of_the_offer(tender) is not None,
        "lots_least": division.least if division else 0,
        "lots_most": division.most if division else 0,
        "code": tender.code,
        "title": tender.title,
        "bids_due": due.astimezone(BOGOTA).isoformat() if due else "",
        "items": [
            {
                "number": item.number,
                "envelope": item.envelope,
                "kind": item.kind,
                "title": item.title,
                "help": item.help,
                "options": item.options,
                "columns": item.columns,
                "row_titles": item.row_titles,
                "required": item.is_required,
                "evidence": item.needs_evidence,
                "confidential": item.allows_confidential,
                "lots": item.lots,
            }
            for item in tender.items.all()
        ],
        "price_lines": [
            {
                "key": key,
                "number": line.number,
                "item": line.item.number,
                "description": line.description,
                "quantity": format(line.quantity.normalize(), "f"),
                "unit": line.unit,
            }
            for key, line in price_keys(tender).items()
        ],
    }


def binding_amendments(bid: Bid) -> list[tuple[Amendment, list[Any]]]:
    """The amendments that affect an offer and came after it: each with the sections that it changes."""
    published = bid.tender.amendments.filter(state="published", version__number__gt=bid.confirmed_version)
    return [(amendment, rewritten(bid.tender, amendment)) for amendment in published if amendment.binds]


# ---- opened offers ---------------------------------------------------------------------------------------------------


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


# ---- pieces ----------------------------------------------------------------------------------------------------------


def missing_parts(*, actor: Actor, parts: list[str]) -> list[str]:
    """Which of those the account has not sent. It says nothing of what other accounts have sent."""
    here = set(Part.objects.filter(supplier_id=actor.account_id, sha256__in=parts).values_list("sha256", flat=True))
    return [part for part in dict.fromkeys(parts) if part not in here or not store.exists(part)]


def locks_for(*, actor: Actor, tender: Tender) -> list[dict[str, Any]]:
    """The locks that this member can open now and has not yet. Nobody sees a lock before the close, nor before the
    turn of its envelope."""
    POLICY.require(actor, Act.RELEASE_SHARES, tender)
    member = tender.opening_members.get(user_id=actor.user_id or 0)
    turn = turn_now(tender)
    waiting = waiting_for(member, turn) if turn else []
    return [_lock(envelope, envelope.header["locks"][member.number - 1]) for envelope in waiting]


def waiting_for(member: OpeningMember, turn: Turn) -> QuerySet[Envelope]:
    """The envelopes whose lock this member's key opens and has not yet: not those sealed to a key that they lost."""
    theirs = turn.sealed().filter(header__locks__contains=[{"recipient": member.recipient}])
    return theirs.exclude(released__member=member)


def _lock(envelope: Envelope, lock: dict[str, Any]) -> dict[str, Any]:
    return {"recipient": envelope.recipient, "bid": envelope.bid.code, "envelope": envelope.code, "lock": lock}


def receipt_with_manifest(tender: Tender, leaf: str) -> dict[str, Any] | None:
    """What stands behind a receipt of the closing record: the text of its act, and the manifest that it names."""
    bids = Bid.objects.filter(tender=tender, tender__state__in=["closed", "opened"]).exclude(receipt=None)
    bid = bids.filter(receipt__leaf=bytes.fromhex(leaf)).select_related("receipt").first()
    return {"body": bid.receipt.body, "manifest": bid.manifest} if bid and bid.receipt else None


def publication_act(tender: Tender) -> Entry | None:
    """The act that published the process, with the keys for which its offers are sealed."""
    return Entry.objects.filter(file=tender.ocid, act=TenderPublished.code).first()


def opening_act(tender: Tender) -> Entry | None:
    """The act that published the list of bidders."""
    return Entry.objects.filter(file=tender.ocid, act=BidsOpened.code).first()


# ---- pages -----------------------------------------------------------------------------------------------------------


BLANK_ROWS = 3  # of a table whose rows have no names, before anybody adds more


@dataclass(frozen=True)
class Question:
    """An item of the questionnaire, as the page of the offer draws it. Its price lines are in the process file."""

    item: QuestionnaireItem
    in_variant: bool = False  # asked a second time, for the variant

    @property
    def key(self) -> str:
        """What tells its inputs from those of the others on the page."""
        return f"v{self.item.number}" if self.in_variant else str(self.item.number)

    @property
    def template(self) -> str:
        return f"bidding/answers/{self.item.form.control}.html"

    @property
    def choices(self) -> list[tuple[str, Text]]:
        """What may be answered, and how it is shown: a yes or no is kept as "yes" or "no"."""
        if self.item.kind == "yes_no":
            return [("yes", _("Yes")), ("no", _("No"))]
        return [(option, option) for option in self.item.options]

    @property
    def rows(self) -> list[str]:
        return self.item.row_titles or [str(number) for number in range(1, BLANK_ROWS + 1)]


@dataclass(frozen=True)
class QuestionsOfEnvelope:
    title: str
    questions: list[Question]

    @property
    def varied(self) -> list[Question]:
        """What a variant may answer otherwise."""
        return [Question(asked.item, in_variant=True) for asked in self.questions if asked.item.form.keeps]


def questions(tender: Tender) -> list[QuestionsOfEnvelope]:
    """What an offer answers, envelope by envelope."""
    return [
        QuestionsOfEnvelope(envelope.title, [Question(item) for item in envelope.items])
        for envelope in by_envelope(tender, tender.items.all())
    ]


# ---- what an opened offer says ---------------------------------------------------------------------------------------


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


@dataclass(frozen=True)
class OpeningStatus:
    """What an opening has and lacks."""

    envelopes: int
    halves: int
    threshold: int
    members: list[tuple[OpeningMember, datetime | None]]  # with the moment at which they gave their shares

    @property
    def left(self) -> int:
        """Keys that nobody has said to be lost."""
        return sum(not key_is_lost(member) for member, _released in self.members)

    @property
    def cannot_open(self) -> bool:
        return self.left < self.threshold


def key_is_lost(member: OpeningMember) -> bool:
    test = getattr(member, "key_test", None)
    return test is not None and test.lost_at is not None


def opening_status(tender: Tender, turn: Turn | None) -> OpeningStatus:
    """Of the envelopes of that opening; before the close nobody knows how many there are."""
    counted = Envelope.objects.none()
    if turn is not None and tender.underlying_state != "published":
        counted = Envelope.objects.filter(bid__tender=tender, bid__state__in=STANDING, code__in=turn.codes)
        if turn.rule.by_call:
            counted = counted.filter(bid__call=turn.call) if turn.call else counted.none()
    released: dict[int, datetime] = {}
    for share in ReleasedShare.objects.filter(envelope__in=counted):
        released[share.member_id] = share.released_at
    members = tender.opening_members.select_related("user", "key_test")
    return OpeningStatus(
        envelopes=counted.count(),
        halves=counted.exclude(custodian_half="", custodian_proof="").count(),
        threshold=tender.opening_threshold,
        members=[(member, released.get(member.pk)) for member in members],
    )


def identities(tender: Tender) -> list[tuple[str, str, str]]:
    """(offer, envelope, identity) of what was opened: with them anybody opens the sealed files with stock age. Not of
    what is kept from the public, whose key is in no public act."""
    kept = Q(reserved__gt=0) & ~Q(reserve__state__in=["refused", "ended"])
    opened = Envelope.objects.filter(bid__tender=tender, bid__state="opened").exclude(identity="").exclude(kept)
    opened = opened.order_by("bid_id", "pk")
    return list(opened.values_list("bid__code", "code", "identity"))


# ---- turns -----------------------------------------------------------------------------------------------------------


def _to_confirm(actor: Actor) -> list[Task]:
    """Offers of the account that do not count since an amendment, while they can still be confirmed."""
    if actor.account_id is None or "representative" not in actor.roles:
        return []
    waiting = Bid.objects.filter(
        supplier_id=actor.account_id,
        state="submitted",
        tender__state="published",
        confirmed_version__lt=F("tender__binding_version"),
    )
    reason = _("The pliego changed: your offer does not count until you confirm it.")
    return [
        Task(
            _("Confirm your offer"),
            reverse("bidding:confirm", args=[bid.tender.code]),
            f"{bid.tender.code} {bid.tender.title}",
            reason,
            bid.tender.due_at("bids_due"),
        )
        for bid in waiting.select_related("tender").prefetch_related("tender__milestones").order_by("pk")[:50]
    ]


def _reserves_to_decide(actor: Actor) -> list[Task]:
    """Requests of confidentiality of opened offers that nobody has decided."""
    if not actor.is_buyer or actor.account_id is None or "approver" not in actor.roles:
        return []
    waiting = Reserve.objects.filter(
        tender__buyer_id=actor.account_id, state="requested", envelope__bid__state="opened"
    )
    tenders = Tender.objects.filter(pk__in=waiting.values("tender")).order_by("pk")[:50]
    reason = _("What the offers ask to keep from the public stays so until you decide.")
    return [
        Task(
            _("Decide the requests of confidentiality"),
            reverse("bidding:reserves", args=[tender.code]),
            f"{tender.code} {tender.title}",
            reason,
            None,
        )
        for tender in tenders
    ]


def _minutes_to_sign(actor: Actor) -> list[Task]:
    """Openings that the person led and have no minutes."""
    led = Opening.objects.filter(entry__actor_user_id=actor.user_id or 0, minutes=None)
    led = led.filter(tender__state__in=["opened", "awarded", "deserted", "finished"])
    seats = OpeningMember.objects.filter(user_id=actor.user_id or 0, tender_id=OuterRef("tender_id"))
    reason = _("You opened: you sign what was done.")
    return [
        Task(
            _("Sign the minutes of the opening"),
            reverse("bidding:record", args=[record.tender.code, record.moment]),
            f"{record.tender.code} {record.tender.title}",
            reason,
        )
        for record in led.filter(Exists(seats)).select_related("tender").order_by("pk")[:50]
    ]


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Keys to make and processes to open, for this person."""
    if not actor.signed_in:
        return []
    seats = OpeningMember.objects.filter(user_id=actor.user_id or 0)
    tasks = _to_confirm(actor) + _reserves_to_decide(actor) + _minutes_to_sign(actor)
    if actor.is_buyer and not OpeningKey.objects.filter(user_id=actor.user_id or 0, is_active=True).exists():
        reason = _("A process cannot be published while one of its opening members has no key.")
        if seats.filter(tender__state__in=["draft", "returned", "submitted"]).exists():
            tasks.append(Task(_("Make your opening key"), reverse("bidding:keys"), "", reason))
    for seat in seats.filter(tender__state__in=["published", "closed"], key_test=None).select_related("tender"):
        reason = _("A lost key is found in time only by trying it: it takes a minute.")
        url = reverse("bidding:rehearse", args=[seat.tender.code])
        subject, hour = f"{seat.tender.code} {seat.tender.title}", seat.tender.due_at("opening")
        tasks.append(Task(_("Rehearse the opening with your key"), url, subject, reason, hour))
    for seat in seats.filter(tender__state__in=["closed", "opened"]).select_related("tender"):
        tender = seat.tender
        if tender.state == "opened" and len(tender.rulebook.openings) == 1:
            continue
        turn = turn_now(tender)
        if turn and waiting_for(seat, turn).exists():
            reason = _("You are an opening member of this process.")
            url = reverse("bidding:opening", args=[tender.code])
            subject = f"{tender.code} {tender.title}"
            tasks.append(Task(_("Give your key to open the offers"), url, subject, reason, turn.due_at))
    return tasks
