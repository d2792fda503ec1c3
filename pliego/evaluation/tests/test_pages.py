"""The pages and the API of the evaluation, over the same worlds as the services."""

import json

import pytest

from pliego.accounts import signing
from pliego.accounts.models import User
from pliego.evaluation.models import Evaluation
from pliego.evaluation.tests import given
from pliego.kernel import clock
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db
CHEAP, DEAR = ("900000.00", "500000.00"), ("1000000.00", "500000.00")


@pytest.fixture
def browser(client_for):
    """`browser(actor, signed=True)`: that person's session."""

    def make(actor, *, signed=False):
        from pliego.parties.models import Account

        account = Account.objects.filter(pk=actor.account_id).first()
        client = client_for(User.objects.get(pk=actor.user_id), account)
        if signed:
            session, at = client.session, clock.real_now().isoformat()
            session[signing.SESSION_KEY] = {"method": "totp", "signed_at": at, "evidence": {}, "at": at}
            session.save()
        return client

    return make


def desk(evaluation, rest=""):
    return f"/escritorio/procesos/{evaluation.tender.code}/evaluacion/{rest}"


class TestDesk:
    def test_the_evaluator_assesses_and_reports(self, at, browser):
        evaluation = given.evaluation(at, DEAR)
        bid, moment = given.codes(evaluation)[0], evaluation.tender.due_at("report_published")
        item = given.findings(evaluation.tender)[0].item

        with clock.fixed(moment):
            ana = browser(tenders.people_of(evaluation.tender).ana, signed=True)
            pages = [ana.get(desk(evaluation, rest)).status_code for rest in ("", f"ofertas/{bid}/", "informe/")]
            assessed = ana.post(
                desk(evaluation, f"ofertas/{bid}/"), {f"item_{item}": "yes", f"reason_{item}": "", "note": ""}
            )
            reported = ana.post(desk(evaluation, "informe/"), {"observations_due": "2026-03-06 16:00"})

        assert pages == [200, 200, 200]
        assert (assessed.status_code, reported.status_code) == (303, 303)
        assert Evaluation.objects.get().state == "reported"

    def test_a_refusal_stands_at_its_field(self, at, browser):
        evaluation = given.evaluation(at, DEAR)
        bid = given.codes(evaluation)[0]
        ana = browser(tenders.people_of(evaluation.tender).ana)
        item = given.findings(evaluation.tender)[0].item

        page = ana.post(
            desk(evaluation, f"ofertas/{bid}/"), {f"item_{item}": "no", f"reason_{item}": "", "note": "visto"}
        )

        assert page.status_code == 422
        assert list(page.context["form"].errors) == [f"reason_{item}"]
        assert "visto" in page.content.decode()

    def test_a_tie_is_decided(self, at, browser):
        evaluation = given.assessed(given.evaluation(at, CHEAP, CHEAP))
        given.reported(evaluation)
        ana = browser(tenders.people_of(evaluation.tender).ana)
        first = given.codes(evaluation)[1]

        page = ana.get(desk(evaluation, "desempate/"))
        sent = ana.post(desk(evaluation, "desempate/"), {"favoured_1": first, "evidence_1": "RUP, folio 3"})

        assert (page.status_code, sent.status_code) == (200, 303)
        assert evaluation.tie_breaks.get().bids[0] == first

    def test_other_pages_open(self, at, browser):
        evaluation = given.assessed(given.evaluation(at, DEAR))
        given.reported(evaluation)
        ana = browser(tenders.people_of(evaluation.tender).ana)

        assert [ana.get(desk(evaluation, rest)).status_code for rest in ("", "reabrir/")] == [200, 200]

    @pytest.mark.parametrize(("rest", "status"), [("", 200), ("informe/", 403), ("ofertas/PLG.OFE.1/", 403)])
    def test_control_reads_and_does_not_act(self, at, browser, rest, status):
        evaluation = given.evaluation(at, DEAR)
        elena = browser(tenders.people_of(evaluation.tender).elena)

        assert elena.get(desk(evaluation, rest)).status_code == status

    def test_is_unknown_to_suppliers(self, at, browser):
        evaluation = given.evaluation(at, DEAR)

        assert browser(tenders.supplier(at)).get(desk(evaluation)).status_code == 404


