"""What stops a public process, sets it going again, and undoes its opening."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, refuse_if_any
from pliego.ledger import outbox
from pliego.tendering import halts
from pliego.tendering.codes import REVOCATION_GROUNDS
from pliego.tendering.events import TenderResumed, TenderRevoked, TenderSuspended
from pliego.tendering.models import Amendment, Milestone, Suspension, Tender, TenderVersion
from pliego.tendering.policy import Act
from pliego.tendering.services.amending import next_number
from pliego.tendering.services.ending import ended
from pliego.tendering.services.locking import opened_for, person
from pliego.tendering.snapshots import instants, iso, milestones_of, opening_of, snapshot_of
from pliego.tendering.states import AMENDMENT, RESUMES, TENDER


def written(text: str, field: str, sentence: object) -> Objection | None:
    return None if text.strip() else Objection("missing", str(sentence), field)


@transaction.atomic
def suspend_tender(
    *, actor: Actor, tender_id: int, reason: str, legal_basis: str, planned_on: date, at: datetime
) -> Suspension:
    """Stop the process: nothing is received, no term runs, and no act happens until somebody resumes it."""
    tender = opened_for(Act.SUSPEND, actor=actor, tender_id=tender_id)
    refuse_if_any(
        written(reason, "reason", _("Write why the process is suspended.")),
        written(legal_basis, "legal_basis", _("Write the legal basis.")),
        halts.restart_is_wrong(planned_on, at),
    )
    came_from = tender.state
    TENDER.fire(tender, "suspend", at=at)
    tender.suspended_from = came_from
    tender.save(update_fields=["state", "suspended_from"])
    suspension = Suspension.objects.create(
        tender=tender,
        number=tender.suspensions.count() + 1,
        came_from=came_from,
        reason=reason.strip(),
        legal_basis=legal_basis.strip(),
        planned_on=planned_on,
        suspended_by_id=person(actor),
        suspended_at=at,
    )
    data = {"code": tender.code, "title": tender.title, "number": suspension.number, "reason": suspension.reason}
    data |= {"legal_basis": suspension.legal_basis, "planned_on": planned_on.isoformat(), "from": came_from}
    event = TenderSuspended(file=tender.ocid, subject_id=tender.pk, data=data)
    suspension.receipt = outbox.publish(event, actor=actor, at=at)
    return suspension


@transaction.atomic
def resume_tender(
    *, actor: Actor, tender_id: int, reason: str, at: datetime, milestones: dict[str, datetime] | None = None
) -> Suspension:
    """Set a suspended process going again: each date that was to come moves by what the suspension took, or further."""
    tender = opened_for(Act.RESUME, actor=actor, tender_id=tender_id)
    suspension = tender.suspensions.select_for_update().get(resumed_at__isnull=True)
    chosen = {code: due for code, due in (milestones or {}).items() if due != tender.schedule.get(code)}
    act = RESUMES[tender.suspended_from]
    refuse_if_any(
        written(reason, "reason", _("Write why the process is resumed.")),
        halts.resumption_is_wrong(tender, chosen, at),
        TENDER.objections(tender, act, at=at),
    )
    after = {**halts.resumed_dates(tender, at), **chosen}
    days = halts.lasted(suspension, at)
    TENDER.fire(tender, act, at=at)
    tender.suspended_from = ""
    amendment = _moved(tender, after, reason.strip(), actor, at)
    suspension.resumed_by_id, suspension.resumed_at, suspension.days = person(actor), at, days
    suspension.amendment = amendment
    suspension.save()
    data = {"code": tender.code, "title": tender.title, "number": suspension.number, "days": days}
    data |= {"amendment": amendment.number, "reason": amendment.reason, "changes": amendment.changes}
    data |= {"version": tender.version, "milestones": milestones_of(tender), "opening": opening_of(tender)}
    event = TenderResumed(file=tender.ocid, subject_id=tender.pk, data=data)
    suspension.receipt = outbox.publish(event, actor=actor, at=at)
    return suspension


def _moved(tender: Tender, after: dict[str, datetime], reason: str, actor: Actor, at: datetime) -> Amendment:
    """The new dates, with their before and after, and the new version of the pliego."""
    before = tender.schedule
    moved = {code: due for code, due in after.items() if before[code] != due}
    amendment = Amendment(tender=tender, number=next_number(tender), kind="resumption", reason=reason, created_at=at)
    amendment.prepared_by_id = person(actor)
    amendment.changes = {"milestones": {c: {"before": iso(before[c]), "after": iso(due)} for c, due in moved.items()}}
    amendment.save()
    AMENDMENT.fire(amendment, "publish", at=at)
    amendment.approved_by_id, amendment.published_at = person(actor), at
    amendment.save()
    for code, due in moved.items():
        Milestone.objects.filter(tender=tender, code=code).update(due_at=due)
    _compare_anew(tender)
    tender.version += 1
    tender.save(update_fields=["state", "suspended_from", "version"])
    TenderVersion.objects.create(
        tender=tender, number=tender.version, amendment=amendment, snapshot=snapshot_of(tender), created_at=at
    )
    return amendment


def _compare_anew(tender: Tender) -> None:
    """What somebody was writing meanwhile is compared with the dates as they are now."""
    now = tender.schedule
    for draft in tender.amendments.filter(state="draft"):
        wanted = instants({code: change["after"] for code, change in draft.changes.get("milestones", {}).items()})
        told = {code: {"before": iso(now.get(code)), "after": iso(due)} for code, due in wanted.items()}
        draft.changes = {**draft.changes, "milestones": told}
        draft.save(update_fields=["changes"])


@transaction.atomic
def revoke_tender(*, actor: Actor, tender_id: int, ground: str, reason: str, at: datetime) -> Tender:
    """Undo the opening of the process before its award, on a ground of the law. What is sealed is never opened."""
    tender = opened_for(Act.REVOKE, actor=actor, tender_id=tender_id)
    refuse_if_any(halts.ground_is_unknown(ground), written(reason, "reason", _("Write why the opening is revoked.")))
    basis = next(basis for code, _title, basis in REVOCATION_GROUNDS if code == ground)
    tender = ended(tender, "revoke", at, reason.strip(), basis)
    data = {"code": tender.code, "title": tender.title, "ground": ground, "reason": tender.ending_reason}
    event = TenderRevoked(file=tender.ocid, subject_id=tender.pk, data={**data, "legal_basis": basis})
    tender.receipt = outbox.publish(event, actor=actor, at=at)
    return tender
