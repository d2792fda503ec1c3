"""Recovery of a password: one link, told to its owner, that never touches the second factor."""

from datetime import timedelta
from itertools import combinations

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.test import Client

from pliego.accounts import (
    demo,
    factors,
    holds,
    letters,
    passkeys,
    queries,
    recovery,
    reissuing,
    roads,
    sweeping,
)
from pliego.accounts.models import AccessRecord, DoorReport, RecoveryRequest, Reissue
from pliego.accounts.roads import Has, Way
from pliego.accounts.services import as_actor
from pliego.accounts.tests import given
from pliego.kernel import clock
from pliego.kernel.objections import Refused
from pliego.ledger.models import Entry

NEW = "otra clave larga y rara 11"


@pytest.fixture
def ana(db, at, run_reactions):
    user = given.person("ana")
    run_reactions()
    mail.outbox.clear()
    return user


def ask(email, run_reactions, client=None):
    answer = (client or Client()).post("/recuperar/", {"email": email})
    run_reactions()
    return answer


class TestRecover:
    def test_changes_the_password_and_nothing_else(self, ana, client, run_reactions):
        ask(ana.email, run_reactions)
        link = given.link("recuperar/")

        answer = client.post(link, {"password": NEW})

        assert answer["Location"] == "/ingresar/"
        ana.refresh_from_db()
        assert ana.check_password(NEW)
        assert factors.has_totp(ana)
        assert client.post(link, {"password": "una tercera clave larga"}).status_code == 404
        assert client.post("/ingresar/", {"email": ana.email, "password": NEW})["Location"] == "/ingresar/codigo/"

    def test_answers_alike_whoever_is_registered(self, ana, run_reactions):
        known, unknown = ask(ana.email, run_reactions), ask("nadie@pliego.example", run_reactions)

        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        assert [letter.to for letter in mail.outbox] == [[ana.email], ["nadie@pliego.example"]]

    def test_a_weak_password_does_not_spend_the_link(self, ana, client, run_reactions):
        ask(ana.email, run_reactions)
        link = given.link("recuperar/")

        assert client.post(link, {"password": "corta"}).status_code == 422
        assert client.post(link, {"password": NEW}).status_code == 303

    def test_the_link_works_for_half_an_hour(self, ana, client, run_reactions, at):
        ask(ana.email, run_reactions)

        with clock.fixed(at + timedelta(minutes=30)):
            assert client.get(given.link("recuperar/")).status_code == 404

    def test_ends_every_session_and_holds_binding_acts_for_a_day(self, ana, client, run_reactions, at):
        inside = Client()
        inside.post("/ingresar/", {"email": ana.email, "password": given.PASSWORD})
        inside.post("/ingresar/codigo/", {"code": given.code_of(ana)})
        assert inside.get("/cuenta/").status_code == 200
        ask(ana.email, run_reactions)

        client.post(given.link("recuperar/"), {"password": NEW})

        assert inside.get("/cuenta/").status_code == 302
        assert holds.in_force(ana, holds.Kind.AFTER_CHANGE).until == at + timedelta(hours=24)
        assert holds.is_old_enough(ana, at - timedelta(seconds=1))
        assert not holds.is_old_enough(ana, at)
        with clock.fixed(at + timedelta(hours=24)):
            assert holds.is_old_enough(ana, at)

    def test_one_mail_an_hour_three_a_day_and_then_a_digest(self, ana, run_reactions, at):
        for hour in range(6):
            with clock.fixed(at + timedelta(hours=hour, minutes=hour)):
                ask(ana.email, run_reactions)
                ask(ana.email, run_reactions)
        outcomes = list(RecoveryRequest.objects.order_by("id").values_list("outcome", flat=True))

        assert len([m for m in mail.outbox if m.to == [ana.email]]) == 3
        assert outcomes == ["mailed", "quiet"] * 3 + ["held"] * 6
        mail.outbox.clear()
        with clock.fixed(at + timedelta(hours=29)):
            assert sweeping.tell_held() == 1
            assert sweeping.tell_held() == 0
        assert "6 " in mail.outbox[0].body
        assert "no-fui-yo" in mail.outbox[0].body

    def test_the_owner_sees_the_request_on_the_page_and_in_the_ledger(self, ana, client_for, run_reactions):
        ask(ana.email, run_reactions)

        page = client_for(ana).get("/cuenta/")

        assert page.context["recent_recovery"].network == "127.0.0.0/24"
        assert Entry.objects.filter(act="person.recovery_asked", subject_id=ana.pk).count() == 1

    def test_a_network_that_asks_too_much_is_told_to_wait(self, ana):
        statuses = [Client().post("/recuperar/", {"email": f"x{i}@pliego.example"}).status_code for i in range(61)]

        assert statuses == [303] * 60 + [422]


