"""From the first request of a small firm to the declaration of the limitation."""

from datetime import timedelta

import pytest

from pliego.accounts.models import User
from pliego.conditions import mipyme
from pliego.conditions.services import request_limitation
from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry
from pliego.parties.models import Account
from pliego.tendering import queries, sections, services
from pliego.tendering.models import Tender
from pliego.tendering.tests import given


def save(house, tender, part, content, at):
    return services.save_section(actor=house.ana, tender_id=tender.pk, part=part, content=content, at=at)


@pytest.fixture
def published(house, draft, at):
    services.submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)
    return services.publish_tender(actor=given.signed(house.beto, at), tender_id=draft.pk, at=at)


def ask(actor, tender, at, *, scope="national", declares=True):
    return request_limitation(actor=actor, tender_id=tender.pk, scope=scope, declares=declares, at=at)


def codes(refused):
    return {objection.code for objection in refused.value.objections}


class TestLimitation:
    def test_is_asked_for_in_time_with_a_receipt_and_the_entity_is_told_to_declare_it(self, house, published, at):
        due = published.schedule["mipyme_requests_due"]
        carla, dario = given.supplier(at), given.supplier(at, "dario")
        Account.objects.filter(pk=dario.account_id).update(size="large")

        made = ask(carla, published, due - timedelta(seconds=1))

        assert made.receipt.code
        assert Entry.objects.get(act="tender.limitation_requested").content["data"]["supplier"] == carla.account_name
        for who, when, code in ((carla, at, "already_done"), (dario, at, "not_a_mipyme"), (dario, due, "too_late")):
            with pytest.raises(Refused) as refused:
                ask(who, published, when)
            assert code in codes(refused)
        with pytest.raises(Denied):
            ask(house.ana, published, at)
        assert sections.warnings(published, due) == []  # one request is not enough
        asked = mipyme.outcome(published, at)
        assert (asked.asked, asked.is_enough, asked.is_over) == (1, False, False)
        assert "no se limita" in str(mipyme.outcome(published, due).sentence)

        Account.objects.filter(pk=dario.account_id).update(size="")
        ask(dario, published, at, scope="territorial")

        assert sections.warnings(published, at) == []  # the term still runs
        Account.objects.filter(pk=carla.account_id).update(department="73")
        asked = mipyme.outcome(published, due)
        assert (asked.asked, asked.least, asked.is_enough, asked.is_over) == (2, 2, True, True)
        assert ("Tolima", 1) in asked.departments
        [warning] = sections.warnings(published, due)
        assert "2 proveedores" in str(warning)

        declared = {"limited": "territorial", "place": "73001", "reach": "department"}
        given.amendment(published, at)
        save(house, published, "mipyme", declared, at)
        assert sections.warnings(published, due) == []  # the act in preparation declares it
        services.publish_amendment(actor=given.signed(house.beto, at), tender_id=published.pk, at=at)

        tender = Tender.objects.get(pk=published.pk)
        told = " ".join(map(str, mipyme.offered_by(tender, Account.objects.get(pk=dario.account_id))))
        assert "Tolima" in told
        assert "no dice el tamaño" in told
        [(title, rows)] = queries.rewritten(tender, tender.amendments.get())
        assert str(title) == "Limitación a Mipymes"
        assert "A Mipymes territoriales" in {str(after) for _label, _before, after in rows}
        assert tender.binding_version == 2


def test_what_the_requests_come_to_is_the_entitys_at_once_and_everybodys_after_the_term(
    house, published, desk, client, at
):
    page, api = f"/procesos/{published.code}/limitacion/solicitudes/", f"/api/v1/tenders/{published.code}"
    carla = given.supplier(at)
    ask(carla, published, at)

    assert "Aún no lo ha pedido un número suficiente" in desk.get(page).content.decode()
    assert page in desk.get(f"/escritorio/procesos/{published.code}/").content.decode()
    assert desk.get(f"{api}/limitation-outcome").json()["asked"] == 1
    assert [client.get(path).status_code for path in (page, f"{api}/limitation-outcome")] == [404, 404]

    with clock.fixed(published.schedule["mipyme_requests_due"]):
        shown = client.get(page).content.decode()
        told = client.get(f"{api}/limitation-outcome").json()
        assert page in client.get(f"/procesos/{published.code}/").content.decode()
    assert carla.account_name in shown
    assert "Ley 2069 de 2020, art. 34" in shown
    assert (told["is_over"], told["is_enough"], told["departments"][0]["requests"]) == (True, False, 1)


class TestPageOfTheRequest:
    def test_is_reached_from_the_process_and_answers_a_number(self, published, at, client_for):
        carla = given.supplier(at)
        client = client_for(User.objects.get(pk=carla.user_id), Account.objects.get(pk=carla.account_id))
        address = f"/procesos/{published.code}/limitacion/"

        assert address in client.get(f"/procesos/{published.code}/").content.decode()
        assert "declares" in client.post(address, {"scope": "national"}).context["form"].errors
        assert client.post(address, {"scope": "national", "declares": "on"}).status_code == 303
        assert published.limitation_requests.get().number == 1

    def test_is_the_same_over_the_api(self, published, at, client_for):
        carla = given.supplier(at)
        client = client_for(User.objects.get(pk=carla.user_id), Account.objects.get(pk=carla.account_id))
        address = f"/api/v1/tenders/{published.code}/limitation-requests"
        sent = {"content_type": "application/json"}

        wrong = client.post(address, {"scope": "national"}, **sent)
        done = client.post(address, {"scope": "national", "declares": True}, **sent)

        assert (wrong.status_code, done.status_code) == (422, 201)
        assert done.json()["receipt"]["code"]
        [listed] = client.get(address).json()
        assert (listed["number"], listed["supplier"]) == (1, carla.account_code)
