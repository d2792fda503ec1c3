"""What waits for an answer."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.enquiries import rules
from pliego.enquiries.models import Enquiry
from pliego.kernel.actors import Actor
from pliego.kernel.todo import Task
from pliego.tendering.models import Tender

SHOWN = {"waiting": Q(state="waiting"), "answered": Q(state="answered")}


def unanswered(tender: Tender) -> int:
    return tender.enquiries.filter(state="waiting").count()


def listed(tender: Tender, *, state: str = "", by: str = "") -> models.QuerySet[Enquiry]:
    """Those in that state, by the entity or by suppliers; a word that means nothing filters nothing."""
    rows = tender.enquiries.select_related("account__organization", "answered_by", "document__document", "tender")
    rows = rows.filter(SHOWN.get(state, Q()))
    if by == "entity":
        return rows.filter(account_id=tender.buyer_id)
    return rows.exclude(account_id=tender.buyer_id) if by == "suppliers" else rows


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Observations that wait for this person's answer."""
    if actor.account_id is None or not actor.is_buyer or not actor.roles & {"preparer", "approver"}:
        return []
    pending = Enquiry.objects.filter(tender__buyer_id=actor.account_id, state="waiting")
    pending = pending.filter(tender__state__in=["published", "closed", "opened", "suspended"])
    pending = pending.select_related("tender").prefetch_related("tender__milestones")
    return [
        Task(
            _("Answer the observation"),
            reverse("enquiries:answer", args=[enquiry.tender.code, enquiry.number]),
            str(enquiry.tender),
            _("All observations must be answered before the process moves on"),
            rules.answers_due(enquiry.tender),
        )
        for enquiry in pending[:50]
    ]
