"""What stands against appointing somebody, without a database."""

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from pliego.methods import catalogue
from pliego.panels import rules
from pliego.panels.rules import MemberIn

AT = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("America/Bogota"))
PEOPLE = {"111": 1, "222": 2}
WHOLE = {"name": "Nora", "document_type": "CC", "document_number": "1010101010", "email": "n@pliego.example"}


@pytest.mark.parametrize(
    ("members", "serving", "codes"),
    [
        ([MemberIn("technical", "111"), MemberIn("legal", **WHOLE)], [], []),
        ([], [], ["missing"]),
        ([MemberIn("", "111")], [], ["missing"]),
        ([MemberIn("boss", "999")], [], ["missing", "not_an_official"]),
        ([MemberIn("legal", "111"), MemberIn("technical", "111")], [], ["already_serves"]),
        ([MemberIn("legal", "111")], [(1, "technical")], ["already_serves"]),
        ([MemberIn("president", "111")], [(2, "president")], ["two_presidents"]),
        ([MemberIn("legal")], [], ["missing", "missing", "document_type_unknown"]),
        ([MemberIn("legal", **{**WHOLE, "document_number": "12"})], [], ["document_number_wrong"]),
    ],
)
def test_each_is_named_once_with_a_role_and_there_is_one_president(members, serving, codes):
    seats = [SimpleNamespace(user_id=user, role=role) for user, role in serving]

    assert [o.code for o in rules.members_are_wrong(members, PEOPLE, seats)] == codes


@pytest.mark.parametrize(
    ("number", "on", "fields"),
    [
        ("Resolución 1", date(2026, 3, 2), []),
        (" ", None, ["act_number", "act_on"]),
        ("Resolución 1", date(2026, 3, 3), ["act_on"]),
    ],
)
def test_an_act_has_a_number_and_a_date_that_has_come(number, on, fields):
    assert [o.field for o in rules.act_is_wrong(number, on, AT)] == fields


@pytest.mark.parametrize(
    ("state", "about"), [("published", "general"), ("closed", "general"), ("opened", "bidders"), ("awarded", "bidders")]
)
def test_a_declaration_is_against_the_bidders_once_their_list_is_public(state, about):
    assert rules.round_of(SimpleNamespace(underlying_state=state)) == about


def test_the_term_ends_with_the_last_business_day():
    assert rules.term(AT, 5).isoformat() == "2026-03-09T17:00:00-05:00"


def test_every_method_that_receives_offers_says_who_may_evaluate_and_none_obliges_to_a_committee():
    for method in catalogue.every():
        assert (method.panel is not None) or not method.has_bidding, method.code
        assert method.panel is None or not method.panel.is_required
    assert catalogue.get("minima_cuantia").panel.kind == "evaluator"
    assert catalogue.get("publicacion_concurso_arquitectura").panel.kind == "jury"