class TestPublicReport:
    def test_anybody_reads_it_and_whoever_signs_in_observes_it(self, at, browser, client):
        evaluation = given.assessed(given.evaluation(at, DEAR))
        report = given.reported(evaluation)
        olga, url = browser(given.observer(at)), f"/procesos/{evaluation.tender.code}/informe/"

        with clock.fixed(report.published_at):
            read = client.get(url)
            nobody = client.get(f"{url}observar/")
            form = olga.get(f"{url}observar/")
            sent = olga.post(f"{url}observar/", {"text": "El precio no suma."})
            seen = client.get(url).content.decode()

        assert (read.status_code, nobody.status_code, form.status_code, sent.status_code) == (200, 302, 200, 303)
        assert "El precio no suma." in seen

    def test_the_entity_answers_it(self, at, browser):
        from pliego.evaluation import services

        evaluation = given.assessed(given.evaluation(at, DEAR))
        report = given.reported(evaluation)
        services.observe_report(
            actor=given.observer(at), tender_id=evaluation.tender_id, text="No suma.", at=report.published_at
        )
        ana = browser(tenders.people_of(evaluation.tender).ana)

        page = ana.get(desk(evaluation, "observaciones/1/"))
        sent = ana.post(desk(evaluation, "observaciones/1/"), {"answer": "Sí suma."})

        assert (page.status_code, sent.status_code) == (200, 303)
        assert evaluation.observations.get().answer == "Sí suma."

    def test_does_not_exist_before_it_is_published(self, at, client):
        evaluation = given.evaluation(at, DEAR)

        assert client.get(f"/procesos/{evaluation.tender.code}/informe/").status_code == 404


class TestApi:
    def test_runs_the_evaluation(self, at, browser):
        evaluation = given.evaluation(at, DEAR, CHEAP)
        path = f"/api/v1/tenders/{evaluation.tender.code}/evaluation"
        answers = []

        def call(who, method, rest, body):
            sent = who.generic(method, path + rest, json.dumps(body), content_type="application/json")
            answers.append(sent.status_code)
            return json.loads(sent.content)

        with clock.fixed(evaluation.tender.due_at("report_published")):
            ana = browser(tenders.people_of(evaluation.tender).ana, signed=True)
            olga = browser(given.observer(at))
            before = call(ana, "GET", "", {})
            findings = [{"item": r["item"], "complies": True} for r in before["requirements"]]
            for offer in before["offers"]:
                call(ana, "PUT", f"/bids/{offer['bid']}", {"findings": findings})
            report = call(ana, "POST", "/report", {})
            observed = call(olga, "POST", "/observations", {"text": "No suma."})
            answered = call(ana, "POST", f"/observations/{observed['number']}/answer", {"answer": "Sí suma."})
            after = call(olga, "GET", "", {})

        assert answers == [200, 200, 200, 201, 201, 200, 200]
        assert (report["number"], answered["number"]) == (1, 1)
        assert [offer["rank"] for offer in after["offers"]] == [1, 2]

    def test_tells_each_fault_with_its_field(self, at, browser):
        evaluation = given.evaluation(at, DEAR)
        ana = browser(tenders.people_of(evaluation.tender).ana, signed=True)
        bid = given.codes(evaluation)[0]

        sent = ana.put(
            f"/api/v1/tenders/{evaluation.tender.code}/evaluation/bids/{bid}",
            json.dumps({"findings": []}),
            content_type="application/json",
        )

        item = given.findings(evaluation.tender)[0].item
        assert (sent.status_code, [e["field"] for e in sent.json()["errors"]]) == (422, [f"item_{item}"])
