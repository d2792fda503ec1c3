import re
from datetime import timedelta

import pytest
from django.apps import apps

from pliego.parties.tests import given
from pliego.workspace import views

pytestmark = pytest.mark.django_db
PAGES = [
    "/",
    "/ayuda/",
    "/ayuda/comprador/",
    "/ayuda/proveedor/",
    "/ayuda/ciudadano/",
    "/ayuda/mesa/",
    "/ayuda/integrador/",
    "/ayuda/api/",
    "/demo/",
    "/mapa-del-sitio/",
    "/accesibilidad/",
    "/privacidad/",
    "/componentes/",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
class TestEveryPage:
    def test_has_one_heading_a_title_and_its_twin_in_the_other_language(self, client, at, path, prefix):
        page = client.get(prefix + path).content.decode()

        assert len(re.findall("<h1", page)) == 1
        assert re.search(r"<title>\S.* · Pliego</title>", page)
        twin = path if prefix else f"/en{path}"
        assert f'href="{twin}" lang="{"es" if prefix else "en"}"' in page

    def test_carries_no_inline_script_style_or_handler(self, client, at, path, prefix):
        page = client.get(prefix + path).content.decode()

        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|hx-on", page)


@pytest.fixture
def process():
    """A row of the public search, with the state and term that the test is about."""

    def make(number, title, closes_at):
        code = f"PLG.EXP.{number}"
        apps.get_model("publication", "Process").objects.create(
            ocid=f"ocds-{code}", code=code, source="pliego", title=title, state="open", closes_at=closes_at,
            listed_at=closes_at, value_amount=1000, doc="",
        )  # fmt: skip

    return make


class TestHome:
    def test_searches_processes_without_an_account(self, client, at):
        page = client.get("/").content.decode()

        assert re.search(r'<form[^>]*action="/procesos/"[^>]*method="get"', page)
        assert 'name="q"' in page

    def test_says_nothing_of_figures_while_there_is_nothing(self, client, at):
        assert "pl-figures" not in client.get("/").content.decode()

    def test_shows_what_is_open_now_and_what_closes_next(self, client, at, process):
        process(1, "Closed yesterday", at - timedelta(days=1))
        process(2, "Closes later", at + timedelta(days=9))
        process(3, "Closes today", at + timedelta(hours=3))

        page = client.get("/en/").content.decode()

        assert "<dt>Processes receiving offers</dt><dd>2</dd>" in page
        assert "<dt>Processes to read</dt><dd>3</dd>" in page
        assert "Closed yesterday" not in page
        assert page.index("Closes today") < page.index("Closes later")
        assert 'href="/en/procesos/PLG.EXP.3/"' in page

    def test_asks_the_database_no_more_when_there_are_more_processes(
        self, client, at, process, django_assert_max_num_queries
    ):
        for each in range(40):
            process(each, "Chairs", at + timedelta(days=1))

        with django_assert_max_num_queries(7):
            client.get("/")


class TestTheReferenceOfTheApi:
    def test_lists_the_operations_of_every_room_with_their_fields(self, client, at):
        page = client.get("/en/ayuda/api/").content.decode()

        assert "/api/v1/practice/clock" in page
        assert '<dt class="govuk-summary-list__key pl-code">by_seconds</dt>' in page
        assert page.count("pl-operation__method--post") > 10


class TestThePracticeRoom:
    def test_does_not_exist_in_production(self, client, at, settings):
        settings.PLIEGO_PRACTICE = False

        assert [client.get(path).status_code for path in ("/demo/", "/componentes/")] == [404, 404]

    def test_lists_the_cast_each_with_a_way_in(self, client, at):
        cast = given.cast(at=at)

        page = client.get("/demo/").content.decode()

        assert page.count('action="/demo/entrar/') == len(cast.actors)

    def test_signs_in_as_one_of_them(self, client, at):
        given.cast(at=at)
        page = client.get("/demo/").content.decode()
        url = re.search(r'action="(/demo/entrar/[^"]+)"', page)[1]

        answer = client.get(url)  # the link as it is printed; the page of the cast posts to the same address

        assert (answer.status_code, client.get("/escritorio/").status_code) == (303, 200)

    @pytest.mark.parametrize(("step", "seconds"), [("hour", 3600), ("day", 86_400), ("week", 7 * 86_400)])
    def test_moves_the_clock(self, client, at, monkeypatch, step, seconds):
        moved = []
        monkeypatch.setattr(views.clock, "move", moved.append)

        answer = client.post("/demo/", {"by": step})

        assert (answer.status_code, [by.total_seconds() for by in moved]) == (303, [seconds])

    def test_refuses_another_step(self, client, at, monkeypatch):
        moved = []
        monkeypatch.setattr(views.clock, "move", moved.append)

        answer = client.post("/demo/", {"by": "year"})

        assert (answer.status_code, moved) == (422, [])


class TestAnErrorPage:
    def test_says_what_happened_and_the_number_of_the_request(self, client, at):
        answer = client.get("/en/ayuda/nothing/")
        page = answer.content.decode()

        assert answer.status_code == 404
        assert "We did not find this page" in page
        assert answer["X-Request-Id"] in page
