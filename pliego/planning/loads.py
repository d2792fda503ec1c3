"""Bringing many lines into a plan: read the file, show what it would change, write all of it or nothing.

Reading and writing are jobs when the file is large: whoever sent it looks at their progress. A job that was killed is
begun again by the next sweep, from the state that the database kept, and ends as if it had not been.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import IO, Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from pliego.authority.mandates import acting_under
from pliego.bulk import sheets, tables
from pliego.bulk.cells import Lists
from pliego.bulk.tables import Sheet
from pliego.codelists import queries as codelists
from pliego.codelists.models import Municipality
from pliego.kernel import clock
from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.events import Event
from pliego.kernel.identifiers import random_code
from pliego.kernel.objections import Denied, Objection, Refused, Unknown, refuse_if_any
from pliego.kernel.policy import YES, Verdict
from pliego.ledger import outbox
from pliego.methods import catalogue
from pliego.parties.models import ContractingUnit
from pliego.parties.queries import actor_for
from pliego.planning import tasks
from pliego.planning.columns import SHAPE, lists_of
from pliego.planning.events import PlanFileRead, PlanFileUnread, PlanLoaded
from pliego.planning.matching import Known, Matched, match, restored, stored
from pliego.planning.models import Load, LoadRow, Plan, PlanLine
from pliego.planning.policy import LOAD_POLICY, LoadAct, closed_kinds, require_lines
from pliego.planning.states import LOAD, PLAN

AT_ONCE = 100 << 10  # bytes: a smaller file is read, and its rows written, while the person waits
AT_ONCE_ROWS = 300
SILENT = timedelta(minutes=2)  # after which a job that says nothing is taken for dead
KEPT = timedelta(days=60)
WRITTEN = [field.name for field in PlanLine._meta.concrete_fields
           if field.name not in {"id", "plan", "number", "published", "published_in", "dropped_at"}]  # fmt: skip


def lists_for(plan: Plan, at: datetime) -> Lists:
    """What the cells of this plan may choose from."""
    units = ContractingUnit.objects.filter(account_id=plan.account_id, is_active=True).order_by("name")
    return lists_of(
        methods=[method.code for method in catalogue.in_force(calendar.day_of(at))],
        units=units.values_list("pk", "reference", "name"),
        places=Municipality.objects.values_list("code", "name", "department__name"),
    )


@transaction.atomic
def read_file(*, actor: Actor, plan_id: int, content: IO[bytes], name: str, at: datetime) -> Load:
    """Take a file, or pasted rows, to be compared with the plan. The plan does not change."""
    plan = Plan.objects.select_related("account", "team").get(pk=plan_id)
    require_lines(actor, plan)
    raw = content.read(sheets.MOST_BYTES + 1)
    if not raw:
        raise Refused(Objection("file_missing", _("No file came, or it is empty. Send a CSV or XLSX file."), "file"))
    if len(raw) > sheets.MOST_BYTES:
        raise Refused(Objection("file_too_large", _("The file is too large: at most 5 MB."), "file"))
    assert actor.user_id is not None
    load = Load.objects.create(
        code=f"CAR-{random_code()}", plan=plan, name=name[-200:], content=raw, sha256=hashlib.sha256(raw).hexdigest(),
        language=get_language() or "es-co", read_by_id=actor.user_id, read_at=at, touched_at=at,
        mandate=actor.mandate.code if actor.mandate else "",
    )  # fmt: skip
    _begin(load, tasks.read, is_small=len(raw) <= AT_ONCE)
    return load


def _begin(load: Load, job: Any, *, is_small: bool) -> None:
    if not is_small:
        job.defer(load_id=load.pk)
        return
    job(load_id=load.pk, is_awaited=True)
    load.refresh_from_db()


def carry_out_reading(*, load_id: int, at: datetime, is_awaited: bool = False) -> None:
    """Understand the file and compare it with the plan as it is now; who does not wait before the page is told."""
    load = Load.objects.select_related("plan").get(pk=load_id)
    if load.state != "reading":
        return
    with override(load.language):
        lists = lists_for(load.plan, at)
        try:
            sheet = tables.read(bytes(load.content), load.name, SHAPE, lists, _progress(load))
        except Refused as refused:
            _fail(load_id, str(refused.objections[0].sentence), at, is_awaited=is_awaited)
            return
        _show(load_id, sheet, lists, at, is_awaited=is_awaited)


def _progress(load: Load) -> Callable[[int], None]:
    def tell(done: int) -> None:
        Load.objects.filter(pk=load.pk).update(done=done, touched_at=clock.now())

    return tell


def _locked(load_id: int) -> tuple[Load, Plan]:
    """The plan first, then its file: everybody locks them in this order."""
    load = Load.objects.filter(pk=load_id).first()
    if load is None:
        raise Unknown()
    plan = Plan.objects.select_for_update(of=("self",)).select_related("account", "team").get(pk=load.plan_id)
    load = Load.objects.select_for_update().get(pk=load_id)
    load.plan = plan
    return load, plan


@transaction.atomic
def _fail(load_id: int, why: str, at: datetime, *, is_awaited: bool) -> None:
    load, _plan = _locked(load_id)
    if load.state == "reading":
        LOAD.fire(load, "fail", at=at)
        load.refusal, load.touched_at = why, at
        load.save(update_fields=["state", "refusal", "touched_at"])
        _tell(PlanFileUnread, load, at, is_awaited=is_awaited, reason=why)


def _tell(event: type[Event], load: Load, at: datetime, *, is_awaited: bool, **more: object) -> None:
    """A file that was read while its sender waited is no news to them, and no act of anybody."""
    if not is_awaited:
        data = {**_about(load), **more, "tell": _told(load)}
        outbox.publish(event(file=load.plan.file, subject_id=load.pk, data=data), actor=SYSTEM, at=at)


def _about(load: Load) -> dict[str, object]:
    return {"plan": load.plan.code, "year": load.plan.year, "load": load.code, "name": load.name, "sha256": load.sha256}


def _told(load: Load) -> list[str]:
    """Who sent the file and who ordered that it be written."""
    return sorted({person.code for person in (load.read_by, load.ordered_by) if person is not None})


@transaction.atomic
def _show(load_id: int, sheet: Sheet, lists: Lists, at: datetime, *, is_awaited: bool) -> None:
    load, plan = _locked(load_id)
    if load.state != "reading":
        return
    closed = closed_kinds(_person(load, at), plan)
    world = Known(lists, set(lists.by_name["method"].values()), codes_of(sheet), closed)
    found = match(sheet, plan.lines.standing().order_by("number"), world)
    load.rows.all().delete()
    LoadRow.objects.bulk_create(_rows(load, found), batch_size=1000)
    load.counts = Counter(one.change for one in found)
    load.heading, load.ignored = sheet.heading, sheet.ignored
    load.total = load.done = len(sheet.rows)
    load.plan_edits, load.touched_at = plan.edits, at
    LOAD.fire(load, "show", at=at)
    load.save()
    _tell(PlanFileRead, load, at, is_awaited=is_awaited, rows=load.total, wrong=load.counts["wrong"])


def codes_of(sheet: Sheet) -> set[str] | None:
    """Which of the codes of the file exist, where the official list is loaded."""
    if not codelists.has_whole_unspsc():
        return None
    asked = {code for row in sheet.rows for code in row.values.get("unspsc", ())}
    return {code for code, name in codelists.unspsc_names(sorted(asked)).items() if name}


def _rows(load: Load, found: list[Matched]) -> list[LoadRow]:
    last = max((one.row.position for one in found if one.row), default=0)
    return [
        LoadRow(
            load=load,
            position=one.row.position if one.row else last + place,
            number=one.line.number if one.line else None,
            change=one.change,
            title=one.values["description"][:500],
            cells=one.row.cells if one.row else [],
            values={} if one.faults else stored(one.values),
            faults=one.faults,
            differences=one.differences,
        )
        for place, one in enumerate(found, 1)
    ]


@transaction.atomic
def apply(*, actor: Actor, load_id: int, at: datetime, drops_missing: bool = False, skips_wrong: bool = False) -> Load:
    """Order that the file be written into the plan: all that was shown, or nothing."""
    load, plan = _locked(load_id)
    LOAD_POLICY.require(actor, LoadAct.APPLY, load)
    if not (verdict := may_write(actor, load, drops_missing=drops_missing)):
        raise Denied(verdict.reason)
    if plan.edits != load.plan_edits:
        return _read_again(load, at)
    refuse_if_any(_stands_against(load, drops_missing=drops_missing, skips_wrong=skips_wrong))
    LOAD.fire(load, "apply", at=at)
    load.drops_missing, load.skips_wrong, load.touched_at = drops_missing, skips_wrong, at
    load.ordered_by_id, load.mandate = actor.user_id, actor.mandate.code if actor.mandate else ""
    load.refusal = ""
    load.save()
    _begin(load, tasks.write, is_small=sum(load.counts.values()) <= AT_ONCE_ROWS)
    return load


def may_write(actor: Actor, load: Load, *, drops_missing: bool = False) -> Verdict:
    """Whether they may write what was shown: the section of each line that it adds, changes or takes out is asked."""
    if not (closed := closed_kinds(actor, load.plan)):
        return YES
    rows = load.rows.order_by().filter(change__in=["added", "changed", *(["missing"] if drops_missing else [])])
    lines = load.plan.lines.order_by().filter(number__in=rows.values("number"))
    touched = {*rows.values_list("values__kind", flat=True).distinct(), *lines.values_list("kind", flat=True)}
    return next((Verdict(False, closed[kind]) for kind in sorted(touched & closed.keys())), YES)


def _stands_against(load: Load, *, drops_missing: bool, skips_wrong: bool) -> Objection | None:
    counts = Counter(load.counts)
    if counts["wrong"] and not skips_wrong:
        sentence = _("Some rows have errors. Mend them and send the file again, or choose to leave them out.")
        return Objection("rows_wrong", sentence, "skips_wrong")
    if not (counts["added"] + counts["changed"] + (counts["missing"] if drops_missing else 0)):
        return Objection("nothing_to_do", _("The file changes nothing in the plan."))
    return None


def _read_again(load: Load, at: datetime, *, has_lost: bool = False) -> Load:
    """Somebody changed the plan meanwhile: nothing is written over what nobody has seen."""
    LOAD.fire(load, "reread", at=at)
    load.refusal = _("The plan changed after the file was read, so it was compared again. Look at what it changes now.")
    if has_lost:
        load.refusal = _("Who ordered it no longer edits all that it changes. It was compared again: look at it now.")
    load.done, load.touched_at = 0, at
    load.save()
    _begin(load, tasks.read, is_small=len(load.content) <= AT_ONCE)
    return load


@transaction.atomic
def carry_out_writing(*, load_id: int, at: datetime, is_awaited: bool = False) -> None:
    """Write every row that was shown, in one transaction."""
    load, plan = _locked(load_id)
    if load.state != "applying":
        return
    orderer = _person(load, at)
    with override(load.language):
        if plan.edits != load.plan_edits or not may_write(orderer, load, drops_missing=load.drops_missing):
            _read_again(load, at, has_lost=plan.edits == load.plan_edits)
            return
    changed = _write_lines(load, plan, at)
    if plan.state == "published":
        PLAN.fire(plan, "change", at=at)
    plan.edits += 1
    plan.save(update_fields=["state", "edits"])
    LOAD.fire(load, "finish", at=at)
    load.applied_at = load.touched_at = at
    load.save(update_fields=["state", "applied_at", "touched_at"])
    data = {**_about(load), **changed, "tell": [] if is_awaited else _told(load)}
    outbox.publish(PlanLoaded(file=plan.file, subject_id=load.pk, data=data), actor=orderer, at=at)


def _person(load: Load, at: datetime) -> Actor:
    """Who ordered it or, before that, who sent it."""
    actor = actor_for(user=load.ordered_by or load.read_by, account_id=load.plan.account_id)
    return (acting_under(actor=actor, code=load.mandate, at=at) if load.mandate else None) or actor


def _write_lines(load: Load, plan: Plan, at: datetime) -> dict[str, int]:
    revisions = dict(plan.lines.values_list("number", "revision"))
    last = plan.lines.aggregate(last=Max("number"))["last"] or 0
    lines = []
    for row in load.rows.filter(change__in=("added", "changed")).iterator():
        last += row.number is None
        number = row.number or last
        values = restored(row.values)
        values.pop("number", None)
        values["unit_id"] = values.pop("unit")
        revision = revisions.get(number, 0) + 1
        lines.append(PlanLine(plan=plan, number=number, updated_at=at, revision=revision, **values))
    PlanLine.objects.bulk_create(
        lines, batch_size=1000, update_conflicts=True, unique_fields=["plan", "number"], update_fields=WRITTEN
    )
    missing = load.rows.filter(change="missing") if load.drops_missing else load.rows.none()
    gone = list(missing.values_list("number", flat=True))
    dropped = plan.lines.standing().filter(number__in=[number for number in gone if number])
    fell = dropped.update(dropped_at=at, updated_at=at, revision=F("revision") + 1)
    return {"added": load.counts.get("added", 0), "changed": load.counts.get("changed", 0), "dropped": fell}


@transaction.atomic
def drop(*, actor: Actor, load_id: int, at: datetime) -> Load:
    """Leave a file that will not be applied."""
    load, _plan = _locked(load_id)
    LOAD_POLICY.require(actor, LoadAct.DROP, load)
    LOAD.fire(load, "drop", at=at)
    load.touched_at = at
    load.save(update_fields=["state", "touched_at"])
    return load


def begin_again(*, at: datetime) -> int:
    """Queue once more the jobs that died; and forget the rows of files that were finished long ago."""
    found = 0
    jobs = {"reading": tasks.read, "applying": tasks.write}
    for load in Load.objects.filter(state__in=jobs, touched_at__lt=at - SILENT).only("pk", "state"):
        Load.objects.filter(pk=load.pk).update(touched_at=at)
        jobs[load.state].defer(load_id=load.pk)
        found += 1
    old = Load.objects.exclude(state__in=jobs).filter(touched_at__lt=at - KEPT).exclude(content=b"")
    LoadRow.objects.filter(load__in=old).delete()
    old.update(content=b"")
    return found
