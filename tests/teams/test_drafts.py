"""Pages and operations of drafts that name a team."""

from datetime import datetime
from typing import Any

import pytest

from pliego.accounts.tests import given as people
from pliego.planning.models import Plan
from pliego.teams.tests import given
from pliego.tendering.models import Tender
from tests.teams.conftest import House

pytestmark = pytest.mark.django_db


class TestPagesOfDrafts:
    def test_a_section_that_the_team_does_not_leave_is_read_with_the_reason(
        self, house: House, client_for: Any, at: datetime
    ) -> None:
        tender = house.tender(house.team())
        one = f"/escritorio/procesos/{tender.code}/"
        olga = client_for(people.person("olga"), house.account)

        pages = {path: olga.get(one + path) for path in ("", "datos/", "cronograma/", "miembros/", "cuestionario/")}

        assert {answer.status_code for answer in pages.values()} == {200}
        for path in ("", "datos/", "miembros/", "cuestionario/"):
            assert "En su equipo usted lee esta sección y no la edita: pídalo a" in pages[path].content.decode(), path
        assert "<form" in pages["cronograma/"].content.decode().partition("<main")[2]
        assert olga.post(one + "datos/", {"title": "Otra"}).status_code == 403

    def test_a_stranger_to_the_team_reads_and_has_the_buttons_off(self, house: House, client_for: Any) -> None:
        tender = house.tender(house.team())
        pablo = client_for(people.person("pablo"), house.account)

        page = pablo.get(f"/escritorio/procesos/{tender.code}/").content.decode()

        assert 'aria-disabled="true"' in page
        assert "le corresponde al equipo «Compras»" in page
        assert pablo.get(f"/escritorio/procesos/{tender.code}/equipo/").status_code == 403

    def test_a_new_process_asks_for_its_team(self, house: House, client_for: Any) -> None:
        team = house.team(given.person("olga", "general"))
        ana = client_for(people.person("ana"), house.account)
        typed = {"title": "Compra", "reference": "EQ-1", "method": "minima_cuantia", "plan_justification": "No estaba"}

        without = ana.post("/escritorio/procesos/nuevo/", typed)
        made = ana.post("/escritorio/procesos/nuevo/", {**typed, "team": team.code})

        tender = Tender.objects.get()
        assert (without.status_code, made.status_code, tender.team) == (422, 303, team)
        assert made.url == f"/escritorio/procesos/{tender.code}/"

    def test_the_team_is_chosen_on_its_page(self, house: House, client_for: Any) -> None:
        first, second = house.team(), house.team(given.person("olga", "general"), name="Otro")
        tender = house.tender(first)
        ana = client_for(people.person("ana"), house.account)

        answer = ana.post(f"/escritorio/procesos/{tender.code}/equipo/", {"team": second.code})

        assert (answer.status_code, Tender.objects.get().team) == (303, second)

    def test_a_plan_says_who_edits_and_offers_each_person_their_lines(self, house: House, client_for: Any) -> None:
        team = house.team(given.person("olga", "needs"), scope="plan", name="Plan")
        plan = house.plan(team)
        one = f"/escritorio/paa/{plan.year}/"
        olga, pablo = (client_for(people.person(name), house.account) for name in ("olga", "pablo"))

        assert "le corresponde al equipo «Plan»" in pablo.get(one).content.decode()
        assert pablo.get(one + "lineas/nueva/").status_code == 403
        assert olga.get(one + "lineas/nueva/").status_code == 403
        offered = olga.get(one + "necesidades/nueva/").content.decode()
        assert 'name="description"' in offered
        assert 'name="method"' not in offered
        assert olga.get(one + "datos/").status_code == 403

    def test_a_plan_names_its_team_when_it_is_begun_and_later(self, house: House, client_for: Any) -> None:
        team = house.team(given.person("ana", "general"), scope="plan")
        ana = client_for(people.person("ana"), house.account)
        typed = {"year": house.at.year, "team": team.code, "contact_name": "Ana", "contact_email": "a@pliego.example"}

        begun = ana.post("/escritorio/paa/nuevo/", typed)
        named = Plan.objects.get().team
        changed = ana.post(f"/escritorio/paa/{house.at.year}/equipo/", {"team": ""})

        assert (begun.status_code, named, changed.status_code, Plan.objects.get().team) == (303, team, 303, None)

    def test_the_api_names_teams_too(self, house: House, client_for: Any) -> None:
        team = house.team(given.person("ana", "general"))
        plan_team = house.team(given.person("ana", "general"), scope="plan", name="Plan")
        ana = client_for(people.person("ana"), house.account)
        body = {
            "title": "C",
            "reference": "EQ-2",
            "method": "minima_cuantia",
            "plan_justification": "No",
            "team": team.code,
        }
        told = {"content_type": "application/json"}

        made = ana.post("/api/v1/tenders", body, **told)
        plan = ana.post("/api/v1/plans", {"year": house.at.year, "team": plan_team.code}, **told)
        codes = (made.json()["code"], plan.json()["code"])
        refused = ana.put(f"/api/v1/tenders/{codes[0]}/team", {"team": ""}, **told)
        freed = ana.put(f"/api/v1/plans/{codes[1]}/team", {"team": ""}, **told)

        assert [answer.status_code for answer in (made, plan, refused, freed)] == [201, 201, 422, 200]
        assert (Tender.objects.get().team, Plan.objects.get().team) == (team, None)

    def test_the_hub_asks_the_same_whatever_the_sections(
        self, house: House, client_for: Any, django_assert_max_num_queries: Any
    ) -> None:
        members = [given.person(name, "general") for name in ("ana", "olga", "hugo", "gloria")]
        tender = house.tender(house.team(*members))
        pablo = client_for(people.person("pablo"), house.account)

        with django_assert_max_num_queries(56):
            pablo.get(f"/escritorio/procesos/{tender.code}/")
