"""Offers: sealed until the opening, then public. Nothing readable is kept before it."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from pliego.bidding import rules
from pliego.bidding.states import BID, RESERVE, STANDING
from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT
DOES_NOT_OPEN = "no-abre"  # what the custodian says of a lock that is not for its key
TENDER, SUPPLIER, ENTRY = "tendering.Tender", "parties.Account", "ledger.Entry"


class BidQuerySet(models.QuerySet["Bid"]):
    def standing(self) -> "BidQuerySet":
        """The ones that count: neither replaced nor withdrawn."""
        return self.filter(state__in=STANDING)

    def visible_to(self, actor: Actor) -> "BidQuerySet":
        """One's own account's offers; after the opening, everybody's that were opened (policy: Act.VIEW)."""
        if actor.is_system:
            return self.all()
        seen = Q(state__in=["opened", "unopenable"])
        if actor.account_id is not None and actor.roles:
            seen |= Q(supplier_id=actor.account_id)
        return self.filter(seen)


class Bid(models.Model):
    """A supplier's offer as it was presented once. A replacement is another row; the old one is never opened."""

    code = models.CharField(max_length=24, unique=True)
    tender = models.ForeignKey(TENDER, PROTECT, related_name="bids")
    supplier = models.ForeignKey(SUPPLIER, PROTECT, related_name="bids")
    state = models.CharField(max_length=12, choices=BID.choices, default=BID.initial)
    submission = models.CharField(max_length=32)  # drawn when the offer was sealed: a retry brings the same one
    manifest = models.JSONField()
    manifest_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    # The version of the pliego that it answers to: the one in force when it was presented, or last confirmed.
    confirmed_version = models.PositiveIntegerField(default=0)
    receipt = models.ForeignKey(ENTRY, PROTECT, null=True, related_name="+")
    prepared_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    replaces = models.ForeignKey("self", PROTECT, null=True, related_name="+")
    withdrawal = models.ForeignKey(ENTRY, PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    lots = ArrayField(models.PositiveIntegerField(), default=list, db_default=[])  # sealed until its opening
    total_amount = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    has_variant = models.BooleanField(default=False, db_default=False)  # sealed until its opening
    variant_amount = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    fault = models.JSONField(default=dict)  # why it could not be opened: {"who", "why", "envelope", "file_key"}

    objects = BidQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["received_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tender", "supplier"], condition=Q(state__in=STANDING), name="bidding_one_standing_bid"
            ),
            models.UniqueConstraint(fields=["tender", "supplier", "submission"], name="bidding_one_bid_per_submission"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(receipt__isnull=False), name="bidding_presented_with_receipt"
            ),
            models.CheckConstraint(
                condition=Q(variant_amount__isnull=True) | Q(has_variant=True), name="bidding_amount_of_a_variant"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    must_be_sealed_again = False  # said by whoever closes: the keys that are left do not open it

    @property
    def is_unconfirmed(self) -> bool:
        """Whether the pliego changed, after it, in what offers answer to: it counts once its owner confirms it."""
        return self.state == "submitted" and self.confirmed_version < self.tender.binding_version

    @property
    def state_title(self) -> Any:
        return BID.label(self.state)

    @property
    def size(self) -> int:
        """Bytes of the sealed files."""
        return sum(row["sealed"] for envelope in self.manifest["envelopes"] for row in envelope["files"])


class Envelope(models.Model):
    """One envelope of an offer. `identity`, `answers` and the custodian's half are empty until they are published."""

    bid = models.ForeignKey(Bid, PROTECT, related_name="envelopes")
    code = models.CharField(max_length=40)
    # Which of those that hold what the supplier asked to be confidential; 0 is the envelope that opens to all.
    reserved = models.PositiveSmallIntegerField(default=0, db_default=0)
    recipient = models.CharField(max_length=100, unique=True)  # nobody presents a copy of another's envelope
    header = models.JSONField()
    custodian_half = models.CharField(max_length=64, blank=True)
    custodian_proof = models.CharField(max_length=32, blank=True)  # file key that shows a lock that broke its promise
    identity = models.CharField(max_length=100, blank=True)
    answers = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bid", "code", "reserved"], name="bidding_one_envelope_per_code")
        ]

    def __str__(self) -> str:
        return f"{self.bid_id} {self.code}"

    @property
    def file_rows(self) -> list[dict[str, Any]]:
        """The manifest's rows of this envelope's files."""
        return next(e["files"] for e in self.bid.manifest["envelopes"] if e["header"]["recipient"] == self.recipient)

    @property
    def is_withheld(self) -> bool:
        """Whether the public may not read it: from its sealing until the entity, or a term, says otherwise."""
        return self.reserved > 0 and (getattr(self, "reserve", None) is None or self.reserve.is_withheld)


