"""People, what was seen of them at the door, and the keys of their programs."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pliego.accounts import places
from pliego.accounts.door_models import (
    DoorReport,
    EmailChange,
    FormerEmail,
    Hold,
    KnownDevice,
    LinkedIdentity,
    MailedLink,
    RecoveryRequest,
    Reissue,
    TermsAcceptance,
    Tries,
)
from pliego.accounts.standing_models import (
    Appeal,
    InactivityWarning,
    Intention,
    Merger,
    MergerApproval,
    Suspension,
    SuspensionApproval,
)
from pliego.kernel.integrity import append_only

if TYPE_CHECKING:
    from pliego.ledger.models import Entry


__all__ = [
    "AccessRecord",
    "ApiToken",
    "Appeal",
    "DocumentType",
    "DoorReport",
    "EmailChange",
    "FormerEmail",
    "Hold",
    "InactivityWarning",
    "Intention",
    "KnownDevice",
    "LinkedIdentity",
    "MailedLink",
    "Merger",
    "MergerApproval",
    "RecoveryRequest",
    "Registration",
    "Reissue",
    "Suspension",
    "SuspensionApproval",
    "TermsAcceptance",
    "Tries",
    "UsedCode",
    "User",
]


class DocumentType(models.TextChoices):
    CITIZEN = "CC", _("Citizenship card")
    FOREIGNER = "CE", _("Foreigner's card")
    PERMIT = "PPT", _("Temporary protection permit")
    PASSPORT = "PA", _("Passport")


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """One person, one registration, for life. Document, phone and e-mail are never public."""

    code = models.CharField(max_length=20, unique=True)
    email = models.EmailField(max_length=254, unique=True)
    full_name = models.CharField(max_length=200)
    document_type = models.CharField(max_length=3, choices=DocumentType.choices)
    document_number = models.CharField(max_length=20)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=5, default="es-co", choices=[("es-co", "Español"), ("en", "English")])
    time_zone = models.CharField(max_length=40, default="America/Bogota")
    platform_roles = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    terms_version = models.CharField(max_length=20, blank=True)
    terms_accepted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    is_active = models.BooleanField(default=True)
    suspension = models.ForeignKey("accounts.Suspension", on_delete=models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)  # by the person, or because it was merged into another
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    is_claim = models.BooleanField(default=False)  # the document is of another registration: reads until it is settled
    must_change_password = models.BooleanField(default=False)  # they said "it was not me"

    receipt: "Entry | None" = None  # of the act just done, for whoever shows it

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name", "document_type", "document_number"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document_type", "document_number"],
                condition=models.Q(is_claim=False),
                name="accounts_one_user_per_document",
            ),
            models.UniqueConstraint(Lower("email"), name="accounts_one_user_per_email"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0]

    @property
    def file(self) -> str:
        """The ledger file of everything that concerns this person."""
        return f"persona:{self.code}"


class Registration(models.Model):
    """Somebody who typed their data and has not yet shown that the e-mail is theirs. Lives for half an hour.

    `is_open` is false when the e-mail already belongs to somebody: that row answers like any other and never becomes a
    person. A document that belongs to somebody is no hint either: the row becomes a claim (`claims`).
    """

    reference = models.CharField(max_length=64, unique=True)
    email = models.EmailField(max_length=254, db_index=True)
    data = models.JSONField()
    password = models.CharField(max_length=128)
    code_sha256 = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent = models.PositiveSmallIntegerField(default=1)
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class AccessRecord(models.Model):
    """What happened at somebody's door: sign-ins, failures, sign-outs, changes of factors. Shown to its owner first."""

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in", _("Sign-in")
        SIGN_OUT = "sign_out", _("Sign-out")
        FAILURE = "failure", _("Failed sign-in")
        STEP_UP = "step_up", _("Signature of an act")
        STEP_UP_FAILURE = "step_up_failure", _("Failed signature")
        FACTOR = "factor", _("Change of a second factor")
        PASSWORD = "password", _("Change of password")
        RECOVERY = "recovery", _("Recovery asked for")
        EMAIL = "email", _("Change of e-mail")
        DEVICE = "device", _("A browser became known")
        NOT_ME = "not_me", _("Reported: it was not me")
        IDENTITY = "identity", _("Linked identity")
        REISSUE = "reissue", _("Replacement of lost factors")

    code = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="access_records")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    at = models.DateTimeField()
    method = models.CharField(max_length=40, blank=True)
    network = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=80, blank=True)
    device = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["user", "-at"])]

    @property
    def is_failure(self) -> bool:
        return self.kind in {self.Kind.FAILURE, self.Kind.STEP_UP_FAILURE}

    @property
    def where(self) -> str:
        """The place, in words, or nothing when none is known."""
        return places.in_words(self.place)

    @property
    def how(self) -> str:
        """The manner, in words: "password + totp" as its owner calls it."""
        return " + ".join(str(MANNERS.get(part, part)) for part in self.method.split(" + ") if part)


MANNERS = {
    "password": _("password"),
    "totp": _("code of the authenticator"),
    "webauthn": _("passkey"),
    "recovery_codes": _("recovery code"),
    "demo": _("practice link"),
    "change": _("changed by you"),
    "recovery": _("by the mailed link"),
    "link": _("by the mailed link"),
    "code": _("code mailed at registration"),
    "idle": _("half an hour without use"),
    "absolute": _("twelve hours were over"),
    "history": _("in the access history"),
    "mail": _("in a mail"),
    "oidc": _("linked identity"),
    "linked": _("linked by you"),
    "unlinked": _("unlinked by you"),
    "asked": _("asked for by mail"),
    "opened": _("case opened with proof of identity"),
    "desk": _("with the service desk"),
    "stopped": _("stopped"),
}

append_only("accounts.AccessRecord")


class UsedCode(models.Model):
    """A one-time code that was already accepted: it opens nothing again, in whichever process it is tried."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    code_sha256 = models.CharField(max_length=64)
    used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "code_sha256"], name="accounts_code_used_once")
        ]


class ApiToken(models.Model):
    """A key with which a program acts as a person, for one account, for twelve hours. Only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    account_id = models.BigIntegerField(null=True)  # of parties.Account, a room above: checked at each request there
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    stepped_up_at = models.DateTimeField(null=True)
    step_up_evidence: Any = models.JSONField(default=dict)
    pending_secret = models.CharField(max_length=200, blank=True)  # of an authenticator not yet confirmed, encrypted
    is_practice = models.BooleanField(default=False)  # opened by a practice link: its signatures say so
    revoked_at = models.DateTimeField(null=True)
