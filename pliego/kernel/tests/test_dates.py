from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from pliego.kernel import dates

MOMENT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # still the 21st in Bogotá


@pytest.mark.parametrize(
    ("language", "shown"), [("es-co", "21 nov 2026, 20:00"), ("en", "21 Nov 2026, 20:00"), (None, "21 nov 2026, 20:00")]
)
def test_an_instant_is_told_in_the_language_of_the_page_and_the_hour_of_bogota(language, shown):
    with translation.override(language):
        assert dates.instant(MOMENT) == shown


def test_a_paper_of_the_law_is_spanish_whatever_the_page_is():
    with translation.override("en"):
        assert (dates.day(date(2026, 1, 5), "es"), dates.instant(MOMENT, "es")) == ("5 ene 2026", "21 nov 2026, 20:00")


def test_seconds_are_told_when_they_matter():
    assert dates.hour(MOMENT.replace(second=4)) == "20:00:04"
