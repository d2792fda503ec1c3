"""People of the tests of this room."""

from datetime import datetime

import pytest

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
def draft(house: given.Buyer, at: datetime) -> Tender:
    return given.draft_tender(at, house)


@pytest.fixture
def submitted(house: given.Buyer, at: datetime) -> Tender:
    return given.submitted_tender(at, house)


@pytest.fixture
def published(house: given.Buyer, at: datetime) -> Tender:
    return given.published_tender(at, house)
