"""The factors that give points."""

import pytest
from django.utils.translation import override

from pliego.conditions import formulas
from pliego.conditions.criteria import (
    CRITERIA,
    FORMULAS,
    HOW,
    advice,
    award_criteria,
    award_details,
    lacks,
    ladder,
    shown,
    worked,
)
from pliego.conditions.tests import plain

WHOLE = [
    {"kind": "price", "points": "58.5"},
    {"kind": "quality", "points": "20"},
    {"kind": "national", "points": "20"},
    {"kind": "disability", "points": "1"},
    {"kind": "women", "points": "0.25"},
    {"kind": "mipyme", "points": "0.25"},
]


def content(*factors, formula="median", **more):
    return CRITERIA.typed({"factors": list(factors), "formula": formula, **more})


class TestApplies:
    @pytest.mark.parametrize(
        ("method", "expected"),
        [
            ("licitacion_publica", True), ("seleccion_abreviada_menor_cuantia", True),
            ("concurso_meritos_abierto", True), ("regimen_especial_con_ofertas", True), ("minima_cuantia", False),
            ("contratacion_directa", False), ("subasta_inversa", False),
        ],
    )  # fmt: skip
    def test_is_said_by_the_rule_of_the_method(self, method, expected):
        assert CRITERIA.applies(plain.of(method)) is expected


class TestWrong:
    def told(self, *factors, method="licitacion_publica"):
        return plain.told(CRITERIA.wrong(plain.of(method), content(*factors)))

    @pytest.mark.parametrize(
        ("kind", "points"), [("mipyme", "0.26"), ("women", "0.26"), ("national", "20.01"), ("national", "4.99")]
    )
    def test_tells_points_that_the_law_does_not_allow(self, kind, points):
        assert self.told({"kind": kind, "points": points}) == [("points_out_of_range", "factors-0-points")]

    def test_tells_a_factor_that_is_there_twice_unless_it_may(self):
        assert self.told({"kind": "price"}, {"kind": "price"}) == [("factor_twice", "factors-1-kind")]
        assert self.told({"kind": "quality"}, {"kind": "quality"}) == []

    def test_tells_points_for_the_price_where_it_is_only_agreed(self):
        assert self.told(WHOLE[0], method="concurso_meritos_abierto") == [("price_scores", "factors-0-kind")]


class TestLacks:
    def told(self, data, method="licitacion_publica"):
        return plain.told(lacks(plain.of(method), data, plain.NOW))

    def test_is_nothing_when_they_are_a_hundred(self):
        assert self.told(content(*WHOLE)) == []
        assert self.told(content(formula=""), "regimen_especial_con_ofertas") == []

    def test_asks_factors_points_and_a_formula(self):
        assert self.told(content(formula="")) == [("missing", "factors")]
        assert self.told(content({"kind": "price", "points": "100"}, formula="")) == [("missing", "formula")]
        assert self.told(content({"kind": "quality", "points": "100"}, {"kind": "other"})) == [
            ("missing", "factors-1-points"), ("missing", "factors"),
        ]  # fmt: skip

    def test_tells_a_sum_that_is_not_a_hundred(self):
        assert self.told(content(*WHOLE[:-1])) == [("points_do_not_add_up", "factors")]

    def test_asks_what_the_formula_needs(self):
        assert self.told(content(*WHOLE, formula="drawn")) == [("missing", "draw_day")]
        assert self.told(content(*WHOLE, formula="weighted_mean")) == [("missing", "official_share")]


class TestAdvice:
    def test_names_the_factors_that_the_law_usually_gives_points_for(self):
        few = content({"kind": "price", "points": "98"}, {"kind": "disability", "points": "2"})

        assert [o.code for o in advice(plain.of(), few)] == ["usual_factor", "points_out_of_range"]
        assert not list(advice(plain.of(), content(*WHOLE)))


class TestWorked:
    def test_shows_each_step_of_five_prices(self):
        (example,) = worked(content(*WHOLE, formula="high_mean"))

        assert [str(value) for _name, _sum, value in example.shared] == ["$\xa094.200.000", "$\xa097.100.000"]
        assert [(offer, points) for offer, _price, _sum, points in example.offers] == [
            ("A", "57,42"), ("B", "54,82"), ("C", "57,23"), ("D", "52,42"), ("E", "55,01"),
        ]  # fmt: skip

    def test_shows_every_formula_that_may_be_drawn_with_its_range(self):
        examples = worked(content(*WHOLE, formula="drawn"))

        assert [example.drawn_by for example in examples] == [
            "0,00 – 0,24", "0,25 – 0,49", "0,50 – 0,74", "0,75 – 0,99",
        ]  # fmt: skip

    def test_invents_an_estimate_while_the_process_has_none_to_speak_of(self):
        assert shown(plain.of(value="0.40"), content(*WHOLE))["official"] == "$\xa0100.000.000"

    def test_is_not_there_without_points_for_the_price(self):
        assert worked(content(WHOLE[1])) == []

    def test_has_words_for_every_formula(self):
        assert set(formulas.RULES) == {code for code, _title in FORMULAS} - {"drawn"} == set(HOW)


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("minima_cuantia", "priceOnly"), ("licitacion_publica", "ratedCriteria"), ("contratacion_directa", None),
        ("concurso_meritos_abierto", "qualityOnly"),
    ],
)  # fmt: skip
def test_the_standard_is_told_how_the_method_awards(method, code):
    assert award_criteria(plain.of(method)) == code


def test_the_standard_is_told_each_factor_with_its_points():
    with override("es-co"):
        assert award_details(plain.of(), content(*WHOLE[:2])) == "Precio: 58,50; Calidad: 20; Mediana"


def test_the_ladder_of_ties_is_that_of_the_method():
    assert len(ladder(plain.of()).rungs) == 12
    assert ladder(plain.of("contratacion_directa")) is None
