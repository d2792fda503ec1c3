import json
from datetime import datetime, timedelta

import pytest

from pliego.kernel import clock
from pliego.parties.tests import given
from pliego.workspace import api

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(api, "SETTLING", 0)


def move(client, **body):
    return client.post("/api/v1/practice/clock", json.dumps(body), content_type="application/json")


class TestThePracticeClock:
    def test_says_what_time_it_is(self, client, at):
        assert datetime.fromisoformat(client.get("/api/v1/practice/clock").json()["now"]) == at

    def test_moves_by_seconds(self, client, monkeypatch, at):
        moved = []
        monkeypatch.setattr(clock, "move", moved.append)

        assert move(client, by_seconds=90).status_code == 200
        assert moved == [timedelta(seconds=90)]

    def test_moves_to_an_instant(self, client, monkeypatch, at):
        moved = []
        monkeypatch.setattr(clock, "move", moved.append)

        assert move(client, to="2026-03-03T09:00:00-05:00").status_code == 200
        assert moved == [timedelta(days=1)]

    def test_really_moves_for_whoever_asks_next(self, client):
        before = clock.now()

        move(client, by_seconds=3600)

        assert clock.now() - before >= timedelta(hours=1)

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({}, "one_of_two"),
            ({"by_seconds": 1, "to": "2026-03-03T09:00:00-05:00"}, "one_of_two"),
            ({"by_seconds": -5}, "clock_backwards"),
            ({"to": "2026-03-03T09:00:00"}, "no_time_zone"),
            ({"days": 3}, "unknown_field"),
        ],
    )
    def test_refuses_what_it_cannot_do(self, client, at, body, code):
        answer = move(client, **body)

        assert answer.status_code == 422
        assert code in [error["code"] for error in answer.json()["errors"]]

    def test_does_not_exist_in_production(self, client, at, settings):
        settings.PLIEGO_PRACTICE = False

        assert (client.get("/api/v1/practice/clock").status_code, move(client, by_seconds=1).status_code) == (404, 404)


class TestTasks:
    def test_are_for_who_has_signed_in(self, client, at):
        assert client.get("/api/v1/tasks").status_code == 403

    def test_are_a_list(self, client_for, at):
        country = given.cast(at=at)

        answer = client_for(country.person("beto"), country.entity).get("/api/v1/tasks")

        assert (answer.status_code, isinstance(answer.json(), list)) == (200, True)
