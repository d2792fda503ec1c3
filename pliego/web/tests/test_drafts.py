import json
import re
import threading

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import translation

from pliego.kernel.objections import Unknown
from pliego.web import drafts
from pliego.web.models import Draft, DraftVersion
from pliego.web.tests.conftest import ANA, BETO, DARIO, Purchase, somebody_waits
from pliego.web.views import draft as autosave

pytestmark = pytest.mark.django_db
KEY = "tender:PLG.EXP.1:general"


@pytest.fixture
def open_page(desk):
    """An autosaving page as somebody has it open: its fields, and a way to send them while typing."""
    desk.draft = KEY

    class Open:
        def __init__(self, actor=ANA):
            desk.actor = actor
            self.actor, self.html = actor, desk.shown()
            self.token = re.search(r'name="borrador" value="([^"]+)"', self.html)[1]
            self.version = re.search(r'name="borrador_version" value="(\d+)"', self.html)[1]
            self.once = re.search(r'name="una_vez" value="([^"]+)"', self.html)[1]

        def sends(self, **data):
            desk.actor = self.actor
            return desk.sent(una_vez=self.once, **data)

        def types(self, at, key=KEY, **data):
            sent = {"borrador": self.token, "borrador_version": self.version, **data}
            request = desk.request("post", sent, f"/borradores/{key}/")
            request.actor, request.received_at = self.actor, at
            answer = autosave(request, key)
            answer.text = answer.content.decode()
            return answer

    return Open


class TestAutosave:
    def test_appends_a_version_and_says_when(self, open_page, at):
        page = open_page()

        page.types(at, title="Cha")
        answer = page.types(at, title="Chairs")

        assert answer.status_code == 200
        assert "09:00:00" in answer.text
        assert 'name="borrador_version" value="2"' in answer.text
        assert [v.data for v in DraftVersion.objects.order_by("number")] == [{"title": ["Cha"]}, {"title": ["Chairs"]}]

    def test_keeps_the_same_words_once(self, open_page, at):
        page = open_page()

        page.types(at, title="Chairs")
        page.types(at, title="Chairs")

        assert DraftVersion.objects.count() == 1

    def test_never_keeps_prices_files_or_what_the_page_was_not_given(self, open_page, at):
        open_page().types(at, title="Chairs", price="999", state="published", **{"firma-password": "secret"})

        assert DraftVersion.objects.get().data == {"title": ["Chairs"]}

    def test_tells_the_browser_not_to_send_the_price(self, open_page):
        assert 'hx-params="not una_vez,firma-password,firma-code,firma-demo,price,document"' in open_page().html

    def test_is_restored_as_it_was_typed_valid_or_not(self, open_page, at):
        open_page().types(at, title="Chairs", due="soon", kind="works", places=["05"], terms="In <Soto>")

        html = open_page().html

        assert 'value="Chairs"' in html
        assert 'value="soon"' in html
        assert "In &lt;Soto&gt;</textarea>" in html
        assert re.search(r'value="works"[^>]* checked', html)
        assert re.search(r'value="05"[^>]* checked', html)

    def test_conflicts_when_another_page_was_quicker_and_shows_both(self, open_page, at):
        first, second = open_page(ANA), open_page(BETO)
        first.types(at, title="Chairs", terms="Ana's")

        answer = second.types(at, title="Chairs", terms="Beto's")

        assert answer.status_code == 409
        assert "Ana saved another version" in answer.text
        assert "Ana&#x27;s" in answer.text
        assert "Beto&#x27;s" in answer.text
        assert DraftVersion.objects.count() == 1

    def test_lets_the_slower_page_overrule_and_keeps_the_other_version(self, open_page, at):
        first, second = open_page(ANA), open_page(BETO)
        first.types(at, title="Ana's")

        answer = second.types(at, title="Beto's", borrador_elegir="mia")

        assert answer.status_code == 200
        assert [v.data["title"] for v in DraftVersion.objects.order_by("number")] == [["Ana's"], ["Beto's"]]

    def test_does_not_conflict_with_itself_when_an_answer_was_lost(self, open_page, at):
        page = open_page()

        page.types(at, title="Cha")  # the page never saw this answer: its version is still 0
        answer = page.types(at, title="Chairs")

        assert answer.status_code == 200

    def test_is_unknown_to_people_of_other_accounts(self, open_page, at):
        page = open_page(ANA)
        page.types(at, title="Chairs")
        page.actor = DARIO

        with pytest.raises(Unknown):
            page.types(at, title="Mine")
        assert "Chairs" not in open_page(DARIO).html

    def test_refuses_a_mark_made_for_another_form(self, open_page, at):
        with pytest.raises(Unknown):
            open_page().types(at, key="tender:PLG.EXP.2:general", title="Chairs")

    def test_is_forgotten_when_the_form_is_sent(self, open_page, desk, at):
        open_page().types(at, title="Chairs")

        desk.actor = ANA
        desk.sent(title="Chairs")

        assert not Draft.objects.exists()

    def test_of_another_person_outlives_a_page_that_never_showed_it(self, open_page, at):
        early, hers = open_page(), open_page(BETO)
        hers.types(at, title="Tables", visto="before")

        early.sends(title="Chairs", borrador_version=early.version)

        kept = drafts.newest_of(ANA, KEY)
        assert kept.data == {"title": ["Tables"], drafts.SEEN: ["before"]}
        knows = open_page()
        assert 'value="Tables"' in knows.html
        knows.sends(title="Tables", borrador_version=knows.version)
        assert not Draft.objects.exists()


