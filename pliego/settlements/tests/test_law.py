"""Terms, warnings and figures: tables without a database."""

from datetime import date

import pytest

from pliego.settlements import law, rules

ENDED = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("completed_on", "agreed_until", "expected"),
    [
        (ENDED, None, [date(2026, 7, 2), date(2026, 9, 2), date(2028, 9, 2)]),
        (ENDED, date(2026, 5, 31), [date(2026, 5, 31), date(2026, 7, 31), date(2028, 7, 31)]),
        (ENDED, date(2026, 3, 1), [date(2026, 7, 2), date(2026, 9, 2), date(2028, 9, 2)]),
        (date(2026, 10, 31), None, [date(2027, 2, 28), date(2027, 4, 30), date(2029, 4, 30)]),
    ],
)
def test_terms_follow_one_another_from_the_end_of_the_contract(completed_on, agreed_until, expected):
    assert [term.until for term in law.terms_of(completed_on, agreed_until)] == expected


@pytest.mark.parametrize(
    ("today", "running", "unilateral", "mutual"),
    [
        (date(2026, 7, 2), "mutual", 1, 0),
        (date(2026, 7, 3), "unilateral", 0, 1),
        (date(2026, 9, 2), "unilateral", 0, 1),
        (date(2026, 9, 3), "limit", 1, 1),
        (date(2028, 9, 2), "limit", 1, 1),
        (date(2028, 9, 3), None, 1, 1),
    ],
)
def test_each_day_falls_in_a_term_and_warns_of_what_is_not_its_way(today, running, unilateral, mutual):
    terms = law.terms_of(ENDED)
    found = terms.running(today)

    assert (found.code if found else None) == running
    assert len(list(rules.warnings_of(terms, "unilateral", today))) == unilateral
    assert len(list(rules.warnings_of(terms, "mutual", today))) == mutual


def test_the_appeal_lasts_ten_business_days_from_the_day_after_the_notice():
    assert law.appeal_until(date(2026, 3, 2)) == date(2026, 3, 16)
