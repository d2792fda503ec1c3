"""The signature of an act by passkey: over what the page showed, once, and checked by anybody afterwards."""

import json
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from pliego.accounts.models import AccessRecord, Hold, Intention
from pliego.accounts.tests import given
from pliego.accounts.tests.passkey import Passkey
from pliego.kernel import clock
from pliego.ledger import intentions, log, receipts, signer, verify, webauthn
from pliego.ledger.models import Entry
from pliego.ledger.notes import Key


@pytest.fixture
def ana(db, at):
    return given.person("ana")


@pytest.fixture
def passkey(ana):
    return Passkey().of(ana)


@pytest.fixture
def page(ana):
    """A page with an act that binds: taking a factor away."""
    return reverse("accounts:remove-factor", args=[Authenticator.objects.get(user=ana, type="totp").pk])


def looked_at(client, page):
    """What the page shows before it is signed: the answer, and the fields that go on."""
    shown = client.post(page, {"una_vez": "una-sola-vez"})
    assert shown.status_code == 200, shown.text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown.text))
    fields.pop("csrfmiddlewaretoken", None)
    return shown, fields | {"firma-intention": shown.context["shown"].intention.code}


def signed(client, page, passkey, **options):
    shown, fields = looked_at(client, page)
    answer = passkey.answer(intentions.challenge(shown.context["shown"].text), **options)
    return client.post(page, {**fields, "firma-assertion": json.dumps(answer)})


class TestSigningByPasskey:
    def test_shows_what_would_be_written_and_writes_nothing(self, client_for, ana, passkey, page):
        shown, fields = looked_at(client_for(ana), page)

        assert fields["una_vez"] == "una-sola-vez"
        assert shown.context["shown"].sha256 in shown.text
        assert [act["act"] for _title, act in shown.context["shown"].acts] == ["person.second_factor_removed"]
        assert not Entry.objects.filter(act="person.second_factor_removed").exists()
        assert Authenticator.objects.filter(user=ana, type="totp").exists()

    def test_puts_the_answer_and_the_intention_into_the_act(self, client_for, ana, passkey, page):
        assert signed(client_for(ana), page, passkey).status_code == 303

        entry = Entry.objects.get(act="person.second_factor_removed")
        signature = entry.content["signature"]
        assert signature["method"] == "passkey"
        assert webauthn.decode(signature["evidence"]["assertion"]["public_key"]) == passkey.cose
        assert signature["evidence"]["intention"]["person"] == ana.code
        assert AccessRecord.objects.filter(user=ana, kind="step_up", method="webauthn").count() == 1
        log.sequence_once()
        signer.sign_once()
        entry.refresh_from_db()
        receipt = receipts.build(entry)
        report = verify.verify_bytes(json.dumps(receipt).encode(), Key.parse(receipt["vkey"]))
        assert report.is_authentic
        assert report.warnings == []

    def test_signs_no_second_act_with_the_same_answer(self, client_for, ana, passkey, page):
        client = client_for(ana)
        shown, fields = looked_at(client, page)
        answer = json.dumps(passkey.answer(intentions.challenge(shown.context["shown"].text)))
        other = reverse("accounts:remove-factor", args=[Authenticator.objects.get(user=ana, type="webauthn").pk])

        elsewhere = client.post(other, {"firma-intention": fields["firma-intention"], "firma-assertion": answer})
        first = client.post(page, {**fields, "firma-assertion": answer})
        again = client.post(page, {**fields, "una_vez": "otra", "firma-assertion": answer})

        assert (elsewhere.status_code, first.status_code) == (422, 303)
        assert again.status_code in {404, 422}
        assert Entry.objects.filter(act="person.second_factor_removed").count() == 1

    @pytest.mark.parametrize("flags", [0x00, 0x01, 0x04])
    def test_is_refused_when_the_person_was_not_verified(self, client_for, ana, passkey, page, flags):
        assert signed(client_for(ana), page, passkey, flags=flags).status_code == 422
        assert AccessRecord.objects.filter(user=ana, kind="step_up_failure", method="webauthn").count() == 1
        assert not Entry.objects.filter(act="person.second_factor_removed").exists()

    def test_is_refused_with_the_key_of_somebody_else(self, client_for, ana, passkey, page):
        assert signed(client_for(ana), page, Passkey()).status_code == 422

    def test_is_refused_with_what_another_person_was_shown(self, client_for, ana, passkey, page):
        eva = given.person("eva")
        own = reverse("accounts:remove-factor", args=[Authenticator.objects.get(user=eva, type="totp").pk])
        shown = client_for(eva).post(own, {"firma-paso": "ver"})
        stolen = shown.context["shown"]

        answer = passkey.answer(intentions.challenge(stolen.text))
        sent = {"firma-intention": stolen.intention.code, "firma-assertion": json.dumps(answer)}
        assert client_for(ana).post(page, sent).status_code == 422

    def test_is_refused_after_five_minutes(self, client_for, ana, passkey, page, at):
        client = client_for(ana)
        shown, fields = looked_at(client, page)
        answer = json.dumps(passkey.answer(intentions.challenge(shown.context["shown"].text)))

        with clock.fixed(Intention.objects.get().expires_at):
            assert client.post(page, {**fields, "firma-assertion": answer}).status_code == 422

    def test_a_passkey_sign_in_does_not_sign_acts_unseen(self, client_for, ana, passkey, page):
        client = client_for(ana)
        session = client.session
        kept = {"method": "passkey", "signed_at": clock.now().isoformat(), "evidence": {}, "proved_by": ""}
        session["step_up"] = {**kept, "at": clock.real_now().isoformat()}
        session.save()

        assert client.post(page, {}).context["shown"]
        assert not Entry.objects.filter(act="person.second_factor_removed").exists()


