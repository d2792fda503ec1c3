"""The door cannot be turned against its owner, and tells a stranger nothing."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection, connections
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from pliego.accounts import door, hashers, journal, links, rules, tries
from pliego.accounts.models import AccessRecord, KnownDevice, Tries
from pliego.accounts.tests import given
from pliego.kernel import clock
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.objections import Refused

NETWORKS, ROUNDS, GUESSES_A_ROUND = 200, 20, 100
BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=BOGOTA)
OTHER_NETWORK = {"REMOTE_ADDR": "198.51.100.7"}


def enter(client, email, password=given.PASSWORD, address="127.0.0.1"):
    return client.post("/ingresar/", {"email": email, "password": password}, REMOTE_ADDR=address).status_code == 303


def enter_by_api(client, email, password, address):
    told = {"email": email, "password": password}
    answer = client.post("/api/v1/sessions", told, content_type="application/json", REMOTE_ADDR=address)
    return answer.status_code == 201


def guess(email, times, address="203.0.113.5"):
    return [enter(Client(), email, f"no es esta, la número {i}", address) for i in range(times)]


@pytest.fixture
def ana(db, at):
    return given.person("ana", second_factor=False)


@pytest.mark.slow
class TestAttack:
    def test_two_thousand_guesses_from_two_hundred_networks_keep_the_owner_out_of_nowhere(
        self, db, run_reactions, capsys
    ):
        """By both doors, page and API. An hour between rounds: one mailed link an hour is all that the owner gets."""
        with clock.fixed(BEGAN):
            ana = given.person("ana", second_factor=False)
            known = Client()
            assert enter(known, ana.email)
            known.post("/salir/")
        guesses = got_in = from_known = from_new = 0
        for step in range(ROUNDS):
            with clock.fixed(BEGAN + timedelta(hours=step + 1, minutes=step)):
                for _i in range(GUESSES_A_ROUND):
                    address = f"10.{guesses % NETWORKS}.{step}.7"
                    door_of_now = enter if guesses % 10 == 0 else enter_by_api
                    got_in += door_of_now(Client(), ana.email, f"intento {guesses}", address)
                    guesses += 1
                from_known += enter(known, ana.email, address="192.0.2.10")
                known.post("/salir/")
                from_new += self.from_a_new_browser(ana, f"190.{step}.2.2", run_reactions)
        with capsys.disabled():
            sys.stdout.write(
                f"\n{guesses} guesses from {NETWORKS} networks, {got_in} got in; the owner got in {from_known} times of"
                f" {ROUNDS} from a known browser, {from_new} of {ROUNDS} from a new one with the mailed link\n"
            )

        assert (guesses, got_in, from_known, from_new) == (ROUNDS * GUESSES_A_ROUND, 0, ROUNDS, ROUNDS)

    @staticmethod
    def from_a_new_browser(user, address, run_reactions):
        mail.outbox.clear()
        browser = Client()
        if enter(browser, user.email, address=address):
            return True
        run_reactions()
        link = given.link("dispositivo")
        assert browser.post(link, REMOTE_ADDR=address).status_code == 303
        assert Client().post(link).status_code == 404  # good once
        return enter(browser, user.email, address=address)


class TestBuckets:
    def test_strangers_get_ten_tries_a_quarter_of_an_hour_whatever_their_networks(self, ana, at):
        for i in range(10):
            assert not enter(Client(), ana.email, "no es esta clave", f"10.{i}.0.1")

        assert not enter(Client(), ana.email, address="10.99.0.1")  # right, and not listened to
        with clock.fixed(at + tries.QUARTER):
            assert enter(Client(), ana.email, address="10.99.0.1")

    def test_a_network_waits_after_fifty_failures_over_all_accounts_but_not_its_known_browsers(self, ana, at):
        known = Client()
        assert enter(known, ana.email, address="203.0.113.9")
        known.post("/salir/")
        for i in range(5):
            guess(f"nadie{i}@pliego.example", 10)

        assert not enter(Client(), ana.email, address="203.0.113.200")  # the same /24
        assert enter(known, ana.email, address="203.0.113.9")
        assert enter(Client(), ana.email, address="203.0.114.1")

    def test_a_right_password_gives_its_try_back(self, ana):
        for _i in range(12):
            assert enter(Client(), ana.email)

    def test_a_known_browser_that_fails_ten_times_is_known_no_longer(self, ana):
        thief = Client()
        assert enter(thief, ana.email)
        thief.post("/salir/")
        for _i in range(10):
            assert not enter(thief, ana.email, "no es esta clave")

        assert KnownDevice.objects.get(user=ana).revoked_at is not None

    def test_the_cookie_of_another_person_or_a_forged_one_counts_as_strange(self, ana, client):
        eva = given.person("eva", second_factor=False)
        assert enter(client, eva.email)
        client.post("/salir/")
        guess(ana.email, 10)

        assert not enter(client, ana.email)
        client.cookies["disp"] = "x:y"
        assert not enter(client, eva.email, "no es esta")

    def test_the_code_has_its_own_tries_and_no_more_than_ten(self, db, at):
        ana = given.person("ana")
        request = RequestFactory().post("/")
        for _i in range(10):
            assert door.prove_code(request, user=ana, code="000000") == ""

        with pytest.raises(Refused, match="door_closed"):
            door.prove_code(request, user=ana, code=given.code_of(ana))

    def test_the_table_holds_no_address(self, ana):
        guess("quien.sabe@pliego.example", 1)

        assert not [row.key for row in Tries.objects.all() if "pliego.example" in row.key]


class TestAddress:
    @pytest.mark.parametrize(
        ("proxies", "told", "address"),
        [
            (0, "203.0.113.9", "127.0.0.1"),
            (1, "203.0.113.9", "203.0.113.9"),
            (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),  # what the client wrote itself
            (2, "1.2.3.4, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
            (2, "10.0.0.2", "127.0.0.1"),
            (1, "", "127.0.0.1"),
        ],
    )
    def test_is_what_our_own_proxy_saw(self, settings, rf, proxies, told, address):
        settings.PLIEGO_PROXIES = proxies

        assert journal.address_of(rf.get("/", headers={"x-forwarded-for": told})) == address


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_no_more_than_ten_of_forty_simultaneous_tries_are_made(self):
        def one(_i):
            try:
                return tries.take(tries.PASSWORD_OF_STRANGERS, "ana@pliego.example")
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as pool:
            taken = list(pool.map(one, range(40)))

        assert sum(taken) == 10

    def test_a_mailed_link_opens_for_one_of_two(self, at):
        ana = given.person("ana", second_factor=False)
        secret = links.make(ana, links.Purpose.DEVICE)

        def one(_i):
            try:
                links.use(secret, links.Purpose.DEVICE)
                return True
            except Exception as fault:
                return type(fault).__name__
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            assert sorted(map(str, pool.map(one, range(4)))) == ["True", "Unknown", "Unknown", "Unknown"]


class TestNobodyLearnsWhoIsRegistered:
    """Same hashes, same statements, same words, for somebody and for nobody (the time is measured in benchmarks)."""

    def tried(self, monkeypatch, email, password):
        hashes = []
        with monkeypatch.context() as counting, CaptureQueriesContext(connection) as asked:
            for name in ("encode", "verify"):
                real = getattr(hashers.Argon2id, name)
                counted = lambda self, *a, _real=real, _name=name: hashes.append(_name) or _real(self, *a)  # noqa: E731
                counting.setattr(hashers.Argon2id, name, counted)
            answer = Client().post("/ingresar/", {"email": email, "password": password})
        statements = [q["sql"].split(" ")[0] for q in asked]
        return answer, hashes, statements

    def test_one_hash_and_the_same_statements_on_both_roads(self, ana, at, monkeypatch):
        wrong, hashes, statements = self.tried(monkeypatch, ana.email, "no es esta clave larga")
        unknown, hashes_of_nobody, statements_of_nobody = self.tried(
            monkeypatch, "nadie@pliego.example", "no es esta clave larga"
        )

        assert len(hashes) == len(hashes_of_nobody) == 1
        assert statements == statements_of_nobody
        assert wrong.status_code == unknown.status_code == 422
        assert wrong.context["form"].errors == unknown.context["form"].errors

    def test_one_hash_when_the_password_is_right(self, ana, monkeypatch):
        answer, hashes, _statements = self.tried(monkeypatch, ana.email, given.PASSWORD)

        assert (answer.status_code, len(hashes)) == (303, 1)

    def test_one_hash_for_who_chose_no_password(self, ana, monkeypatch):
        ana.set_unusable_password()
        ana.save()

        _answer, hashes, _statements = self.tried(monkeypatch, ana.email, given.PASSWORD)

        assert len(hashes) == 1

    def test_a_closed_door_is_closed_alike_and_offers_a_mail_alike(self, ana, run_reactions):
        guess(ana.email, 10)
        guess("nadie@pliego.example", 10, "203.0.114.5")
        run_reactions()
        mail.outbox.clear()

        closed = Client().post("/ingresar/", {"email": ana.email, "password": given.PASSWORD}, **OTHER_NETWORK)
        nobodys = Client().post("/ingresar/", {"email": "nadie@pliego.example", "password": "x" * 12}, **OTHER_NETWORK)

        assert closed.context["form"].errors == nobodys.context["form"].errors
        assert run_reactions() == 2
        assert [letter.to for letter in mail.outbox] == [[ana.email]]

    def test_one_link_an_hour_is_mailed_however_many_strangers_knock(self, ana, run_reactions):
        mail.outbox.clear()
        guess(ana.email, 25)
        run_reactions()

        assert len(mail.outbox) == 1


class TestDeviceLink:
    def test_makes_the_browser_known_without_signing_in(self, ana, client, run_reactions):
        guess(ana.email, 11)
        run_reactions()
        link = given.link("dispositivo")

        assert client.get(link).status_code == 200
        assert not KnownDevice.objects.exists()  # a mailbox that opens links spends nothing
        assert client.post(link)["Location"] == "/ingresar/"
        assert client.get("/cuenta/").status_code == 302
        assert enter(client, ana.email)
        assert AccessRecord.objects.filter(user=ana, kind="device").count() == 1

    def test_works_for_a_day(self, ana, client, at):
        secret = links.make(ana, links.Purpose.DEVICE)

        with clock.fixed(at + timedelta(hours=24)):
            assert client.get(f"/dispositivo/{secret}/").status_code == 404

    def test_is_no_recovery_link(self, ana, client):
        secret = links.make(ana, links.Purpose.DEVICE)

        assert client.get(f"/recuperar/{secret}/").status_code == 404


class TestHashesAtOnce:
    def test_wait_for_their_turn_and_then_say_so(self, monkeypatch):
        monkeypatch.setattr(hashers, "PATIENCE_SECONDS", 0.01)
        taken = [hashers.turn() for _i in range(hashers._turns()._value)]
        for turn in taken:
            turn.__enter__()
        try:
            with pytest.raises(Refused, match="busy"):
                hashers.Argon2id().encode("una clave de prueba", "sal-de-prueba")
        finally:
            for turn in taken:
                turn.__exit__(None, None, None)

        assert rules.PASSWORD_LENGTH == (12, 128)
        assert hashers.Argon2id().encode("una clave de prueba", "sal-de-prueba").startswith("argon2$argon2id$")
