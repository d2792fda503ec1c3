"""The identity of an OpenID Connect provider: a real one on this machine, honest and not."""

import base64
import http.client
import json
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from pliego.accounts import closing, holds, identities, oidc, tokens
from pliego.accounts.models import AccessRecord, LinkedIdentity
from pliego.accounts.oidc import Identity
from pliego.accounts.tests import given
from pliego.kernel import clock
from pliego.ledger.models import Entry
from tests.oidc_provider import CLIENT, SECRET, Provider


@pytest.fixture
def provider(settings):
    oidc._kept.clear()
    made = Provider()
    settings.PLIEGO_OIDC_ISSUER, settings.PLIEGO_OIDC_NAME = made.issuer, "Identidad de Prueba"
    settings.PLIEGO_OIDC_CLIENT_ID, settings.PLIEGO_OIDC_CLIENT_SECRET = CLIENT, SECRET
    settings.PLIEGO_OIDC_ACR = ["loa3", "loa4"]
    yield made
    made.close()


@pytest.fixture
def ana(db):
    return given.person("ana")


@pytest.fixture
def linked(ana, provider):
    return LinkedIdentity.objects.create(
        user=ana, issuer=provider.issuer, subject=provider.subject, linked_at=clock.real_now()
    )


def went(browser, begin="/ingresar/identidad/"):
    """Where the provider sends the browser back to, after the person agreed there."""
    there = urlsplit(browser.get(begin)["Location"])
    line = http.client.HTTPConnection(there.hostname, there.port, timeout=5)
    line.request("GET", f"{there.path}?{there.query}")
    back = urlsplit(line.getresponse().headers["Location"])
    line.close()
    return f"{back.path}?{back.query}"


def came_back(browser=None, begin="/ingresar/identidad/"):
    browser = browser or Client()
    return browser.get(went(browser, begin))


def is_inside(browser):
    return browser.get("/cuenta/").status_code == 200


class TestOff:
    def test_by_default_nothing_of_it_exists(self, ana, client_for):
        mine = client_for(ana)

        assert "identidad" not in mine.get("/cuenta/").text
        assert "/ingresar/identidad/" not in Client().get("/ingresar/").text
        for path in ("/ingresar/identidad/", "/ingresar/identidad/volver/", "/cuenta/identidad/"):
            assert mine.get(path).status_code == 404


class TestSignIn:
    def test_opens_the_first_half_of_the_door_and_the_second_factor_is_asked_for_as_always(self, linked, ana):
        browser = Client()
        assert "Identidad de Prueba" in browser.get("/ingresar/").text

        answer = came_back(browser, "/ingresar/identidad/?next=/avisos/")

        assert answer["Location"] == "/ingresar/codigo/"
        assert not is_inside(browser)
        assert browser.post("/ingresar/codigo/", {"code": given.code_of(ana)})["Location"] == "/avisos/"
        assert is_inside(browser)
        assert AccessRecord.objects.get(user=ana, kind="sign_in").method == "oidc + totp"

    def test_signs_nothing(self, linked, ana):
        browser = Client()
        came_back(browser)
        browser.post("/ingresar/codigo/", {"code": given.code_of(ana)})

        assert "step_up" not in browser.session
        asked = browser.post("/cuenta/identidad/desvincular/", {})
        assert asked.status_code == 422
        assert LinkedIdentity.objects.filter(user=ana).exists()

    def test_asks_with_state_nonce_pkce_age_and_acr(self, provider, db):
        browser = Client()

        there = parse_qs(urlsplit(browser.get("/ingresar/identidad/")["Location"]).query)

        assert there["code_challenge_method"] == ["S256"]
        assert there["acr_values"] == ["loa3 loa4"]
        assert there["max_age"] == ["900"]
        assert there["scope"] == ["openid"]
        assert there["redirect_uri"] == [oidc.redirect_uri()]
        assert {len(there[name][0]) for name in ("state", "nonce", "code_challenge")} == {43}

    def test_never_leads_to_another_site(self, linked, ana):
        browser = Client()
        came_back(browser, "/ingresar/identidad/?next=https://otro.example/")

        answer = browser.post("/ingresar/codigo/", {"code": given.code_of(ana)})

        assert answer["Location"].startswith("/")

    def test_of_an_identity_that_is_not_linked_says_what_to_do_whatever_its_email(self, provider, ana):
        browser = Client()

        answer = came_back(browser)  # its token says ana@pliego.example, verified

        assert answer.status_code == 403
        assert "Identidad de Prueba" in answer.context["sentence"]
        assert not is_inside(browser)
        assert not LinkedIdentity.objects.exists()

    def test_is_closed_to_who_is_gone(self, linked, ana):
        closing.end(ana, clock.now())

        assert came_back().status_code == 403
        assert not LinkedIdentity.objects.exists()


