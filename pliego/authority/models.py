"""Profiles, groups, people of units, approval flows and their approvals, delegations, and the library of an account."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from pliego.authority.states import APPROVAL, DELEGATION, OPEN
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import random_code
from pliego.kernel.integrity import append_only
from pliego.kernel.money import amount_field
from pliego.kernel.objections import Text
from pliego.parties.roles import ROLES

if TYPE_CHECKING:
    from pliego.ledger.models import Entry
    from pliego.parties.models import ContractingUnit, Membership

Row = TypeVar("Row", bound=models.Model)
PERSON = settings.AUTH_USER_MODEL
PROTECT, CASCADE = models.PROTECT, models.CASCADE
ACCOUNT, PLACE, UNIT = "parties.Account", "parties.Membership", "parties.ContractingUnit"


class OfAccount(models.QuerySet[Row]):
    def visible_to(self, actor: Actor) -> Self:
        """What belongs to an account is seen by those who act for it with some role (policy: Act.VIEW)."""
        if actor.is_system:
            return self.all()
        return self.filter(account_id=actor.account_id) if actor.account_id and actor.roles else self.none()


class Profile(models.Model):
    """A named set of roles, given to people one by one or to whole contracting units."""

    code = models.CharField(max_length=20, unique=True, default=random_code)
    account = models.ForeignKey(ACCOUNT, PROTECT, related_name="profiles")
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=500, blank=True)
    roles = ArrayField(models.CharField(max_length=20), default=list)
    is_active = models.BooleanField(default=True)
    people: "models.ManyToManyField[Membership, Membership]" = models.ManyToManyField(PLACE, related_name="profiles")
    units: "models.ManyToManyField[ContractingUnit, ContractingUnit]" = models.ManyToManyField(
        UNIT, related_name="profiles"
    )

    receipt: "Entry | None" = None
    objects: ClassVar = OfAccount["Profile"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "name"], condition=Q(is_active=True), name="authority_one_profile_per_name"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def role_titles(self) -> list[Text]:
        return [ROLES[code].title for code in self.roles if code in ROLES]


class UnitPlace(models.Model):
    """A person who works in a contracting unit."""

    unit = models.ForeignKey(UNIT, PROTECT, related_name="people")
    place = models.ForeignKey(PLACE, PROTECT, related_name="in_units")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "place"], name="authority_one_place_in_a_unit")
        ]


class Group(models.Model):
    """People who do the same task: what is given to the group, any of them may do."""

    code = models.CharField(max_length=20, unique=True, default=random_code)
    account = models.ForeignKey(ACCOUNT, PROTECT, related_name="groups")
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=500, blank=True)
    is_active = models.BooleanField(default=True)

    receipt: "Entry | None" = None
    objects: ClassVar = OfAccount["Group"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "name"], name="authority_one_group_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class GroupPlace(models.Model):
    """A member of a group and what they are in it (“coordinates”)."""

    group = models.ForeignKey(Group, PROTECT, related_name="members")
    place = models.ForeignKey(PLACE, PROTECT, related_name="in_groups")
    function = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "place"], name="authority_one_place_in_a_group")
        ]


class Flow(models.Model):
    """Who approves a kind of act before it can be done. It never changes: another version takes its place."""

    account = models.ForeignKey(ACCOUNT, PROTECT, related_name="flows")
    kind = models.CharField(max_length=20)
    # Empty: of the whole account. A room above may keep flows of its own, which come before the account's.
    owner = models.CharField(max_length=40, blank=True, default="", db_default="")
    version = models.PositiveIntegerField()
    is_active = models.BooleanField(default=True)
    created_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    created_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "kind", "owner", "version"], name="authority_one_flow_per_version"
            ),
            models.UniqueConstraint(
                fields=["account", "kind", "owner"], condition=Q(is_active=True), name="authority_one_flow_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


class Step(models.Model):
    """A task of a flow, of a person or of a group."""

    flow = models.ForeignKey(Flow, PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=500, blank=True)
    place = models.ForeignKey(PLACE, PROTECT, null=True, related_name="+")
    group = models.ForeignKey(Group, PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["flow", "number"], name="authority_one_step_per_number"),
            models.CheckConstraint(
                condition=Q(place__isnull=True, group__isnull=False) | Q(place__isnull=False, group__isnull=True),
                name="authority_step_is_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    @property
    def who(self) -> str:
        return self.place.user.full_name if self.place else str(self.group)


class Approval(models.Model):
    """An act on its way through the flow with which it began, for exactly the content that the hash says."""

    code = models.CharField(max_length=24, unique=True)
    account = models.ForeignKey(ACCOUNT, PROTECT, related_name="approvals")
    flow = models.ForeignKey(Flow, PROTECT, related_name="approvals")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=60)  # public code of what is approved
    option = models.CharField(max_length=60, blank=True)  # where the act chooses: the offer, the supplier
    title = models.CharField(max_length=250)
    file = models.CharField(max_length=120)
    content_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default=APPROVAL.initial, choices=APPROVAL.choices)
    step = models.ForeignKey(Step, PROTECT, null=True, related_name="+")  # whose turn it is
    started_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)

    receipt: "Entry | None" = None
    objects: ClassVar = OfAccount["Approval"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "kind", "subject"], condition=Q(state__in=OPEN), name="authority_one_open_approval"
            ),
            models.CheckConstraint(
                condition=Q(state="running", step__isnull=False) | ~Q(state="running"),
                name="authority_running_has_a_step",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "state"], name="authority_approvals_waiting"),
            models.Index(fields=["kind", "subject"], name="authority_approvals_of"),
        ]

    def __str__(self) -> str:
        return self.code


class Decision(models.Model):
    """What one person said of one task of an approval."""

    approval = models.ForeignKey(Approval, PROTECT, related_name="decisions")
    step = models.ForeignKey(Step, PROTECT, related_name="+")
    user = models.ForeignKey(PERSON, PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    is_approved = models.BooleanField()
    reason = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["approval", "step"], name="authority_one_decision_per_step")
        ]


class DelegationQuerySet(OfAccount["Delegation"]):
    def in_force(self, at: datetime) -> Self:
        """From the first instant to before the last one, and not revoked: as `Delegation.is_in_force` says of one."""
        return self.filter(state="granted", starts_at__lte=at, ends_at__gt=at)


class Delegation(models.Model):
    """What one person of an account entrusts to another, by an act on file, from an instant to another."""

    code = models.CharField(max_length=24, unique=True)
    account = models.ForeignKey(ACCOUNT, PROTECT, related_name="delegations")
    grantor = models.ForeignKey(PLACE, PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(PLACE, PROTECT, related_name="delegations_received")
    roles = ArrayField(models.CharField(max_length=20))
    kinds = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # empty: all that the roles may do
    limit_amount = amount_field(null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    document = models.ForeignKey("documents.Document", PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, default=DELEGATION.initial, choices=DELEGATION.choices)
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")

    receipt: "Entry | None" = None
    objects: ClassVar = DelegationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="authority_delegation_has_a_term"),
            models.CheckConstraint(condition=~Q(grantor=F("delegate")), name="authority_delegate_is_another"),
            models.CheckConstraint(
                condition=Q(state="granted", revoked_at__isnull=True) | Q(state="revoked", revoked_at__isnull=False),
                name="authority_revocation_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def is_in_force(self, at: datetime) -> bool:
        return self.state == "granted" and self.starts_at <= at < self.ends_at

    @property
    def role_titles(self) -> list[Text]:
        return [ROLES[code].title for code in self.roles if code in ROLES]


class SegregationChoice(models.Model):
    """How strictly an account applies a rule of segregation that the law leaves to it."""

    account = models.ForeignKey(ACCOUNT, PROTECT, related_name="+")
    rule = models.CharField(max_length=40)
    strength = models.CharField(max_length=8)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "rule"], name="authority_one_choice_per_rule")
        ]


class Preference(models.Model):
    """A kind of notice that a person does not want by mail or in the inbox; without a row they get both."""

    user = models.ForeignKey(PERSON, PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    by_mail = models.BooleanField(default=True)
    in_inbox = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind"], name="authority_one_preference_per_kind")
        ]


class LibraryItem(models.Model):
    """A document that the account uses again and again, while it is valid."""

    code = models.CharField(max_length=20, unique=True, default=random_code)
    account = models.ForeignKey(ACCOUNT, PROTECT, related_name="library")
    title = models.CharField(max_length=200)
    document = models.ForeignKey("documents.Document", PROTECT, related_name="+")
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    is_active = models.BooleanField(default=True)
    added_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    added_at = models.DateTimeField()

    receipt: "Entry | None" = None
    objects: ClassVar = OfAccount["LibraryItem"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="authority_library_has_a_term",
            )
        ]

    def __str__(self) -> str:
        return self.title


append_only("authority.Flow", except_columns=("is_active",))
append_only("authority.Step")
append_only("authority.Decision")
append_only("authority.Delegation", except_columns=("state", "revoked_at", "revoked_by_id"))
