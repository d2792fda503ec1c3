"""People and hearings of the tests of this room."""

import pytest

from pliego.enquiries.tests.conftest import api, browser, carla, held, house
from pliego.hearings.tests import given

__all__ = ["api", "browser", "carla", "held", "house"]


@pytest.fixture
def session(house, at):
    """A visit in session, which ana began at its hour."""
    return given.in_session(at, house)


@pytest.fixture
def told(session):
    """What every act on it takes."""
    return {"tender_id": session.tender_id, "number": session.number, "at": session.begun_at}
