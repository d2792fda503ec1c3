"""The official files that lie beside the repository load whole, and a second time change nothing."""

import pytest

from pliego.contracts.states import CONTRACT
from pliego.publication.imports import reading
from pliego.publication.imports.axes import SAID, UNKNOWN
from pliego.publication.models import ImportRun, Process
from pliego.publication.search import Question, search
from pliego.publication.tests import given
from tests import shared

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def every_contract_has_a_stage_or_its_reason(run):
    """Counts add up to the rows that were loaded; no word of the real files is missing in the table."""
    counted = [(outcome, rows) for outcomes in run.stages.values() for outcome, rows in outcomes.items()]

    assert sum(rows for _outcome, rows in counted) == run.rows_read - run.rows_refused, run.file_name
    assert {outcome for outcome, _rows in counted} <= {*CONTRACT.states, *(f"?{why}" for why in UNKNOWN)}
    assert not any(outcomes.keys() & {"?unknown_literal", "?no_state"} for outcomes in run.stages.values()), run.stages
    assert run.happened["modified"] > 0
    assert run.happened.keys() <= SAID.keys()


def test_every_secop_file_loads_and_loads_again(at):
    paths = sorted(shared.path("data").glob("secop*.csv"))
    entities = [p for p in paths if reading.heading(p).layout.name == "entities"]
    files = [p for p in paths if p not in entities]

    for path in files:
        run = given.loaded(path, entities)
        assert run.rows_new + run.rows_merged + run.rows_unchanged > 0.98 * run.rows_read, path.name
        if run.layout == "contract":
            every_contract_has_a_stage_or_its_reason(run)
    processes = Process.objects.count()
    assert processes == sum(run.rows_new for run in ImportRun.objects.all())
    for path in files:
        again = given.loaded(path, entities)
        assert (again.rows_new, again.rows_merged) == (0, 0), path.name
    assert Process.objects.count() == processes
    assert search(question=Question(text="mantenimiento vias"), at=at).count > 100
