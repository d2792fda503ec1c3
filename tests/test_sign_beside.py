"""During a hold a newer factor signs with a second person of the account, and the act carries both."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator

from pliego.accounts import cosigning
from pliego.accounts.models import Hold, Intention, User
from pliego.accounts.tests import given
from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry
from pliego.parties.tests import given as parties
from pliego.planning.tests import given as plans


@pytest.fixture
def cast(db, at):
    return parties.cast(at=at)


@pytest.fixture
def held(cast, at):
    """Beto, who is held and has only a newer factor, before the page that publishes the plan."""
    beto = User.objects.get(pk=cast.beto.user_id)
    now = clock.real_now()
    Hold.objects.create(
        user=beto, kind=Hold.Kind.AFTER_CHANGE, cause="factor", began_at=now, until=now + timedelta(hours=24)
    )
    Authenticator.objects.filter(user=beto).update(created_at=now)
    return beto


@pytest.fixture
def publishing(client_for, held, cast, at):
    plan = plans.plan(cast.ana, at)
    client = client_for(held, plan.account)
    return lambda **fields: client.post(f"/escritorio/paa/{plan.year}/publicar/", {"reason": "", **fields})


def proof(user, ahead=0):
    return {"firma-password": given.PASSWORD, "firma-code": given.code_of(user, ahead)}


class TestCosign:
    def test_the_act_carries_both_signatures(self, publishing, held, cast, at):
        assert publishing(**proof(held)).status_code == 422
        asked = publishing(**{"firma-paso": "dos"})
        intention = Intention.objects.get(is_for_two=True)
        assert asked["Location"] == f"/cuenta/firmar-con-otra/{intention.code}/"
        parties.join(cast.entity, "rita", ["administrator"], by="beto", at=at)
        rita = given.person("rita")
        other = parties.actor(rita, cast.entity)
        assert [task.subject for task in cosigning.tasks_for(other, at)] == [held.full_name]

        cosigning.cosign(actor=other, code=intention.code, at=at)
        shown = publishing(**{"firma-paso": "ver"}).context["shown"]
        assert shown.intention.pk == intention.pk
        done = publishing(**proof(held, ahead=1), **{"firma-intention": shown.intention.code})

        assert done.status_code == 303, done.text
        evidence = Entry.objects.get(act="plan.published").content["signature"]["evidence"]
        assert evidence["second"] == {
            "person": rita.code,
            "name": rita.full_name,
            "act": Entry.objects.get(act="act.cosigned").code,
        }
        assert cosigning.tasks_for(other, at) == []

    def test_is_for_somebody_else_of_the_account_whose_role_signs(self, publishing, held, cast, at):
        publishing(**{"firma-paso": "dos"})
        code = Intention.objects.get(is_for_two=True).code

        for actor, fault in ((cast.beto, Denied), (cast.carla, Unknown), (cast.elena, Unknown)):
            with pytest.raises(fault):
                cosigning.cosign(actor=actor, code=code, at=at)
        parties.join(cast.entity, "rita", ["approver"], by="beto", at=at)
        rita = given.person("rita")
        other = parties.actor(rita, cast.entity)
        with pytest.raises(SignatureRequired):
            cosigning.cosign(actor=other.with_signature(None), code=code, at=at)
        cosigning.cosign(actor=other, code=code, at=at)
        with pytest.raises(Refused, match="already_done"):
            cosigning.cosign(actor=other, code=code, at=at)

    def test_does_not_hold_for_another_act(self, publishing, held, cast, at):
        publishing(**{"firma-paso": "dos"})
        code = Intention.objects.get(is_for_two=True).code
        parties.join(cast.entity, "rita", ["approver"], by="beto", at=at)
        rita = given.person("rita")
        cosigning.cosign(actor=parties.actor(rita, cast.entity), code=code, at=at)
        changed = publishing(**{"firma-paso": "ver", "reason": "Otra razón que nadie firmó"})

        assert changed.context["shown"].intention.code != code
