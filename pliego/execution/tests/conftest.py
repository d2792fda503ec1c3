from datetime import datetime

import pytest

from pliego.contracts.models import Contract
from pliego.contracts.tests import given


@pytest.fixture
def house(db: None, at: datetime) -> given.House:
    return given.house(at)


@pytest.fixture
def contract(house: given.House, at: datetime) -> Contract:
    return given.running(at, house)
