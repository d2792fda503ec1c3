import pytest

from pliego.kernel.objections import Objection
from pliego.kernel.policy import Verdict
from pliego.web.buttons import button
from pliego.web.pagination import paginate

pytestmark = pytest.mark.django_db


class TestTheHour:
    def test_is_the_clock_of_the_server_in_milliseconds(self, client, at):
        answer = client.get("/hora")

        assert answer.json() == {"ms": int(at.timestamp() * 1000)}
        assert "no-store" in answer["Cache-Control"]


class TestHealth:
    def test_answers_without_touching_the_database(self, client, django_assert_num_queries, at):
        with django_assert_num_queries(0):
            assert client.get("/-/salud").json() == {"status": "ok"}


class TestPaginate:
    def test_shows_twenty_five_rows_and_keeps_the_filters(self, rf):
        pager = paginate(rf.get("/procesos/?q=sillas&page=2&lugar="), list(range(60)))

        assert list(pager) == list(range(25, 50))
        assert (pager.previous, pager.next) == ("?q=sillas&page=1", "?q=sillas&page=3")

    def test_gives_the_nearest_page_when_there_is_no_such_page(self, rf):
        assert list(paginate(rf.get("/?page=99"), list(range(30)))) == list(range(25, 30))
        assert len(paginate(rf.get("/?page=x"), list(range(30)))) == 25

    def test_needs_no_pages_for_a_short_list(self, rf):
        assert not paginate(rf.get("/"), [1, 2]).is_needed


class TestAButton:
    def test_is_on_when_nothing_stands_against_it(self):
        assert button("Publish", "/x/", verdict=Verdict(True)).allowed

    def test_says_every_reason_why_it_is_off(self):
        objection = Objection("too_soon", "Too soon.", legal_basis="Ley 80 de 1993, art. 30")

        off = button("Publish", "/x/", verdict=Verdict(False, "Not you."), objections=[objection])

        assert off.reasons == ("Not you.", "Too soon. (Ley 80 de 1993, art. 30)")
        assert not off.allowed
