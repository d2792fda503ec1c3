from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pliego.conditions.covers import COVERS
from pliego.contracts import rules, text
from pliego.contracts.words import number_in_words, pesos_in_words


class TestEndOf:
    @pytest.mark.parametrize(
        ("starts_on", "duration", "unit", "ends_on"),
        [
            ("2026-03-02", 10, "days", "2026-03-11"),
            ("2026-03-02", 2, "weeks", "2026-03-15"),
            ("2026-03-02", 1, "months", "2026-04-01"),
            ("2026-01-31", 1, "months", "2026-02-28"),
            ("2024-01-31", 1, "months", "2024-02-29"),
            ("2026-12-15", 2, "months", "2027-02-14"),
            ("2024-02-29", 1, "years", "2025-02-28"),
        ],
    )
    def test_is_the_last_day_of_the_term(self, starts_on, duration, unit, ends_on):
        assert rules.end_of(date.fromisoformat(starts_on), duration, unit) == date.fromisoformat(ends_on)

    @given(
        starts_on=st.dates(date(2020, 1, 1), date(2060, 1, 1)),
        duration=st.integers(1, 120),
        unit=st.sampled_from(list(rules.UNITS)),
    )
    def test_is_never_before_the_beginning_and_grows_with_the_duration(self, starts_on, duration, unit):
        end = rules.end_of(starts_on, duration, unit)

        assert starts_on <= end < rules.end_of(starts_on, duration + 1, unit)
        assert end - starts_on < timedelta(days=duration * 366)


class TestWords:
    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (0, "cero"),
            (1, "uno"),
            (16, "dieciséis"),
            (21, "veintiuno"),
            (31, "treinta y uno"),
            (100, "cien"),
            (101, "ciento uno"),
            (555, "quinientos cincuenta y cinco"),
            (1000, "mil"),
            (1001, "mil uno"),
            (21_000, "veintiún mil"),
            (31_000, "treinta y un mil"),
            (1_000_000, "un millón"),
            (21_000_000, "veintiún millones"),
            (4_120_000, "cuatro millones ciento veinte mil"),
            (10**12, "un billón"),
            (2 * 10**12 + 1, "dos billones uno"),
        ],
    )
    def test_write_a_number_as_a_contract_does(self, number, words):
        assert number_in_words(number) == words

    @pytest.mark.parametrize(
        ("amount", "words"),
        [
            ("1", "un peso"),
            ("21", "veintiún pesos"),
            ("3000000", "tres millones de pesos"),
            ("39850000.50", "treinta y nueve millones ochocientos cincuenta mil pesos con cincuenta centavos"),
        ],
    )
    def test_write_pesos_and_cents(self, amount, words):
        assert pesos_in_words(Decimal(amount)) == words

    @given(st.lists(st.integers(0, 10**15), min_size=2, max_size=2, unique=True))
    def test_never_write_two_numbers_alike(self, numbers):
        assert number_in_words(numbers[0]) != number_in_words(numbers[1])


class TestCovers:
    def test_each_says_what_the_law_asks_for(self):
        for code, cover in COVERS.items():
            assert cover.legal_basis.startswith("Decreto 1082 de 2015, art. ")
            assert text.guarantee_asked(code)
