"""The workbook of a large version: made once by a job and kept, because a version never changes.

Guarantees: one row and one file per version, whoever asks and however often; a job that died is begun again, and one
that died many times is given up, with the other forms of the version in its place.
"""

from datetime import datetime, timedelta

from django.db.models import F

from pliego.planning import tasks
from pliego.planning.models import PlanVersion, VersionSheet

AT_ONCE_LINES = 1000  # a smaller version is written while the reader waits: less than a second
SILENT = timedelta(minutes=5)  # after which a job that says nothing is taken for dead
MOST_TRIES = 3


def begin(*, version: PlanVersion, at: datetime) -> VersionSheet | None:
    """The workbook of a version, on its way or made; None for one that is small enough to be written at once."""
    if version.lines_count <= AT_ONCE_LINES:
        return None
    sheet, is_new = VersionSheet.objects.defer("content").get_or_create(version=version, defaults={"touched_at": at})
    if is_new:
        tasks.make_sheet.defer(sheet_id=sheet.pk)
    return sheet


def is_given_up(sheet: VersionSheet, at: datetime) -> bool:
    return sheet.made_at is None and sheet.tries >= MOST_TRIES and sheet.touched_at < at - SILENT


def begin_again(*, at: datetime) -> int:
    """Queue once more the workbooks whose job died."""
    dead = VersionSheet.objects.filter(made_at__isnull=True, touched_at__lt=at - SILENT, tries__lt=MOST_TRIES)
    found = list(dead.values_list("pk", flat=True))
    for pk in found:
        VersionSheet.objects.filter(pk=pk).update(touched_at=at, tries=F("tries") + 1)
        tasks.make_sheet.defer(sheet_id=pk)
    return len(found)
