"""The public search: one tsvector of words and filters, pages by key, counts that stop at a thousand.

Guarantees: three queries whatever the number of rows; a question that the planner reads wrongly is asked once more with
the word index forced; the same question gives the page, the CSV, the JSON and the Atom feed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from pliego.kernel.calendar import calendar
from pliego.publication.folding import fold, nits_in, words
from pliego.publication.searching import LAST_PATIENCE_MS, ask, ask_with_patience

ROWS = 25
MOST_COUNTED = 1_000
FACETS_OVER = 2_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CURSOR = re.compile(r"(-?\d{1,18})_(\d{1,18})")
COLUMNS = (
    "id", "ocid", "code", "source", "reference", "title", "buyer_name", "buyer_nit", "department", "municipality",
    "method", "method_details", "state", "state_details", "stage", "contract_type", "published_at", "closes_at",
    "listed_at", "value_amount", "value_currency", "unspsc",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What is asked. Every field is optional; together they must all hold."""

    text: str = ""
    entity: str = ""
    department: str = ""
    method: str = ""
    state: str = ""
    source: str = ""
    unspsc: str = ""
    published_from: date | None = None
    published_to: date | None = None
    value_from: Decimal | None = None
    value_to: Decimal | None = None
    order: str = "newest"
    after: str = ""

    @property
    def is_open(self) -> bool:
        """Whether anything at all narrows it."""
        return self == Question(order=self.order, after=self.after)

    def at_start(self) -> "Question":
        return replace(self, after="")


@dataclass(frozen=True)
class Facet:
    name: str
    code: str
    count: int


@dataclass(frozen=True)
class Found:
    """A page of rows, where the next one begins, and how many there are in all (capped)."""

    rows: list[dict[str, Any]]
    after: str
    count: int
    is_capped: bool
    facets: list[Facet] = field(default_factory=list)
    facets_are_partial: bool = False


@dataclass
class Clause:
    """Conditions of a WHERE, every value apart from its SQL."""

    sql: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, sql: str, *values: Any) -> None:
        self.sql.append(sql)
        self.values += values

    @property
    def text(self) -> str:
        return " AND ".join(self.sql) or "true"


def conditions(question: Question, at: datetime) -> Clause:
    """The WHERE of a question. Without words, place and buyer go through their own date-ordered indexes."""
    clause = Clause()
    has_words = bool(words(question.text))
    tokens = [f"o:{question.source}", f"m:{question.method}", f"s:{question.state}", f"u:{question.unspsc}"]
    nits, _rest = nits_in(question.entity)
    nit = nits[0] if nits else re.sub(r"[.\s]", "", question.entity).split("-")[0]
    if nit.isdigit() and len(nit) >= 6:
        clause.add("buyer_nit = %s", nit) if not has_words else tokens.append(f"e:{nit}")
    else:
        tokens += [f"b:{word}" for word in words(question.entity)]
    if question.department:
        if has_words:
            tokens.append(f"d:{question.department}")
        else:
            clause.add("department = %s", question.department)
    _match(clause, question.text if has_words else "", [token for token in tokens if len(token) > 2])
    if question.state == "open":
        clause.add("state = 'open' AND (closes_at IS NULL OR closes_at > %s)", at)
    if question.published_from:
        clause.add("listed_at >= %s", calendar.at(question.published_from, 0))
    if question.published_to:
        clause.add("listed_at < %s", calendar.at(question.published_to + timedelta(days=1), 0))
    if question.value_from is not None:
        clause.add("value_amount >= %s", question.value_from)
    if question.value_to is not None:
        clause.add("value_amount <= %s", question.value_to)
    return clause


def _match(clause: Clause, text: str, tokens: list[str]) -> None:
    """The words, and every filter."""
    asked = [_words_of(text)] if text else []
    if tokens:
        asked.append(("%s::tsquery", [_all_of(tokens)]))
    if asked:
        sql = " && ".join(sql for sql, _values in asked)
        clause.add(f"doc @@ ({sql})", *(value for _sql, values in asked for value in values))


def _words_of(text: str) -> tuple[str, list[str]]:
    """The words as they are; a NIT among them is also that of anybody who takes part."""
    sql, values = "websearch_to_tsquery('spanish', %s)", [fold(text)]
    nits, rest = nits_in(text)
    if not nits:
        return sql, values
    others = [fold(rest)] if words(rest) else []
    parts = [*(sql for _other in others), "%s::tsquery"]
    return f"({sql} || ({' && '.join(parts)}))", [*values, *others, _all_of([f"n:{nit}" for nit in nits])]


