"""Corrections (saneamiento): a defect of procedure or form is mended, and everybody reads which and how."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, refuse_if_any
from pliego.tendering import halts
from pliego.tendering.codes import CORRECTION_LAW
from pliego.tendering.models import Amendment
from pliego.tendering.policy import Act
from pliego.tendering.services.amending import being_written
from pliego.tendering.services.locking import opened_for, person
from pliego.tendering.snapshots import iso


@transaction.atomic
def draft_correction(
    *,
    actor: Actor,
    tender_id: int,
    defect: str,
    reason: str,
    at: datetime,
    milestones: dict[str, datetime] | None = None,
) -> Amendment:
    """Write the correction of a defect, or write it anew. It is published as an amendment is: by another person, and
    also outside the window of the addenda."""
    tender = opened_for(Act.DRAFT_CORRECTION, actor=actor, tender_id=tender_id)
    now = tender.schedule
    moved = {code: due for code, due in (milestones or {}).items() if now.get(code) != due}
    unsaid, unmended = _("Write which defect of procedure or form there is."), _("Write how it is corrected, and why.")
    refuse_if_any(
        None if defect.strip() else Objection("missing", unsaid, "defect", CORRECTION_LAW),
        None if reason.strip() else Objection("missing", unmended, "reason"),
        halts.corrected_schedule_is_wrong(tender, moved, at) if moved else None,
    )
    correction = being_written(tender, "correction", at)
    correction.defect, correction.reason, correction.prepared_by_id = defect.strip(), reason.strip(), person(actor)
    correction.changes = {"milestones": {c: {"before": iso(now.get(c)), "after": iso(due)} for c, due in moved.items()}}
    correction.save()
    return correction
