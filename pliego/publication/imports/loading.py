"""Loading official files: batch by batch, each batch and the place it reached in one transaction.

Guarantees: read = new + merged + unchanged + refused, kept by a constraint of the database; a run killed at any moment
goes on from its last batch and ends as if it had not been; a second run changes nothing; memory does not grow.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from pliego.kernel import clock
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.objections import Objection, Refused
from pliego.publication.imports import reading, storing
from pliego.publication.imports.axes import axes_of
from pliego.publication.imports.reading import Heading, Raw
from pliego.publication.imports.rows import Record, Refusal, Row, fields_of, nit_of, read_row
from pliego.publication.models import ImportRejection, ImportRun

BATCH = 2_000
ONE_IMPORT_AT_A_TIME = 0x504C_4945  # key of the advisory lock
RAW_LIMIT = 2_000


@dataclass
class Batch:
    """What one stretch of the file said."""

    rows: list[Row] = field(default_factory=list)
    rejections: list[ImportRejection] = field(default_factory=list)
    stages: Counter[tuple[str, str]] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    read: int = 0
    refused: int = 0
    end: int = 0
    line: int = 0


Progress = Callable[[ImportRun], None]


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def entities_of(paths: list[Path]) -> dict[str, Record]:
    """The entities that contracts name by number, from the files of entities among `paths`."""
    found: dict[str, Record] = {}
    for path in paths:
        head = reading.heading(path)
        for raw in reading.rows(path, head):
            if raw.fault:
                continue
            record, _remarks = fields_of(raw, head)
            if key := record.pop("buyer_key", ""):
                record["buyer_nit"] = nit_of(record.get("buyer_nit", ""))
                found[key] = {name: value for name, value in record.items() if value}
    return found


def read_batch(run: ImportRun, raws: Iterator[Raw], head: Heading, entities: dict[str, Record]) -> Batch:
    batch, today = Batch(), BusinessCalendar.day_of(run.started_at)
    for raw in islice(raws, BATCH):
        batch.read, batch.end, batch.line = batch.read + 1, raw.end, raw.end_line
        try:
            row = read_row(raw, head, entities)
        except Refusal as refusal:
            batch.refused += 1
            said = {"field": refusal.field, "reason": refusal.reason, "value": refusal.value}
            batch.rejections.append(_rejection(run, line=raw.line, raw=raw, **said))
            continue
        batch.rows.append(row)
        if row.section == "contracts":
            axes = axes_of(row.record, today)
            batch.stages[row.record.get("state", ""), axes.outcome] += 1
            batch.happened.update(axes.happened)
        batch.rejections += [
            _rejection(run, line=raw.line, field=r.field, reason=r.reason, value=r.value) for r in row.remarks
        ]
    return batch


def _rejection(
    run: ImportRun, *, line: int, field: str, reason: str, value: str, raw: Raw | None = None
) -> ImportRejection:
    text = ",".join(raw.cells)[:RAW_LIMIT] if raw else ""
    return ImportRejection(run=run, line=line, field=field, reason=reason, value=value[:300], raw=text)


def start(path: Path, companions: list[Path], head: Heading) -> ImportRun:
    """The unfinished run of this very file, or a new one."""
    sha256 = digest(path)
    names = " ".join(sorted(digest(other)[:16] for other in companions))
    unfinished = ImportRun.objects.filter(
        file_sha256=sha256, companions=names, finished_at=None, layout=head.layout.name
    ).first()
    return unfinished or ImportRun.objects.create(
        file_name=path.name,
        file_sha256=sha256,
        file_bytes=path.stat().st_size,
        companions=names,
        layout=head.layout.name,
        started_at=clock.now(),
    )


def load(path: Path, *, companions: list[Path], progress: Progress, dry_run: bool = False) -> ImportRun:
    """Load one file, or go on with it. With `dry_run` everything is done and nothing is kept."""
    head = reading.heading(path)
    entities = entities_of(companions) if head.layout.name == "contract" else {}
    with _alone():
        if dry_run:
            with transaction.atomic():
                run = start(path, companions, head)
                _load_all(run, path, head, entities, progress, is_kept=False)
                transaction.set_rollback(True)
                return run
        run = start(path, companions, head)
        _load_all(run, path, head, entities, progress)
        _tell_the_planner()
        return run


def _tell_the_planner() -> None:
    """Fresh statistics at once: the search is only as good as what the planner knows of the words."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE publication_process, publication_identifier, publication_release")


def _load_all(
    run: ImportRun,
    path: Path,
    head: Heading,
    entities: dict[str, Record],
    progress: Progress,
    *,
    is_kept: bool = True,
) -> None:
    raws = reading.rows(path, head, offset=run.offset_bytes, line=run.lines or 1)
    while True:
        batch = read_batch(run, raws, head, entities)
        if not batch.read:
            break
        with transaction.atomic():
            result = storing.store(batch.rows, is_kept=is_kept)
            ImportRejection.objects.bulk_create(batch.rejections)
            _note(run, batch, result)
        progress(run)
    run.finished_at = clock.now()
    run.save(update_fields=["finished_at"])
    progress(run)


def _note(run: ImportRun, batch: Batch, result: storing.Result) -> None:
    run.offset_bytes, run.lines = batch.end, batch.line
    run.rows_read += batch.read
    run.rows_new += result.new
    run.rows_merged += result.merged
    run.rows_unchanged += result.unchanged
    run.rows_refused += batch.refused
    for (literal, outcome), rows in batch.stages.items():
        told = run.stages.setdefault(literal, {})
        told[outcome] = told.get(outcome, 0) + rows
    run.happened = Counter(run.happened) + batch.happened
    run.values_left_out += sum(1 for r in batch.rejections if r.field and not r.raw)
    run.save()


@contextmanager
def _alone() -> Iterator[None]:
    """Two imports at once would take turns at the same processes: the second one is refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_IMPORT_AT_A_TIME])
        if not cursor.fetchone()[0]:
            sentence = _("Another import is running. Wait until it ends and run this again: it goes on where it was.")
            raise Refused(Objection("import_running", sentence))
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_IMPORT_AT_A_TIME])
