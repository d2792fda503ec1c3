"""The record with which a contract starts: what it waits for, who signs it, and what it leaves."""

import pytest
from django.test import Client

from pliego.contracts import queries, services, writing
from pliego.contracts.models import Contract
from pliego.contracts.sections import papers
from pliego.contracts.starting import drawing
from pliego.contracts.starting.conditions import conditions
from pliego.contracts.starting.models import StartRecord
from pliego.contracts.tests import given
from pliego.contracts.tests.given import signed
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry

pytestmark = pytest.mark.django_db


def codes(refused):
    return [objection.code for objection in refused.value.objections]


@pytest.fixture
def contract(house, at):
    """Signed; it starts with a record and with social security proved."""
    draft = given.drafted(at, house)
    asked = {"start_record": "yes", "social_security": "yes", "visits": "Comité mensual"}
    writing.save_section(actor=house.ana, contract_id=draft.pk, part="performance", content=asked, at=at)
    services.send_contract(actor=house.ana, contract_id=draft.pk, at=at)
    services.accept_contract(actor=signed(house.carla, at), contract_id=draft.pk, at=at)
    told = {"budget_commitment": "RP-88", "budget_commitment_amount": draft.value_amount}
    return services.sign_contract(actor=signed(house.beto, at), contract_id=draft.pk, at=at, **told)


def draw(contract, house, at, **changes):
    told = {"supervisor_id": house.gloria.user_id, "starts_on": calendar.day_of(at), **changes}
    return drawing.draw_start_record(actor=house.beto, contract_id=contract.pk, at=at, **told)


def prove(contract, house, at):
    told = {"title": "", "asked": papers.SOCIAL_SECURITY, "document": given.tendering.pdf("aportes.pdf")}
    return writing.bring_paper(actor=house.carla, contract_id=contract.pk, at=at, **told)


class TestStartRecord:
    def test_goes_from_the_entity_to_the_supervisor_and_to_the_contractor_who_starts_the_contract(
        self, contract, house, at, visitor
    ):
        with pytest.raises(Refused) as unproved:
            draw(contract, house, at)
        prove(contract, house, at)
        with pytest.raises(Refused) as without_record:
            services.start_contract(
                actor=house.beto, contract_id=contract.pk, supervisor_id=house.gloria.user_id,
                starts_on=calendar.day_of(at), at=at,
            )  # fmt: skip
        with pytest.raises(Refused) as nobody:
            draw(contract, house, at, supervisor_id=house.ana.user_id)

        row = draw(contract, house, at)
        page = visitor(house.gloria).get(f"/escritorio/contratos/{contract.code}/").content.decode()
        with pytest.raises(Denied):
            drawing.sign_start_record(actor=signed(house.beto, at), contract_id=contract.pk, at=at)
        with pytest.raises(Refused):
            drawing.accept_start_record(actor=signed(house.carla, at), contract_id=contract.pk, at=at)
        drawing.sign_start_record(actor=signed(house.gloria, at), contract_id=contract.pk, at=at)
        hidden = Client().get(row.document.get_absolute_url()).status_code
        tasks = [task.url for task in queries.tasks_for(house.carla, at)]
        drawing.accept_start_record(actor=signed(house.carla, at), contract_id=contract.pk, at=at)

        assert codes(unproved) == ["social_security_missing"]
        assert codes(without_record) == ["start_record_missing"]
        assert codes(nobody) == ["not_a_supervisor"]
        assert "acta-de-inicio/firmar/" in page
        assert papers.SOCIAL_SECURITY not in page  # its line is translated; the document has its own page
        assert queries.url_of(contract) in tasks
        started = Contract.objects.get(pk=contract.pk)
        assert (started.state, started.supervisor_id, started.starts_on) == (
            "running", house.gloria.user_id, calendar.day_of(at),
        )  # fmt: skip
        assert (hidden, Client().get(row.document.get_absolute_url()).status_code) == (404, 200)
        acts = Entry.objects.filter(act__startswith="start_record.").order_by("pk")
        assert [one.act for one in acts] == ["start_record.drawn", "start_record.signed", "start_record.accepted"]
        assert all(one.documents == [row.document.sha256] and one.is_disclosed for one in acts)
        assert all(line.is_done for line in conditions(Contract.objects.get(pk=contract.pk), at))

    def test_is_drawn_again_after_an_objection_or_a_change_of_day(self, contract, house, at):
        prove(contract, house, at)
        draw(contract, house, at)
        draw(contract, house, at)  # another day
        drawing.sign_start_record(actor=signed(house.gloria, at), contract_id=contract.pk, at=at)
        with pytest.raises(Refused, match="reason_missing"):
            drawing.object_start_record(actor=house.carla, contract_id=contract.pk, reason=" ", at=at)
        drawing.object_start_record(actor=house.carla, contract_id=contract.pk, reason="El día no es ese", at=at)

        draw(contract, house, at)

        rows = StartRecord.objects.filter(contract=contract).order_by("number")
        assert [row.state for row in rows] == ["discarded", "objected", "drawn"]
        assert Contract.objects.get(pk=contract.pk).state == "signed"
