from datetime import timedelta

import pytest

from pliego.kernel.actors import ANYONE
from pliego.kernel.todo import Task
from pliego.parties.tests import given
from pliego.workspace import tasks as tasks_module
from pliego.workspace.tasks import tasks_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def country(at):
    return given.cast(at=at)


@pytest.fixture
def rooms_answer(monkeypatch):
    """Let the rooms answer with these tasks, one function for each."""

    def answer(*lists):
        asked = [(f"room{number}", lambda actor, at, found=found: found) for number, found in enumerate(lists)]
        monkeypatch.setattr(tasks_module, "answering", lambda function: iter(asked))

    return answer


def task(title, due_at=None):
    return Task(title=title, url=f"/{title}/", subject="PLG.EXP.1", reason="You approve", due_at=due_at)


class TestTasksFor:
    def test_puts_the_most_pressing_first_and_those_without_term_last(self, country, rooms_answer, at):
        rooms_answer([task("later", at + timedelta(days=9)), task("whenever")], [task("now", at + timedelta(hours=1))])

        found = tasks_for(actor=country.beto, at=at)

        assert [each.title for each in found] == ["now", "later", "whenever"]

    def test_asks_nobody_for_who_has_not_signed_in(self, rooms_answer, at):
        rooms_answer([task("now")])

        assert tasks_for(actor=ANYONE, at=at) == []


class TestTheDesk:
    def test_sends_who_has_not_signed_in_to_sign_in_and_back(self, client, at):
        answer = client.get("/escritorio/")

        assert (answer.status_code, answer["Location"]) == (302, "/ingresar/?next=/escritorio/")

    def test_says_what_on_which_process_until_when_and_why(self, client_for, country, rooms_answer, at):
        rooms_answer([task("Publish", at + timedelta(hours=1))])
        page = client_for(country.person("beto"), country.entity).get("/escritorio/").content.decode()

        assert '<a href="/Publish/">Publish</a>' in page
        assert "PLG.EXP.1" in page
        assert "You approve" in page
        assert "2 mar 2026, 10:00" in page
        assert "pl-task--soon" in page

    def test_offers_each_role_its_own_menu(self, client_for, country, at):
        buyer = client_for(country.person("beto"), country.entity).get("/escritorio/").content.decode()
        supplier = client_for(country.person("carla"), country.first_supplier).get("/escritorio/").content.decode()
        of_desk = client_for(country.person("ines")).get("/escritorio/").content.decode()

        assert ('href="/escritorio/paa/"' in buyer, 'href="/escritorio/paa/"' in supplier) == (True, False)
        assert ('href="/mesa/"' in of_desk, 'href="/mesa/"' in buyer) == (True, False)
        assert 'href="/escritorio/equipo/"' in buyer

    def test_marks_one_item_of_the_menu_as_here(self, client_for, country, at):
        page = client_for(country.person("beto"), country.entity).get("/escritorio/").content.decode()
        menu = page.split('<details class="pl-deskmenu"')[1].split("</details>")[0]

        assert menu.count('aria-current="page"') == 1

    def test_tells_who_acts_for_nobody_what_to_do(self, client_for, country, at):
        page = client_for(country.person("fabio")).get("/en/escritorio/").content.decode()

        assert "You do not act for any organisation yet" in page

    def test_asks_the_database_no_more_when_there_are_more_tasks(
        self, client_for, country, rooms_answer, at, django_assert_num_queries
    ):
        browser = client_for(country.person("beto"), country.entity)
        browser.get("/escritorio/")
        rooms_answer([task(f"t{number}", at) for number in range(3)])
        with django_assert_num_queries(7, exact=False) as few:
            browser.get("/escritorio/")
        rooms_answer([task(f"t{number}", at) for number in range(90)])
        with django_assert_num_queries(len(few)):
            browser.get("/escritorio/")
