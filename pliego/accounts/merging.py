"""Two registrations of one person become one, with evidence and two approvers of the desk.

What moves: the places in accounts, and whatever else a room says (`ties.moves`). What stays: the ledger, the receipts,
the history of the door, and on every act the name and code with which it was done. The old code leads to the new one.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pliego.accounts import claims, closing, ties
from pliego.accounts.models import Merger, MergerApproval, User
from pliego.accounts.policy import MERGING, MergerAct
from pliego.accounts.standing_events import MergerApproved, MergerProposed, MergerRejected, PersonsMerged
from pliego.accounts.states import MERGER
from pliego.accounts.suspending import SHORTEST_REASON, keep, registered
from pliego.kernel.actors import Actor
from pliego.kernel.events import Event
from pliego.kernel.identifiers import random_code
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.web.fields import Upload


def person_called(code: str) -> User | None:
    """The person with that code, or the one that they were merged into."""
    found = User.objects.filter(code=code.strip().upper()).select_related("merged_into").first()
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found


@transaction.atomic
def open_merger(
    *, actor: Actor, registration: str, duplicate: str, reason: str, files: list[Upload], at: datetime
) -> Merger:
    """Propose it, with what shows that both are the same person."""
    keeps, ends = registered(registration), registered(duplicate)
    merger = Merger(
        code=f"FUS-{random_code(2)}",
        kept_id=keeps.pk if keeps else 0,
        duplicate_id=ends.pk if ends else 0,
        reason=reason.strip(),
        opened_by_id=actor.user_id or 0,
        opened_at=at,
    )
    MERGING.require(actor, MergerAct.OPEN, merger)
    refuse_if_any(
        _unknown("registration") if keeps is None else None,
        _unknown("duplicate") if ends is None else None,
        _same() if keeps is not None and keeps == ends else None,
        _suspended() if ends is not None and ends.suspension_id else None,
        Objection("reason_missing", _("Say how it is known that they are one person."), "reason")
        if len(reason.strip()) < SHORTEST_REASON
        else None,
        None if files else Objection("evidence_missing", _("Attach at least one document of evidence."), "evidence"),
    )
    try:
        with transaction.atomic():
            merger.save()
    except IntegrityError:
        raise Refused(Objection("already_done", _("There is already an open merging of that person."))) from None
    papers = keep(actor, files, file=_file(merger), at=at)
    merger.evidence.set(papers)
    return _announced(MergerProposed, merger, actor, at, documents=tuple(p.sha256 for p in papers))


@transaction.atomic
def approve(*, actor: Actor, code: str, at: datetime) -> Merger:
    """One of the two approvals; with the second it is done."""
    merger = locked(code)
    MERGING.require(actor, MergerAct.APPROVE, merger)
    assert actor.user_id is not None
    if merger.approvals.filter(by_id=actor.user_id).exists():
        raise Refused(Objection("already_done", _("You already approved it: another person approves second.")))
    MERGER.fire(merger, "approve", at=at)
    MergerApproval.objects.create(merger=merger, by_id=actor.user_id, at=at)
    if merger.state != "done":
        merger.save()
        return _announced(MergerApproved, merger, actor, at)
    people = {
        user.pk: user
        for user in User.objects.select_for_update(of=("self",))
        .filter(pk__in=[merger.kept_id, merger.duplicate_id])
        .order_by("pk")
    }
    kept, duplicate = people[merger.kept_id], people[merger.duplicate_id]
    merger.moved, merger.closed_at = ties.move_all(duplicate.pk, kept.pk, at), at
    merger.save()
    claims.settled_by_merging(kept, duplicate)
    duplicate.merged_into = kept
    closing.end(duplicate, at)
    return _announced(PersonsMerged, merger, actor, at, file=kept.file)


@transaction.atomic
def reject(*, actor: Actor, code: str, reason: str, at: datetime) -> Merger:
    """They are two people, or it is not shown that they are one."""
    merger = locked(code)
    MERGING.require(actor, MergerAct.REJECT, merger)
    if not reason.strip():
        raise Refused(Objection("reason_missing", _("Write the reason."), "reason"))
    MERGER.fire(merger, "reject", at=at)
    merger.closed_at, merger.closing_reason = at, reason.strip()
    merger.save()
    return _announced(MergerRejected, merger, actor, at)


def locked(code: str) -> Merger:
    found = Merger.objects.select_for_update(of=("self",)).select_related("kept", "duplicate").filter(code=code).first()
    if found is None:
        raise Unknown()
    return found


def _file(merger: Merger) -> str:
    return f"fusion:{merger.code}"


def _unknown(field: str) -> Objection:
    return Objection("person_unknown", _("Nobody is registered with that code or e-mail."), field)


def _same() -> Objection:
    return Objection("same_person", _("These are the same registration."), "duplicate")


def _suspended() -> Objection:
    return Objection("suspended", _("The registration that would end is suspended: decide that first."), "duplicate")


def _announced(
    event: type[Event], merger: Merger, actor: Actor, at: datetime, *, file: str = "", documents: tuple[str, ...] = ()
) -> Merger:
    data = {
        "merger": merger.code,
        "kept": merger.kept.code,
        "duplicate": merger.duplicate.code,
        "reason": merger.closing_reason or merger.reason,
        "moved": list(merger.moved),
    }
    announced = event(file=file or _file(merger), subject_id=merger.pk, data=data, documents=documents)
    merger.receipt = outbox.publish(announced, actor=actor, at=at)
    return merger
