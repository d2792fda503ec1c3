"""What the tests of this room share."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from pliego.kernel import clock


@pytest.fixture
def held(at: datetime) -> Iterator[datetime]:
    """The same moment for every thread."""
    clock.hold(at)
    yield at
    clock.hold(None)
