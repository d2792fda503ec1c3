import pytest
from hypothesis import given
from hypothesis import strategies as st

from pliego.kernel.identifiers import (
    PUBLIC_ID,
    READABLE,
    SERIES,
    Nit,
    check_digit,
    next_public_id,
    ocid_of,
    random_code,
)
from pliego.kernel.objections import Refused

NUMBERS = st.integers(100_000_000, 999_999_999).map(str)


class TestNit:
    def test_has_the_digit_of_the_tax_authority(self):
        # The NIT of the DIAN, of the Ministry of Finance, and one computed by hand.
        assert [check_digit(n) for n in ("800197268", "899999090", "900123456")] == [4, 2, 8]

    @given(NUMBERS)
    def test_is_read_in_every_way_it_is_written(self, number):
        digit = check_digit(number)
        grouped = f"{number[:3]}.{number[3:6]}.{number[6:]}"
        ways = [f"{number}-{digit}", f"{number}{digit}", f"{grouped}-{digit}", f" {number} - {digit} "]

        assert {Nit.parse(way) for way in ways} == {Nit(number, digit)}

    @given(NUMBERS, st.integers(1, 9))
    def test_is_refused_with_another_digit(self, number, off):
        wrong = (check_digit(number) + off) % 10

        with pytest.raises(Refused, match="wrong_check_digit"):
            Nit.parse(f"{number}-{wrong}")

    @given(NUMBERS, st.integers(0, 8), st.integers(1, 9))
    def test_notices_a_wrong_digit_nearly_always_and_says_so(self, number, place, change):
        typo = number[:place] + str((int(number[place]) + change) % 10) + number[place + 1 :]

        if check_digit(typo) != check_digit(number):
            with pytest.raises(Refused):
                Nit.parse(f"{typo}-{check_digit(number)}")

    @pytest.mark.parametrize("typed", ["", "900123456", "12345", "abc", "900123456-", "900123456-77", "९००१२३४५६-८"])
    def test_is_refused_when_it_is_no_nit(self, typed):
        with pytest.raises(Refused):
            Nit.parse(typed)

    def test_is_written_with_its_digit(self):
        assert str(Nit.parse("900.123.456-8")) == "900123456-8"


@pytest.mark.django_db
class TestPublicIds:
    @pytest.mark.parametrize("series", SERIES)
    def test_each_series_gives_new_ones(self, series):
        one, other = next_public_id(series), next_public_id(series)

        assert one != other
        assert PUBLIC_ID.fullmatch(one)
        assert PUBLIC_ID.fullmatch(other)

    def test_the_ocid_carries_the_process(self, settings):
        settings.PLIEGO_OCID_PREFIX = "ocds-abc123"

        assert ocid_of("PLG.EXP.1000001") == "ocds-abc123-PLG.EXP.1000001"


class TestRandomCode:
    def test_can_be_read_aloud(self):
        code = random_code()

        assert [len(group) for group in code.split("-")] == [4, 4, 4]
        assert set(code) <= {*READABLE, "-"}
        assert random_code() != code
