"""From stage to stage for the tests: the acts that open them, by the services and over the API."""

import json
from datetime import timedelta

from pliego.accounts.models import User
from pliego.kernel import clock
from pliego.tendering import services
from pliego.tendering.models import Tender
from pliego.tendering.tests import given


def entry_of(tender: Tender, stage: str):
    """When the stage is planned to begin: at once, when the schedule says nothing."""
    found = tender.rulebook.reached_by("advance", tender.rulebook.stage(stage))
    due = found and tender.due_at(found.code)
    running = [tender.due_at(code) for code in tender.stage_now.milestones]
    return due or max(at for at in running if at) + timedelta(hours=1)


def written(tender: Tender, stage: str, at, *, papers: bool = True):
    """The act that opens that stage, written by ana with the documents that the method asks for."""
    ana = given.people_of(tender).ana
    on = {"actor": ana, "tender_id": tender.pk, "at": at}
    services.draft_amendment(reason="Continúa el proceso", milestones={}, stage=stage, **on)
    entry = tender.rulebook.reached_by("advance", tender.rulebook.stage(stage))
    for document in tender.rulebook.documents if papers and entry else ():
        if document.moment == entry.code and document.is_required and not document.generated:
            services.attach_to_amendment(kind=document.code, content=given.pdf(f"{document.code} {stage}.pdf"), **on)


def opened(tender: Tender, stage: str, at=None) -> Tender:
    """The process in that stage, by the road of everybody: written by ana, published by beto."""
    at = at or entry_of(tender, stage)
    written(tender, stage, at)
    services.publish_amendment(actor=given.signed(given.people_of(tender).beto, at), tender_id=tender.pk, at=at)
    return Tender.objects.get(pk=tender.pk)


def api_for(client_for):
    """Somebody's own API: `api(ana)("GET", path)`; every answer but a good one fails the test."""

    def of(actor):
        client = client_for(User.objects.get(pk=actor.user_id), given.Account.objects.get(pk=actor.account_id))

        def call(verb, path, **body):
            answer = client.generic(verb, f"/api/v1{path}", json.dumps(body), content_type="application/json")
            assert answer.status_code < 300, answer.content.decode()
            return answer.json()

        def upload(name, kind="tender_document"):
            path = f"/api/v1/uploads?name={name}&kind={kind}"
            return client.generic("POST", path, given.parties.pdf(name), content_type="application/pdf").json()[
                "upload"
            ]

        def step_up():
            user = User.objects.get(pk=actor.user_id)
            call("POST", "/step-up", password=given.people.PASSWORD, code=given.people.code_of(user))

        call.upload, call.step_up = upload, step_up
        return call

    return of


def listed_over_the_api(api, house, tender: Tender, *suppliers) -> None:
    """Those suppliers apply, are found fit, and stand on the list that is made in the hearing."""
    path, when = f"/tenders/{tender.code}", tender.schedule
    with clock.fixed(when["prequalification_due"] - timedelta(minutes=5)):
        for supplier in suppliers:
            paper = api(supplier).upload(f"experiencia {supplier.account_code}.pdf", "bid_document")
            api(supplier)("POST", f"{path}/candidacies", uploads=[paper])
    with clock.fixed(when["prequalification_report"]):
        for number in range(1, len(suppliers) + 1):
            api(house.ana)("PUT", f"{path}/candidacies/{number}", is_listed=True)
        api(house.ana)("POST", f"{path}/prequalification/report")
    with clock.fixed(when["prequalification_hearing"]):
        beto = api(house.beto)
        beto.step_up()
        beto("POST", f"{path}/prequalification/list")


def over_the_api(api, house, tender: Tender, stage: str) -> None:
    """The act that opens that stage: ana writes it with its documents, beto publishes it."""
    path, ana, beto = f"/tenders/{tender.code}", api(house.ana), api(house.beto)
    ana("POST", f"{path}/amendments", reason="Continúa el proceso", stage=stage)
    entry = tender.rulebook.reached_by("advance", tender.rulebook.stage(stage))
    for document in tender.rulebook.documents:
        if entry and document.moment == entry.code and document.is_required and not document.generated:
            body = {"upload": ana.upload(f"{document.code}.pdf"), "kind": document.code}
            ana("POST", f"{path}/amendments/draft/documents", **body)
    beto.step_up()
    assert beto("POST", f"{path}/amendments/draft/publish")["stage"] == stage
    assert ana("GET", path)["stage"] == stage
