"""The official files that lie beside the repository load whole, and a second time change nothing."""

import pytest

from pliego.publication.imports import reading
from pliego.publication.models import ImportRun, Process
from pliego.publication.search import Question, search
from pliego.publication.tests import given
from tests import shared

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_every_secop_file_loads_and_loads_again(at):
    paths = sorted(shared.path("data").glob("secop*.csv"))
    entities = [p for p in paths if reading.heading(p).layout.name == "entities"]
    files = [p for p in paths if p not in entities]

    for path in files:
        run = given.loaded(path, entities)
        assert run.rows_new + run.rows_merged + run.rows_unchanged > 0.98 * run.rows_read, path.name
    processes = Process.objects.count()
    assert processes == sum(run.rows_new for run in ImportRun.objects.all())
    for path in files:
        again = given.loaded(path, entities)
        assert (again.rows_new, again.rows_merged) == (0, 0), path.name
    assert Process.objects.count() == processes
    assert search(question=Question(text="mantenimiento vias"), at=at).count > 100