class TestALateAutosave:
    """The last words of a page may arrive after the page itself, or at the same moment."""

    def test_is_not_kept_when_the_page_was_sent(self, open_page, at):
        page = open_page()
        page.types(at, title="Chai")
        page.sends(title="Chairs")

        answer = page.types(at, title="Chairs")

        assert (answer.status_code, "This page was already sent." in answer.text) == (200, True)
        assert not Draft.objects.exists()

    def test_is_kept_when_the_page_came_back_with_errors(self, open_page, at):
        page = open_page()
        assert page.sends(title="Chairs", due="soon").status_code == 422

        page.types(at, title="Chairs", due="soon")

        assert DraftVersion.objects.get().data == {"title": ["Chairs"], "due": ["soon"]}

    def test_of_another_page_of_the_same_form_is_kept(self, open_page, at):
        sent, other = open_page(), open_page()
        sent.sends(title="Chairs")

        other.types(at, title="Tables")

        assert DraftVersion.objects.get().data == {"title": ["Tables"]}


@pytest.mark.django_db(transaction=True)
class TestAnAutosaveAtTheSameMoment:
    """Interleaved on real PostgreSQL, in both orders: nothing is left of the draft once the form was sent."""

    @pytest.fixture
    def apart(self):
        """Run something on a connection of its own."""
        threads = []

        def run(work):
            def closing():
                try:
                    with translation.override("en"):
                        work()
                finally:
                    connection.close()

            threads.append(threading.Thread(target=closing))
            threads[-1].start()
            return threads[-1]

        yield run
        for thread in threads:
            thread.join(20)

    def test_waits_for_the_sending_that_was_first_and_then_keeps_nothing(self, open_page, desk, at, apart, monkeypatch):
        page, inside, go_on, answers = open_page(), threading.Event(), threading.Event(), []
        forget = drafts.discard

        def slowly(actor, key, **known):
            forget(actor, key, **known)  # the draft is gone, but nobody else can see it yet
            inside.set()
            assert go_on.wait(10)

        monkeypatch.setattr(drafts, "discard", slowly)
        sending = apart(lambda: page.sends(title="Chairs"))
        assert inside.wait(10)
        typing = apart(lambda: answers.append(page.types(at, title="Chairs")))
        assert somebody_waits()
        go_on.set()
        sending.join(20)
        typing.join(20)

        assert "This page was already sent." in answers[0].text
        assert not Draft.objects.exists()

    def test_that_was_first_is_forgotten_by_the_sending(self, open_page, desk, at, apart, monkeypatch):
        page, inside, go_on = open_page(), threading.Event(), threading.Event()
        looked = drafts._was_sent

        def slowly(actor, mark):
            found = looked(actor, mark)
            inside.set()
            assert go_on.wait(10)
            return found

        monkeypatch.setattr(drafts, "_was_sent", slowly)
        typing = apart(lambda: page.types(at, title="Chairs"))
        assert inside.wait(10)
        sending = apart(lambda: page.sends(title="Chairs"))
        assert somebody_waits()
        go_on.set()
        typing.join(20)
        sending.join(20)

        assert desk.bought
        assert not Draft.objects.exists()


class TestKeep:
    def test_refuses_more_than_a_form_can_hold(self, at):
        mark = drafts.mark(ANA, KEY, Purchase(), None)
        sent = QueryDict(mutable=True)
        sent["title"] = "x" * (drafts.LARGEST + 1)

        with pytest.raises(Unknown):
            drafts.keep(actor=ANA, mark=mark, sent=sent, version=0, overrule=False, at=at)

    def test_stores_json_that_survives_a_round_trip(self, at):
        mark = drafts.mark(ANA, KEY, Purchase(), None)

        kept = drafts.keep(
            actor=ANA, mark=mark, sent=QueryDict("title=Ñandú&places=05&places=11"), version=0, overrule=False, at=at
        )

        assert json.loads(json.dumps(kept.data)) == {"title": ["Ñandú"], "places": ["05", "11"]}
