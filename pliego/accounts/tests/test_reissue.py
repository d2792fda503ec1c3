"""Lost factors: proof of identity, two people of the desk, a wait that any old factor ends, and the password."""

import threading
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pliego.accounts import closing, demo, factors, holds, letters, queries, reissuing, services, sweeping, tokens
from pliego.accounts.models import AccessRecord, FormerEmail, Reissue, User
from pliego.accounts.policy import REISSUING
from pliego.accounts.tests import given
from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry

WHY = "Me robaron el teléfono y con él la aplicación y los códigos."
FOUND = "Llamada al teléfono registrado y video con la cédula en la mano."
DAY = timedelta(hours=24)


@pytest.fixture
def ana(db, at):
    user = given.person("ana")
    RecoveryCodes.activate(user)
    mail.outbox.clear()
    return user


@pytest.fixture
def desk(db, at):
    return [given.of_the_desk(name) for name in ("ines", "irma", "ivan")]


def ask(email, run_reactions):
    answer = Client().post("/reposicion/", {"email": email})
    run_reactions()
    return answer


@pytest.fixture
def opened(ana, run_reactions):
    ask(ana.email, run_reactions)
    sent = Client().post(given.link("reposicion/caso/"), {"reason": WHY, "evidence": given.paper().file})
    assert sent.status_code == 303, sent.text
    run_reactions()
    return Reissue.objects.get()


@pytest.fixture
def proved(opened, desk, at):
    return reissuing.prove(actor=desk[0], code=opened.code, at=at, **proof())


@pytest.fixture
def confirmed(proved, desk, at, run_reactions):
    found = reissuing.confirm(actor=desk[1], code=proved.code, at=at)
    run_reactions()
    return found


def last_to(user):
    return [letter for letter in mail.outbox if letter.to == [user.email]][-1]


def proof(**changes):
    return {"checks": list(reissuing.CHECKS), "findings": FOUND, "files": [given.paper()], **changes}


def enter(user, code, password=given.PASSWORD):
    browser = Client()
    browser.post("/ingresar/", {"email": user.email, "password": password})
    browser.post("/ingresar/codigo/", {"code": code})
    return browser if browser.get("/cuenta/").status_code == 200 else None


class Waited:
    """The wait is over: the link arrived, and the page that it opens is before the person."""

    def __init__(self, at, run_reactions):
        self.clock = clock.fixed(at + DAY)
        self.clock.__enter__()
        assert (letters.new_factors(), letters.new_factors()) == (1, 0)
        run_reactions()
        self.link, self.browser = given.link("reposicion/factor/"), Client()
        assert self.browser.get(self.link).status_code == 200
        self.secret = self.browser.session["totp_pending"]

    def send(self, password=given.PASSWORD, code=None):
        return self.browser.post(self.link, {"password": password, "code": code or demo.code_of(self.secret)})


@pytest.fixture
def waited(confirmed, at, run_reactions):
    found = Waited(at, run_reactions)
    yield found
    found.clock.__exit__(None, None, None)


class TestAsk:
    def test_answers_alike_whoever_is_registered(self, ana, at, run_reactions):
        def asked(email):
            with CaptureQueriesContext(connection) as statements:
                answer = Client().post("/reposicion/", {"email": email})
            return answer.status_code, answer["Location"], [q["sql"].split(" ")[0] for q in statements]

        assert asked(ana.email) == asked("nadie@pliego.example")
        run_reactions()
        assert [letter.to for letter in mail.outbox] == [[ana.email], ["nadie@pliego.example"]]

    def test_mails_one_link_an_hour_and_none_while_frozen(self, ana, run_reactions, at):
        for _i in range(3):
            ask(ana.email, run_reactions)
        assert len(mail.outbox) == 1
        holds.place(ana, holds.Kind.RECOVERY_FROZEN, "not_me")
        with clock.fixed(at + timedelta(hours=2)):
            ask(ana.email, run_reactions)
        assert len(mail.outbox) == 1

    def test_says_how_the_case_goes_to_who_asks_again(self, opened, ana, run_reactions, at):
        mail.outbox.clear()
        with clock.fixed(at + timedelta(hours=2)):
            ask(ana.email, run_reactions)

        assert opened.code in mail.outbox[0].body
        assert "/reposicion/" not in mail.outbox[0].body


