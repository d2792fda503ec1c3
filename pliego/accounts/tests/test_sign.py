"""The signature of an act."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from pliego.accounts import rules, signing
from pliego.accounts.models import AccessRecord
from pliego.accounts.tests import given
from pliego.kernel import clock
from pliego.kernel.objections import Refused


@pytest.fixture
def request_of_ana(db, at):
    request = RequestFactory().post("/")
    request.session, request.user = SessionStore(), given.person("ana")
    return request


def factors_of(user, ahead=0):
    return {"password": given.PASSWORD, "code": given.code_of(user, ahead)}


class TestSign:
    def test_makes_a_signature_of_password_and_code(self, request_of_ana):
        signature = signing.sign(request_of_ana, factors_of(request_of_ana.user))

        assert signature.method == "totp"
        assert signature.evidence["factors"] == ["password", "totp"]
        assert AccessRecord.objects.get().kind == "step_up"

    def test_needs_nothing_for_five_minutes_and_then_asks_again(self, request_of_ana, at):
        signing.sign(request_of_ana, factors_of(request_of_ana.user))

        with clock.fixed(at + rules.STEP_UP_LIVES - timedelta(seconds=1)):
            assert signing.is_fresh(request_of_ana)
            assert signing.sign(request_of_ana, {}).method == "totp"
        with clock.fixed(at + rules.STEP_UP_LIVES):
            assert not signing.is_fresh(request_of_ana)
            with pytest.raises(Refused, match="missing"):
                signing.sign(request_of_ana, {})

    def test_names_each_field_that_is_missing(self, request_of_ana):
        with pytest.raises(Refused) as refused:
            signing.sign(request_of_ana, {})

        assert {o.field for o in refused.value.objections} == {"password", "code"}

    def test_is_refused_with_a_wrong_password(self, request_of_ana):
        told = {**factors_of(request_of_ana.user), "password": "no es esta clave"}

        with pytest.raises(Refused, match="password_wrong"):
            signing.sign(request_of_ana, told)

        assert AccessRecord.objects.get().kind == "step_up_failure"

    def test_is_refused_when_the_code_was_used(self, request_of_ana):
        told = factors_of(request_of_ana.user)
        signing.sign(request_of_ana, told)

        with pytest.raises(Refused, match="code_wrong"):
            signing.sign(request_of_ana, told)

        assert signing.sign(request_of_ana, factors_of(request_of_ana.user, ahead=1)).method == "totp"

    def test_is_refused_after_ten_failures(self, request_of_ana):
        for _i in range(rules.STEP_UP_FAILURES):
            with pytest.raises(Refused, match="code_wrong"):
                signing.sign(request_of_ana, {"password": given.PASSWORD, "code": "000000"})

        with pytest.raises(Refused, match="too_many_failures"):
            signing.sign(request_of_ana, factors_of(request_of_ana.user))

    def test_practice_signature_only_in_a_session_of_a_practice_link(self, request_of_ana, settings):
        with pytest.raises(Refused, match="not_a_practice_session"):
            signing.sign(request_of_ana, {"demo": True})
        request_of_ana.session[signing.OPENED_BY] = "demo"

        assert signing.sign(request_of_ana, {"demo": True}).method == "demo"

        settings.PLIEGO_PRACTICE = False
        with pytest.raises(Refused, match="not_a_practice_session"):
            signing.sign(request_of_ana, {"demo": True})