class ReserveQuerySet(models.QuerySet["Reserve"]):
    def visible_to(self, actor: Actor) -> "ReserveQuerySet":
        """Everybody sees that it was asked and what was decided (policy: ReserveAct.VIEW); READ is what it says."""
        return self.all()


class Reserve(models.Model):
    """An answer that its supplier asked to keep from the public, from the opening on, and what the entity decided.

    While it is kept, the key of its envelope is in no public act, and its files are for the entity and the supplier.
    """

    tender = models.ForeignKey(TENDER, PROTECT, related_name="reserves")
    envelope = models.OneToOneField(Envelope, PROTECT, related_name="reserve")
    number = models.PositiveIntegerField()
    # The question, when the envelope holds one and the offer says why; otherwise nothing of it may be kept.
    item = models.ForeignKey("tendering.QuestionnaireItem", PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)  # of who asked
    state = models.CharField(max_length=12, choices=RESERVE.choices, default=RESERVE.initial)
    basis = models.CharField(max_length=20, blank=True)
    rationale = models.TextField(max_length=4000, blank=True)  # of who decided
    until = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(ENTRY, PROTECT, null=True, related_name="+")  # of the last decision, or of its end

    objects = ReserveQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "number"], name="bidding_one_reserve_per_number"),
            models.CheckConstraint(
                condition=Q(state="requested") | Q(decided_at__isnull=False, entry__isnull=False),
                name="bidding_reserve_decided_with_act",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | (Q(until__isnull=False) & ~Q(basis="") & ~Q(rationale="")),
                name="bidding_reserve_kept_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tender_id} {self.number}"

    @property
    def is_withheld(self) -> bool:
        return self.state in {"requested", "accepted"}

    @property
    def is_admitted(self) -> bool:
        """Whether the pliego lets that answer be confidential, and the offer says why it should be."""
        return bool(
            self.reason and self.item and self.item.allows_confidential and self.item.envelope == self.envelope.code
        )

    @property
    def state_title(self) -> Any:
        return RESERVE.label(self.state)

    @property
    def basis_title(self) -> str:
        found = rules.BASES.get(self.basis)
        return f"{found.title} ({found.article})" if found else ""


class PartQuerySet(models.QuerySet["Part"]):
    def unnamed(self) -> "PartQuerySet":
        """The ones that no offer names, standing or not."""
        named = EnvelopePart.objects.filter(supplier_id=OuterRef("supplier_id"), sha256=OuterRef("sha256"))
        return self.filter(~Exists(named))


class Part(models.Model):
    """A piece of ciphertext that a supplier has sent, found by its hash. It waits for an offer to name it."""

    supplier = models.ForeignKey(SUPPLIER, PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    sent_at = models.DateTimeField()  # the last time: from here its term counts

    objects = PartQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["supplier", "sha256"], name="bidding_one_part_per_supplier")
        ]


class EnvelopePart(models.Model):
    """A part that a presented envelope names: the net that catches another's ciphertext presented as one's own."""

    envelope = models.ForeignKey(Envelope, PROTECT, related_name="parts")
    supplier = models.ForeignKey(SUPPLIER, PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)


class SealedDraft(models.Model):
    """A draft of an offer, encrypted in the browser under a phrase that never leaves it."""

    tender = models.ForeignKey(TENDER, PROTECT, related_name="+")
    supplier = models.ForeignKey(SUPPLIER, PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    ciphertext = models.TextField()
    parts = models.JSONField(default=list)  # the names of the sealed parts that it counts on
    saved_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "supplier"], name="bidding_one_draft_per_supplier")
        ]