class TestOpenCase:
    def test_changes_nothing_at_the_door_and_tells_the_person_and_the_desk(self, opened, ana, desk):
        assert (opened.state, opened.user) == ("asked", ana)
        assert factors.has_totp(ana)
        assert "no-fui-yo" in last_to(ana).body
        assert opened.documents.get().audience == "desk"
        entry = Entry.objects.get(act="reissue.asked")
        assert (entry.file, len(entry.documents)) == (ana.file, 1)
        assert AccessRecord.objects.filter(user=ana, kind="reissue", method="opened", detail=opened.code).exists()
        assert ana.full_name in [task.subject for task in queries.tasks_for(desk[0], clock.now())]

    def test_the_link_works_once_and_for_a_day(self, ana, run_reactions, at):
        ask(ana.email, run_reactions)
        link = given.link("reposicion/caso/")
        with clock.fixed(at + DAY):
            assert Client().get(link).status_code == 404
        assert Client().get(link).status_code == 200
        assert Client().post(link, {"reason": WHY, "evidence": given.paper().file}).status_code == 303
        assert Client().get(link).status_code == 404

    @pytest.mark.parametrize("missing", ["reason", "evidence"])
    def test_is_refused_without_reason_or_document_and_the_link_stays_good(self, ana, run_reactions, missing):
        ask(ana.email, run_reactions)
        link = given.link("reposicion/caso/")
        told = {"reason": WHY, "evidence": given.paper().file}
        del told[missing]

        answer = Client().post(link, told)

        assert answer.status_code == 422
        assert missing in answer.context["form"].errors
        assert Client().get(link).status_code == 200

    def test_there_is_one_open_case_a_person(self, opened, ana, rf, at):
        secret = letters.links.make(ana, letters.links.Purpose.REISSUE)

        with pytest.raises(Refused, match="already_done"):
            reissuing.open_case(request=rf.post("/"), secret=secret, reason=WHY, files=[given.paper()], at=at)


class TestProve:
    @pytest.mark.parametrize(("changes", "code"), [
        ({"checks": ["registration"]}, "checks_missing"),
        ({"findings": "bien"}, "reason_missing"),
        ({"files": []}, "evidence_missing"),
    ])  # fmt: skip
    def test_is_refused_with(self, opened, desk, at, changes, code):
        with pytest.raises(Refused, match=code):
            reissuing.prove(actor=desk[0], code=opened.code, at=at, **proof(**changes))

    def test_is_for_the_desk_signed_and_never_about_oneself(self, opened, ana, desk, at):
        with pytest.raises(Denied):
            reissuing.prove(actor=services.as_actor(ana), code=opened.code, at=at, **proof())
        with pytest.raises(Unknown):
            reissuing.prove(actor=services.as_actor(given.person("eva")), code=opened.code, at=at, **proof())
        with pytest.raises(SignatureRequired):
            reissuing.prove(actor=desk[0].with_signature(None), code=opened.code, at=at, **proof())
        User.objects.filter(pk=ana.pk).update(platform_roles=["desk"])
        with pytest.raises(Denied):
            reissuing.prove(actor=given.of_the_desk("ana"), code=opened.code, at=at, **proof())


