"""The legal person (NIT), its account, the account's contracting units, and the people in it: four things."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Text
from pliego.parties.roles import ROLES
from pliego.parties.states import ACCOUNT, MEMBERSHIP

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


class Order(models.TextChoices):
    NATIONAL = "national", _("National")
    TERRITORIAL = "territorial", _("Territorial")


class Branch(models.TextChoices):
    EXECUTIVE = "executive", _("Executive")
    LEGISLATIVE = "legislative", _("Legislative")
    JUDICIAL = "judicial", _("Judicial")
    CONTROL = "control", _("Control bodies")
    ELECTORAL = "electoral", _("Electoral organisation")
    AUTONOMOUS = "autonomous", _("Autonomous bodies")


class Sector(models.TextChoices):
    AGRICULTURE = "agriculture", _("Agriculture")
    ENVIRONMENT = "environment", _("Environment and sustainable development")
    SCIENCE = "science", _("Science, technology and innovation")
    TRADE = "trade", _("Trade, industry and tourism")
    CULTURE = "culture", _("Culture")
    DEFENCE = "defence", _("Defence")
    SPORT = "sport", _("Sport")
    EDUCATION = "education", _("Education")
    PUBLIC_EMPLOYMENT = "public_employment", _("Civil service")
    EQUALITY = "equality", _("Equality")
    TREASURY = "treasury", _("Treasury and public credit")
    SOCIAL_INCLUSION = "social_inclusion", _("Social inclusion")
    STATISTICS = "statistics", _("Statistics")
    INTELLIGENCE = "intelligence", _("Intelligence")
    INTERIOR = "interior", _("Interior")
    JUSTICE = "justice", _("Justice and law")
    MINES = "mines", _("Mines and energy")
    PLANNING = "planning", _("Planning")
    PRESIDENCY = "presidency", _("Presidency of the Republic")
    FOREIGN = "foreign", _("Foreign affairs")
    HEALTH = "health", _("Health and social protection")
    PUBLIC_SERVICE = "public_service", _("Public service")
    ICT = "ict", _("Information and communications technology")
    LABOUR = "labour", _("Labour")
    TRANSPORT = "transport", _("Transport")
    HOUSING = "housing", _("Housing, cities and territory")


class EntityType(models.TextChoices):
    MINISTRY = "ministry", _("Ministry or administrative department")
    AGENCY = "agency", _("Special administrative unit or agency")
    PUBLIC_ESTABLISHMENT = "public_establishment", _("Public establishment")
    SUPERINTENDENCE = "superintendence", _("Superintendence")
    STATE_COMPANY = "state_company", _("State industrial and commercial company")
    MIXED_COMPANY = "mixed_company", _("Mixed-economy company")
    SOCIAL_COMPANY = "social_company", _("State social company")
    DEPARTMENT = "department", _("Department")
    MUNICIPALITY = "municipality", _("Municipality or district")
    ASSEMBLY = "assembly", _("Assembly or council")
    CONTROL_BODY = "control_body", _("Control body")
    UNIVERSITY = "university", _("Public university")
    SCHOOL = "school", _("Public school")
    CORPORATION = "corporation", _("Autonomous corporation")
    PRIVATE = "private", _("Private entity with public money")
    OTHER = "other", _("Other")


class OrganizationKind(models.TextChoices):
    STATE_ENTITY = "state_entity", _("State entity (Decreto 1082 de 2015)")
    OTHER_PUBLIC = "other_public", _("Other public entity")
    PRIVATE_WITH_PUBLIC_MONEY = "private_public_money", _("Private entity that contracts with public money")
    NATURAL_PERSON = "natural_person", _("Natural person")
    SAS = "sas", _("Simplified joint-stock company (SAS)")
    LIMITED = "limited", _("Limited company")
    STOCK_COMPANY = "stock_company", _("Stock company")
    COOPERATIVE = "cooperative", _("Cooperative")
    NON_PROFIT = "non_profit", _("Non-profit organisation")
    COMMUNITY = "community", _("Community action board")
    OTHER_LEGAL = "other_legal", _("Other legal person")


class BusinessArea(models.TextChoices):
    PUBLIC = "public", _("Public")
    MIXED = "mixed", _("Public and private")
    PRIVATE = "private", _("Private")


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

    kind = models.CharField(max_length=24, choices=OrganizationKind.choices)
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
