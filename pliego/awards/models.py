"""The decision of a process: to whom it went and for how much, or that it was declared void."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from pliego.awards.causes import CAUSES
from pliego.awards.states import AWARD
from pliego.kernel.actors import Actor
from pliego.kernel.money import MoneyProperty, amount_field, currency_field

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT
DECIDED = ("made", "deserted")


class AwardQuerySet(models.QuerySet["Award"]):
    def visible_to(self, actor: Actor) -> "AwardQuerySet":
        """Decisions are public; a draft is the buyer's (policy: Act.VIEW)."""
        if actor.is_system:
            return self.all()
        seen = Q(state__in=DECIDED)
        if actor.account_id is not None and actor.roles:
            seen |= Q(tender__buyer_id=actor.account_id)
        return self.filter(seen)

    def made(self) -> "AwardQuerySet":
        return self.filter(state="made")


class Award(models.Model):
    """One decision, of the process or of one lot. `bid` is empty where the method has no offers; `supplier` is empty
    when it was declared void."""

    code = models.CharField(max_length=24, unique=True)
    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="awards")
    lot = models.PositiveIntegerField(null=True)  # its number, where each lot is decided apart
    cause = models.CharField(max_length=20, choices=CAUSES, blank=True, default="", db_default="")  # of a void lot
    bid = models.ForeignKey("bidding.Bid", PROTECT, null=True, related_name="awards")
    is_variant = models.BooleanField(default=False, db_default=False)  # of the offer, instead of its base
    supplier = models.ForeignKey("parties.Account", PROTECT, null=True, related_name="awards")
    value_amount = amount_field(null=True)
    value_currency = currency_field()
    state = models.CharField(max_length=12, choices=AWARD.choices, default=AWARD.initial)
    reason = models.TextField(max_length=4000, blank=True)
    legal_basis = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    document = models.ForeignKey("documents.Document", PROTECT, null=True, related_name="+")

    value = MoneyProperty("value")
    receipt: "Entry | None" = None
    objects: ClassVar = AwardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tender", "lot"],
                condition=Q(state__in=DECIDED),
                nulls_distinct=False,
                name="awards_one_decision_per_lot",
            ),
            models.CheckConstraint(condition=Q(cause="") | ~Q(state="made"), name="awards_cause_is_of_a_void_lot"),
            models.CheckConstraint(
                condition=~Q(state="made")
                | Q(supplier__isnull=False, value_amount__isnull=False, document__isnull=False),
                name="awards_made_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state="deserted") | (Q(supplier__isnull=True) & ~Q(reason="")),
                name="awards_desertion_has_a_reason",
            ),
            models.CheckConstraint(condition=Q(value_amount__gte=0), name="awards_value_not_negative"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def file(self) -> str:
        return self.tender.ocid

    @property
    def buyer_id(self) -> int:
        return self.tender.buyer_id

    @property
    def state_title(self) -> Any:
        return AWARD.label(self.state)

    @property
    def cause_title(self) -> str:
        """Why a lot is void, in words."""
        return str(dict(CAUSES).get(self.cause, ""))
