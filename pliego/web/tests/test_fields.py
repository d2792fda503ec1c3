import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from pliego.kernel.calendar import BOGOTA
from pliego.web.fields import DateField, DateTimeField, MoneyField, NitField
from pliego.web.tests.conftest import Purchase


class TestMoneyField:
    @pytest.mark.parametrize(
        "typed", ["4120000", "4.120.000", "$ 4.120.000", "4,120,000", "4.120.000,00", "4120000.00"]
    )
    def test_reads_what_people_write(self, typed):
        assert MoneyField().clean(typed) == Decimal("4120000")

    @pytest.mark.parametrize("typed", ["four", "-5", "1,2,x", "4.120.000,555", "NaN", "1e9"])
    def test_refuses_what_is_no_amount(self, typed):
        with pytest.raises(ValidationError):
            MoneyField().clean(typed)

    @given(st.decimals(min_value=0, max_value=Decimal("9e15"), places=2))
    def test_reads_back_what_it_shows(self, amount):
        field = MoneyField()

        assert field.clean(field.prepare_value(amount)) == amount


class TestDateField:
    @pytest.mark.parametrize("typed", ["21/11/2026", "21-11-2026", "21 11 2026", "2026-11-21", " 21.11.2026 "])
    def test_reads_what_people_write(self, typed):
        assert DateField().clean(typed) == dt.date(2026, 11, 21)

    @pytest.mark.parametrize("typed", ["31/02/2026", "11/21/2026", "tomorrow", "21/11/26", "2026"])
    def test_refuses_days_that_do_not_exist_or_may_be_misread(self, typed):
        with pytest.raises(ValidationError):
            DateField().clean(typed)


class TestDateTimeField:
    @pytest.mark.parametrize(
        "typed",
        ["21/11/2026 15:00", "21/11/2026 3:00 p. m.", "21/11/2026, 3 pm", "2026-11-21T15:00", "21-11-2026 15.00"],
    )
    def test_reads_the_legal_time_of_colombia(self, typed):
        assert DateTimeField().clean(typed) == dt.datetime(2026, 11, 21, 15, 0, tzinfo=BOGOTA)

    @pytest.mark.parametrize(
        "typed", ["21/11/2026", "21/11/2026 25:00", "21/11/2026 15:61", "21/11/2026 13 pm", "15:00"]
    )
    def test_refuses_what_is_not_an_instant(self, typed):
        with pytest.raises(ValidationError):
            DateTimeField().clean(typed)

    def test_reads_midnight_and_noon_as_people_say_them(self):
        assert DateTimeField().clean("1/3/2026 12:00 am").hour == 0
        assert DateTimeField().clean("1/3/2026 12:00 pm").hour == 12

    @given(st.datetimes(min_value=dt.datetime(1990, 1, 1), max_value=dt.datetime(2100, 1, 1)))
    def test_reads_back_what_it_shows(self, moment):
        field, instant = DateTimeField(), moment.replace(second=0, microsecond=0, tzinfo=BOGOTA)

        assert field.clean(field.prepare_value(instant)) == instant

    @pytest.mark.parametrize(("typed", "second"), [("21/11/2026 15:00", 8), ("21/11/2026 15:01", 0)])
    def test_of_a_form_keeps_the_seconds_that_the_page_does_not_show(self, typed, second):
        given = dt.datetime(2026, 11, 21, 15, 0, 8, tzinfo=BOGOTA)
        form = Purchase({"title": "Chairs", "closes_at": typed}, initial={"closes_at": given})

        assert form.is_valid()
        assert form.cleaned_data["closes_at"].second == second


class TestNitField:
    def test_says_what_is_wrong_with_the_check_digit(self):
        with pytest.raises(ValidationError, match="900123456"):
            NitField().clean("900123456-1")
