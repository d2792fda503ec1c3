import pytest

from pliego.parties.tests import given as country


@pytest.fixture
def cast(db, at):
    return country.cast(at=at)
