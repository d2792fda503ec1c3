from datetime import datetime

import pytest

from pliego.contracts.tests import given


@pytest.fixture
def house(db: None, at: datetime) -> given.House:
    return given.house(at)
