"""Releases become visible in the order of their numbers, so that a reader who keeps a cursor misses none.

A number that is given early and committed late would appear behind the cursor of whoever read in between. So whoever
writes releases waits for the writer before: from the moment the number is given to the commit only one of them is at
work. What takes long (reading a process, making its text) is done before the turn is taken.
"""

from django.db import connection

LOCK = 64_01


def take_turn() -> None:
    """Be the only writer of releases until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
