"""Asking a search of the database with little patience, and once more with the word index when the planner erred."""

from typing import Any

from django.db import OperationalError, connection, transaction

PATIENCE_MS = 150
LAST_PATIENCE_MS = 5_000
Query = tuple[str, list[Any]]
Rows = list[tuple[Any, ...]]


def ask_with_patience(queries: list[Query]) -> list[Rows]:
    """Run them all with little patience; if the planner walked the wrong index, once more with the word index."""
    try:
        return ask(queries, f"SET LOCAL statement_timeout = {PATIENCE_MS}")
    except OperationalError as error:
        if "statement timeout" not in str(error):
            raise
    settings = f"SET LOCAL statement_timeout = {LAST_PATIENCE_MS}; SET LOCAL enable_indexscan = off"
    return ask(queries, settings)


def ask(queries: list[Query], settings: str) -> list[Rows]:
    found = []
    is_inside = connection.in_atomic_block  # a setting of a savepoint would outlive it
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(settings)
        for sql, values in queries:
            cursor.execute(sql, values)
            found.append(cursor.fetchall())
        if is_inside:
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT; SET LOCAL enable_indexscan TO DEFAULT")
    return found
