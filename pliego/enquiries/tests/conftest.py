"""People of the tests of this room."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from pliego.kernel import clock
from pliego.kernel.actors import Actor
from pliego.tendering.models import Tender
from pliego.tendering.tests import given


@pytest.fixture
def house(db: None, at: datetime) -> given.Buyer:
    return given.buyer(at)


@pytest.fixture
def carla(db: None, at: datetime) -> Actor:
    return given.supplier(at)


@pytest.fixture
def submitted(house: given.Buyer, at: datetime) -> Tender:
    return given.submitted_tender(at, house)


@pytest.fixture
def published(house: given.Buyer, at: datetime) -> Tender:
    return given.published_tender(at, house)


@pytest.fixture
def held(at: datetime) -> Iterator[datetime]:
    """The same moment for every thread."""
    clock.hold(at)
    yield at
    clock.hold(None)
