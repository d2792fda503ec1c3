"""Looking in the directory: one tsvector of words and filters, pages by key in the order of names.

Guarantees: two queries whatever is asked and however many there are; counts stop at a thousand; a question that the
planner reads wrongly is asked once more with the word index forced.
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


@dataclass
class Clause:
    sql: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

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


def cursor_of(row: dict[str, Any]) -> str:
    said = f"{row['id']} {row['sort_name']}".encode()
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


def position(cursor: str) -> tuple[str, int]:
    """Where a page begins; ValueError when it is none of ours."""
    try:
        number, _space, name = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
    except (binascii.Error, UnicodeError) as error:
        raise ValueError(cursor) from error
    if not number.isdigit() or len(number) > 18 or "\x00" in name:
        raise ValueError(cursor)
    return name, int(number)


def page_sql(question: Question, limit: int) -> tuple[str, list[Any]]:
    clause = conditions(question)
    if question.after:
        clause.add("(sort_name, id) > (%s, %s)", *position(question.after))
    # Every name is a constant of this module; every value is a parameter.
    sql = f"SELECT {', '.join(COLUMNS)} FROM directory_line WHERE {clause.text} ORDER BY sort_name, id LIMIT %s"  # noqa: S608
    return sql, [*clause.values, limit]


def count_sql(question: Question) -> tuple[str, list[Any]]:
    clause = conditions(question)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM directory_line WHERE {clause.text} LIMIT %s) hits"  # noqa: S608
    return sql, [*clause.values, MOST_COUNTED + 1]


def search(*, question: Question, rows: int = ROWS) -> Found:
    """A page of the directory in the order of names, with its count."""
    page, count = ask_with_patience([page_sql(question, rows + 1), count_sql(question)])
    found = [dict(zip(COLUMNS, row, strict=True)) for row in page[:rows]]
    total = count[0][0]
    after = cursor_of(found[-1]) if len(page) > rows else ""
    return Found(found, after, min(total, MOST_COUNTED), total > MOST_COUNTED)


def every_row(*, question: Question, most: int) -> Iterator[dict[str, Any]]:
    """The lines of a question page after page, for the files that people download."""
    question, left = replace(question, after=""), most
    while left > 0:
        (page,) = ask_with_patience([page_sql(question, min(1_000, left))])
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in page]
        yield from rows
        if len(rows) < min(1_000, left):
            return
        left -= len(rows)
        question = replace(question, after=cursor_of(rows[-1]))
