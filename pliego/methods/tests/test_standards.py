"""The standard documents as data: which is in force, which the law asks for, and what one does not let be changed."""

from datetime import date

import pytest

from pliego.methods import catalogue, standards

WORKS = "licitacion_obra_publica"
ROADS = ["72141000"]
FOUR = standards.get("obra_publica_transporte/4")
METHOD = catalogue.get(WORKS, version="2018-01")
EMPTY = {
    "criteria": {"factors": [], "formula": "", "draw_day": "", "decimals": None},
    "guarantees": {"asked": "", "covers": []},
    "payments": {"advance_percent": None},
    "questionnaire": {"items": []},
}


def filled(section, content=None):
    return standards.filled(FOUR, section, EMPTY[section] if content is None else content, METHOD)


def places(section, content):
    return [breach.place for breach in standards.breaches(FOUR, section, content)]


def test_a_new_version_takes_the_place_of_the_old_one_on_its_day():
    assert [one.key for one in standards.offered(WORKS, date(2024, 9, 9))] == ["obra_publica_transporte/3"]
    assert [one.key for one in standards.offered(WORKS, date(2024, 9, 10))] == ["obra_publica_transporte/4"]
    assert standards.get("obra_publica_transporte/3").act != FOUR.act


@pytest.mark.parametrize(
    ("method", "kind", "codes", "answer"),
    [
        (WORKS, "works", ROADS, [("obra_publica_transporte/4", True)]),
        (WORKS, "works", ["72121400"], [("obra_publica_transporte/4", False)]),
        (WORKS, "goods", ROADS, []),
        ("licitacion_publica", "works", ROADS, []),
        ("minima_cuantia", "works", ROADS, [("minima_cuantia_transporte/1", False)]),
        ("concurso_meritos_abierto", "supervision", ["81101500"], [("interventoria_transporte/1", False)]),
    ],
)
def test_the_law_asks_for_a_document_by_what_is_bought(method, kind, codes, answer):
    found = standards.meant(method, kind, codes, date(2026, 3, 2))

    assert [(one.key, is_sure) for one, is_sure in found] == answer


@pytest.mark.parametrize("section", EMPTY)
def test_what_it_fills_has_no_breach_and_is_filled_once(section):
    once = filled(section)

    assert places(section, once) == []
    assert filled(section, once) == once


@pytest.mark.parametrize(
    ("section", "change", "place"),
    [
        ("criteria", {"formula": "lowest"}, ["formula"]),
        ("criteria", {"factors": []}, ["factors"]),
        ("criteria", {"decimals": 3}, []),
        ("guarantees", {"asked": "no"}, ["asked"]),
        ("payments", {"advance_percent": "50"}, []),
        ("payments", {"advance_percent": "50.01"}, ["advance_percent"]),
    ],
)
def test_a_locked_field_stays_and_an_open_one_moves(section, change, place):
    assert places(section, {**filled(section), **change}) == place


@pytest.mark.parametrize(
    ("cover", "change", "place"),
    [
        ("offer", {"percent": "9"}, ["covers-0-percent"]),
        ("offer", {"percent": "10.00"}, []),
        ("performance", {"percent": "20"}, []),
        ("performance", {"percent": "20.5"}, ["covers-1-percent"]),
        ("works", {"months": 72}, []),
        ("works", {"months": 59}, ["covers-2-months"]),
        ("works", {"cover": "goods"}, ["covers"]),
    ],
)
def test_a_cell_of_a_row_is_locked_or_within_limits(cover, change, place):
    content = filled("guarantees")
    rows = [{**row, **change} if row["cover"] == cover else row for row in content["covers"]]

    assert places("guarantees", {**content, "covers": rows}) == place


def test_points_of_a_factor_stay_and_how_it_is_proved_is_written_by_the_entity():
    content = filled("criteria")
    first, *others = content["factors"]

    assert places("criteria", {**content, "factors": [{**first, "points": "60"}, *others]}) == ["factors-0-points"]
    assert places("criteria", {**content, "factors": [{**first, "how": "Con la fórmula"}, *others]}) == []


def question(title, kind="file", **said):
    return {"question": {**standards.BLANK, "title": title, "kind": kind, "envelope": "first", **said}, "lines": []}


class TestTheQuestionsOfTheDocument:
    def test_come_first_in_its_envelopes_and_those_of_the_entity_after_them(self):
        mine = {**question("Presupuesto de la interventoría", "info"), "lines": []}

        items = filled("questionnaire", {"items": [mine]})["items"]

        assert [item["question"]["number"] for item in items] == list(range(1, len(items) + 1))
        assert (items[0]["question"]["envelope"], items[-2]["question"]["envelope"]) == ("first", "second")
        assert items[-1]["question"]["title"] == mine["question"]["title"]
        assert places("questionnaire", {"items": items}) == []

    @pytest.mark.parametrize(
        ("changed", "place"),
        [
            (lambda items: items[1:], ["title"]),
            (lambda items: [{**items[0], "question": {**items[0]["question"], "kind": "text"}}, *items[1:]], ["title"]),
            (lambda items: [*items, question("Visita previa", is_requirement=True)], ["kind"]),
            (lambda items: [*items, question("Lea esto", "info")], []),
            (lambda items: [*items, items[0]], ["title"]),
        ],
    )
    def test_stay_and_only_some_kinds_are_added(self, changed, place):
        items = filled("questionnaire")["items"]

        assert places("questionnaire", {"items": changed(items)}) == place

    def test_may_fix_the_lines_of_a_price_list(self):
        supervision = standards.get("interventoria_transporte/1")
        method = catalogue.get("concurso_meritos_abierto")
        content = standards.filled(supervision, "questionnaire", EMPTY["questionnaire"], method)
        prices = content["items"][-1]

        assert not list(standards.breaches(supervision, "questionnaire", content))
        prices["lines"] = [{**prices["lines"][0], "quantity": "2"}]
        found = list(standards.breaches(supervision, "questionnaire", content))
        assert [(breach.place, breach.title) for breach in found] == [("rows", "Oferta económica")]
