"""A template as a file: whole or nothing, and each fault with its place. No database."""

import json

import pytest

from pliego.blueprints import files
from pliego.blueprints.models import BlueprintVersion
from pliego.kernel.objections import Refused

LINE = {"number": 1, "unspsc": "", "description": "Portátil", "quantity": "10", "unit": "unidad",
        "reference_price_amount": None}  # fmt: skip
QUESTION = {
    "number": 1, "envelope": "offer", "kind": "price_list", "title": "Precios", "help": "", "options": [],
    "columns": [], "row_titles": [], "is_required": True, "is_requirement": False, "allows_confidential": False,
    "needs_evidence": False, "weight": None, "lots": [],
}  # fmt: skip
FILE = {
    "format": files.FORMAT,
    "name": "Suministro de equipos",
    "methods": ["minima_cuantia"],
    "method": "minima_cuantia",
    "method_version": "2026-01",
    "sections": {
        "visit": {"allowed": "no"},
        "questionnaire": {"items": [{"question": QUESTION, "lines": [LINE]}]},
    },
}


def changed(**sections):
    return {**FILE, "sections": {**FILE["sections"], **sections}}


def asked(**said):
    return changed(questionnaire={"items": [{"question": {**QUESTION, **said}, "lines": []}]})


def test_what_is_written_is_read_again():
    said = {name: value for name, value in FILE.items() if name != "format"}
    version = BlueprintVersion(number=1, **said)

    assert files.told(BlueprintVersion(number=1, **vars_of(files.read(files.written(version))))) == files.told(version)


def vars_of(found):
    return {name: getattr(found, name) for name in found.__struct_fields__ if name != "format"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "JSON"),
        ("[1]", "$"),
        ({**FILE, "owner": "x"}, "owner"),
        ({**FILE, "sections": {"visit": 3}}, "sections"),
        ({**FILE, "format": "otra/2"}, "format"),
        ({**FILE, "name": " "}, "name"),
        ({**FILE, "methods": ["trueque"]}, "trueque"),
        ({**FILE, "method_version": "1999-01"}, "1999-01"),
        ({**FILE, "sections": {}}, "sections"),
        (changed(opening={}), "sections.opening"),
        (changed(secret={}), "sections.secret"),
        (changed(visit={"allowed": "no", "spy": 1}), "spy"),
        (changed(general={"title": "Es de cada proceso"}), "title"),
        (changed(guarantees={"covers": [{"cover": "offer", "percent": "x"}]}), "guarantees.covers[0].percent"),
        (changed(guarantees={"covers": [{"cover": "unknown"}]}), "sections.guarantees.covers-0-cover"),
        (asked(kind="riddle"), "items[0].question.kind"),
        (asked(title="x" * 301), "items[0].question.title"),
        (asked(is_required="perhaps"), "items[0].question.is_required"),
        (changed(questionnaire={"items": [{"question": {"title": "Sola"}}]}), "items[0].question"),
        (changed(questionnaire={"items": [{"question": QUESTION, "lines": [{**LINE, "quantity": "ten"}]}]}),
         "items[0].lines[0].quantity"),
    ],
)  # fmt: skip
def test_a_fault_is_said_with_its_place(content, words):
    with pytest.raises(Refused) as refused:
        files.read(content if isinstance(content, str) else json.dumps(content))

    assert {objection.field for objection in refused.value.objections} == {"file"}
    assert any(words in str(objection.sentence) for objection in refused.value.objections), refused.value


def test_every_fault_is_said_at_once():
    with pytest.raises(Refused) as refused:
        files.read({**changed(secret={}), "name": "", "methods": ["trueque"]})

    assert len(refused.value.objections) == 3
