"""What others read of offers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.bidding import parts as store
from pliego.bidding.events import BidsOpened
from pliego.bidding.models import Bid, Envelope, Opening, Part, ReleasedShare, Reserve
from pliego.bidding.moments import Turn, turn_now
from pliego.bidding.policy import POLICY, Act
from pliego.bidding.states import STANDING
from pliego.conditions import guarantees, variants
from pliego.conditions.dividing import division_of
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.objections import Text
from pliego.kernel.todo import Task
from pliego.ledger.models import Entry
from pliego.tendering.events import TenderPublished
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
