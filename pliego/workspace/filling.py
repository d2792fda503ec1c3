"""While a practice installation still receives its processes: one at a time fills it, and pages say so meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

KEY = "hashtext('workspace.filling')"


@contextmanager
def only_one() -> Iterator[None]:
    """Fill the installation. A second one waits until the first is done, and then finds everything there."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")  # the one before may take minutes on a busy machine
        cursor.execute(f"SELECT pg_advisory_lock({KEY})")
        cursor.execute("RESET lock_timeout")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_unlock({KEY})")


def is_under_way() -> bool:
    """Whether somebody fills it now."""
    if not settings.PLIEGO_PRACTICE:
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock_shared({KEY})")
        return not cursor.fetchone()[0]
