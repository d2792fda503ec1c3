"""What waits for an answer."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.enquiries.models import Enquiry
from pliego.kernel.actors import Actor
from pliego.kernel.todo import Task
from pliego.tendering.models import Tender


def unanswered(tender: Tender) -> int:
    return tender.enquiries.filter(answered_at__isnull=True).count()


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Observations that wait for this person's answer."""
    if actor.account_id is None or not actor.is_buyer or not actor.roles & {"preparer", "approver"}:
        return []
    pending = Enquiry.objects.filter(tender__buyer_id=actor.account_id, answered_at__isnull=True)
    pending = pending.filter(tender__state__in=["published", "closed", "opened"]).select_related("tender")
    dues = dict(
        Tender.objects.filter(pk__in={e.tender_id for e in pending}, milestones__code="bids_due").values_list(
            "pk", "milestones__due_at"
        )
    )
    return [
        Task(
            _("Answer the observation"),
            reverse("enquiries:answer", args=[enquiry.tender.code, enquiry.number]),
            str(enquiry.tender),
            _("All observations must be answered before the process moves on"),
            dues.get(enquiry.tender_id),
        )
        for enquiry in pending[:50]
    ]
