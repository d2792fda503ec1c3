import re
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from pliego.kernel.money import LARGEST, Money, cop, format_money, grouped, parse_amount, rounded
from pliego.kernel.objections import Refused

AMOUNTS = st.decimals(min_value=-LARGEST, max_value=LARGEST, places=2)


class TestParseAmount:
    @pytest.mark.parametrize(
        ("typed", "amount"),
        [
            ("4120000", "4120000"),
            ("$ 4.120.000", "4120000"),
            ("4,120,000", "4120000"),
            ("4.120.000,50", "4120000.50"),
            ("4,120,000.50", "4120000.50"),
            ("1.234", "1234"),
            ("1,234", "1234"),
            ("1234,5", "1234.5"),
            ("1234.5", "1234.5"),
            ("0,05", "0.05"),
            ("COP 1.000", "1000"),
            ("$\N{NO-BREAK SPACE}1.000", "1000"),
            ("-5", "-5"),
            ("4'120.000", "4120000"),
            ("4 120 000", "4120000"),
        ],
    )
    def test_reads_what_people_write(self, typed, amount):
        assert parse_amount(typed) == Decimal(amount)

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "mil",
            "1.2.3.x",
            "12,345,6x",
            "1e9",
            "NaN",
            "Infinity",
            "1,234.567",
            "1.5.",
            "--5",
            "1_000",
            "٣",
            "1.23.45",
        ],
    )
    def test_refuses_what_is_no_amount(self, typed):
        with pytest.raises(Refused, match="not_an_amount"):
            parse_amount(typed, "value")

    def test_refuses_more_digits_than_the_column_has(self):
        with pytest.raises(Refused, match="amount_too_large"):
            parse_amount("1" + "0" * 18)

    @given(AMOUNTS, st.sampled_from(["es-co", "en"]))
    def test_reads_back_what_it_writes(self, amount, language):
        with translation.override(language):
            assert parse_amount(grouped(amount, decimals=True)) == amount

    @given(st.text(st.sampled_from("0123456789.,'-$ eN_"), max_size=12))
    def test_never_takes_cents_for_thousands(self, typed):
        try:
            amount = parse_amount(typed)
        except Refused:
            return

        digits = "".join(c for c in typed if c.isdigit())
        cents = sum(c.isdigit() for c in re.split("[.,]", typed)[-1])
        assert abs(amount) in {Decimal(digits), Decimal(digits).scaleb(-cents)}


class TestFormatMoney:
    @pytest.mark.parametrize(
        ("language", "money", "text"),
        [
            ("es-co", cop("4120000000"), "$\N{NO-BREAK SPACE}4.120.000.000"),
            ("es-co", cop("0.5"), "$\N{NO-BREAK SPACE}0,50"),
            ("en", cop("1234.5"), "$\N{NO-BREAK SPACE}1,234.50"),
            ("es-co", Money(Decimal(10), "USD"), "USD\N{NO-BREAK SPACE}10"),
            ("es-co", None, ""),
        ],
    )
    def test_writes_the_colombian_way(self, language, money, text):
        with translation.override(language):
            assert format_money(money) == text


class TestSums:
    @given(st.lists(AMOUNTS.filter(lambda a: abs(a) < 10**12), max_size=50))
    def test_are_exact_in_any_order(self, amounts):
        assert sum(map(cop, amounts), cop(0)) == sum(map(cop, reversed(amounts)), cop(0))

    @given(st.decimals(min_value=0, max_value=10**9, places=5))
    def test_round_half_up_to_the_cent(self, amount):
        assert abs(rounded(amount) - amount) <= Decimal("0.005")
        assert rounded(Decimal("0.125")) == Decimal("0.13")
