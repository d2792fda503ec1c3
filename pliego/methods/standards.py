"""The standard documents (documentos tipo) as data: one TOML file per document and version under
`catalogue/_standards/`, read once when Pliego starts.

A released file is never edited: an update of the agency is a new file, and a process keeps the version that it chose.
A file fixes parts of the pliego: `locked` is as the document says, `bounded` may move within limits, `open` is told
and not watched. What is not named is the entity's. Guarantees: what `filled` answers has no breach.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import msgspec

from pliego.methods.catalogue import FOLDER
from pliego.methods.law import BadMethod, Base, Method, Words

STANDARDS = "_standards"
LAW = "Ley 1882 de 2018, art. 4 (Ley 2022 de 2020, art. 1)"
Content = dict[str, Any]


class Fix(Base, frozen=True, kw_only=True):
    """A datum of a section. With `row` and `column` it is a cell of the row that says that; a list of rows in `value`
    fixes all rows, in order, by the columns that it names. `text` says what may be changed, `advice` that the figure
    waits for somebody to read it in the document."""

    section: str
    field: str
    title: Words
    how: Literal["locked", "bounded", "open"]
    row: dict[str, str] = {}
    column: str = ""
    value: Any = None
    shown: Words | None = None  # the value in words, where it is a code
    least: Decimal | None = None
    most: Decimal | None = None
    text: Words | None = None
    legal_basis: str = ""
    advice: bool = False


class Question(Base, frozen=True, kw_only=True):
    """A question of the questionnaire, known by its title. It goes in the first envelope that holds one of `holds`;
    `says` are the columns that it fixes, `lines` those of its price list."""

    title: str
    kind: str
    holds: tuple[str, ...]
    says: dict[str, Any] = {}
    lines: list[dict[str, Any]] | None = None


class Mandate(Base, frozen=True, kw_only=True):
    """That the document must be used: refused without it, or only told where it is `advice`."""

    legal_basis: str
    advice: bool = False


class Standard(Base, frozen=True, kw_only=True):
    code: str
    version: str
    title: Words
    act: str
    act_on: date | None = None
    act_advice: bool = False  # the act was not read by whoever wrote the file
    in_force_from: date
    in_force_until: date | None = None
    methods: tuple[str, ...]
    contract_types: tuple[str, ...] = ()
    unspsc: tuple[str, ...] = ()  # what the works or services are, by the first digits of their code
    mandatory: Mandate | None = None
    documents: tuple[str, ...] = ()  # kinds of document that the pliego must carry
    question_kinds: tuple[str, ...] = ()  # what the entity may ask beside the questions of the document
    fix: tuple[Fix, ...] = ()
    question: tuple[Question, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.code}/{self.version}"

    def __str__(self) -> str:
        return f"{self.title}, v{self.version} ({self.act})"

    def in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_until is None or on <= self.in_force_until)

    def fixes(self, section: str) -> list[Fix]:
        return [fix for fix in self.fix if fix.section == section]

    @property
    def sections(self) -> list[str]:
        """The sections that it fills, each once."""
        named = [fix.section for fix in self.fix if fix.how != "open"] + ["questionnaire"] * bool(self.question)
        return list(dict.fromkeys(named))


@dataclass(frozen=True)
class Breach:
    """Where a content leaves the document: the place of the datum as forms name it, and what the document says."""

    place: str
    title: str
    says: str
    fix: Fix | None = None


def read_standard(path: Path) -> Standard:
    try:
        found = msgspec.convert(tomllib.loads(path.read_text()), Standard, strict=False)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadMethod(f"{path.parent.name}/{path.name}: {error}") from error
    if (found.code, found.version) != (path.parent.name, path.stem):
        raise BadMethod(f"{path.parent.name}/{path.name}: it calls itself {found.key}")
    return found


@cache
def every() -> tuple[Standard, ...]:
    """Every version of every standard document, oldest first. No two versions of one are in force together."""
    found = sorted(map(read_standard, (FOLDER / STANDARDS).glob("*/*.toml")), key=lambda s: (s.code, s.in_force_from))
    for before, after in pairwise(found):
        if before.code == after.code and before.in_force(after.in_force_from):
            raise BadMethod(f"{after.code}: the versions {before.version} and {after.version} are in force together")
    return tuple(found)


def get(key: str) -> Standard | None:
    return next((standard for standard in every() if standard.key == key), None)


def offered(method: str, on: date) -> list[Standard]:
    """Those for that method on that day."""
    return [one for one in every() if method in one.methods and one.in_force(on)]


def meant(method: str, contract_type: str, unspsc: list[str], on: date) -> list[tuple[Standard, bool]]:
    """Those that the law may ask for; and whether it surely does: when what is bought is told by its codes."""
    found = []
    for one in offered(method, on):
        if one.mandatory is None or (one.contract_types and contract_type not in one.contract_types):
            continue
        sure = any(code.startswith(one.unspsc) for code in unspsc) and not one.mandatory.advice
        found.append((one, sure))
    return found


# ---- what a document fixes in a content ----------------------------------------------------------------------------


def _number(value: Any) -> Decimal | None:
    try:
        return None if value in (None, "") or isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        return None


def same(one: Any, other: Any) -> bool:
    """Equal as data: “10” and “10.00” are."""
    left, right = _number(one), _number(other)
    return one == other if left is None or right is None else left == right


def _agrees(row: Content, said: Content) -> bool:
    return all(same(row.get(name), value) for name, value in said.items())


def _within(fix: Fix, value: Any) -> bool:
    if fix.how == "locked":
        return same(value, fix.value)
    if (number := _number(value)) is None:
        return fix.value is None  # what the document proposes must be there
    return (fix.least is None or fix.least <= number) and (fix.most is None or number <= fix.most)


def said(value: Any) -> str:
    """A value of a file in words."""
    if isinstance(value, list):
        return "; ".join(said(one) for one in value)
    if isinstance(value, dict):
        return " ".join(said(one) for one in value.values())
    return str(value).replace(".", ",") if _number(value) is not None else str(value)


def limits(fix: Fix) -> str:
    """What a fix allows, in words."""
    if fix.how == "locked":
        return str(fix.shown or said(fix.value))
    if fix.least is None or fix.most is None:
        return f"≤ {said(fix.most)}" if fix.least is None else f"≥ {said(fix.least)}"
    return f"{said(fix.least)} – {said(fix.most)}"


def places(fix: Fix, content: Content) -> Iterator[str]:
    """The data that a fix is about, as forms name them."""
    rows = content.get(fix.field) or []
    if fix.column:
        yield from (f"{fix.field}-{n}-{fix.column}" for n, row in enumerate(rows) if _agrees(row, fix.row))
    elif isinstance(fix.value, list) and fix.value and isinstance(fix.value[0], dict):
        yield from (f"{fix.field}-{n}-{name}" for n, row in enumerate(fix.value) for name in row if n < len(rows))
    else:
        yield fix.field


def breaches(standard: Standard, section: str, content: Content) -> Iterator[Breach]:
    """Every place of a content that the document does not allow."""
    for fix in standard.fixes(section):
        if fix.how != "open":
            yield from _of_fix(fix, content)
    if section == "questionnaire" and (standard.question or standard.question_kinds):
        yield from _of_questions(standard, content)


def _of_fix(fix: Fix, content: Content) -> Iterator[Breach]:
    value, told = content.get(fix.field), (str(fix.title), limits(fix), fix)
    if fix.column:
        rows = list(enumerate(value or []))
        found = [(place, row) for place, row in rows if _agrees(row, fix.row)]
        if not found:
            yield Breach(fix.field, *told)
        for place, row in found:
            if not _within(fix, row.get(fix.column)):
                yield Breach(f"{fix.field}-{place}-{fix.column}", *told)
    elif isinstance(fix.value, list) and fix.value and isinstance(fix.value[0], dict):
        if len(value or []) != len(fix.value):
            yield Breach(fix.field, *told)
            return
        for place, (row, wanted) in enumerate(zip(value or [], fix.value, strict=True)):
            wrong = next((name for name, one in wanted.items() if not same(row.get(name), one)), "")
            if wrong:
                yield Breach(f"{fix.field}-{place}-{wrong}", str(fix.title), said(wanted), fix)
    elif not _within(fix, value):
        yield Breach(fix.field, *told)


def _of_questions(standard: Standard, content: Content) -> Iterator[Breach]:
    items = content.get("items", [])
    by_title = {item["question"]["title"]: item for item in items}
    for asked in standard.question:
        item = by_title.get(asked.title)
        wanted = {"kind": asked.kind, **asked.says}
        if item is None or not _agrees(item["question"], wanted):
            yield Breach("title", asked.title, said(list(asked.says)) if item else "")
        elif asked.lines is not None and not _same_lines(item["lines"], asked.lines):
            yield Breach("rows", asked.title, said(asked.lines))
    known = {asked.title for asked in standard.question}
    for title, item in by_title.items():
        question = item["question"]
        if title not in known and (question["kind"] not in standard.question_kinds or question.get("is_requirement")):
            yield Breach("kind", title, "")
    if len(by_title) != len(items):
        titles = [item["question"]["title"] for item in items]
        for title in dict.fromkeys(t for t in titles if t in known and titles.count(t) > 1):
            yield Breach("title", title, "")


def _same_lines(lines: list[Content], wanted: list[Content]) -> bool:
    return len(lines) == len(wanted) and all(_agrees(*pair) for pair in zip(lines, wanted, strict=True))


def filled(standard: Standard, section: str, content: Content, method: Method) -> Content:
    """The content with what the document fixes; the rest stays as it was."""
    made = dict(content)
    for fix in standard.fixes(section):
        if fix.how != "open" and fix.value is not None and next(_of_fix(fix, made), None):
            made[fix.field] = _put(fix, made.get(fix.field))
    if section == "questionnaire" and standard.question:
        made["items"] = _asked(standard, made.get("items", []), method)
    return made


def _put(fix: Fix, value: Any) -> Any:
    if fix.column:
        rows = [{**row, fix.column: fix.value} if _agrees(row, fix.row) else row for row in value or []]
        there = any(_agrees(row, fix.row) for row in rows)
        return rows if there else [*rows, {**fix.row, fix.column: fix.value}]
    if isinstance(fix.value, list) and fix.value and isinstance(fix.value[0], dict):
        old = value or []
        kept = [row if place >= len(old) else {**old[place], **row} for place, row in enumerate(fix.value)]
        same_rows = len(old) == len(fix.value)
        return kept if same_rows else list(fix.value)
    return fix.value


BLANK: Content = {
    "help": "", "options": [], "columns": [], "row_titles": [], "is_required": True, "is_requirement": False,
    "allows_confidential": False, "needs_evidence": False, "weight": None, "lots": [],
}  # fmt: skip
LINE: Content = {"unspsc": "", "reference_price_amount": None}


def envelope_of(asked: Question, method: Method) -> str:
    return next(e.code for e in method.envelopes if e.holds in asked.holds)


def _asked(standard: Standard, items: list[Content], method: Method) -> list[Content]:
    """The questions of the document first, in its order; then those of the entity. All with new numbers."""
    by_title = {item["question"]["title"]: item for item in items}
    found: list[Content] = []
    for asked in standard.question:
        old: dict[str, Any] = by_title.pop(asked.title, {"question": {}, "lines": []})
        fixed = {"title": asked.title, "kind": asked.kind, "envelope": envelope_of(asked, method), **asked.says}
        lines = old["lines"] if asked.kind == "price_list" else []
        if asked.lines is not None:
            lines = [{**LINE, "number": place, **line} for place, line in enumerate(asked.lines, 1)]
        found.append({"question": {**BLANK, **old["question"], **fixed}, "lines": lines})
    found += [item for item in items if item["question"]["title"] in by_title]
    return [{**item, "question": {**item["question"], "number": n}} for n, item in enumerate(found, 1)]