def none(provider, claims):
    parts = [json.dumps(part).encode() for part in ({"alg": "none", "kid": provider.kid}, claims)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."


def with_the_public_key_as_secret(provider, claims):
    import hashlib
    import hmac

    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "kid": provider.kid}, claims)]
    body = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    mark = hmac.new(provider.public_pem(), body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"


def with_another_key(provider, claims):
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, other, algorithm="RS256", headers={"kid": provider.kid})


def with_an_algorithm_not_published(provider, claims):
    return jwt.encode(claims, provider.key, algorithm="RS512", headers={"kid": provider.kid})


def with_an_unknown_key(provider, claims):
    return jwt.encode(claims, provider.key, algorithm="RS256", headers={"kid": "otra"})


def changed_after_signing(provider, claims):
    head, _body, mark = provider.signed(claims).split(".")
    body = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "sub-0001"}).encode()).decode().rstrip("=")
    return f"{head}.{body}.{mark}"


HOUR = 3600
CLAIMS = {
    "wrong nonce": {"nonce": "otro"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "otra-plataforma"},
    "several audiences without the party": {"aud": [CLIENT, "otra"]},
    "another party": {"aud": [CLIENT, "otra"], "azp": "otra"},
    "another issuer": {"iss": "https://otro.example"},
    "expired": {"exp": int(time.time()) - HOUR},
    "no expiry": {"exp": None},
    "issued long ago": {"iat": int(time.time()) - HOUR},
    "issued in the future": {"iat": int(time.time()) + HOUR},
    "not yet good": {"nbf": int(time.time()) + HOUR},
    "no subject": {"sub": None},
    "low acr": {"acr": "loa1"},
    "no acr": {"acr": None},
    "signed in too long ago": {"auth_time": int(time.time()) - HOUR},
    "no time of the sign-in": {"auth_time": None},
}
FORGERIES = [
    none, with_the_public_key_as_secret, with_another_key, with_an_algorithm_not_published, with_an_unknown_key,
    changed_after_signing,
]  # fmt: skip


