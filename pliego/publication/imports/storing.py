"""A batch of rows into the database: find their processes, merge, write what changed by sets of rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from django.db import connection
from django.db.backends.utils import CursorWrapper

from pliego.publication.imports.merging import Facts, absorb, join
from pliego.publication.imports.projecting import OCID_PREFIX, Projection, project
from pliego.publication.imports.rows import Row
from pliego.publication.ordering import take_turn

# What a process is called: by its file when that is known, else by the best that is. These alone say that two rows
# speak of the same process; a notice does not, because some rows carry a wrong address.
BEST_NAME = ("portfolio", "file", "request", "contract")
COLUMNS = (
    "reference", "title", "description", "buyer_name", "buyer_nit", "department", "municipality", "method",
    "method_details", "state", "state_details", "stage", "contract_type", "published_at", "closes_at", "listed_at",
    "value_amount", "value_currency", "unspsc",
)  # fmt: skip
WRITTEN = ("ocid", "code", "source", *COLUMNS, "facts", "version")


@dataclass
class Known:
    """A process in hand: as the database has it, or as this batch begins it."""

    source: str
    facts: Facts = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    pk: int | None = None
    code: str = ""
    changed: bool = False
    gone: list[int] = field(default_factory=list)
    former: list[str] = field(default_factory=list)
    into: "Known | None" = None

    def last(self) -> "Known":
        known = self
        while known.into is not None:
            known = known.into
        return known


@dataclass
class Result:
    new: int = 0
    merged: int = 0
    unchanged: int = 0


def store(rows: list[Row], *, is_kept: bool = True) -> Result:
    """Merge the rows into the processes they speak of, and write down what became different.

    What a rehearsal writes is never seen by anybody, so it makes no other writer of releases wait (`is_kept`).
    """
    by_name = _find({value for row in rows for kind, value in row.identifiers.items() if kind in BEST_NAME})
    result = Result()
    begun: list[Known] = []
    for row in rows:
        known = _process_of(row, by_name)
        if known is None:
            known = Known(row.source, changed=True)
            begun.append(known)
            result.new += 1
            absorb(known.facts, row)
        else:
            told = absorb(known.facts, row)
            named = any(v not in known.names for k, v in row.identifiers.items() if k in BEST_NAME)
            known.changed = known.changed or told or named
            if told or named:
                result.merged += 1
            else:
                result.unchanged += 1
        for kind, value in row.identifiers.items():
            known.names[value] = kind
            if kind in BEST_NAME:
                by_name[value] = known
    changed = [known for known in {id(k): k for k in map(Known.last, by_name.values())}.values() if known.changed]
    _write(changed, is_kept)
    return result


def _process_of(row: Row, by_name: dict[str, Known]) -> Known | None:
    """The process that the row's identifiers name; if they name two, the two become one."""
    named = [by_name[v].last() for k, v in row.identifiers.items() if k in BEST_NAME and v in by_name]
    found = list({id(known): known for known in named}.values())
    if not found:
        return None
    keep, *others = sorted(found, key=lambda known: (known.pk is None, known.pk or 0))
    for other in others:
        join(keep.facts, other.facts)
        keep.names.update(other.names)
        keep.changed = True
        keep.gone += [*other.gone, *([other.pk] if other.pk else [])]
        keep.former += [*other.former, *([other.code] if other.pk else [])]
        other.into = keep
    return keep


# Looked up by index, whatever the planner believes: a table that grows inside the import has no statistics yet, and a
# plan that reads all of it for each batch would make the load quadratic.
BY_INDEX = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
FIND = """
SELECT p.id, p.code, p.source, p.facts, i.kinds, i.names
FROM (SELECT DISTINCT process_id FROM publication_identifier WHERE value = ANY(%s) AND kind <> 'reference') named
JOIN publication_process p ON p.id = named.process_id
JOIN LATERAL (SELECT array_agg(kind) AS kinds, array_agg(value) AS names FROM publication_identifier
  WHERE process_id = p.id AND kind <> 'reference') i ON true
ORDER BY p.id
"""


