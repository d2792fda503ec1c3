"""What the door remembers: browsers it knows, tries it counted, links it mailed, holds, and what was reported."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pliego.accounts.states import REISSUE
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import random_code
from pliego.kernel.integrity import append_only

if TYPE_CHECKING:
    from pliego.ledger.models import Entry


class KnownDevice(models.Model):
    """A browser in which this person has signed in. Its tries at the password are counted apart from strangers'."""

    code = models.CharField(max_length=20, unique=True, default=random_code)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_devices")
    browser_sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200, blank=True)
    network = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "browser_sha256"], name="accounts_browser_known_once")
        ]


class Tries(models.Model):
    """How many tries a bucket holds, and since when: of a device, of an account's strangers, of a network.

    `key` names the bucket and holds no address: e-mails are kept as their HMAC.
    """

    key = models.CharField(max_length=120, primary_key=True)
    count = models.PositiveIntegerField()
    began_at = models.DateTimeField(db_index=True)


class MailedLink(models.Model):
    """A way in that was mailed: kept as its hash, good once and until its hour."""

    class Purpose(models.TextChoices):
        RECOVERY = "recovery", _("Choose a new password")
        DEVICE = "device", _("Make a browser known")
        NOT_ME = "not_me", _("It was not me")
        REISSUE = "reissue", _("Ask the desk for new factors")
        NEW_FACTOR = "new_factor", _("Add the factor that replaces the lost ones")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "purpose", "-created_at"])]


class RecoveryRequest(models.Model):
    """Somebody asked to recover a person's password: what was done about it, and whether the person was told."""

    class Outcome(models.TextChoices):
        MAILED = "mailed", _("The link was mailed")
        QUIET = "quiet", _("A link was mailed less than an hour before")
        HELD = "held", _("Three links were mailed that day: told in the digest")
        FROZEN = "frozen", _("Recovery by mail was frozen")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_requests")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    network = models.CharField(max_length=60, blank=True)
    device = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "-at"])]


class Hold(models.Model):
    """Until when something stays closed to a person, for their own protection, and why.

    `after_change`: acts that bind need a factor older than `began_at`, or a second person.
    `recovery_frozen`: no link to recover the password is mailed, and none that was mailed opens.
    """

    class Kind(models.TextChoices):
        AFTER_CHANGE = "after_change", _("After a sensitive change")
        RECOVERY_FROZEN = "recovery_frozen", _("Recovery by mail frozen")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    cause = models.CharField(max_length=40)
    began_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "kind", "-until"])]


class EmailChange(models.Model):
    """A new address that waits for the code mailed to it. `is_open` is false when it belongs to somebody else."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=64, unique=True)
    new_email = models.EmailField(max_length=254)
    code_sha256 = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class LinkedIdentity(models.Model):
    """Who a person is at the installation's OpenID Connect provider. It opens the first half of the door."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="linked_identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="accounts_identity_of_one_person"),
            models.UniqueConstraint(fields=["user", "issuer"], name="accounts_one_identity_a_provider"),
        ]


class FormerEmail(models.Model):
    """An address that was a person's: for some months it is told too of what happens at their door."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)
    left_at = models.DateTimeField()


class TermsAcceptance(models.Model):
    """That a person accepted this text of the terms: its version and the hash of its words."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="terms_acceptances")
    version = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    accepted_at = models.DateTimeField()
    network = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "version", "sha256"], name="accounts_terms_accepted_once")
        ]


append_only("accounts.TermsAcceptance")


class DoorReport(models.Model):
    """A person said "it was not me": the case that the service desk reads and answers."""

    class Source(models.TextChoices):
        HISTORY = "history", _("A line of the access history")
        MAIL = "mail", _("A mail about the account")

    code = models.CharField(max_length=20, unique=True, default=random_code)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="door_reports")
    source = models.CharField(max_length=8, choices=Source.choices)
    line = models.ForeignKey("accounts.AccessRecord", on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    seen: Any = models.JSONField(default=list)  # the lines of the journal around it, as they stood
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar = ["-opened_at", "-id"]


class ReissueQuerySet(models.QuerySet["Reissue"]):
    def visible_to(self, actor: Actor) -> "ReissueQuerySet":
        """The desk and the operator see all; a person, their own."""
        if actor.is_system or {"desk", "operator"} & actor.platform_roles:
            return self.all()
        return self.none() if actor.user_id is None else self.filter(user_id=actor.user_id)

    def under_way(self) -> "ReissueQuerySet":
        return self.filter(state__in=["asked", "proved", "confirmed"])


class Reissue(models.Model):
    """A person lost every factor: proof of identity, two people of the desk, a wait, and then new factors.

    `effective_at` and `lapses_at` are of the real clock: between them the mailed link adds the new factor.
    """

    code = models.CharField(max_length=20, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reissues")
    state = models.CharField(max_length=10, default=REISSUE.initial, choices=REISSUE.choices)
    reason = models.TextField(max_length=4000)
    opened_at = models.DateTimeField()
    network = models.CharField(max_length=60, blank=True)
    device = models.CharField(max_length=200, blank=True)
    documents = models.ManyToManyField("documents.Document", related_name="+")
    proved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proved_at = models.DateTimeField(null=True)
    checks: Any = models.JSONField(default=list)  # codes of `reissuing.CHECKS`
    findings = models.TextField(max_length=4000, blank=True)
    evidence = models.ManyToManyField("documents.Document", related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(null=True)
    lapses_at = models.DateTimeField(null=True)
    link_mailed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closing_reason = models.TextField(max_length=4000, blank=True)

    receipt: "Entry | None" = None
    objects: ClassVar = ReissueQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=["asked", "proved", "confirmed"]),
                name="accounts_one_open_reissue",
            ),
            models.CheckConstraint(condition=~Q(confirmed_by=F("proved_by")), name="accounts_reissue_by_two"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "refused", "stopped"]) | Q(proved_by__isnull=False),
                name="accounts_reissue_was_proved",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "lapsed", "done"]) | Q(confirmed_by__isnull=False),
                name="accounts_reissue_was_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def is_open_to_its_link(self, now: datetime) -> bool:
        """Whether the wait is over and the days to use it are not, at this instant of the real clock."""
        if self.state != "confirmed" or self.effective_at is None or self.lapses_at is None:
            return False
        return self.effective_at <= now < self.lapses_at
