"""An auction, who takes part, and every bid. What was bid is never changed."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from pliego.auctions.events import TRAINING_FILE
from pliego.auctions.states import AUCTION
from pliego.auctions.terms import Terms
from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.kernel.money import amount_field, currency_field

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class AuctionQuerySet(models.QuerySet["Auction"]):
    def visible_to(self, actor: Actor) -> "AuctionQuerySet":
        """Everybody sees an auction and its best price; a training, those invited and the entity (policy: Act.VIEW)."""
        if actor.is_system:
            return self.all()
        invited = Participant.objects.filter(auction=models.OuterRef("pk"), account_id=actor.account_id or 0)
        own = Q(tender__buyer_id=actor.account_id or 0) | Q(models.Exists(invited))
        return self.filter(Q(training=0) | own)

    def of(self, tender: Any) -> "AuctionQuerySet":
        """Those of the process that have effect, in the order of its lots."""
        return self.filter(tender=tender).exclude(state="void").order_by("lot", "training")


class RealAuctions(models.Manager.from_queryset(AuctionQuerySet)):  # type: ignore[misc]
    """The auctions that decide something. Whoever asks for trainings says so: nothing else ever finds one."""

    def get_queryset(self) -> AuctionQuerySet:
        found: AuctionQuerySet = super().get_queryset().filter(training=0)
        return found


class Auction(models.Model):
    """The auction of a process, or of one of its lots. Its row is the lock under which every bid is judged.

    `training`: zero is the auction that counts; a training auction has its number. It decides nothing.
    """

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="auctions")
    lot = models.PositiveIntegerField(null=True)
    training = models.PositiveIntegerField(default=0, db_default=0)
    state = models.CharField(max_length=12, choices=AUCTION.choices, default=AUCTION.initial)
    # What the pliego said when it was announced.
    is_upward = models.BooleanField()
    by = models.CharField(max_length=12, choices=[("total", "total"), ("items", "items")])
    compares = models.CharField(max_length=12, choices=[("price", "price"), ("coefficient", "coefficient")])
    margin_kind = models.CharField(max_length=12, choices=[("percent", "percent"), ("amount", "amount")])
    margin = models.DecimalField(max_digits=20, decimal_places=2)
    warning = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField()
    window = models.PositiveIntegerField()
    extension = models.PositiveIntegerField()
    most_extensions = models.PositiveIntegerField(null=True)
    currency = currency_field()
    # How it goes.
    announced_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    extensions = models.PositiveIntegerField(default=0)
    bid_count = models.PositiveIntegerField(default=0)
    best_value = models.DecimalField(max_digits=26, decimal_places=6)
    best_amount = amount_field()
    best = models.ForeignKey("auctions.Participant", PROTECT, null=True, related_name="+")
    suspended_at = models.DateTimeField(null=True)
    resumes_at = models.DateTimeField(null=True)  # none while it is suspended: until the entity says
    left = models.DurationField(null=True)
    ended_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    record = models.ForeignKey("documents.Document", PROTECT, null=True, related_name="+")
    is_outside = models.BooleanField(default=False)  # it was held elsewhere, and only its result is here
    note = models.TextField(max_length=4000, blank=True)  # of whoever signs the minutes, or why it has no effect

    receipt: "Entry | None" = None
    objects: ClassVar = RealAuctions()
    every: ClassVar = AuctionQuerySet.as_manager()  # trainings too: of this room alone

    class Meta:
        ordering: ClassVar = ["tender", "lot", "training"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tender", "lot", "training"],
                condition=~Q(state="void"),
                nulls_distinct=False,
                name="auctions_one_per_lot",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="auctions_lasts"),
            models.CheckConstraint(condition=Q(margin__gt=0), name="auctions_margin_is_positive"),
            models.CheckConstraint(
                condition=~Q(state="suspended") | Q(suspended_at__isnull=False, left__gt=timedelta()),
                name="auctions_suspended_keeps_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="recorded") | Q(recorded_at__isnull=False, record__isnull=False),
                name="auctions_recorded_with_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tender_id} {self.lot or ''} {self.state}"

    @property
    def buyer_id(self) -> int:
        return self.tender.buyer_id

    @property
    def file(self) -> str:
        """Where its acts are kept: a training has a file of its own, and leaves nothing in that of the process."""
        return f"{TRAINING_FILE}{self.tender.ocid}" if self.is_training else self.tender.ocid

    @property
    def is_training(self) -> bool:
        return self.training > 0

    @property
    def is_named(self) -> bool:
        """Whether everybody knows who is who: from the minutes on, and never in a training."""
        return self.state == "recorded" and not self.is_training

    @property
    def state_title(self) -> Any:
        return AUCTION.label(self.state)

    @property
    def terms(self) -> Terms:
        names = ("is_upward", "by", "compares", "margin_kind", "margin", "warning", "minutes", "window", "extension")
        return Terms(most_extensions=self.most_extensions, **{name: getattr(self, name) for name in names})

    def due_end(self, at: datetime) -> datetime:
        """When it ends, as things stand at that moment."""
        if self.state == "suspended" and self.resumes_at and self.left and at >= self.resumes_at:
            return self.resumes_at + self.left
        return self.ends_at


class Participant(models.Model):
    """A bidder that qualified, under the letters that the others see. `price` is its last valid one."""

    auction = models.ForeignKey(Auction, PROTECT, related_name="participants")
    bid = models.ForeignKey("bidding.Bid", PROTECT, related_name="+")
    account = models.ForeignKey("parties.Account", PROTECT, related_name="+")
    alias = models.CharField(max_length=4)
    initial = amount_field()
    price = amount_field()
    prices = models.JSONField(default=dict)  # by key of line, the unit prices of its last bid, where bids say them
    quality = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # hundred points at most
    bids_made = models.PositiveIntegerField(default=0)
    is_absent = models.BooleanField(default=False, db_default=False)  # of an auction held elsewhere: it did not attend

    class Meta:
        ordering: ClassVar = ["alias"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["auction", "bid"], name="auctions_one_place_per_offer"),
            models.UniqueConstraint(fields=["auction", "alias"], name="auctions_one_alias_each"),
            models.CheckConstraint(
                condition=Q(quality__isnull=True) | Q(quality__gt=0, quality__lte=100),
                name="auctions_quality_is_points",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.auction_id} {self.alias}"


class Session(models.Model):
    """A person's entry, with second factor. The key, if there is one, never leaves the browser that made it."""

    participant = models.ForeignKey(Participant, PROTECT, related_name="sessions")
    code = models.CharField(max_length=32, unique=True)
    person = models.ForeignKey(PERSON, PROTECT, related_name="+")
    public_key = models.CharField(max_length=200, blank=True)  # SubjectPublicKeyInfo of P-256, in base64url
    entered_at = models.DateTimeField()
    entry = models.ForeignKey("ledger.Entry", PROTECT, null=True, related_name="+")

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["id"]