def _find(names: Iterable[str]) -> dict[str, Known]:
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {setting} = off" for setting in BY_INDEX))
        cursor.execute(FIND, [list(names)])
        found = cursor.fetchall()
        cursor.execute("; ".join(f"SET LOCAL {setting} TO DEFAULT" for setting in BY_INDEX))
    by_name: dict[str, Known] = {}
    for pk, code, source, facts, kinds, values in found:
        known = Known(source, msgspec.json.decode(facts), dict(zip(values, kinds, strict=True)), pk, code)
        by_name.update(dict.fromkeys(values, known))
    return by_name


def _write(changed: list[Known], is_kept: bool) -> None:
    if not changed:
        return
    with connection.cursor() as cursor:
        gone = [pk for known in changed for pk in known.gone]
        if gone:
            cursor.execute("DELETE FROM publication_identifier WHERE process_id = ANY(%s)", [gone])
            cursor.execute("DELETE FROM publication_process WHERE id = ANY(%s)", [gone])
        pks = iter(_numbers(cursor, "publication_process_id_seq", sum(1 for k in changed if k.pk is None)))
        for known in changed:
            known.pk = known.pk or next(pks)
        made = [(known, project(known.source, _name(known), known.facts)) for known in changed]
        if is_kept:
            take_turn()
        _copy(cursor, made, _numbers(cursor, "publication_release_id_seq", len(made)))
        _merge(cursor)


def _name(known: Known) -> str:
    """The best name; the smallest when a process has two of a kind, so that the order of the files does not matter."""
    for kind in BEST_NAME:
        if values := [value for value, own in known.names.items() if own == kind]:
            best = min(values, key=lambda value: (len(value), value))
            if known.code and known.code != best:
                known.former.append(known.code)
            return best
    return known.code


def _numbers(cursor: CursorWrapper, sequence: str, count: int) -> list[int]:
    cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
    return [row[0] for row in cursor.fetchall()]


STAGING = """
CREATE TEMP TABLE IF NOT EXISTS import_process (
  id bigint, ocid text, code text, source text, reference text, title text, description text, buyer_name text,
  buyer_nit text, department text, municipality text, method text, method_details text, state text,
  state_details text, stage text, contract_type text, published_at timestamptz, closes_at timestamptz,
  listed_at timestamptz, value_amount numeric, value_currency text, unspsc text, facts text, version bigint,
  words text, tokens text, release_id text, tag text, released_at timestamptz, body text) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS import_identifier (value text, kind text, process_id bigint) ON COMMIT DELETE ROWS;
"""


def _copy(cursor: CursorWrapper, made: list[tuple[Known, Projection]], versions: list[int]) -> None:
    cursor.execute(STAGING)
    cursor.execute("TRUNCATE import_process, import_identifier")
    with cursor.copy("COPY import_process FROM STDIN") as copy:
        for (known, p), version in zip(made, versions, strict=True):
            columns = [p.columns[name] for name in COLUMNS]
            copy.write_row((known.pk, p.ocid, p.code, p.source, *columns, p.facts, version, p.words, p.tokens,
                            p.release_id, p.release_tag, p.released_at, p.release))  # fmt: skip
    with cursor.copy("COPY import_identifier FROM STDIN") as copy:
        for known, p in made:
            for value, kind in known.names.items():
                copy.write_row((value, kind, known.pk))
            for code in known.former:
                copy.write_row((f"{OCID_PREFIX}-{code}".upper(), "former", known.pk))
            if p.columns["reference"]:
                copy.write_row((p.columns["reference"].upper(), "reference", known.pk))


# Every name in it is a constant of this module.
MERGE = f"""
INSERT INTO publication_release (id, release_id, ocid, tag, released_at, text)
SELECT version, release_id, ocid, tag, released_at, body FROM import_process
ON CONFLICT (release_id) DO NOTHING;

INSERT INTO publication_process (id, {", ".join(WRITTEN)}, doc)
SELECT id, {", ".join(WRITTEN)}, to_tsvector('spanish', words) || array_to_tsvector(string_to_array(tokens, ' '))
FROM import_process
ON CONFLICT (id) DO UPDATE SET ({", ".join(WRITTEN)}, doc) =
  ROW({", ".join(f"excluded.{name}" for name in WRITTEN)}, excluded.doc);

INSERT INTO publication_identifier (value, kind, process_id)
SELECT DISTINCT value, kind, process_id FROM import_identifier ON CONFLICT DO NOTHING;
"""  # noqa: S608


def _merge(cursor: CursorWrapper) -> None:
    cursor.execute(MERGE)