class TestItWasNotMe:
    def test_from_the_mail_freezes_recovery_voids_the_link_and_opens_a_case(self, ana, client, run_reactions, at):
        ask(ana.email, run_reactions)
        link, not_me = given.link("recuperar/"), given.link("no-fui-yo")

        assert client.get(not_me).status_code == 200
        assert not DoorReport.objects.exists()  # a mailbox that opens links reports nothing
        assert client.post(not_me).status_code == 303

        report = DoorReport.objects.get()
        assert (report.user, report.source, report.seen[0]["kind"]) == (ana, "mail", "recovery")
        assert client.get(link).status_code == 404
        mail.outbox.clear()
        with clock.fixed(at + timedelta(hours=23)):
            ask(ana.email, run_reactions)
            assert RecoveryRequest.objects.latest("id").outcome == "frozen"
        with clock.fixed(at + timedelta(hours=24)):
            ask(ana.email, run_reactions)
        assert [letter.to for letter in mail.outbox if "/recuperar/" in letter.body] == [[ana.email]]

    def test_from_the_history_ends_the_other_sessions_and_asks_for_a_new_password(self, ana, client_for, at):
        thief = Client()
        thief.post("/ingresar/", {"email": ana.email, "password": given.PASSWORD})
        thief.post("/ingresar/codigo/", {"code": given.code_of(ana)})
        line = AccessRecord.objects.get(user=ana, kind="sign_in")
        mine = client_for(ana)

        page = mine.get("/cuenta/")
        assert f"/cuenta/historial/{line.code}/no-fui-yo/" in page.text
        answer = mine.post(f"/cuenta/historial/{line.code}/no-fui-yo/", {})

        assert answer["Location"] == "/cuenta/clave/"
        assert thief.get("/cuenta/").status_code == 302
        assert holds.in_force(ana, holds.Kind.RECOVERY_FROZEN)
        assert mine.get("/cuenta/", headers={"accept": "text/html"})["Location"].startswith("/cuenta/clave/")
        told = {"password": NEW, "firma-password": given.PASSWORD, "firma-code": given.code_of(ana, ahead=1)}
        assert mine.post("/cuenta/clave/", told).status_code == 303
        assert mine.get("/cuenta/", headers={"accept": "text/html"}).status_code == 200

    def test_of_a_line_of_somebody_else_is_unknown(self, ana, client_for):
        eva = given.person("eva")
        client_for(eva).post("/ingresar/")
        line = AccessRecord.objects.create(user=ana, kind="failure", at=clock.real_now())
        line.refresh_from_db()

        assert client_for(eva).post(f"/cuenta/historial/{line.code}/no-fui-yo/", {}).status_code == 404

    def test_the_desk_answers_the_case_once_and_nobody_else_sees_it(self, ana, client, client_for, run_reactions):
        ask(ana.email, run_reactions)
        client.post(given.link("no-fui-yo"))
        report = DoorReport.objects.get()
        ines = given.person("ines")
        ines.platform_roles = ["desk"]
        ines.save()
        desk = client_for(ines)

        assert client_for(ana).get("/mesa/accesos/").status_code == 403
        assert report.code in desk.get("/mesa/accesos/").text
        assert [task.subject for task in queries.tasks_for(as_actor(ines), clock.now())] == [ana.full_name]
        assert desk.get(f"/mesa/accesos/{report.code}/").status_code == 200
        assert desk.post(f"/mesa/accesos/{report.code}/", {"text": "Era un robot."}).status_code == 303
        assert desk.post(f"/mesa/accesos/{report.code}/", {"text": "Otra vez."}).status_code == 422
        assert "Era un robot." in client_for(ana).get("/cuenta/").text


# ---- who has what × what was lost → which road -----------------------------------------------------------------------

HAD = {
    "password and authenticator": {Has.PASSWORD, Has.TOTP, Has.CODES, Has.MAIL},
    "passkey alone": {Has.PASSKEY, Has.CODES, Has.MAIL},
    "everything": {Has.PASSWORD, Has.TOTP, Has.PASSKEY, Has.CODES, Has.MAIL},
}
MATRIX = [
    (name, frozenset(lost))
    for name, had in HAD.items()
    for size in range(len(had) + 1)
    for lost in combinations(sorted(had), size)
]