class AuctionBid(models.Model):
    """A valid bid. `number` is its place in the one order of the auction; `received_at` is the moment that counts."""

    auction = models.ForeignKey(Auction, PROTECT, related_name="bids")
    number = models.PositiveIntegerField()
    participant = models.ForeignKey(Participant, PROTECT, related_name="bids")
    amount = amount_field()
    value = models.DecimalField(max_digits=26, decimal_places=6)
    prices = models.JSONField(default=dict)
    key = models.CharField(max_length=64)  # what its sender calls it: sent twice, it counts once
    session = models.ForeignKey(Session, PROTECT, null=True, related_name="bids")
    signature = models.CharField(max_length=120, blank=True)
    placed_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    received_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # the end of the auction after it
    entry = models.ForeignKey("ledger.Entry", PROTECT, null=True, related_name="+")

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["auction", "number"], name="auctions_one_order"),
            models.UniqueConstraint(fields=["participant", "key"], name="auctions_a_bid_counts_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="auctions_amount_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.auction_id} {self.number}"


class Outside(models.Model):
    """Where an auction is held that is not held here, as the entity says before it, and again when it records it."""

    auction = models.OneToOneField(Auction, PROTECT, related_name="outside")
    place = models.CharField(max_length=300)
    held_at = models.DateTimeField()
    reason = models.TextField(max_length=4000)
    signers = models.TextField(max_length=2000, blank=True)  # of its minutes: nobody before it was held

    class Meta:
        ordering: ClassVar = ["auction"]

    def __str__(self) -> str:
        return f"{self.auction_id} {self.place}"


class Pause(models.Model):
    """A suspension of an auction. `failure`: the one of the platform that caused it, as its journal calls it."""

    auction = models.ForeignKey(Auction, PROTECT, related_name="pauses")
    reason = models.TextField(max_length=2000)
    failure = models.CharField(max_length=64, blank=True, db_default="")
    suspended_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["auction", "failure"], condition=~Q(failure=""), name="auctions_a_failure_stops_once"
            )
        ]


append_only("auctions.AuctionBid")
append_only("auctions.Session", except_columns=("entry_id",))
append_only("auctions.Pause", except_columns=("resumed_at",))
