"""A process that receives offers, and the people around it."""

from typing import Any

import pytest

from pliego.bidding.tests import given
from pliego.tendering.tests import given as tenders


@pytest.fixture
def tender(db: Any, at: Any) -> Any:
    return given.published_tender(at)


@pytest.fixture
def people(tender: Any) -> Any:
    return tenders.people_of(tender)


@pytest.fixture
def carla(tender: Any, at: Any) -> Any:
    return tenders.signed(tenders.supplier(at, "carla"), at)


@pytest.fixture
def dario(tender: Any, at: Any) -> Any:
    return tenders.signed(tenders.supplier(at, "dario"), at)
