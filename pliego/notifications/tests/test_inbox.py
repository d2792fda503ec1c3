import pytest

from pliego.accounts.tests import given as people
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Unknown
from pliego.notifications import catcher, queries, services
from pliego.notifications.models import Notice
from pliego.notifications.policy import POLICY, Act
from pliego.notifications.services import Message, notify


@pytest.fixture
def ana(db, at):
    return people.person("ana", at=at)


def told(user, at, source="s1", title="Se publicó el proceso"):
    notify(users=[user], message=Message(title, "es suyo", source, "Cuerpo", "/procesos/x/"), at=at, mail=False)
    return Notice.objects.get(user=user, source=source)


class TestInbox:
    def test_shows_the_notices_of_the_person_and_counts_them(self, client_for, ana, at):
        told(ana, at)
        told(people.person("beto", at=at), at, title="De otro")

        page = client_for(ana).get("/avisos/").content.decode()

        assert "Se publicó el proceso" in page
        assert "De otro" not in page
        assert 'class="pl-bell__count" aria-hidden="true">1<' in page

    def test_asks_strangers_to_sign_in(self, client, db):
        assert client.get("/avisos/").status_code == 302

    def test_marks_a_notice_as_read_when_it_is_opened(self, client_for, ana, at):
        notice = told(ana, at)

        page = client_for(ana).get(f"/avisos/{notice.code}/")

        assert "/procesos/x/" in page.content.decode()
        assert queries.unread_for(Actor(user_id=ana.pk)) == 0

    def test_shows_nobody_the_notice_of_another(self, client_for, ana, at):
        notice = told(people.person("beto", at=at), at)

        assert client_for(ana).get(f"/avisos/{notice.code}/").status_code == 404
        with pytest.raises(Unknown):
            services.read_notice(actor=Actor(user_id=ana.pk), notice_id=notice.pk, at=at)
        assert not POLICY.verdict(Actor(user_id=ana.pk), Act.VIEW, notice)

    def test_marks_all_as_read(self, client_for, ana, at):
        for source in ("a", "b"):
            told(ana, at, source)

        answer = client_for(ana).post("/avisos/leidos/")

        assert (answer.status_code, queries.unread_for(Actor(user_id=ana.pk))) == (303, 0)
        assert "Se publicó" not in client_for(ana).get("/avisos/", {"ver": "sin-leer"}).content.decode()

    def test_costs_the_same_queries_for_many_notices(self, client_for, ana, at, django_assert_max_num_queries):
        client = client_for(ana)
        for i in range(60):
            told(ana, at, f"s{i}")

        with django_assert_max_num_queries(12):
            assert client.get("/avisos/", {"page": 2}).status_code == 200


class TestApi:
    def test_lists_and_reads(self, client_for, ana, at):
        notice, client = told(ana, at), client_for(ana)

        found = client.get("/api/v1/notices").json()
        read = client.post(f"/api/v1/notices/{notice.code}/read")

        assert (found["unread"], found["notices"][0]["code"]) == (1, notice.code)
        assert read.json()["read_at"] is not None
        assert client.get("/api/v1/notices", {"unread": "true"}).json()["notices"] == []

    def test_knows_nothing_of_the_notices_of_others(self, client_for, ana, at):
        notice = told(people.person("beto", at=at), at)

        assert client_for(ana).post(f"/api/v1/notices/{notice.code}/read").status_code == 404


MAIL = b"X-Pliego-To: ana@x.example\r\nSubject: =?utf-8?q?C=C3=B3digo?=\r\n\r\nSu codigo <b> 123456\r\n"


class TestCaughtMail:
    def test_has_pages_and_an_operation(self, client, db, settings):
        catcher.keep(settings.PLIEGO_CAUGHT_MAIL, MAIL)

        row = client.get("/api/v1/practice/mail", {"to": "ana@x.example"}).json()["mail"][0]
        page = client.get(row["url"]).content.decode()

        assert (row["subject"], row["to"]) == ("Código", "ana@x.example")
        assert "Código" in client.get("/demo/correo/", {"para": "ana@x.example"}).content.decode()
        assert "Código" not in client.get("/demo/correo/", {"para": "b@x.example"}).content.decode()
        assert "&lt;b&gt; 123456" in page

    @pytest.mark.parametrize("path", ["/demo/correo/", "/demo/correo/x/", "/api/v1/practice/mail"])
    def test_does_not_exist_in_production(self, client, db, settings, path):
        settings.PLIEGO_PRACTICE = False

        assert client.get(path).status_code == 404
