"""The template of a file of contracts, and the rows that must be mended."""

from django.http import HttpResponseBase

from pliego.contracts.loading.columns import COLUMNS, EXAMPLE
from pliego.contracts.loading.models import ContractLoad
from pliego.tendering.models import Tender
from pliego.web.sheets import csv_file, sheet_file

FORMATS = ("csv", "xlsx")
HEADING = [column.title for column in COLUMNS]
WIDTHS = {place: column.width for place, column in enumerate(COLUMNS)}
ERRORS = "Errores"


def template(tender: Tender, form: str) -> HttpResponseBase:
    """The headings, and one row that shows how each is written."""
    rows = [[EXAMPLE.get(column.field, "") for column in COLUMNS]]
    name = f"contratos-{tender.code}-plantilla.{form}"
    if form == "csv":
        return csv_file(name=name, heading=HEADING, rows=rows)
    return sheet_file(title="Contratos", name=name, heading=HEADING, rows=rows, widths=WIDTHS)


def wrong_rows(load: ContractLoad, form: str) -> HttpResponseBase:
    """The rows that did not become contracts, as they came, each with why: to be mended and sent again."""
    width = len(load.heading)
    rows = (
        [
            *[*row.cells, *[""] * (width - len(row.cells))],
            "; ".join([*(f"{title}: {why}" for title, why in row.faults), *filter(None, [row.outcome])]),
        ]
        for row in load.rows.exclude(faults=[], outcome="").filter(contract=None).iterator()
    )
    heading, name = [*load.heading, ERRORS], f"contratos-{load.code}-errores.{form}"
    if form == "csv":
        return csv_file(name=name, heading=heading, rows=rows)
    return sheet_file(title="Filas", name=name, heading=heading, rows=rows, widths={width: 80})
