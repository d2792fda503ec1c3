"""Following a process: who hears of what, how, and that nobody else knows."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pliego.accounts.models import User
from pliego.accounts.tests import given as people
from pliego.correspondence.services import Words, write_message
from pliego.enquiries.services import ask_enquiry
from pliego.enquiries.tests.conftest import carla, house, published, submitted
from pliego.following import services, tasks, telling
from pliego.following.models import Follow
from pliego.following.policy import OWN, OwnAct
from pliego.following.table import ROWS, is_told, row_of
from pliego.kernel.actors import ANYONE
from pliego.kernel.events import Event
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.notifications import catcher
from pliego.notifications.models import Notice
from pliego.notifications.tests.test_mail import free_port, server
from pliego.parties.tests import given as parties
from pliego.publication.native.sections import SECTIONS
from pliego.publication.reactions import rooms_events

__all__ = ["carla", "free_port", "house", "published", "server", "submitted"]
LINK = re.compile(r"/seguimientos/([\w-]+)/(baja(?:-diaria)?/)?")


class TestTable:
    def test_every_public_act_of_a_process_is_told_but_those_that_only_machines_read(self):
        silent = {event.code for event in rooms_events() if not is_told(event.code)}

        assert silent == {"bids.custodian_released", "bids.shares_released"}
        assert not [event.code for event in Event.registry.values() if not event.public and is_told(event.code)]

    def test_leads_to_places_of_the_public_page_and_names_acts_that_exist(self):
        places = {f"#{section.code}" for section in SECTIONS}
        codes = set(Event.registry)

        assert {row.place for row in ROWS} <= places
        assert not [row.event for row in ROWS if not any(code.startswith(row.event) for code in codes)]
        assert (row_of("tender.amended").place, row_of("unheard.of").place) == ("#adendas", "#actos")


@pytest.fixture
def fabio(db, at):
    return parties.actor(people.person("fabio", at=at), signed=False)


def said(house, tender, at, text="Aviso"):
    """A public act of the process."""
    words = Words("Para todos", text)
    return write_message(actor=house.ana, tender_id=tender.pk, group="public", words=words, at=at)


class TestFollow:
    def test_tells_each_in_their_way_once_and_nobody_of_what_they_hear_anyway(  # noqa: PLR0917
        self, house, carla, fabio, published, at, run_reactions
    ):
        luz, olga = (parties.actor(people.person(name, at=at), signed=False) for name in ("luz", "olga"))
        ways = {
            fabio: "at_once",
            luz: "daily",
            olga: "inbox",
            carla: "at_once",
            house.ana: "at_once",
            house.elena: "inbox",
        }
        for who, delivery in ways.items():
            services.follow(actor=who, tender_id=published.pk, delivery=delivery, at=at)
        run_reactions()
        mail.outbox.clear()
        before = set(Notice.objects.values_list("pk", flat=True))

        ask_enquiry(actor=carla, tender_id=published.pk, text="¿Sí?", at=at)
        message = said(house, published, at)
        run_reactions()
        for entry in Entry.objects.filter(act="message.published"):
            tasks.tell(entry_id=entry.pk)
        run_reactions()

        new = Notice.objects.exclude(pk__in=before)
        counts = {who.name.split()[0]: new.filter(user_id=who.user_id).count() for who in ways}
        # Ana hears of the question by the table of notices and wrote the message; Carla, the other way round.
        assert counts == {"Fabio": 2, "Luz": 2, "Olga": 2, "Elena": 2, "Carla": 1, "Ana": 1}
        assert [notice.title for notice in new.filter(user_id=fabio.user_id).order_by("pk")] == [
            f"“{published.title}”: Observación recibida", f"“{published.title}”: Mensaje público de la entidad",
        ]  # fmt: skip
        mailed = [sent for sent in mail.outbox if "seguimientos" in sent.body]
        assert [sent.to for sent in mailed] == [[User.objects.get(pk=fabio.user_id).email]] * 2
        assert f"/procesos/{published.code}/#mensajes" in mailed[1].body
        assert message.subject in mailed[1].body

    def test_is_private_changes_and_ends(self, house, fabio, published, submitted, at):
        first = services.follow(actor=fabio, tender_id=published.pk, delivery="at_once", at=at)
        again = services.follow(actor=fabio, tender_id=published.pk, delivery="daily", at=at)
        acts = Entry.objects.count()

        assert (first.pk, again.delivery, first.secret) == (again.pk, "daily", again.secret)
        assert not Follow.objects.visible_to(house.beto).exists()
        assert not OWN.verdict(house.beto, OwnAct.VIEW, again)
        with pytest.raises(Refused):
            services.follow(actor=fabio, tender_id=published.pk, delivery="fax", at=at)
        with pytest.raises(Denied):
            services.follow(actor=ANYONE, tender_id=published.pk, delivery="daily", at=at)
        with pytest.raises(Unknown):
            services.follow(actor=fabio, tender_id=submitted.pk, delivery="daily", at=at)
        services.unfollow(actor=house.beto, tender_id=published.pk)
        assert Follow.objects.count() == 1
        services.unfollow(actor=fabio, tender_id=published.pk)
        assert (Follow.objects.count(), Entry.objects.count()) == (0, acts)


class TestByMail:
    def test_a_visitor_confirms_hears_and_stops_with_one_click(  # noqa: PLR0917
        self, house, client, published, at, run_reactions, server, settings
    ):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        page = f"/procesos/{published.code}/seguir/"
        settings.PLIEGO_CAUGHT_MAIL.mkdir(exist_ok=True)

        def ask(address, delivery="at_once"):
            return client.post(page, {"address": address, "delivery": delivery})

        def mails():
            run_reactions()
            return list(catcher.caught(to="vecina@example.org"))

        assert client.get(page).status_code == 200
        assert ask("no es un correo").status_code == 422
        assert ask("vecina@example.org", "inbox").status_code == 422
        first = ask("Vecina@example.org")
        said(house, published, at)
        [question] = mails()
        link = LINK.search(question.text)[0]
        assert client.get(link).status_code == 200
        assert Follow.objects.get().confirmed_at is None
        assert client.post(link, {}).status_code == 303
        assert Follow.objects.get().confirmed_at == at
        known = ask("vecina@example.org")
        assert (known.status_code, known["Location"]) == (first.status_code, first["Location"])
        mails()
        said(house, published, at, "Segundo aviso")
        told = mails()[0]
        raw = next(path for path in settings.PLIEGO_CAUGHT_MAIL.iterdir() if told.name in path.name).read_text()
        assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
        stop = LINK.search(re.search(r"List-Unsubscribe: <([^>]+)>", raw.replace("\n ", ""))[1])[0]
        assert stop.endswith("/baja/")
        assert client.get(stop).status_code == 200
        assert Follow.objects.exists()
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert not Follow.objects.exists()
        assert strict.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
        many = len(mails())
        said(house, published, at, "Tercer aviso")
        assert len(mails()) == many

    def test_is_asked_of_no_address_too_often_and_forgotten_without_its_word(self, published, at, run_reactions):
        wanted = {"address": "x@example.org", "tender_id": published.pk, "delivery": "daily", "language": "es-co"}
        mail.outbox.clear()
        for _time in range(8):
            services.mail_the_question(**wanted, at=at)
        run_reactions()
        secret = Follow.objects.get().secret

        assert len([sent for sent in mail.outbox if sent.to == ["x@example.org"]]) <= 5
        with pytest.raises(Unknown):
            services.confirm(secret=secret, at=at + services.TO_CONFIRM)
        assert services.forget_unconfirmed(at=at + services.TO_CONFIRM - timedelta(seconds=1)) == 0
        assert services.forget_unconfirmed(at=at + services.TO_CONFIRM) == 1


class TestDailyMail:
    def test_tells_each_act_once_in_one_mail_and_ends_with_one_click(self, house, fabio, published, at, run_reactions):
        services.follow(actor=fabio, tender_id=published.pk, delivery="daily", at=at)
        run_reactions()
        said(house, published, at)
        run_reactions()
        mail.outbox.clear()

        def day():
            tasks.day(timestamp=0)
            run_reactions()
            return [sent for sent in mail.outbox if "Lo nuevo" in sent.subject]

        [one] = day()
        assert (one.body.count("Mensaje público de la entidad"), published.title in one.body) == (1, True)
        assert len(day()) == 1
        stop = LINK.search(one.extra_headers["List-Unsubscribe"])
        assert stop[2] == "baja-diaria/"
        services.stop_mails(secret=stop[1], daily=True)
        assert Follow.objects.get().delivery == "inbox"
        assert telling.readers_of_the_day() == []


def test_pages_and_api_of_a_person(client_for, fabio, published, submitted, at):
    browser = client_for(User.objects.get(pk=fabio.user_id))
    path = f"/procesos/{published.code}/seguir/"

    assert "no sigue ningún proceso" in browser.get("/escritorio/siguiendo/").content.decode()
    assert browser.post(path, {"delivery": ""}).status_code == 422
    assert browser.post(path, {"delivery": "daily"}).status_code == 303
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert published.title in browser.get("/escritorio/siguiendo/").content.decode()
    assert len(one) < 25
    assert "Dejar de seguir" in browser.get(path).content.decode()
    api = f"/api/v1/tenders/{published.code}/follow"
    assert browser.put(api, '{"delivery": "inbox"}', content_type="application/json").json()["delivery"] == "inbox"
    assert [row["process"] for row in browser.get("/api/v1/follows").json()] == [published.code]
    assert client_for().get("/api/v1/follows").json() == []
    assert browser.delete(api).status_code == 204
    assert client_for().put(api, '{"delivery": "inbox"}', content_type="application/json").status_code == 403
    assert browser.get(f"/procesos/{submitted.code}/seguir/").status_code == 404
    assert browser.get("/seguimientos/nada/").status_code == 404


def test_many_followers_take_no_more_queries_each(house, published, at):
    def told(many):
        Follow.objects.bulk_create(
            Follow(tender=published, address=f"{many}-{n}@example.org", delivery="daily", secret=f"{many}-{n}",
                   asked_at=at, confirmed_at=at)
            for n in range(many)
        )  # fmt: skip
        entry = said(house, published, at).receipt
        with CaptureQueriesContext(connection) as made:
            telling.tell(entry_id=entry.pk, after=0, at=at)
        return len(made)

    assert told(30) == told(2)
