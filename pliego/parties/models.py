"""The legal person (NIT), its account, the account's contracting units, and the people in it: four things."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Text
from pliego.parties import kinds, rules
from pliego.parties.lists import Branch, BusinessArea, EntityType, Order, PaperAudience, Sector
from pliego.parties.roles import ROLES
from pliego.parties.states import ACCOUNT, APPLICATION, APPOINTMENT, CHANGE, INVITE, MEMBERSHIP

if TYPE_CHECKING:
    from pliego.ledger.models import Entry


class Organization(models.Model):
    """A legal or natural person as the law numbers it. Scheme "CO-NIT" has a check digit, kept apart."""

    scheme = models.CharField(max_length=12, default="CO-NIT")
    number = models.CharField(max_length=20)
    check_digit = models.PositiveSmallIntegerField(null=True)
    legal_name = models.CharField(max_length=250)
    short_name = models.CharField(max_length=60, blank=True)
    folded_name = models.CharField(max_length=320)  # both names without accents or case, for searching
    country = models.CharField(max_length=2, default="CO")
    is_natural_person = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "number"], name="parties_one_organization_per_number")
        ]

    def __str__(self) -> str:
        return self.legal_name

    @property
    def nit(self) -> str:
        return self.number if self.check_digit is None else f"{self.number}-{self.check_digit}"


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, actor: Actor) -> "AccountQuerySet":
        """Active accounts are public; the others are seen by their own people and by the desk (policy: Act.VIEW)."""
        if actor.platform_roles & {"desk", "operator"} or actor.is_system:
            return self
        return self.filter(models.Q(state__in=["active", "suspended"]) | models.Q(pk=actor.account_id))


class Account(models.Model):
    """How an organisation works on the platform: as buyer, as supplier, or both."""

    code = models.CharField(max_length=20, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="accounts")
    is_buyer = models.BooleanField(default=False)
    is_supplier = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=ACCOUNT.initial, choices=ACCOUNT.choices)

    kind = models.CharField(max_length=24, choices=kinds.choices)
    business_area = models.CharField(max_length=8, choices=BusinessArea.choices, default=BusinessArea.PUBLIC)
    order = models.CharField(max_length=12, choices=Order.choices, blank=True)
    branch = models.CharField(max_length=12, choices=Branch.choices, blank=True)
    sector = models.CharField(max_length=20, choices=Sector.choices, blank=True)
    entity_type = models.CharField(max_length=24, choices=EntityType.choices, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="dependents")
    in_siif = models.BooleanField(default=False)
    pci = models.CharField(max_length=20, blank=True)

    country = models.CharField(max_length=2, default="CO")
    department = models.CharField(max_length=2, blank=True)
    municipality = models.CharField(max_length=5, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(max_length=254, blank=True)  # of the area that runs the procurement
    notification_email = models.EmailField(max_length=254)

    representative_name = models.CharField(max_length=200, blank=True)
    representative_document_type = models.CharField(max_length=3, blank=True)
    representative_document_number = models.CharField(max_length=20, blank=True)
    unspsc_interests = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    size = models.CharField(
        max_length=8,
        blank=True,
        choices=[("micro", _("Micro")), ("small", _("Small")), ("medium", _("Medium")), ("large", _("Large"))],
    )

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="requested_accounts"
    )
    requested_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="held_accounts"
    )
    held_since = models.DateTimeField(null=True)
    return_reasons = models.JSONField(default=dict, blank=True)
    checks = models.JSONField(default=dict, blank=True)  # of the desk: item → {"wrong": reason or "", "by", "at"}
    confirmed_email = models.EmailField(max_length=254, blank=True)  # the notification e-mail whose code was typed
    activated_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    receipt: "Entry | None" = None  # of the act just done, for whoever shows it

    objects: ClassVar = AccountQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(is_buyer=True) | models.Q(is_supplier=True), name="parties_account_acts"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.organization.legal_name

    @property
    def nit(self) -> str:
        return self.organization.nit

    @property
    def file(self) -> str:
        """The ledger file of everything that concerns this account."""
        return f"cuenta:{self.code}"


class AccountPaper(models.Model):
    """A document of an account with its dates. A newer one of the same kind takes its place; nothing is erased."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=40)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    audience = models.CharField(max_length=8, choices=PaperAudience.choices, default=PaperAudience.OWNER)
    is_current = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "kind"], condition=models.Q(is_current=True), name="parties_one_current_paper"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.account_id}"

    @property
    def title(self) -> Text:
        """As the form of the registration calls it."""
        return next((paper.title for paper in rules.ALL_PAPERS if paper.kind == self.kind), self.document.kind_title)


