"""Who may take part: the invited, the interested and their draw, the prequalified."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pliego.kernel.integrity import append_only

if TYPE_CHECKING:
    from pliego.ledger.models import Entry

PERSON = settings.AUTH_USER_MODEL
PROTECT = models.PROTECT


class Invitation(models.Model):
    """A supplier invited by name, where the method works by invitation."""

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="invitations")
    supplier = models.ForeignKey("parties.Account", PROTECT, related_name="+")
    invited_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    invited_at = models.DateTimeField()

    receipt: "Entry | None" = None  # of the act, when it was done in a public process

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tender", "supplier"], name="tendering_invited_once")]


class Interest(models.Model):
    """A supplier that said in time that it wants to offer. `stays` is false once a draw left it out."""

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="interests")
    number = models.PositiveIntegerField()
    supplier = models.ForeignKey("parties.Account", PROTECT, related_name="+")
    expressed_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    expressed_at = models.DateTimeField()
    stays = models.BooleanField(default=True)

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "supplier"], name="tendering_one_interest"),
            models.UniqueConstraint(fields=["tender", "number"], name="tendering_one_interest_number"),
        ]


class Draw(models.Model):
    """A draw and all that is needed to make it again: see `draws.py`. It never changes."""

    tender = models.OneToOneField("tendering.Tender", PROTECT, related_name="draw")
    record = models.JSONField()
    held_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    held_at = models.DateTimeField()

    receipt: "Entry | None" = None


append_only("tendering.Draw")


class Candidacy(models.Model):
    """A supplier that asked in time to be on the list of those who may offer, and what was decided with its reasons.
    `stays` is false once a draw among those that qualify left it out."""

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="candidacies")
    number = models.PositiveIntegerField()
    supplier = models.ForeignKey("parties.Account", PROTECT, related_name="+")
    statement = models.TextField(max_length=4000, blank=True)
    applied_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    applied_at = models.DateTimeField()
    is_listed = models.BooleanField(null=True)
    reasons = models.TextField(max_length=4000, blank=True)
    stays = models.BooleanField(default=True, db_default=True)
    decided_by = models.ForeignKey(PERSON, PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    documents = models.ManyToManyField("documents.Document", related_name="+")

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "supplier"], name="tendering_one_candidacy"),
            models.UniqueConstraint(fields=["tender", "number"], name="tendering_one_candidacy_number"),
            models.CheckConstraint(
                condition=~Q(is_listed=False) | ~Q(reasons=""), name="tendering_left_out_with_reasons"
            ),
        ]


class PrequalificationAct(models.Model):
    """The report of a prequalification, the announcement of its draw, or the list made in its hearing: who is on it,
    who is not and why."""

    tender = models.ForeignKey("tendering.Tender", PROTECT, related_name="prequalification_acts")
    kind = models.CharField(
        max_length=10, choices=[("report", _("Report")), ("draw", _("Draw announced")), ("list", _("List"))]
    )
    record = models.JSONField()
    done_by = models.ForeignKey(PERSON, PROTECT, related_name="+")
    done_at = models.DateTimeField()

    receipt: "Entry | None" = None

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tender", "kind"], name="tendering_one_prequalification_act")
        ]


append_only("tendering.PrequalificationAct")
