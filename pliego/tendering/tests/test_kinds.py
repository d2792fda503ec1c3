"""Each kind of question: what an answer may say, how it is kept, how it is shown. The browser reads the same table."""

import json

import pytest

from pliego.tendering import kinds
from pliego.tendering.kinds import KINDS, Question, Unreadable

COLUMNS = (
    {"title": "Año", "kind": "number"},
    {"title": "Valor", "kind": "money"},
    {"title": "Vigente", "kind": "yes_no"},
)
CHOICES = Question("choices", options=("Bogotá", "Tunja", "Cali"))
FREE = Question("table", columns=COLUMNS)
NAMED = Question("table", columns=COLUMNS[:2], row_titles=("Hoy", "Ayer"))
LOOSE = Question("table", columns=COLUMNS[:2], row_titles=("Hoy", "Ayer"), is_required=False)
DEEP = "[" * 100_000

# (question, typed, kept or None when it is refused); what the browser reads too, so in the words of its inputs
# fmt: off
ANSWERS = [
    (Question("text"),   "  Sí, con gusto  ",       "Sí, con gusto"),
    (Question("text"),   "x" * 20_001,              None),
    (Question("number"), "1.200",                   "1200"),
    (Question("number"), "1200,50",                 "1200.5"),
    (Question("number"), "1,200.75",                "1200.75"),
    (Question("number"), "1.200,75",                "1200.75"),
    (Question("number"), "-0,125",                  "-0.125"),
    (Question("number"), "0.125",                   "0.125"),
    (Question("number"), "-0",                      "0"),
    (Question("number"), "007",                     "7"),
    (Question("number"), "doce",                    None),
    (Question("number"), "1.20.0",                  None),
    (Question("number"), "1,2,3",                   None),
    (Question("money"),  "$ 4.120.000",             "4120000.00"),
    (Question("money"),  "1,234.5",                 "1234.50"),
    (Question("money"),  "-5",                      None),
    (Question("date"),   "2026-02-28",              "2026-02-28"),
    (Question("date"),   "2026-02-30",              None),
    (Question("date"),   "mañana",                  None),
    (Question("yes_no"), "yes",                     "yes"),
    (Question("yes_no"), "quizá",                   None),
    (Question("choice", options=("A", "B")), "B",   "B"),
    (Question("choice", options=("A", "B")), "C",   None),
    (CHOICES,            '["Cali","Bogotá"]',       '["Bogotá","Cali"]'),
    (CHOICES,            '["Quito"]',               None),
    (CHOICES,            "[]",                      ""),
    (CHOICES,            "Cali y Bogotá",           None),
    (FREE,  '[["2024","1.000","yes"],["","",""]]',  '[["2024","1000.00","yes"]]'),
    (FREE,  '[["2024","","yes"]]',                  None),
    (FREE,  '[["2024","mil","tal vez"]]',           None),
    (FREE,  '[["","",""]]',                         ""),
    (NAMED, '[["1","2"],["3","4"]]',                '[["1","2.00"],["3","4.00"]]'),
    (NAMED, '[["1","2"]]',                          None),
    (LOOSE, '[["1","2"]]',                          '[["1","2.00"],["",""]]'),
    (Question("number"), "",                        ""),
]
# fmt: on


@pytest.mark.parametrize(("question", "typed", "kept"), ANSWERS, ids=lambda each: str(getattr(each, "kind", each))[:20])
def test_an_answer_is_kept_in_one_way_or_refused(question, typed, kept):
    if kept is None:
        with pytest.raises(Unreadable, match=r"\w"):
            kinds.read(question, typed)
    else:
        assert kinds.read(question, typed) == kept
        assert kinds.read(question, kept) == kept


def test_a_table_that_is_wrong_names_every_cell():
    with pytest.raises(Unreadable) as fault:
        kinds.read(NAMED, '[["doce","2"],["3",""]]')

    assert [word in str(fault.value) for word in ("Hoy", "Año", "Ayer", "Valor")] == [True] * 4


@pytest.mark.parametrize("typed", [DEEP, "{}", "[1,2]", '[["1"]]', json.dumps([["1", "2", "no"]] * 201)])
def test_what_is_no_table_is_refused_and_shown_as_it_came(typed):
    with pytest.raises(Unreadable):
        kinds.read(FREE, typed)
    assert (kinds.shown(FREE, typed), kinds.cells_of(FREE, typed), kinds.is_as_asked(FREE, typed)) == (typed, [], False)


@pytest.mark.parametrize(
    ("question", "kept", "shown"),
    [
        (Question("number"), "1234567.5", "1.234.567,5"),
        (Question("money"), "1000.00", "$\xa01.000"),
        (Question("date"), "2026-02-28", "28/02/2026"),
        (Question("yes_no"), "no", "No"),
        (CHOICES, '["Bogotá","Cali"]', "Bogotá; Cali"),
        (NAMED, '[["1","2.00"],["3","4.00"]]', "Hoy | 1 | $\xa02\nAyer | 3 | $\xa04"),
        (Question("number"), "muchos", "muchos"),
    ],
)
def test_a_kept_answer_is_shown_in_words(question, kept, shown):
    assert kinds.shown(question, kept) == shown


def test_every_kind_has_a_place_in_the_offer_and_a_page_that_draws_it():
    from django.template.loader import get_template

    assert {kind.keeps for kind in KINDS.values()} == {"answers", "prices", "files", ""}
    for kind in KINDS.values():
        assert get_template(f"bidding/answers/{kind.control}.html")
        assert bool(kind.takes) == bool(kind.keeps)  # what is not answered asks for nothing