class KeyTest(models.Model):
    """What a member said of their key before the opening: the last time that it opened a test, or that it is lost."""

    member = models.OneToOneField("tendering.OpeningMember", PROTECT, related_name="key_test")
    proved_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    entry = models.ForeignKey(ENTRY, PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(proved_at__isnull=False) | Q(lost_at__isnull=False), name="bidding_key_test_says_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id}"


class KeyReplacement(models.Model):
    """A lost key of a member in whose place another one stands since then."""

    member = models.ForeignKey("tendering.OpeningMember", PROTECT, related_name="replacements")
    former = models.CharField(max_length=200, unique=True)
    recipient = models.CharField(max_length=200, unique=True)
    due_at = models.DateTimeField()  # until when offers were received at that moment
    replaced_at = models.DateTimeField()
    entry = models.ForeignKey(ENTRY, PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.member_id}"


class Closing(models.Model):
    """The closing record: which receipts were in when the term ended."""

    tender = models.OneToOneField(TENDER, PROTECT, related_name="closing")
    entry = models.ForeignKey(ENTRY, PROTECT, related_name="+")
    closed_at = models.DateTimeField()


class BidCall(models.Model):
    """An offer whose envelope the entity called to open, in the order of its report; the others stay sealed."""

    tender = models.ForeignKey(TENDER, PROTECT, related_name="bid_calls")
    bid = models.OneToOneField(Bid, PROTECT, related_name="call")
    moment = models.CharField(max_length=40)
    place = models.PositiveIntegerField()
    reason = models.TextField(max_length=4000, blank=True)  # why the one before it did not go on
    called_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    called_at = models.DateTimeField()
    entry = models.ForeignKey(ENTRY, PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "place"], name="bidding_one_call_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.bid_id} {self.place}"


class Opening(models.Model):
    """The record of one opening: which moment of the method, and of which call where offers are called one by one."""

    tender = models.ForeignKey(TENDER, PROTECT, related_name="openings")
    moment = models.CharField(max_length=40)  # the milestone
    call = models.OneToOneField(BidCall, PROTECT, null=True, related_name="opening")
    entry = models.ForeignKey(ENTRY, PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["opened_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tender", "moment", "call"], nulls_distinct=False, name="bidding_one_record_per_opening"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tender_id} {self.moment}"


class OpeningMinutes(models.Model):
    """The minutes of one opening, signed: they stand as they are."""

    opening = models.OneToOneField(Opening, PROTECT, related_name="minutes")
    document = models.ForeignKey("documents.Document", PROTECT, related_name="+")
    note = models.TextField(max_length=4000, blank=True)
    signed_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    entry = models.ForeignKey(ENTRY, PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.opening_id}"


class ReleasedShare(models.Model):
    """What an opening member gave for one envelope: the share, or the proof (a file key) that the lock is bad, or,
    with both empty, the word that it does not open."""

    envelope = models.ForeignKey(Envelope, PROTECT, related_name="released")
    member = models.ForeignKey("tendering.OpeningMember", PROTECT, related_name="+")
    share = models.CharField(max_length=66, blank=True)
    file_key = models.CharField(max_length=32, blank=True)
    entry = models.ForeignKey(ENTRY, PROTECT, related_name="+")
    released_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["envelope", "member"], name="bidding_one_share_per_member")
        ]


class BidDocument(models.Model):
    """A file of an opened offer. Without `document` the file was not accepted, and `refusal` says why."""

    envelope = models.ForeignKey(Envelope, PROTECT, related_name="documents")
    document = models.ForeignKey("documents.Document", PROTECT, null=True, related_name="+")
    item = models.CharField(max_length=40)
    in_variant = models.BooleanField(default=False, db_default=False)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    refusal = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]


append_only("bidding.Bid", except_columns=(
    "state", "confirmed_version", "receipt_id", "withdrawal_id", "opened_at", "lots", "total_amount", "has_variant",
    "variant_amount", "fault",
))  # fmt: skip
append_only("bidding.Envelope", except_columns=("custodian_half", "custodian_proof", "identity", "answers"))
append_only("bidding.Reserve", except_columns=(
    "state", "basis", "rationale", "until", "decided_by_id", "decided_at", "entry_id",
))  # fmt: skip
append_only("bidding.EnvelopePart")
append_only("bidding.KeyReplacement")
append_only("bidding.Closing")
append_only("bidding.BidCall")
append_only("bidding.Opening")
append_only("bidding.OpeningMinutes")
append_only("bidding.ReleasedShare")
append_only("bidding.BidDocument")
