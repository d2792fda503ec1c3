"""People and breaches of the tests of this room."""

from pliego.enquiries.tests.conftest import api, browser, held
from pliego.execution.tests.conftest import house
from pliego.execution.tests.test_pages import visitor

__all__ = ["api", "browser", "held", "house", "visitor"]
