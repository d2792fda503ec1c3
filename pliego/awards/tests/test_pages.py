"""The pages and the API of the decision."""

import json

import pytest

from pliego.accounts import signing
from pliego.accounts.models import User
from pliego.awards.models import Award
from pliego.awards.tests import given
from pliego.evaluation.tests import given as evaluations
from pliego.kernel import clock
from pliego.parties.models import Account
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client_for):
    """`browser(actor)`: that person's session, signed a moment ago."""

    def make(actor):
        account = Account.objects.filter(pk=actor.account_id).first()
        client = client_for(User.objects.get(pk=actor.user_id), account)
        session, at = client.session, clock.real_now().isoformat()
        session[signing.SESSION_KEY] = {"method": "totp", "signed_at": at, "evidence": {}, "at": at}
        session.save()
        return client

    return make


def desk(tender, page):
    return f"/escritorio/procesos/{tender.code}/{page}/"


class TestPages:
    def test_the_approver_awards(self, at, browser):
        tender = evaluations.ready_to_award(at, given.DEAR, given.CHEAP)
        with clock.fixed(evaluations.after_observations(tender)):
            beto = browser(tenders.people_of(tender).beto)
            page = beto.get(desk(tender, "adjudicar"))
            bid = page.context["form"].initial["bid"]
            sent = beto.post(desk(tender, "adjudicar"), {"bid": bid, "reason": ""})
            after = beto.get(desk(tender, "adjudicar"))

        assert (page.status_code, sent.status_code, after.status_code) == (200, 303, 200)
        assert Award.objects.get().bid.code == bid
        assert Award.objects.get().code in after.content.decode()

    def test_the_page_says_why_it_cannot_be_decided_yet(self, at, browser):
        tender = evaluations.ready_to_award(at, given.CHEAP)
        with clock.fixed(tender.due_at("report_published")):
            page = browser(tenders.people_of(tender).beto).get(desk(tender, "adjudicar"))

        assert [o.code for o in page.context["standing"].objections] == ["observations_running"]

    def test_the_approver_declares_it_void(self, at, browser):
        tender = evaluations.opened_tender(at)
        with clock.fixed(evaluations.after_opening(tender)):
            beto = browser(tenders.people_of(tender).beto)
            page = beto.get(desk(tender, "desierto"))
            sent = beto.post(desk(tender, "desierto"), {"reason": "No se presentaron ofertas."})

        assert (page.status_code, sent.status_code) == (200, 303)
        assert Award.objects.get().state == "deserted"

    def test_the_approver_contracts_directly(self, at, browser):
        tender = given.direct_tender(at)
        beto = browser(tenders.people_of(tender).beto)
        supplier = tender.invitations.get().supplier.code

        page = beto.get(desk(tender, "contratar"))
        sent = beto.post(desk(tender, "contratar"), {"supplier": supplier, "value": "30.000.000", "reason": ""})

        assert (page.status_code, sent.status_code) == (200, 303)
        assert Award.objects.get().value_amount == 30_000_000

    @pytest.mark.parametrize("page", ["adjudicar", "desierto"])
    def test_others_are_told_that_they_may_not(self, at, browser, page):
        tender = evaluations.opened_tender(at)

        assert browser(tenders.people_of(tender).ana).get(desk(tender, page)).status_code == 403


class TestApi:
    def call(self, client, tender, act, body):
        path = f"/api/v1/tenders/{tender.code}/{act}"
        return client.post(path, json.dumps(body), content_type="application/json")

    def test_awards(self, at, browser, client):
        tender = evaluations.ready_to_award(at, given.DEAR, given.CHEAP)
        with clock.fixed(evaluations.after_observations(tender)):
            sent = self.call(browser(tenders.people_of(tender).beto), tender, "award", {})
        read = client.get(f"/api/v1/tenders/{tender.code}/award")

        assert (sent.status_code, sent.json()["state"], sent.json()["value"]) == (201, "made", "11500000.00")
        assert read.json()["code"] == sent.json()["code"]
        assert sent.json()["receipt"]["url"].startswith("/recibos/")

    def test_contracts_directly(self, at, browser):
        tender = given.direct_tender(at)
        body = {"supplier": tender.invitations.get().supplier.code, "value": "30000000"}

        sent = self.call(browser(tenders.people_of(tender).beto), tender, "award-directly", body)

        assert (sent.status_code, sent.json()["state"]) == (201, "made")

    def test_declares_void(self, at, browser):
        tender = evaluations.opened_tender(at)

        sent = self.call(browser(tenders.people_of(tender).beto), tender, "desert", {"reason": "Sin ofertas."})

        assert (sent.status_code, sent.json()["state"]) == (201, "deserted")

    def test_tells_why_not(self, at, browser):
        tender = given.direct_tender(at)
        body = {"supplier": "PLG.CTA.1", "value": "0"}

        sent = self.call(browser(tenders.people_of(tender).beto), tender, "award-directly", body)

        assert sent.status_code == 422
        assert [error["code"] for error in sent.json()["errors"]] == ["not_invited", "not_positive"]

    def test_knows_no_decision_before_there_is_one(self, at, client):
        assert client.get(f"/api/v1/tenders/{given.direct_tender(at).code}/award").status_code == 404
