"""Worlds that are built once: a builder of a `given.py` runs, and what it wrote is put back for the next test.

Guarantees: the rows, files, mails and secrets that come back are those that the services wrote when the builder ran in
this process, for the same arguments, at the same fixed moment, with the same settings, and with nothing else written
before it in the test. Whatever is not so runs the builder. `PLIEGO_TEST_FRESH=1` runs it always.
"""

import os
import pickle
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import get_language

from pliego.kernel import clock

Builder = TypeVar("Builder", bound=Callable[..., Any])
Written = tuple[tuple[str, int, int, int], ...]  # table, rows inserted, updated, deleted in this transaction

# What pg_stat_xact_user_tables tells, without looking for the indexes of every table.
WRITTEN = """
    SELECT relname, inserted, updated, deleted FROM pg_class CROSS JOIN LATERAL (SELECT
        pg_stat_get_xact_tuples_inserted(oid),
        pg_stat_get_xact_tuples_updated(oid),
        pg_stat_get_xact_tuples_deleted(oid)
    ) AS told (inserted, updated, deleted)
    WHERE relkind = 'r' AND oid >= 16384 AND relname <> 'furnishing_mark' AND inserted + updated + deleted > 0
    ORDER BY relname
"""
SECRETS: list[dict[Any, Any]] = []  # what people keep at home, beside the database: dictionaries of the builders
NEVER = object()


@dataclass(frozen=True)
class World:
    """What a builder wrote and answered."""

    statements: str  # what puts its rows back, all at once
    folder: Path
    mails: bytes
    secrets: list[dict[Any, Any]]
    answer: bytes


_worlds: dict[str, World | object] = {}
_chain: list[str] = []  # what was put back or built in this test so far, in order
_left: Written = ()  # what this transaction had written when the last of them ended
_depth = 0


def begin() -> None:
    """A new test: nothing is written yet."""
    global _left
    _chain.clear()
    _left = ()


def furnished(builder: Builder) -> Builder:
    """Run the builder once for the same beginnings, and put back what it wrote for the others."""

    @wraps(builder)
    def made(*args: Any, **options: Any) -> Any:
        global _depth, _left
        key = None if _depth else _key(builder, args, options)
        if key is None:
            return builder(*args, **options)
        world = _worlds.get(key)
        if isinstance(world, World):
            answer = _put_back(world)
        else:
            _depth += 1
            try:
                answer = _recorded(key, builder, args, options)
            finally:
                _depth -= 1
        _chain.append(key)
        _left = _written()
        return answer

    return made  # type: ignore[return-value]


def _key(builder: Callable[..., Any], args: Any, options: Any) -> str | None:
    """What the world depends on; none when that cannot be told, or when something else was written before."""
    if os.environ.get("PLIEGO_TEST_FRESH") or clock._fixed is None or not connection.in_atomic_block:
        return None
    told = _plain((args, tuple(sorted(options.items()))))
    if told is NEVER or not _is_untouched():
        return None
    changed = {
        name: value
        for name, value in vars(settings._wrapped).items()
        if name.isupper() and not isinstance(value, Path) and hasattr(settings._wrapped, "default_settings")
    }
    parts = (
        builder.__module__,
        builder.__qualname__,
        told,
        _chain,
        clock._fixed,
        get_language(),
        sorted(changed.items()),
    )
    key = sha256(repr(parts).encode()).hexdigest()
    return None if _worlds.get(key) is NEVER else key


def _plain(value: Any) -> Any:
    """An argument as text that tells it from any other."""
    if value is None or isinstance(value, (str, int, bool, Decimal, date, datetime)):
        return repr(value)
    if isinstance(value, Model):
        return (value._meta.label, [repr(getattr(value, column.attname)) for column in value._meta.concrete_fields])
    if isinstance(value, (list, tuple, set, frozenset)):
        parts = [_plain(one) for one in value]
        if isinstance(value, (set, frozenset)):
            parts.sort(key=repr)
        return NEVER if any(part is NEVER for part in parts) else (type(value).__name__, *parts)
    if isinstance(value, dict):
        return _plain([*value.items()])
    if is_dataclass(value) and not isinstance(value, type):
        told = _plain([getattr(value, one.name) for one in fields(value)])
        return NEVER if told is NEVER else (type(value).__name__, told)
    return NEVER


def _is_untouched() -> bool:
    if _chain:
        return _written() == _left
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
        return bool(cursor.fetchone()[0])


def _written() -> Written:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return tuple(cursor.fetchall())


def _recorded(key: str, builder: Callable[..., Any], args: Any, options: Any) -> Any:
    before, letters = {row[0]: row for row in _written()}, len(mail.outbox)
    known = [dict(secrets) for secrets in SECRETS]
    with transaction.atomic():  # a savepoint: its rows are told from the others by the number of its transaction
        first = _number_of_this_savepoint()
        answer = builder(*args, **options)
    try:
        kept = pickle.dumps(answer)
        mails = pickle.dumps(mail.outbox[letters:])
    except (pickle.PicklingError, TypeError, AttributeError):
        _worlds[key] = NEVER
        return answer
    deletions, insertions = [], []
    for table, inserted, updated, deleted in _written():
        _name, *counts = before.get(table, (table, 0, 0, 0))
        if [inserted, updated, deleted] == counts:
            continue
        only_added = [updated, deleted] == counts[1:]
        if not only_added:  # all that it holds is put back
            deletions.append(f"DELETE FROM {table}")
        insertions += _insertion(table, f"WHERE xmin::text::bigint >= {first}" if only_added else "")
    as_replica = "SET LOCAL session_replication_role = replica"  # neither keys nor triggers stand in the way
    parts = (as_replica, *deletions, *insertions, "SET LOCAL session_replication_role = origin")
    folder = Path(tempfile.mkdtemp(prefix="world-", dir=os.environ.get("PLIEGO_TEST_FURNISHED")))
    shutil.copytree(settings.PLIEGO_VAR, folder, dirs_exist_ok=True)
    secrets = [
        {name: value for name, value in now.items() if then.get(name, NEVER) is not value}
        for now, then in zip(SECRETS, known, strict=True)
    ]
    _worlds[key] = World("; ".join(parts), folder, mails, secrets, kept)
    return answer


def _number_of_this_savepoint() -> int:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS furnishing_mark (n int) ON COMMIT DROP")
        cursor.execute("INSERT INTO furnishing_mark VALUES (1) RETURNING xmin::text::bigint")
        return int(cursor.fetchone()[0])


def _put_back(world: World) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(world.statements)
    shutil.copytree(world.folder, settings.PLIEGO_VAR, dirs_exist_ok=True)
    for secrets, kept in zip(SECRETS, world.secrets, strict=True):
        secrets.update(kept)
    mail.outbox.extend(pickle.loads(world.mails))
    return pickle.loads(world.answer)


def _insertion(table: str, which: str) -> list[str]:
    """What inserts those rows of the table as they are now: none if there are none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum),"
            " string_agg(format('quote_nullable(%%I::text)', attname), ' || '','' || ' ORDER BY attnum)"
            " FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attgenerated = ''",
            [table],
        )
        columns, values = cursor.fetchone()
        cursor.execute(f"SELECT string_agg('(' || {values} || ')', ', ') FROM {table} {which}")
        rows = cursor.fetchone()[0]
    return [f"INSERT INTO {table} ({columns}) VALUES {rows}"] if rows else []
