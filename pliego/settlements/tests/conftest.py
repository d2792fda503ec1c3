"""People of the tests of this room."""

from pliego.execution.tests.conftest import house
from pliego.execution.tests.test_pages import visitor

__all__ = ["house", "visitor"]
