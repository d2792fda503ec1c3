"""The two axes of an imported contract, from the one word of the source and from its dates."""

import json
from datetime import date

import pytest
from django.core.management import call_command

from pliego.contracts.states import CONTRACT
from pliego.publication import imported
from pliego.publication.imports.axes import BY_DATES, SAID, UNKNOWN, axes_of, happened_in
from pliego.publication.imports.merging import merge_record
from pliego.publication.imports.ocds import AMENDED
from pliego.publication.imports.tables import _contract_states
from pliego.publication.labels import STATES
from pliego.publication.models import Process, Release
from pliego.publication.tests import given

TODAY = date(2026, 3, 2)
PAST, NOW, AHEAD = ("2025-01-01", "2025-12-31"), ("2026-01-15", "2026-03-02"), ("2026-03-03", "2026-09-30")


def record(state="", starts_on="", ends_on="", at="", **more):
    told = {"state": state, "starts_on": starts_on, "ends_on": ends_on, "at": at, **more}
    row = {name: value for name, value in told.items() if value or name == "at"}
    happened = happened_in(row)
    return {**row, "happened": happened} if happened else row


def told(found):
    return found.stage, found.happened, found.unknown


def test_every_row_of_the_table_speaks_our_words():
    for literal, row in _contract_states().items():
        assert row.get("stage", BY_DATES) in {*CONTRACT.states, BY_DATES}, literal
        assert ("stage" in row) != (row.get("unknown") in UNKNOWN), literal
        assert set(row.get("happened", ())) <= SAID.keys() & AMENDED.keys(), literal
        assert row["process"] in STATES, literal
        assert row["status"] in {"pending", "active", "cancelled", "terminated"}, literal


@pytest.mark.parametrize(
    ("state", "dates", "expected"),
    [
        ("Borrador", (), ("draft", (), "")),
        ("enviado Proveedor", (), ("sent", (), "")),
        ("Aprobado", PAST, ("signed", (), "")),
        ("En ejecución", PAST, ("running", (), "")),
        ("Suspendido", (), ("running", ("suspended",), "")),
        ("Modificado", AHEAD, ("signed", ("modified",), "")),
        ("Modificado", NOW, ("running", ("modified",), "")),
        ("Modificado", PAST, ("completed", ("modified",), "")),
        ("Modificado", (), ("", ("modified",), "no_dates")),
        ("Modificado", (NOW[0], ""), ("", ("modified",), "no_dates")),
        ("Modificado", ("2026-05-01", "2026-01-01"), ("", ("modified",), "no_dates")),
        ("cedido", NOW, ("running", ("assigned",), "")),
        ("Prorrogado", NOW, ("running", ("extended",), "")),
        ("Celebrado", PAST, ("completed", (), "")),
        ("terminado", (), ("completed", (), "")),
        ("Terminado sin Liquidar", (), ("completed", (), "")),
        ("Liquidado", (), ("settled", (), "")),
        ("Cerrado", (), ("closed", (), "")),
        ("Cancelado", NOW, ("", (), "cancelled")),
        ("Convocado", (), ("", (), "no_contract")),
        ("Hibernando", NOW, ("", (), "unknown_literal")),
        ("", NOW, ("", (), "no_state")),
    ],
)
def test_a_word_and_its_dates_tell_the_stage_and_what_happened(state, dates, expected):
    assert told(axes_of(record(state, *dates), TODAY)) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["Modificado", "Cerrado"], ("closed", ("modified",), "")),
        (["cedido", "Modificado", "terminado"], ("completed", ("assigned", "modified"), "")),
        (["Suspendido", "En ejecución"], ("running", ("resumed",), "")),
        (["Suspendido", "terminado"], ("completed", (), "")),
        (["En ejecución", "Suspendido"], ("running", ("suspended",), "")),
    ],
)
def test_what_happened_stays_told_whatever_the_order_of_the_files(rows, expected):
    records = [record(state, at=f"2026-01-0{day}") for day, state in enumerate(rows, 1)]

    for order in (records, records[::-1]):
        found = None
        for one in order:
            found = merge_record(found, one)
        assert told(axes_of(found, TODAY)) == expected


def test_days_added_are_an_extension():
    assert axes_of(record("En ejecución", days_added=30), TODAY).happened == ("extended",)


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore::DeprecationWarning:typer")
def test_an_import_keeps_shows_and_counts_both_axes(at, tmp_path, capsys):
    states = {"9001": "Modificado", "9002": "cedido", "9003": "Cancelado"}
    term = {"fecha_de_inicio_del_contrato": "2026-01-15", "fecha_de_fin_del_contrato": "2026-12-15"}
    rows = [
        {**given.CONTRACT, **(term if number == "9002" else dict.fromkeys(term, "")),
         "id_contrato": f"CO1.PCCNTR.{number}", "estado_contrato": state}
        for number, state in states.items()
    ]  # fmt: skip
    path = given.file(tmp_path, rows, "contratos.csv")

    given.loaded(path)

    contracts = {one["id"][-4:]: one for one in json.loads(Release.objects.get().text)["contracts"]}
    assert [one["status"] for one in contracts.values()] == ["active", "active", "cancelled"]
    assert contracts["9002"]["amendments"] == [{"id": "CO1.PCCNTR.9002-assigned", "description": "Cesión"}]
    assert "amendments" not in contracts["9003"]
    shown = imported.context(imported.one(Process.objects.get().ocid), at)["contracts"]
    assert [(card.colour, len(card.happened)) for card in shown] == [("draft", 1), ("running", 1), ("draft", 0)]
    assert "“Modificado”" in shown[0].facts

    call_command("import", "secop2", str(path))

    printed = capsys.readouterr().out
    for line in (
        "stage of life: not known 2 · running 1",
        "what happened: ",
        "1 × “Modificado”: ",
        "1 × “Cancelado”: ",
    ):
        assert line in printed, line
