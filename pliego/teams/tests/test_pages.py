"""The pages and the API of teams: who opens them, what they do, how much they ask of the database."""

import re
from datetime import datetime
from typing import Any

import pytest

from pliego.authority.models import Flow
from pliego.authority.tests import given as authority
from pliego.parties.tests import given as parties
from pliego.teams.models import Switch, Team
from pliego.teams.tests import given

pytestmark = pytest.mark.django_db
ROOM = "/escritorio/cuenta/equipos/"
API = "/api/v1/teams"


@pytest.fixture
def cast(at: datetime) -> parties.Cast:
    return parties.cast(at=at)


@pytest.fixture
def beto(cast: parties.Cast, client_for: Any) -> Any:
    return client_for(cast.person("beto"), cast.entity)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


class TestPages:
    def test_a_team_is_made_page_by_page(self, beto: Any, cast: parties.Cast, at: datetime) -> None:
        group = authority.group(cast.beto, at, ["hugo"])
        assert beto.post(ROOM + "definir/process/", {"is_on": "si"}).status_code == 303
        created = beto.post(ROOM + "nuevo/process/", {"name": "Compras", "is_active": "on"})
        team = Team.objects.get()
        one = f"{ROOM}{team.code}/"
        who = f"p:{given.code('ana')}"
        steps = [
            ("miembros/nuevo/", {"who": who, "edits": ["general", "documents"]}),
            ("miembros/nuevo/", {"who": f"g:{group.code}"}),
            (f"miembros/{who}/", {"edits": ["schedule"]}),
            ("flujos/publication/", {"name_1": "Revisa", "who_1": f"g:{group.code}"}),
            ("editar/", {"name": "Compras y contratos", "is_active": "on"}),
        ]
        answers = [
            (path, beto.get(one + path).status_code, beto.post(one + path, data).status_code) for path, data in steps
        ]

        assert created.url == one
        assert answers == [(path, 200, 303) for path, _data in steps]
        assert Switch.objects.get().is_on
        page = text_of(beto.get(one))
        assert "Compras y contratos" in page
        assert "Cronograma" in page
        assert "Solo lee" in page
        assert "1. Revisa (Jurídica)" in page
        for path in (f"miembros/{who}/retirar/", "flujos/publication/terminar/"):
            assert beto.post(one + path, {}).status_code == 303
        assert [member.name for member in team.members.all()] == ["Jurídica"]
        assert not Flow.objects.filter(is_active=True).exists()

    def test_says_who_lacks_the_role(self, beto: Any, cast: parties.Cast, at: datetime) -> None:
        team = given.team(cast.beto, at, given.person("ana", "general"), given.person("hugo", "general"))

        page = text_of(beto.get(f"{ROOM}{team.code}/"))

        assert f"no tienen el rol de estructurar: {cast.person('hugo').full_name}." in page

    def test_a_refusal_keeps_what_was_typed(self, beto: Any, cast: parties.Cast, at: datetime) -> None:
        given.team(cast.beto, at)

        answer = beto.post(ROOM + "nuevo/plan/", {"name": "Compras"})

        assert answer.status_code == 422
        assert 'value="Compras"' in answer.content.decode()
        assert "Ya hay un equipo con ese nombre." in text_of(answer)

    def test_somebody_in_the_team_is_not_offered_again(self, beto: Any, cast: parties.Cast, at: datetime) -> None:
        team = given.team(cast.beto, at, given.person("ana"))

        page = beto.get(f"{ROOM}{team.code}/miembros/nuevo/").content.decode()

        assert f"p:{given.code('ana')}" not in page
        assert f"p:{given.code('hugo')}" in page

    def test_are_closed_to_others(self, cast: parties.Cast, at: datetime, client_for: Any) -> None:
        team = given.team(cast.beto, at)
        other = parties.entity("Gobernación de Valle Lejano", "999900009", at=at)
        parties.join(other, "mallory", ["administrator"], by="beto", at=at)
        found = {
            name: [
                client_for(cast.person(name), account).get(path).status_code for path in (ROOM, f"{ROOM}{team.code}/")
            ]
            for name, account in (("ana", cast.entity), ("carla", cast.first_supplier), ("mallory", other))
        }

        assert found == {"ana": [403, 403], "carla": [404, 404], "mallory": [200, 404]}

    def test_ask_the_same_of_one_and_of_many(
        self, beto: Any, cast: parties.Cast, at: datetime, django_assert_max_num_queries: Any
    ) -> None:
        people = [given.person(name, "general") for name in ("ana", "hugo", "gloria")]
        for number in range(30):
            team = given.team(cast.beto, at, *people, name=f"Equipo {number}")

        for path in (ROOM, f"{ROOM}{team.code}/", API):
            with django_assert_max_num_queries(22):
                beto.get(path)


class TestApi:
    def test_keeps_a_team_with_its_people(self, cast: parties.Cast, beto: Any) -> None:
        members = [{"person": given.code("ana"), "edits": ["lines"]}]
        made = self.send(beto, "post", API, {"scope": "plan", "name": "Plan", "members": members}).json()
        edited = self.send(
            beto, "put", f"{API}/{made['code']}", {"name": "PAA", "is_active": False, "members": members}
        )

        assert edited.json()["members"] == [{"person": given.code("ana"), "group": "", "edits": ["lines"]}]
        assert (edited.json()["is_active"], bool(edited.json()["receipt"]["code"])) == (False, True)
        assert [team["name"] for team in beto.get(API).json()] == ["PAA"]

    def test_sets_the_switch_and_a_flow(self, cast: parties.Cast, beto: Any, at: datetime) -> None:
        team = given.team(cast.beto, at, scope="plan")
        switch = self.send(beto, "put", "/api/v1/team-switches/plan", {"is_on": False})
        steps = {"steps": [{"name": "Visto bueno", "person": given.code("hugo")}]}
        flow = self.send(beto, "put", f"{API}/{team.code}/approval-flows/plan-later", steps)
        ended = beto.delete(f"{API}/{team.code}/approval-flows/plan-later")

        assert switch.json() == {"scope": "plan", "is_on": False}
        assert (flow.json()["kind"], flow.json()["version"], ended.json()["is_active"]) == ("plan", 1, False)

    def test_refuses_what_it_does_not_know(self, cast: parties.Cast, beto: Any) -> None:
        answers = [
            self.send(beto, "post", API, {"scope": "plan", "name": "X", "color": "rojo"}).status_code,
            self.send(beto, "put", "/api/v1/team-switches/nada", {"is_on": True}).status_code,
        ]

        assert answers == [422, 404]

    def send(self, client: Any, method: str, path: str, body: dict[str, Any]) -> Any:
        return getattr(client, method)(path, body, content_type="application/json")