class TestSpoof:
    @pytest.mark.parametrize("name", CLAIMS)
    def test_a_token_is_refused_with(self, linked, provider, name):
        provider.claims = CLAIMS[name]
        browser = Client()

        answer = came_back(browser)

        assert answer.status_code == 403
        assert "/token" in provider.asked
        assert not is_inside(browser)

    @pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
    def test_a_token_is_refused_that_is_signed(self, linked, provider, forge):
        provider.sign = lambda claims: forge(provider, {**claims, "sub": "sub-0001"})
        if forge is changed_after_signing:
            provider.claims = {"sub": "sub-0002"}
        browser = Client()

        assert came_back(browser).status_code == 403
        assert not is_inside(browser)

    def test_no_symmetric_algorithm_is_taken_even_when_the_provider_publishes_it(self, linked, provider):
        provider.published = {"id_token_signing_alg_values_supported": ["HS256", "none", "RS256"]}
        provider.sign = lambda claims: with_the_public_key_as_secret(provider, claims)

        assert came_back().status_code == 403

    def test_a_return_is_good_once(self, linked, provider):
        browser = Client()
        back = went(browser)

        assert browser.get(back).status_code == 302
        browser.session.flush()
        assert Client().get(back).status_code == 403
        assert browser.get(back).status_code == 403

    def test_a_return_of_another_browser_is_refused_and_asks_the_provider_nothing(self, linked, provider):
        victim = Client()
        victim.get("/ingresar/identidad/")
        provider.asked.clear()

        assert victim.get(went(Client())).status_code == 403
        assert "/token" not in provider.asked

    def test_a_return_after_ten_minutes_is_refused(self, linked, provider):
        browser = Client()
        back = went(browser)

        with clock.fixed(clock.real_now() + timedelta(minutes=10)):
            assert browser.get(back).status_code == 403

    def test_a_code_that_was_stolen_is_worth_nothing_without_the_verifier(self, linked, provider):
        thief = Client()
        stolen = parse_qs(urlsplit(went(Client())).query)["code"][0]
        state = parse_qs(urlsplit(thief.get("/ingresar/identidad/")["Location"]).query)["state"][0]

        answer = thief.get("/ingresar/identidad/volver/", {"code": stolen, "state": state, "iss": provider.issuer})

        assert answer.status_code == 403
        assert not is_inside(thief)

    @pytest.mark.parametrize("said", ["", "&iss=https://otro.example"])
    def test_the_return_names_the_issuer(self, linked, provider, said):
        browser = Client()
        back = went(browser)

        assert browser.get(back.split("&iss=")[0] + said).status_code == 403

    @pytest.mark.parametrize("published", [
        {"issuer": "https://otro.example"},
        {"token_endpoint": "http://otro.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ])  # fmt: skip
    def test_a_discovery_of_somebody_else_is_refused(self, provider, db, published):
        provider.published = published
        browser = Client()

        answer = browser.get("/ingresar/identidad/")
        if answer.status_code == 302:
            answer = came_back(browser)

        assert answer.status_code == 403

    def test_a_provider_that_is_away_is_said(self, provider, db):
        provider.close()

        answer = Client().get("/ingresar/identidad/")

        assert answer.status_code == 403
        assert "Identidad de Prueba" in answer.context["sentence"]

    def test_the_provider_says_no(self, linked, provider):
        browser = Client()
        back = went(browser)
        state = parse_qs(urlsplit(back).query)["state"][0]

        told = {"error": "access_denied", "state": state, "iss": provider.issuer}
        assert browser.get("/ingresar/identidad/volver/", told).status_code == 403

    def test_a_new_key_is_looked_up_once_and_taken(self, linked, provider):
        came_back()
        provider.kid = "la-nueva"
        provider.asked.clear()

        assert came_back().status_code == 302
        assert provider.asked.count("/keys") == 1


class TestLink:
    @pytest.fixture
    def mine(self, ana, client_for, provider):
        return client_for(ana)

    def signed(self, ana):
        return {"firma-password": given.PASSWORD, "firma-code": given.code_of(ana)}

    def test_is_an_act_of_who_is_inside_signed_with_their_own_factors(self, mine, ana, provider, run_reactions):
        back = came_back(mine, "/cuenta/identidad/ir/")
        assert back["Location"] == "/cuenta/identidad/vincular/"
        assert not LinkedIdentity.objects.exists()
        assert mine.post("/cuenta/identidad/vincular/", {}).status_code == 422

        assert mine.post("/cuenta/identidad/vincular/", self.signed(ana))["Location"] == "/cuenta/identidad/"

        assert identities.person_with(Identity(provider.issuer, "sub-0001")) == ana
        assert holds.in_force(ana, holds.Kind.AFTER_CHANGE).cause == "identity_linked"
        entry = Entry.objects.get(act="person.identity_linked")
        assert (entry.file, "sub-0001" in entry.body) == (ana.file, False)
        assert "sub-0001" in mine.get("/cuenta/identidad/").text
        assert mine.get("/cuenta/identidad/vincular/")["Location"] == "/cuenta/identidad/"

    def test_what_the_provider_proved_waits_ten_minutes(self, mine, ana):
        came_back(mine, "/cuenta/identidad/ir/")

        with clock.fixed(clock.real_now() + timedelta(minutes=10)):
            assert mine.post("/cuenta/identidad/vincular/", self.signed(ana))["Location"] == "/cuenta/identidad/"
        assert not LinkedIdentity.objects.exists()

    def test_an_identity_is_of_one_person(self, mine, ana, provider):
        eva = given.person("eva")
        LinkedIdentity.objects.create(user=eva, issuer=provider.issuer, subject="sub-0001", linked_at=clock.real_now())
        came_back(mine, "/cuenta/identidad/ir/")

        answer = mine.post("/cuenta/identidad/vincular/", self.signed(ana))

        assert answer.status_code == 422
        assert LinkedIdentity.objects.get().user == eva

    def test_going_to_link_without_being_inside_signs_nobody_in(self, linked, provider):
        assert Client().get("/cuenta/identidad/ir/")["Location"].startswith("/ingresar/")

    def test_unlinks_signed_and_it_opens_nothing_any_more(self, linked, mine, ana):
        assert mine.post("/cuenta/identidad/desvincular/", self.signed(ana)).status_code == 303

        assert came_back().status_code == 403
        assert Entry.objects.filter(act="person.identity_unlinked").count() == 1

    def test_unlinks_over_the_api_after_a_step_up(self, linked, ana, client):
        text, _token = tokens.open_token(user=ana)
        key = {"Authorization": f"Bearer {text}"}
        assert [row["subject"] for row in client.get("/api/v1/me/identities", headers=key).json()] == ["sub-0001"]
        assert client.delete("/api/v1/me/identities", headers=key).status_code == 403
        told = {"password": given.PASSWORD, "code": given.code_of(ana)}
        assert client.post("/api/v1/step-up", told, content_type="application/json", headers=key).status_code == 200

        assert client.delete("/api/v1/me/identities", headers=key).status_code == 200
        assert not LinkedIdentity.objects.exists()