class Application(models.Model):
    """A registration that somebody is filling in, part by part, from whichever browser. Holds what was typed, as typed.

    `papers`: field → {"document": code, "issued_on", "expires_on", "audience"}.
    """

    code = models.CharField(max_length=20, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="applications")
    state = models.CharField(max_length=10, default=APPLICATION.initial, choices=APPLICATION.choices)
    data = models.JSONField(default=dict)
    papers = models.JSONField(default=dict)
    visited = ArrayField(models.CharField(max_length=20), default=list)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code

    @property
    def file(self) -> str:
        return f"registro:{self.code}"


class EmailCode(models.Model):
    """Six digits that were sent to a mailbox to see that somebody reads it. Only their hash is kept."""

    purpose = models.CharField(max_length=60, unique=True)  # the file of the application or account that asks
    email = models.EmailField(max_length=254)
    code_sha256 = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)


class Change(models.Model):
    """Something of an active account that the desk has to agree to: data, selling too, or being of the other type."""

    class Kind(models.TextChoices):
        DATA = "data", _("Correction of data")
        SELL = "sell", _("The entity also sells")
        RETYPE = "retype", _("The account is of the other type")

    code = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=10, default=CHANGE.initial, choices=CHANGE.choices)
    data = models.JSONField(default=dict)  # field → [before, asked]
    reason = models.CharField(max_length=1000)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, blank=True)

    receipt: "Entry | None" = None

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "kind"], condition=models.Q(state="requested"), name="parties_one_open_change"
            )
        ]

    def __str__(self) -> str:
        return self.code


class ContractingUnit(models.Model):
    """A part of an entity that buys on its own account: its place is the default place of performance."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=200)
    reference = models.CharField(max_length=40)
    municipality = models.CharField(max_length=5, blank=True)
    address = models.CharField(max_length=200, blank=True)
    description = models.CharField(max_length=500, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    buys = models.BooleanField(default=True)
    sells = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "reference"], name="parties_one_unit_per_reference")
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def accepted(self) -> "MembershipQuerySet":
        return self.filter(state="accepted")

    def holding(self, *roles: str) -> "MembershipQuerySet":
        """Accepted places with any of these roles, given to the person or by a profile."""
        asked = list(roles)
        given = models.Q(roles__overlap=asked) | models.Q(profile_roles__overlap=asked)
        return self.accepted().filter(given)


class Membership(models.Model):
    """A person's place in an account: the roles that its administrators gave, and those of its profiles."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, default=MEMBERSHIP.initial, choices=MEMBERSHIP.choices)
    roles = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    # What the profiles of the account give; written by the room of authority, in the act that changes them.
    profile_roles = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    note = models.CharField(max_length=500, blank=True)
    requested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    receipt: "Entry | None" = None
    objects: ClassVar = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "account"], name="parties_one_place_per_person")
        ]

    @property
    def all_roles(self) -> list[str]:
        """What the person may be in the account, whoever gave it."""
        return list(dict.fromkeys([*self.roles, *self.profile_roles]))

    @property
    def role_titles(self) -> list[Text]:
        return [ROLES[code].title for code in self.all_roles if code in ROLES]


class Appointment(models.Model):
    """One person proposes an administrator; another one confirms. Until then the person does not administer."""

    place = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="appointments")
    state = models.CharField(max_length=10, default=APPOINTMENT.initial, choices=APPOINTMENT.choices)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["place"], condition=models.Q(state="proposed"), name="parties_one_open_appointment"
            )
        ]


class Invite(models.Model):
    """A place offered to an e-mail address, with its roles. Whoever reads that mailbox takes it, signed in."""

    code = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invites")
    email = models.EmailField(max_length=254)
    full_name = models.CharField(max_length=200, blank=True)
    roles = ArrayField(models.CharField(max_length=20), default=list)
    token_sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, default=INVITE.initial, choices=INVITE.choices)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    place = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    receipt: "Entry | None" = None

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "email"], condition=models.Q(state="sent"), name="parties_one_open_invite"
            )
        ]

    def __str__(self) -> str:
        return self.code
