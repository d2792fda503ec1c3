"""Looking in the directory: one tsvector of words and filters, pages by key.

Guarantees: two queries whatever is asked and however many there are; counts stop at a thousand; a question that the
planner reads wrongly is asked once more with the word index forced.

The order is that of the names. Only where words match more than a thousand it is the newest first: names begin with
their commonest words, so that walking them in their order would pass over most of the country to fill a page.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pliego.directory import words
from pliego.publication.searching import ask_with_patience

ROWS = 25
MOST_COUNTED = 1_000
BY_NAME, NEWEST = "n", "r"
COLUMNS = (
    "id", "code", "name", "short_name", "sort_name", "number", "check_digit", "is_buyer", "is_supplier",
    "is_suspended", "kind", "size", "department", "municipality", "unspsc", "registered_at",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What is asked. Every field is optional; together they must all hold."""

    text: str = ""
    role: str = ""  # "supplier" or "buyer"
    department: str = ""
    unspsc: str = ""
    kind: str = ""  # a kind, or a group of them
    size: str = ""
    after: str = ""


@dataclass(frozen=True)
class Found:
    rows: list[dict[str, Any]]
    after: str
    count: int
    is_capped: bool
    is_newest_first: bool = False


@dataclass
class Clause:
    sql: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    has_words: bool = False

    @property
    def text(self) -> str:
        return " AND ".join(self.sql) or "true"

    def add(self, sql: str, *values: Any) -> None:
        self.sql.append(sql)
        self.values += values


ROLE_TOKENS = {"supplier": "r:s", "buyer": "r:b"}


def conditions(question: Question) -> Clause:
    """The WHERE of a question. A place alone goes through its own name-ordered index."""
    clause = Clause()
    number = words.number_in(question.text)
    if number:
        clause.add("number = %s", number)
    terms = [] if number else list(words.asked(question.text))
    clause.has_words = bool(terms)
    tokens = [ROLE_TOKENS.get(question.role, "")]
    for prefix, value in (("z", question.size), ("u", question.unspsc)):
        tokens.append(f"{prefix}:{value}" if value else "")
    if question.kind:
        tokens.append(f"{'g' if question.kind in words.GROUPS else 'k'}:{question.kind}")
    if question.department and terms:
        tokens.append(f"d:{question.department}")
    elif question.department:
        clause.add("department = %s", question.department)
    terms += [f"'{token}'" for token in tokens if token]
    if terms:
        clause.add("doc @@ %s::tsquery", " & ".join(terms))
    return clause


def cursor_of(row: dict[str, Any], order: str) -> str:
    said = f"{order} {row['id']} {row['sort_name'] if order == BY_NAME else ''}".encode()
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


def position(cursor: str) -> tuple[str, int, str]:
    """The order of the pages, and where one begins; ValueError when it is none of ours."""
    try:
        said = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeError) as error:
        raise ValueError(cursor) from error
    order, _space, rest = said.partition(" ")
    number, _space, name = rest.partition(" ")
    if order not in {BY_NAME, NEWEST} or not number.isdecimal() or len(number) > 18 or "\x00" in name:
        raise ValueError(cursor)
    return order, int(number), name


# Every name in these is a constant of this module; every value is a parameter.
def page_sql(question: Question, limit: int, order: str = BY_NAME) -> tuple[str, list[Any]]:
    """A page in one of the orders. Few matches of words are gathered first, so that their names need no index."""
    clause, after = conditions(question), Clause()
    if question.after:
        order, number, name = position(question.after)
        if order == BY_NAME:
            after.add("(sort_name, id) > (%s, %s)", name, number)
        else:
            after.add("id < %s", number)
    columns, ordered = ", ".join(COLUMNS), "sort_name, id" if order == BY_NAME else "id DESC"
    if order == BY_NAME and clause.has_words:
        sql = (
            f"WITH hits AS MATERIALIZED (SELECT {columns} FROM directory_line WHERE {clause.text})"  # noqa: S608
            f" SELECT {columns} FROM hits WHERE {after.text} ORDER BY {ordered} LIMIT %s"
        )
    else:
        sql = (
            f"SELECT {columns} FROM directory_line WHERE {clause.text} AND {after.text}"  # noqa: S608
            f" ORDER BY {ordered} LIMIT %s"
        )
    return sql, [*clause.values, *after.values, limit]


def count_sql(question: Question) -> tuple[str, list[Any]]:
    clause = conditions(question)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM directory_line WHERE {clause.text} LIMIT %s) hits"  # noqa: S608
    return sql, [*clause.values, MOST_COUNTED + 1]


def order_of(question: Question, total: int) -> str:
    return NEWEST if total > MOST_COUNTED and conditions(question).has_words else BY_NAME


def search(*, question: Question, rows: int = ROWS) -> Found:
    """A page of the directory with its count."""
    (count,) = ask_with_patience([count_sql(question)])
    total = count[0][0]
    order = position(question.after)[0] if question.after else order_of(question, total)
    (page,) = ask_with_patience([page_sql(question, rows + 1, order)])
    found = [dict(zip(COLUMNS, row, strict=True)) for row in page[:rows]]
    after = cursor_of(found[-1], order) if len(page) > rows else ""
    return Found(found, after, min(total, MOST_COUNTED), total > MOST_COUNTED, is_newest_first=order == NEWEST)


def every_row(*, question: Question, most: int) -> Iterator[dict[str, Any]]:
    """The lines of a question page after page, for the files that people download."""
    question, left, order = replace(question, after=""), most, NEWEST
    while left > 0:
        (page,) = ask_with_patience([page_sql(question, min(1_000, left), order)])
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in page]
        yield from rows
        if len(rows) < min(1_000, left):
            return
        left -= len(rows)
        question = replace(question, after=cursor_of(rows[-1], order))
