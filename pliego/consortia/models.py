"""A plural bidder: an account of its own, made of other suppliers who accepted it from theirs."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from pliego.consortia.states import GROUP, MEMBER
from pliego.kernel.actors import Actor
from pliego.parties import kinds
from pliego.parties.models import Account

if TYPE_CHECKING:
    from pliego.ledger.models import Entry


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, actor: Actor) -> "GroupQuerySet":
        """Active ones are public; before that, only whoever makes them and the members see them (policy: Act.VIEW)."""
        if actor.is_system or "desk" in actor.platform_roles:
            return self.all()
        seen = models.Q(state__in=["active", "dissolved"])
        if actor.account_id is not None:
            own = models.Q(promoter_id=actor.account_id) | models.Q(account_id=actor.account_id)
            asked = Member.objects.filter(group=models.OuterRef("pk"), supplier_id=actor.account_id)
            seen |= own | models.Q(models.Exists(asked.exclude(state="listed")))
        return self.filter(seen)


class Group(models.Model):
    """`account` is how it bids; it is active when every member accepted these very terms."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="group")
    promoter = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="promoted_groups")
    state = models.CharField(max_length=10, default=GROUP.initial, choices=GROUP.choices)
    representative = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)  # of the terms; an acceptance is of one version
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    activated_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    objects: ClassVar = GroupQuerySet.as_manager()

    def __str__(self) -> str:
        return self.account.name

    @property
    def code(self) -> str:
        return self.account.code

    @property
    def file(self) -> str:
        return self.account.file

    @property
    def kind(self) -> str:
        return self.account.kind

    @property
    def kind_title(self) -> str:
        return str(kinds.KINDS[self.account.kind].title)

    def is_over(self, at: datetime) -> bool:
        return self.expires_at is not None and at >= self.expires_at


class Member(models.Model):
    """A supplier in a plural bidder: its exact share, what it does, and its answer."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    supplier = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="plural_memberships")
    share = models.DecimalField(max_digits=9, decimal_places=6)  # per cent
    activities = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=10, default=MEMBER.initial, choices=MEMBER.choices)
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["-share", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "supplier"], name="consortia_one_place_per_supplier"),
            models.CheckConstraint(
                condition=models.Q(share__gt=Decimal(0)) & models.Q(share__lt=Decimal(100)),
                name="consortia_share_between_0_and_100",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.share}"
