"""Cells of the tables we export: a text that a spreadsheet would run stays a text (ASVS 5.0.0-1.2.10)."""

from typing import Any

RUNS = "=+-@\t\r\n\0|＝＋－＠％｜"


def cell(value: Any) -> Any:
    """The value as it may be written into a CSV or XLSX cell. Numbers and dates stay what they are."""
    if isinstance(value, str) and value and (value[0] in RUNS or value.lstrip()[:1] in tuple(RUNS)):
        return "'" + value
    return value


def row(values: Any) -> list[Any]:
    return [cell(value) for value in values]
