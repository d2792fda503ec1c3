"""Business days, against the official calendar and as properties."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pliego.kernel.calendar import BOGOTA, BusinessCalendar, calendar, load

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
COUNTS = st.integers(0, 60)

# The holidays of 2026 as the library has them: fixed, moved to Monday (Ley 51 de 1983), and after Easter (5 April).
HOLIDAYS_2026 = [
    "01-01", "01-12", "03-23", "04-02", "04-03", "05-01", "05-18", "06-08", "06-15", "06-29", "07-13", "07-20", "08-07",
    "08-17", "10-12", "11-02", "11-16", "12-08", "12-25",
]  # fmt: skip


class TestIsBusiness:
    @pytest.mark.parametrize("day", HOLIDAYS_2026)
    def test_no_for_each_holiday(self, day):
        assert not calendar.is_business(date.fromisoformat(f"2026-{day}"))

    def test_yes_for_every_other_weekday_of_the_year(self):
        year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]

        assert sum(map(calendar.is_business, year)) == 261 - len(HOLIDAYS_2026)

    @given(DAYS)
    def test_no_at_weekends(self, day):
        assert not (day.weekday() >= 5 and calendar.is_business(day))

    def test_follows_exceptions(self):
        moved = BusinessCalendar(closed=frozenset({date(2026, 3, 3)}), opened=frozenset({date(2026, 3, 7)}))

        assert (moved.is_business(date(2026, 3, 3)), moved.is_business(date(2026, 3, 7))) == (False, True)
        assert moved.add(date(2026, 3, 2), 1) == date(2026, 3, 4)

    def test_reads_exceptions_from_their_file(self, tmp_path):
        path = tmp_path / "exceptions.toml"
        path.write_text('opened = []\n[[closed]]\nday = 2026-03-03\nlegal_basis = "Decreto 1 de 2026"\n')

        assert not load(path).is_business(date(2026, 3, 3))


class TestAdd:
    @pytest.mark.parametrize(
        ("day", "days", "found"),
        [
            ("2026-03-02", 1, "2026-03-03"),
            ("2026-03-20", 1, "2026-03-24"),  # San José on Monday
            ("2026-04-01", 1, "2026-04-06"),  # Holy Week
            ("2026-12-31", 1, "2027-01-04"),
            ("2026-03-07", 0, "2026-03-09"),
            ("2026-03-09", 0, "2026-03-09"),
            ("2026-03-24", -1, "2026-03-20"),
            ("2026-03-02", 10, "2026-03-16"),
        ],
    )
    def test_counts_as_by_hand(self, day, days, found):
        assert calendar.add(date.fromisoformat(day), days) == date.fromisoformat(found)

    @given(DAYS, st.integers(1, 40), st.integers(1, 40))
    def test_m_and_then_n_is_m_plus_n(self, day, m, n):
        assert calendar.add(calendar.add(day, m), n) == calendar.add(day, m + n)

    @given(DAYS, st.integers(1, 60))
    def test_backwards_undoes_forwards_from_a_business_day(self, day, days):
        start = calendar.add(day, 0)

        assert calendar.add(calendar.add(start, days), -days) == start

    @given(DAYS, COUNTS)
    def test_ends_on_a_business_day(self, day, days):
        assert calendar.is_business(calendar.add(day, days))


class TestCount:
    @given(DAYS, st.integers(1, 60))
    def test_is_the_inverse_of_add(self, day, days):
        assert calendar.count(day, calendar.add(day, days)) == days

    @given(DAYS, DAYS)
    def test_changes_sign_with_its_order(self, one, other):
        near = one + (other - one) / 40  # a short stretch is as telling as sixty years

        assert calendar.count(one, near) == -calendar.count(near, one)

    def test_does_not_count_the_first_day_and_counts_the_last(self):
        assert calendar.count(date(2026, 3, 2), date(2026, 3, 3)) == 1


class TestInstants:
    @given(DAYS, st.integers(0, 23))
    def test_an_hour_of_a_day_belongs_to_that_day(self, day, hour):
        at = calendar.at(day, hour)

        assert calendar.day_of(at) == day
        assert calendar.day_of(at.astimezone(UTC)) == day

    def test_the_legal_day_is_that_of_bogota(self):
        assert calendar.day_of(datetime(2026, 3, 3, 3, 0, tzinfo=UTC)) == date(2026, 3, 2)
        assert calendar.at(date(2026, 3, 2)).tzinfo is BOGOTA
