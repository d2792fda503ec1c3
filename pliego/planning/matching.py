"""What a file would do to a plan: each row beside the line it is about, and what differs, field by field.

A row is about the line with its number; without one, about a line that says exactly the same; else about the line with
the same words and main code, when there is one such row and one such line. The same file read again changes nothing.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from pliego.bulk.cells import Column, Lists
from pliego.bulk.tables import Row, Sheet
from pliego.codelists.words import fold
from pliego.kernel.objections import Text
from pliego.planning import rules
from pliego.planning.columns import BY_FIELD, COMPARED
from pliego.planning.models import PlanLine

Values = dict[str, Any]
BLANK: Values = {column.field: column.empty for column in COMPARED}
LONGEST = {
    column.field: PlanLine._meta.get_field(column.field).max_length  # type: ignore[union-attr]
    for column in COMPARED
    if column.field in {"description", "responsible_name", "responsible_phone", "responsible_email"}
}


@dataclass
class Matched:
    """A row, the line it is about, and the whole line as it would be. A row of None is a line that the file lacks."""

    row: Row | None
    line: PlanLine | None
    values: Values
    change: str = "same"
    faults: list[tuple[str, str]] = field(default_factory=list)
    differences: list[tuple[str, str, str]] = field(default_factory=list)


def values_of(line: PlanLine) -> Values:
    """A line of the plan in the terms of the columns."""
    found = {column.field: getattr(line, column.field) for column in COMPARED if column.field != "unit"}
    return {**found, "unspsc": tuple(line.unspsc), "unit": line.unit_id}


@dataclass(frozen=True)
class Known:
    """What a line may name: the choices of its lists, the methods in force, and the UNSPSC codes that exist.

    The codes are None where the official list is not loaded. `closed` are the kinds of line that who sent the file may
    not write, with the reason.
    """

    lists: Lists
    methods: Container[str]
    codes: Container[str] | None = None
    closed: Mapping[str, Text] = field(default_factory=dict)


def match(sheet: Sheet, lines: Iterable[PlanLine], world: Known) -> list[Matched]:
    """Every row with what it changes, and after them the lines that the file does not have."""
    standing = {line.number: line for line in lines}
    known = {number: values_of(line) for number, line in standing.items()}
    for row in sheet.rows:
        _join_future(row)
    about = _about(sheet.rows, known)
    found = []
    for row, number in zip(sheet.rows, about, strict=True):
        line = standing.get(number) if number is not None else None
        before = known[line.number] if line else None
        given = {name: value for name, value in row.values.items() if name != "number"}
        one = Matched(row, line, {**(before or BLANK), **given})
        one.faults = [*row.faults, *_faults(row, one.values, world, number if line is None else None)]
        _compare(one, before, world)
        found.append(one)
    _twice(found)
    there = {one.line.number for one in found if one.line}
    gone = (line for number, line in standing.items() if number not in there and line.kind not in world.closed)
    return [*found, *(Matched(None, line, known[line.number], "missing") for line in gone)]


def _join_future(row: Row) -> None:
    """The official form asks in two columns what is one thing: whether future budgets are needed, and how far it is."""
    needed = row.values.pop("future_needed", None)
    if needed is False:
        row.values["future_budget"] = "no"
    elif needed and row.values.get("future_budget", "no") == "no":
        row.values["future_budget"] = "not_requested"


def _about(rows: list[Row], known: dict[int, Values]) -> list[int | None]:
    """The number of the line of each row: a number that no line has is kept, and told as a fault."""
    about: list[int | None] = [row.values.get("number") for row in rows]
    free = known.keys() - {number for number in about if number is not None}
    for key_of, is_sure in ((_everything, True), (_telling, False)):
        lines, asking = defaultdict[Any, list[int]](list), defaultdict[Any, list[int]](list)
        for number in sorted(free):
            lines[key_of(known[number])].append(number)
        for place, row in enumerate(rows):
            if about[place] is None:
                asking[key_of({**BLANK, **row.values})].append(place)
        for key, places in asking.items():
            if is_sure or len(places) == len(lines[key]) == 1:
                for place, number in zip(places, lines[key], strict=False):
                    about[place] = number
                    free.discard(number)
    return about


def _everything(values: Values) -> Any:
    return tuple(values[column.field] for column in COMPARED)


def _telling(values: Values) -> Any:
    return values["kind"], fold(values["description"]), values["unspsc"][:1]


def _compare(one: Matched, before: Values | None, world: Known) -> None:
    if before is not None:
        one.differences = differences(before, one.values, world.lists)
    one.change = "added" if before is None else "changed" if one.differences else "same"
    if one.change != "same":
        one.faults += _closed({one.values["kind"], (before or one.values)["kind"]}, world)
    if one.faults:
        one.change, one.differences = "wrong", []


def _closed(kinds: set[str], world: Known) -> list[tuple[str, str]]:
    """A row that says what its line already says touches nothing, whosever section it is."""
    return [(BY_FIELD["kind"].title, str(world.closed[kind])) for kind in sorted(kinds & world.closed.keys())]


def differences(before: Values, after: Values, lists: Lists) -> list[tuple[str, str, str]]:
    """(column, before, after) of each field in which two lines are not the same."""
    units = {pk: name for name, pk in lists.by_name.get("unit", {}).items()}

    def shown(column: Column, values: Values) -> str:
        if column.field == "unit" and not isinstance(values.get("unit"), str):
            return units.get(values.get("unit"), "")
        return column.shown(values)

    return [
        (column.title, shown(column, before), shown(column, after))
        for column in COMPARED
        if before.get(column.field) != after.get(column.field)
    ]


def line_of(values: Values) -> rules.Line:
    """The values of a row as the services take a line."""
    told = {name: value for name, value in values.items() if name not in {"unit", "number"}}
    return rules.Line(**told, unit_id=values.get("unit"))


def _faults(row: Row, values: Values, world: Known, unknown_number: int | None) -> Iterator[tuple[str, str]]:
    if unknown_number is not None:
        sentence = _("The plan has no line %(number)s. Leave it empty to add a new one.")
        yield BY_FIELD["number"].title, sentence % {"number": unknown_number}
    unread = {title for title, _sentence in row.faults}
    for objection in rules.line_is_wrong(line_of(values), world.methods):
        title = BY_FIELD[objection.field].title
        if title not in unread:
            yield title, str(objection.sentence)
    for name, most in LONGEST.items():
        if len(values[name]) > (most or 0):
            yield BY_FIELD[name].title, _("This text is too long: at most %(most)s characters.") % {"most": most}
    if unknown := [code for code in values["unspsc"] if world.codes is not None and code not in world.codes]:
        yield (
            BY_FIELD["unspsc"].title,
            _("These codes are not in the UNSPSC list: %(codes)s.") % {"codes": ", ".join(unknown)},
        )
    if values["responsible_email"] and not _is_email(values["responsible_email"]):
        yield BY_FIELD["responsible_email"].title, _("Write an e-mail address such as nombre@entidad.gov.co.")


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _twice(found: list[Matched]) -> None:
    """Two rows with one number are both wrong: nobody can say which one holds."""
    by_number: dict[int, list[Matched]] = defaultdict(list)
    for one in found:
        if one.line and one.row:
            by_number[one.line.number].append(one)
    for number, same in by_number.items():
        for one in same if len(same) > 1 else ():
            others = ", ".join(str(other.row.position) for other in same if other.row and other is not one)
            told = {"number": number, "rows": others}
            sentence = _("Line %(number)s is also in row %(rows)s of the file. Leave one of them.")
            one.faults.append((BY_FIELD["number"].title, sentence % told))
            one.change, one.differences = "wrong", []


def stored(values: Values) -> Values:
    """The values as JSON keeps them."""
    return {
        name: format(value, ".2f") if isinstance(value, Decimal) else list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }


def restored(values: Values) -> Values:
    amounts = {name: Decimal(values[name]) for name in ("total_amount", "budget_amount") if values[name] is not None}
    return {**values, **amounts, "unspsc": tuple(values["unspsc"])}
