"""What every test of this room has around it."""

from typing import Any

import pytest

from pliego.tendering.tests import given as tenders


@pytest.fixture
def people_are_found_once(monkeypatch: Any) -> None:
    """Each test asks many times for the people of its one process."""
    known, people_of = {}, tenders.people_of
    monkeypatch.setattr(
        tenders, "people_of", lambda tender: known.get(tender.pk) or known.setdefault(tender.pk, people_of(tender))
    )