class TestRoads:
    """Each cell is walked: the road that the table gives opens, and only the desk's replaces factors."""

    @pytest.fixture(params=MATRIX, ids=lambda cell: f"{cell[0]}, lost {', '.join(sorted(cell[1])) or 'nothing'}")
    def cell(self, request, db, at):
        name, lost = request.param
        return HAD[name], HAD[name] - lost

    def test_the_road_opens_and_only_the_desk_replaces_factors(self, cell, run_reactions, monkeypatch):
        had, left = cell
        user = self.person_with(had)
        before = sorted(user.authenticator_set.values_list("type", flat=True))

        way = roads.road_for(left)
        opened = self.walk(user, way, left, run_reactions, monkeypatch)

        assert opened is (way != Way.DESK)
        after = ["recovery_codes", "totp"] if way == Way.REISSUE else before
        assert sorted(user.authenticator_set.values_list("type", flat=True)) == after

    def person_with(self, had):
        user = given.person("ana", second_factor=Has.TOTP in had)
        if Has.PASSKEY in had:
            user.authenticator_set.create(type="webauthn", data={"name": "x", "credential": {}, "passwordless": True})
        self.codes = RecoveryCodes.activate(user).get_unused_codes()
        if Has.PASSWORD not in had:
            user.set_unusable_password()
            user.save()
        return user

    def walk(self, user, way, left, run_reactions, monkeypatch):  # noqa: PLR0911 - one line a road
        browser = Client()
        match way:
            case Way.REISSUE:
                assert not self.everything_else_is_shut(user, left, run_reactions)
                return self.by_the_desk(user, NEW, run_reactions)  # what the mailed link just made of it
            case Way.DESK:
                return self.everything_else_is_shut(user, left, run_reactions)
            case Way.PASSKEY:
                self.answers_for(user, monkeypatch)
                return browser.post("/ingresar/llave/", {"credential": '{"id": "x"}'}).status_code == 303
            case Way.AS_ALWAYS:
                return self.enter(browser, user, given.PASSWORD, given.code_of(user))
            case Way.CODE:
                return self.enter(browser, user, given.PASSWORD, self.codes[0])
            case Way.LINK:
                return self.enter(browser, user, self.by_link(user, run_reactions), given.code_of(user))
            case Way.LINK_AND_CODE:
                return self.enter(browser, user, self.by_link(user, run_reactions), self.codes[0])

    def answers_for(self, user, monkeypatch):
        """A device that answers (a real one is walked by the browser tests); everything after it is the product's."""
        factor = user.authenticator_set.get(type="webauthn")
        monkeypatch.setattr(passkeys.auth, "parse_authentication_response", lambda answer: answer)
        monkeypatch.setattr(passkeys.auth, "extract_user_from_response", lambda answer: user)
        monkeypatch.setattr(passkeys.auth, "complete_authentication", lambda holder, answer: factor)

    def by_link(self, user, run_reactions):
        ask(user.email, run_reactions)
        assert Client().post(given.link("recuperar/"), {"password": NEW}).status_code == 303
        return NEW

    def by_the_desk(self, user, password, run_reactions):
        """The case of `test_reissue.py`, from its first page to the sign-in with the new authenticator."""
        Client().post("/reposicion/", {"email": user.email})
        run_reactions()
        told = {"reason": "Perdí todos mis factores en un robo.", "evidence": given.paper().file}
        assert Client().post(given.link("reposicion/caso/"), told).status_code == 303
        code, (first, second) = Reissue.objects.get().code, (given.of_the_desk(name) for name in ("ines", "irma"))
        proof = {"checks": list(reissuing.CHECKS), "findings": "Video con la cédula.", "files": [given.paper()]}
        reissuing.prove(actor=first, code=code, at=clock.now(), **proof)
        reissuing.confirm(actor=second, code=code, at=clock.now())
        with clock.fixed(clock.now() + timedelta(hours=24)):
            letters.new_factors()
            browser = Client()
            browser.get(given.link("reposicion/factor/"))
            code = demo.code_of(browser.session["totp_pending"])
            browser.post(given.link("reposicion/factor/"), {"password": password, "code": code})
            return self.enter(Client(), user, password, given.code_of(user, ahead=1))

    def enter(self, browser, user, password, code):
        browser.post("/ingresar/", {"email": user.email, "password": password})
        browser.post("/ingresar/codigo/", {"code": code})
        return browser.get("/cuenta/").status_code == 200

    def everything_else_is_shut(self, user, left, run_reactions):
        """With the mailbox alone, or the password alone, nobody is let in: False is what it should be."""
        password = given.PASSWORD if Has.PASSWORD in left else NEW
        if Has.MAIL in left:
            password = self.by_link(user, run_reactions)
        return self.enter(Client(), user, password, "000000")


class TestOutcome:
    def test_is_quiet_within_the_hour(self, ana, at):
        RecoveryRequest.objects.create(user=ana, at=at, outcome="mailed")

        assert letters.outcome_for(ana) == "quiet"

    def test_a_person_who_is_gone_gets_no_link(self, ana, run_reactions):
        ana.is_active = False
        ana.save()

        ask(ana.email, run_reactions)

        assert not [letter for letter in mail.outbox if "/recuperar/" in letter.body]


class TestChoose:
    def test_is_refused_with_a_password_of_the_person(self, ana, rf, run_reactions):
        ask(ana.email, run_reactions)
        secret = given.link("recuperar/").split("/")[-2]

        with pytest.raises(Refused, match="password_weak"):
            recovery.choose(request=rf.post("/"), secret=secret, password="ana.prueba.2026", at=clock.now())