class TestSigningWithPasswordAndCode:
    def test_can_look_first_and_the_act_keeps_what_was_shown(self, client_for, ana, page):
        client = client_for(ana)
        shown = client.post(page, {"firma-paso": "ver"})
        told = {"firma-password": given.PASSWORD, "firma-code": given.code_of(ana)}

        done = client.post(page, {**told, "firma-intention": shown.context["shown"].intention.code})

        assert done.status_code == 303
        signature = Entry.objects.get(act="person.second_factor_removed").content["signature"]
        assert signature["method"] == "totp"
        assert signature["evidence"]["intention"]["acts"] == shown.context["shown"].text["acts"]


class TestHold:
    @pytest.fixture
    def hold(self, ana):
        now = clock.real_now()
        return Hold.objects.create(
            user=ana, kind=Hold.Kind.AFTER_CHANGE, cause="password", began_at=now, until=now + timedelta(hours=24)
        )

    def test_lets_the_older_factor_sign(self, client_for, ana, passkey, page, hold):
        Authenticator.objects.filter(user=ana).update(created_at=hold.began_at - timedelta(seconds=1))

        assert signed(client_for(ana), page, passkey).status_code == 303

    def test_refuses_the_newer_factor_by_passkey_and_by_code(self, client_for, ana, passkey, page, hold):
        Authenticator.objects.filter(user=ana).update(created_at=hold.began_at)

        by_passkey = signed(client_for(ana), page, passkey)
        told = {"firma-password": given.PASSWORD, "firma-code": given.code_of(ana)}
        by_code = client_for(ana).post(page, told)

        assert (by_passkey.status_code, by_code.status_code) == (422, 422)
        assert "24" in by_passkey.text
        assert not Entry.objects.filter(act="person.second_factor_removed").exists()


@pytest.mark.django_db
class TestOpenedByANumber:
    """A passkey belongs to a name: at 127.0.0.1 the page offers itself at localhost, and nothing that cannot work."""

    @pytest.mark.parametrize(("host", "named"), [
        ("127.0.0.1:8000", "http://localhost:8000/ingresar/?next=/avisos/"),
        ("127.0.0.1", "http://localhost/ingresar/?next=/avisos/"),
        ("[::1]:8000", "http://localhost:8000/ingresar/?next=/avisos/"),
        ("localhost:8000", ""),
    ])  # fmt: skip
    def test_the_page_leads_to_its_name(self, host, named):
        page = Client(HTTP_HOST=host).get("/ingresar/?next=/avisos/")

        assert page.context["named_url"] == named
        assert ("<pl-passkey" in page.text) is not bool(named)
        assert (f'href="{named}"' in page.text) is bool(named)

    @pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000"])
    def test_forms_are_taken_from_both(self, host):
        browser = Client(HTTP_HOST=host, enforce_csrf_checks=True)
        browser.get("/recuperar/")
        told = {"email": "nadie@pliego.example", "csrfmiddlewaretoken": browser.cookies["csrf"].value}

        answer = browser.post("/recuperar/", told, headers={"Origin": f"http://{host}"})

        assert answer.status_code == 303