class TestConfirm:
    def test_is_for_another_person_also_in_the_database(self, proved, desk, at):
        with pytest.raises(Denied):
            reissuing.confirm(actor=desk[0], code=proved.code, at=at)
        with pytest.raises(IntegrityError), transaction.atomic():
            Reissue.objects.filter(pk=proved.pk).update(state="confirmed", confirmed_by_id=desk[0].user_id)
        with pytest.raises(IntegrityError), transaction.atomic():
            Reissue.objects.filter(pk=proved.pk).update(state="confirmed")

    def test_begins_the_wait_of_the_real_clock_and_tells_the_addresses_old_and_new(
        self, proved, ana, desk, at, run_reactions
    ):
        FormerEmail.objects.create(user=ana, email="ana.antes@pliego.example", left_at=at)
        FormerEmail.objects.create(user=ana, email="ana.hace.mucho@pliego.example", left_at=at - timedelta(days=181))
        run_reactions()
        mail.outbox.clear()

        found = reissuing.confirm(actor=desk[1], code=proved.code, at=at - timedelta(days=400))
        run_reactions()

        assert found.effective_at == at + DAY
        assert {letter.to[0] for letter in mail.outbox} == {ana.email, "ana.antes@pliego.example"}
        assert all("no-fui-yo" in letter.body and "/reposicion/" not in letter.body for letter in mail.outbox)
        assert Entry.objects.filter(act="reissue.confirmed", subject_id=ana.pk).count() == 1

    def test_the_wait_is_a_setting(self, proved, desk, at, settings):
        settings.PLIEGO_REISSUE_HOURS = 72.0

        assert reissuing.confirm(actor=desk[1], code=proved.code, at=at).effective_at == at + 3 * DAY

    @pytest.mark.django_db(transaction=True)
    def test_of_two_at_once_one_counts(self, proved, desk, at):
        results = []

        def press(actor):
            try:
                results.append(reissuing.confirm(actor=actor, code=proved.code, at=at).state)
            except (Refused, Denied) as fault:
                results.append(type(fault).__name__)
            finally:
                close_old_connections()
                connection.close()

        threads = [threading.Thread(target=press, args=(actor,)) for actor in desk[1:]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(results) == ["Denied", "confirmed"]
        assert Entry.objects.filter(act="reissue.confirmed").count() == 1


class TestRefuse:
    def test_tells_the_person_why_and_lets_them_ask_again(self, proved, ana, desk, at, run_reactions):
        mail.outbox.clear()

        reissuing.refuse(actor=desk[1], code=proved.code, reason="La cédula enviada no se puede leer.", at=at)
        run_reactions()

        assert "no se puede leer" in last_to(ana).body
        with clock.fixed(at + timedelta(hours=2)):
            ask(ana.email, run_reactions)
        assert "/reposicion/caso/" in last_to(ana).body

    def test_needs_a_reason(self, opened, desk, at):
        with pytest.raises(Refused, match="reason_missing"):
            reissuing.refuse(actor=desk[0], code=opened.code, reason="no", at=at)


class TestUse:
    def test_replaces_every_factor_ends_sessions_and_begins_the_hold(self, confirmed, ana, at, run_reactions):
        inside = Client()
        inside.force_login(ana, backend="pliego.accounts.sessions.Backend")
        text, _token = tokens.open_token(user=ana)
        old = given.code_of(ana)
        waited = Waited(at, run_reactions)
        mail.outbox.clear()

        answer = waited.send()
        run_reactions()

        assert answer["Location"] == "/registro/codigos/", answer.text
        assert len(waited.browser.get("/registro/codigos/").context["codes"]) == 10
        assert Reissue.objects.get().state == "done"
        kinds = sorted(Authenticator.objects.filter(user=ana).values_list("type", flat=True))
        assert kinds == ["recovery_codes", "totp"]
        assert tokens.token_called(text) is None
        assert holds.in_force(ana, holds.Kind.AFTER_CHANGE).cause == "factors_reissued"
        entry = Entry.objects.get(act="person.factors_reissued")
        assert '"removed":["recovery_codes","totp"]' in entry.body.replace(" ", "")
        assert [letter.to for letter in mail.outbox] == [[ana.email]]
        assert AccessRecord.objects.filter(user=ana, kind="reissue", method="desk").exists()
        assert waited.browser.get(waited.link).status_code == 404
        assert enter(ana, old) is None
        assert enter(ana, given.code_of(ana, ahead=1)) is not None
        waited.clock.__exit__(None, None, None)

    def test_never_skips_the_password_and_counts_each_try(self, waited, ana):
        answers = [waited.send(password="no es esta, seguro").status_code for _i in range(10)]
        over = waited.send()

        assert answers == [422] * 10
        assert over.status_code == 422
        assert "password" in over.context["form"].errors
        assert factors.has_totp(ana)
        assert Reissue.objects.get().state == "confirmed"
        assert AccessRecord.objects.filter(user=ana, kind="failure", method="password").count() == 10

    def test_the_service_itself_asks_for_the_password(self, waited, rf, at):
        secret = waited.link.split("/")[-2]

        with pytest.raises(Refused, match="password_wrong"):
            reissuing.use(
                request=rf.post("/"), secret=secret, password="otra", totp_secret="A" * 32, code="000000", at=at
            )

    def test_a_wrong_code_spends_nothing(self, waited, ana):
        assert waited.send(code="000000").status_code == 422
        assert waited.send()["Location"] == "/registro/codigos/"

    def test_no_link_opens_before_the_wait_is_over(self, confirmed, ana, at, run_reactions):
        with clock.fixed(at + DAY - timedelta(seconds=1)):
            assert letters.new_factors() == 0
            secret = letters.links.make(ana, letters.links.Purpose.NEW_FACTOR)
            assert Client().get(f"/reposicion/factor/{secret}/").status_code == 404
        assert not [letter for letter in mail.outbox if "/reposicion/factor/" in letter.body]

    def test_the_link_lives_half_an_hour_and_another_is_mailed_to_who_asks(self, waited, ana, at, run_reactions):
        with clock.fixed(at + DAY + timedelta(minutes=30)):
            assert Client().get(waited.link).status_code == 404
            mail.outbox.clear()
            ask(ana.email, run_reactions)
            assert Client().get(given.link("reposicion/factor/")).status_code == 200

    def test_lapses_after_seven_days(self, waited, ana, at):
        with clock.fixed(at + 8 * DAY):
            secret = letters.links.make(ana, letters.links.Purpose.NEW_FACTOR)
            assert Client().get(f"/reposicion/factor/{secret}/").status_code == 404
            sweeping.sweep()
            assert Reissue.objects.get().state == "lapsed"

    def test_is_closed_to_who_is_gone(self, waited, ana, at):
        closing.end(ana, at)

        assert Client().get(waited.link).status_code == 404


class TestStop:
    def test_an_old_factor_used_during_the_wait_stops_it(self, confirmed, ana, at, run_reactions):
        assert enter(ana, given.code_of(ana)) is not None
        run_reactions()

        found = Reissue.objects.get()
        assert (found.state, found.closed_by) == ("stopped", ana)
        with clock.fixed(at + DAY):
            assert letters.new_factors() == 0
        assert not [letter for letter in mail.outbox if "/reposicion/factor/" in letter.body]

    def test_also_after_the_link_was_mailed_and_by_a_program(self, waited, ana, client):
        told = {"email": ana.email, "password": given.PASSWORD, "code": given.code_of(ana)}
        opened = client.post("/api/v1/sessions", told, content_type="application/json")
        assert opened.status_code == 201

        assert waited.send().status_code == 404
        assert Reissue.objects.get().state == "stopped"

    def test_and_by_the_signature_of_an_act_in_an_open_session(self, confirmed, ana, client_for):
        signed = {"firma-password": given.PASSWORD, "firma-code": given.code_of(ana)}

        assert client_for(ana).post("/cuenta/confirmar/", signed).status_code == 303

        assert Reissue.objects.get().state == "stopped"

    def test_the_password_alone_stops_nothing(self, confirmed, ana):
        Client().post("/ingresar/", {"email": ana.email, "password": given.PASSWORD})

        assert Reissue.objects.get().state == "confirmed"

    def test_who_is_inside_sees_it_first_and_stops_it_with_one_button(self, opened, ana, client_for, at, run_reactions):
        mine = client_for(ana)
        stop = f"/cuenta/reposiciones/{opened.code}/detener/"
        assert stop in mine.get("/cuenta/").text

        assert mine.get(stop).status_code == 200
        assert mine.post(stop, {}).status_code == 303

        assert Reissue.objects.get().state == "stopped"
        assert holds.in_force(ana, holds.Kind.RECOVERY_FROZEN)
        assert stop not in mine.get("/cuenta/").text

    def test_it_was_not_me_in_a_mail_stops_it(self, confirmed):
        assert Client().post(given.link("no-fui-yo"), {}).status_code == 303

        assert Reissue.objects.get().state == "stopped"

    def test_of_another_person_is_unknown(self, opened, client_for):
        eva = client_for(given.person("eva"))

        assert eva.post(f"/cuenta/reposiciones/{opened.code}/detener/", {}).status_code == 404


class TestPagesOfTheDesk:
    def browser(self, client_for, name):
        given.of_the_desk(name)
        client = client_for(User.objects.get(email=f"{name}@pliego.example"))
        session = client.session
        kept = {"method": "totp", "signed_at": clock.now().isoformat(), "evidence": {}, "proved_by": ""}
        session["step_up"] = {**kept, "at": clock.real_now().isoformat()}
        session.save()
        return client

    def test_one_proves_another_confirms_and_the_papers_are_theirs_alone(self, opened, ana, client_for):
        ines, irma = (self.browser(client_for, name) for name in ("ines", "irma"))
        url = f"/mesa/reposiciones/{opened.code}/"
        assert opened.code in ines.get("/mesa/reposiciones/").text
        page = ines.get(url)
        assert WHY in page.text
        paper = f"{url}pruebas/{opened.documents.get().code}/"
        assert b"".join(ines.get(paper).streaming_content).startswith(b"%PDF")
        assert client_for(ana).get(paper).status_code == 403

        told = {"checks": list(reissuing.CHECKS), "findings": FOUND, "evidence": given.paper().file}
        assert ines.post(f"{url}probar/", told).status_code == 303
        assert "confirmar/" not in ines.get(url).text
        assert "confirmar/" in irma.get(url).text
        assert irma.post(f"{url}confirmar/", {}).status_code == 303

        assert Reissue.objects.get().state == "confirmed"

    def test_says_what_was_not_checked_at_its_field(self, opened, client_for):
        ines = self.browser(client_for, "ines")

        answer = ines.post(f"/mesa/reposiciones/{opened.code}/probar/", {"checks": ["source"], "findings": FOUND})

        assert answer.status_code == 422
        assert {"checks", "evidence"} <= set(answer.context["form"].errors)


class TestOverTheApi:
    def test_asks_reads_and_stops(self, opened, ana, client, desk):
        asked = client.post("/api/v1/reissues", {"email": "nadie@pliego.example"}, content_type="application/json")
        text, _token = tokens.open_token(user=ana)
        key = {"Authorization": f"Bearer {text}"}

        mine = client.get("/api/v1/reissues", headers=key).json()
        stopped = client.post(f"/api/v1/reissues/{opened.code}/stop", headers=key)

        assert asked.status_code == 202
        assert [row["code"] for row in mine] == [opened.code]
        assert (stopped.status_code, stopped.json()["state"]) == (200, "stopped")
        assert stopped.json()["receipt"]

    def test_who_sees_it_is_who_the_policy_lets_view(self, opened, ana, desk):
        actors = [services.as_actor(ana), services.as_actor(given.person("eva")), desk[0]]

        for actor in actors:
            seen = Reissue.objects.visible_to(actor).filter(pk=opened.pk).exists()
            assert seen is bool(REISSUING.verdict(actor, REISSUING.view, opened))