def _all_of(tokens: list[str]) -> str:
    return " & ".join("'{}'".format(re.sub(r"[^\w:.-]", "", token)) for token in tokens)


ORDERS = {"newest": "listed_at DESC, id DESC", "closing": "closes_at, id"}


def cursor_of(row: dict[str, Any], order: str) -> str:
    moment = row["listed_at"] if order == "newest" else row["closes_at"]
    return f"{(moment - EPOCH) // timedelta(microseconds=1)}_{row['id']}"


def _after(clause: Clause, question: Question, at: datetime) -> None:
    if question.order == "closing":
        clause.add("state = 'open' AND closes_at > %s", at)
    if match := CURSOR.fullmatch(question.after):
        moment = EPOCH + timedelta(microseconds=int(match[1]))
        sql = "(listed_at, id) < (%s, %s)" if question.order == "newest" else "(closes_at, id) > (%s, %s)"
        clause.add(sql, moment, int(match[2]))


def page_sql(question: Question, at: datetime, limit: int) -> tuple[str, list[Any]]:
    clause = conditions(question, at)
    _after(clause, question, at)
    order = ORDERS[question.order]
    # Every name is a constant of this module; every value is a parameter.
    sql = f"SELECT {', '.join(COLUMNS)} FROM publication_process WHERE {clause.text} ORDER BY {order} LIMIT %s"  # noqa: S608
    return sql, [*clause.values, limit]


def count_sql(question: Question, at: datetime) -> tuple[str, list[Any]]:
    clause = conditions(question, at)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM publication_process WHERE {clause.text} LIMIT %s) hits"  # noqa: S608
    return sql, [*clause.values, MOST_COUNTED + 1]


FACETS = ("state", "method", "department", "source")


def facets_sql(question: Question, at: datetime) -> tuple[str, list[Any]]:
    clause = conditions(question, at)
    names = ", ".join(FACETS)
    # What can no longer receive offers does not count as open, although its source never said that it closed.
    columns = names.replace("state", "CASE WHEN state = 'open' AND closes_at <= %s THEN NULL ELSE state END AS state")
    sets = ", ".join(f"({name})" for name in FACETS)
    sql = f"""WITH hits AS (SELECT {columns} FROM publication_process WHERE {clause.text}
        ORDER BY listed_at DESC, id DESC LIMIT %s)
        SELECT {names}, count(*) FROM hits GROUP BY GROUPING SETS ({sets}) ORDER BY count(*) DESC"""  # noqa: S608
    return sql, [at, *clause.values, FACETS_OVER]


def search(*, question: Question, at: datetime, rows: int = ROWS, with_facets: bool = True) -> Found:
    """A page of processes, newest first (or the next to close), with its count and its facets."""
    queries = [page_sql(question, at, rows + 1), count_sql(question, at)]
    if with_facets:
        queries.append(facets_sql(question, at))
    page, count, *facets = ask_with_patience(queries)
    found = [dict(zip(COLUMNS, row, strict=True)) for row in page[:rows]]
    total = count[0][0]
    return Found(
        rows=found,
        after=cursor_of(found[-1], question.order) if len(page) > rows else "",
        count=min(total, MOST_COUNTED),
        is_capped=total > MOST_COUNTED,
        facets=_facets(facets[0]) if facets else [],
        facets_are_partial=total > MOST_COUNTED,
    )


def _facets(rows: list[tuple[Any, ...]]) -> list[Facet]:
    return [
        Facet(name, row[i], row[-1])
        for row in rows
        for i, name in enumerate(FACETS)
        if row[i] is not None and row[i] != ""
    ]


def every_row(*, question: Question, at: datetime, most: int) -> Iterator[dict[str, Any]]:
    """The rows of a question page after page, for the files that people download."""
    question, left = question.at_start(), most
    while left > 0:
        (page,) = ask([page_sql(question, at, min(1_000, left))], f"SET LOCAL statement_timeout = {LAST_PATIENCE_MS}")
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in page]
        yield from rows
        if len(rows) < min(1_000, left):
            return
        left -= len(rows)
        question = replace(question, after=cursor_of(rows[-1], question.order))


def version(*, at: datetime) -> str:
    """Changes when any process changed, and when the term of one ran out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT max(version) FROM publication_process), (SELECT closes_at FROM publication_process"
            " WHERE state = 'open' AND closes_at <= %s ORDER BY closes_at DESC, id DESC LIMIT 1)",
            [at],
        )
        newest, closed = cursor.fetchone()
    return f"{newest or 0}.{int(closed.timestamp()) if closed else 0}"
