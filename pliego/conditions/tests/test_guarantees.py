"""The guarantees that a pliego asks for."""

import pytest

from pliego.conditions.covers import ASKED, COVERS, least_wages
from pliego.conditions.guarantees import GUARANTEES, advice, lacks
from pliego.conditions.tests import plain

WHOLE = [
    {"cover": "performance", "percent": "10", "months": 6},
    {"cover": "offer", "percent": "10", "ends_on": "2026-09-01"},
]


def content(*covers, asked="yes", **more):
    return GUARANTEES.typed({"asked": asked, "covers": list(covers), **more})


def wrong(*covers, **more):
    return plain.told(GUARANTEES.wrong(plain.of(), content(*covers, **more)))


class TestWrong:
    @pytest.mark.parametrize(
        ("row", "code", "field"),
        [
            ({"cover": "performance", "percent": "9.99"}, "cover_too_small", "covers-0-percent"),
            ({"cover": "wages", "percent": "4"}, "cover_too_small", "covers-0-percent"),
            ({"cover": "advance", "percent": "99"}, "cover_too_small", "covers-0-percent"),
            ({"cover": "liability", "percent": "5", "wages": "200"}, "two_amounts", "covers-0-wages"),
            ({"cover": "goods", "percent": "20", "months": 1, "ends_on": "2027-01-01"}, "two_ends", "covers-0-months"),
            ({"cover": "goods", "starts_on": "2027-01-01", "ends_on": "2027-01-01"}, "dates_reversed",
             "covers-0-ends_on"),
            ({"cover": "weather"}, "bad_value", "covers-0-cover"),
            ({"percent": "20"}, "missing", "covers-0-cover"),
        ],
    )  # fmt: skip
    def test_names_the_cell(self, row, code, field):
        assert wrong(row) == [(code, field)]

    def test_tells_a_cover_that_is_there_twice_and_one_where_none_is_asked(self):
        assert wrong({"cover": "goods"}, {"cover": "goods"}) == [("cover_twice", "covers-1-cover")]
        assert wrong({"cover": "goods"}, asked="no") == [("covers_without_guarantee", "asked")]

    def test_cites_the_decree(self):
        (objection,) = GUARANTEES.wrong(plain.of(), content({"cover": "wages", "percent": "4"}))

        assert objection.legal_basis == COVERS["wages"].legal_basis


class TestLacks:
    def told(self, tender, data):
        return plain.told(lacks(tender, data, plain.NOW))

    def test_is_nothing_when_all_is_there(self):
        assert self.told(plain.of(), content(*WHOLE)) == []

    def test_asks_the_covers_of_the_law_where_the_method_requires_guarantees(self):
        assert self.told(plain.of(), content(asked="")) == [("missing", "covers")] * 2
        assert self.told(plain.of("minima_cuantia"), content(asked="")) == []
        assert self.told(plain.of("contratacion_directa"), content(asked="")) == []

    def test_asks_an_amount_and_an_end(self):
        assert self.told(plain.of(), content(*WHOLE, {"cover": "goods"})) == [
            ("missing", "covers-2-percent"), ("missing", "covers-2-months"),
        ]  # fmt: skip

    @pytest.mark.parametrize("kind", ["advance", "prepayment"])
    def test_asks_the_cover_of_what_is_paid_in_advance(self, kind):
        tender = plain.of("minima_cuantia", payments={"advance_kind": kind})

        (objection,) = lacks(tender, content(asked=""), plain.NOW)

        assert objection.legal_basis == ASKED[kind].legal_basis


class TestAdvice:
    def codes(self, method, *covers, **more):
        return [o.code for o in advice(plain.of(method, **more), content(*covers))]

    def test_says_that_the_law_leaves_it_to_the_entity(self):
        assert "not_mandatory" in self.codes("minima_cuantia", {"cover": "service"}, {"cover": "wages"})

    def test_says_what_is_shorter_or_smaller_than_usual(self):
        covers = [{"cover": "wages", "months": 35}, {"cover": "service"}, {"cover": "offer", "percent": "9"}]

        assert self.codes("licitacion_publica", *covers) == ["short_cover", "small_cover"]

    def test_names_the_covers_that_works_usually_have(self):
        assert self.codes("licitacion_publica", *WHOLE, kind="works") == ["usual_cover"] * 3


class TestLeastWages:
    @pytest.mark.parametrize(
        ("value", "least"),
        [(1500, 200), (1501, 300), (2500, 300), (5000, 400), (10_000, 500), (20_000, 1000), (2_000_000, 75_000)],
    )
    def test_follows_the_value(self, value, least):
        assert least_wages(value) == least
