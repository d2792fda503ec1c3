"""Documents never change: their bytes are found by their hash, and only who may read them and what the antivirus said
may move. This room is below people and accounts, so it keeps their ids and knows nothing else of them."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.documents import kinds
from pliego.documents.states import SCAN, UPLOAD
from pliego.kernel.actors import Actor
from pliego.kernel.integrity import append_only
from pliego.kernel.objections import Text


class Audience(models.TextChoices):
    """Who may read a document."""

    PUBLIC = "public", _("Everybody")
    PARTICIPANTS = "participants", _("The entity and the suppliers who take part")
    ACCOUNT = "account", _("The people of this account")
    OWNER = "owner", _("Only the person who uploaded it")
    DESK = "desk", _("This account and the service desk of the platform")
    BUYERS = "buyers", _("This account, the service desk and the state entities with an account")


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, actor: Actor) -> "DocumentQuerySet":
        """The documents this actor may read; the same rule as `policy.may_read`, a table test compares them."""
        if actor.is_system:
            return self.all()
        readable = models.Q(audience=Audience.PUBLIC)
        if actor.user_id is not None:
            readable |= models.Q(audience=Audience.OWNER, uploaded_by_id=actor.user_id)
        if actor.user_id is not None and actor.account_id is not None and actor.roles:
            shared = (Audience.PARTICIPANTS, Audience.ACCOUNT, Audience.DESK, Audience.BUYERS)
            granted = DocumentGrant.objects.filter(document=models.OuterRef("pk"), account_id=actor.account_id)
            readable |= models.Q(audience__in=shared, account_id=actor.account_id)
            readable |= models.Q(models.Exists(granted), audience=Audience.PARTICIPANTS)
            if actor.is_buyer:
                readable |= models.Q(audience=Audience.BUYERS)
        if "desk" in actor.platform_roles:
            readable |= models.Q(audience__in=(Audience.DESK, Audience.BUYERS))
        return self.filter(readable)


class Document(models.Model):
    """One version of one file, as it was received. `file` is the ledger file (expediente) it belongs to."""

    code = models.CharField(max_length=24, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    audience = models.CharField(max_length=12, choices=Audience)
    file = models.CharField(max_length=100, db_index=True)
    account_id = models.BigIntegerField(null=True, db_index=True)
    uploaded_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    disclosed_at = models.DateTimeField(null=True)
    scan = models.CharField(max_length=12, choices=SCAN.choices, default=SCAN.initial)
    scan_finding = models.CharField(max_length=200, default="")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="documents_sha256_hex"),
            models.CheckConstraint(condition=models.Q(audience__in=Audience.values), name="documents_audience_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("documents:download", args=[self.code])

    @property
    def kind_title(self) -> Text:
        return kinds.KINDS[self.kind].title if self.kind in kinds.KINDS else self.kind

    @property
    def is_quarantined(self) -> bool:
        return self.scan == "quarantined"


class DocumentGrant(models.Model):
    """An account that takes part and may read a document of audience “participants”."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="grants")
    account_id = models.BigIntegerField(db_index=True)
    granted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "account_id"], name="documents_one_grant_per_account")
        ]


class Upload(models.Model):
    """Bytes on their way: a tus upload, resumable for 48 hours, which becomes a document when an act takes it."""

    code = models.CharField(max_length=40, unique=True)
    user_id = models.BigIntegerField(db_index=True)
    purpose = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="")
    state = models.CharField(max_length=12, choices=UPLOAD.choices, default=UPLOAD.initial)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(offset__lte=models.F("size")), name="documents_offset_in_size"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.offset}/{self.size}"


append_only("documents.Document", except_columns=("audience", "disclosed_at", "scan", "scan_finding"))
append_only("documents.DocumentGrant")
