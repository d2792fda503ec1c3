"""People and processes of the tests of this room."""

import pytest

from pliego.tendering.tests import given


@pytest.fixture
def house(db, at):
    return given.buyer(at)


@pytest.fixture
def draft(house, at):
    return given.draft_tender(at, house)
