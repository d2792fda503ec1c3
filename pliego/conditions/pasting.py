"""Rows pasted from a spreadsheet: either all are read, or every bad one is named by its number."""

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pliego.codelists.words import fold
from pliego.conditions.fields import Rows
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.objections import Objection, Refused

MOST_FAULTS = 50


def read(text: str, part: Rows, makers: Mapping[str, forms.Field]) -> list[tuple[int, dict[str, Any]]]:
    """Each row with the number of its line. A first line that names the columns is no row, and gives their order."""
    table = [(n, cells) for n, cells in enumerate(_lines(text), 1) if any(cell.strip() for cell in cells)]
    if not table:
        return []
    heads = {fold(str(column.label)): column.name for column in part.columns}
    order = [heads.get(fold(cell.strip())) for cell in table[0][1]]
    if len([name for name in order if name]) >= min(2, len(heads)):
        table = table[1:]
    else:
        order = [column.name for column in part.columns]
    if len(table) > part.most:
        sentence = _("Write at most %(most)s rows: there are %(n)s.") % {"most": part.most, "n": len(table)}
        raise Refused(Objection("too_many_rows", sentence))
    faults: list[Objection] = []
    found = [(line, _row(line, cells, order, makers, faults)) for line, cells in table]
    if faults:
        raise Refused(*faults[:MOST_FAULTS])
    return found


def _lines(text: str) -> list[list[str]]:
    first = text.strip("\r\n").split("\n", 1)[0]
    mark = max("\t;|", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error:
        return [line.split(mark) for line in text.splitlines()]


def _row(
    line: int, cells: list[str], order: list[str | None], makers: Mapping[str, forms.Field], faults: list[Objection]
) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(makers)
    for name, cell in zip(order, cells, strict=False):
        if name is None:
            continue
        try:
            row[name] = makers[name].clean(_typed(makers[name], cell.strip()))
        except ValidationError as error:
            told = {"n": line, "column": makers[name].label, "why": " ".join(error.messages)}
            faults.append(Objection("bad_cell", _("Row %(n)s, %(column)s: %(why)s") % told))
    return row


def _typed(maker: forms.Field, cell: str) -> str:
    """A choice may be pasted by its name."""
    if not isinstance(maker, forms.ChoiceField):
        return cell
    choices: Any = maker.choices
    names = {fold(str(title)): str(code) for code, title in choices}
    return names.get(fold(cell), cell)


def written(part: Rows, rows: list[Any]) -> str:
    """Rows as the text of a spreadsheet, with their heading."""
    out = io.StringIO()
    sheet = csv.writer(out, delimiter="\t", lineterminator="\n")
    sheet.writerow([str(column.label) for column in part.columns])
    for row in rows:
        sheet.writerow([_cell(getattr(row, column.name)) for column in part.columns])
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(BOGOTA):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value).replace(".", ",") if isinstance(value, Decimal) else str(value)
