"""An insurer confirms its own guarantee by a link that serves once."""

from datetime import timedelta

import pytest
from django.test import Client

from pliego.contracts import guarantees
from pliego.contracts.insurers import links, services
from pliego.contracts.insurers.models import DAYS
from pliego.contracts.tests import given
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry

pytestmark = pytest.mark.django_db

EMAIL = "verificacion@aseguradora.example"
YES = {"answer": "yes", "name": "Inés Paz", "position": "Analista", "note": ""}


def ask(guarantee, house, at, email=EMAIL):
    return services.ask_insurer(actor=house.beto, guarantee_id=guarantee.pk, email=email, at=at)


@pytest.fixture
def guarantee(house, at):
    return given.submitted_guarantee(given.signed_contract(at, house, covers=("performance",)), house, at)


class TestInsurer:
    def test_answers_once_by_the_link_of_its_mail(self, guarantee, house, at):
        with pytest.raises(Denied):
            services.ask_insurer(actor=house.carla, guarantee_id=guarantee.pk, email=EMAIL, at=at)
        with pytest.raises(Refused, match="email_wrong"):
            ask(guarantee, house, at, "aseguradora")
        inquiry = ask(guarantee, house, at)
        with pytest.raises(Refused, match="insurer_asked"):
            ask(guarantee, house, at)
        url, client = links.link(inquiry), Client()

        shown = client.get(url).content.decode()
        wrong = client.post(url, {**YES, "answer": "no"})
        sent = client.post(url, YES)
        again = client.post(url, {**YES, "answer": "no", "note": "No es nuestra"})

        assert guarantee.policy_number in shown
        assert guarantee.document.sha256 in shown
        assert EMAIL not in shown
        assert (wrong.status_code, sent.status_code, again.status_code) == (422, 303, 200)
        inquiry.refresh_from_db()
        assert (inquiry.state, inquiry.name) == ("confirmed", "Inés Paz")
        assert "Inés Paz" in client.get(url).content.decode()
        entry = Entry.objects.get(act="guarantee.insurer_confirmed")
        assert (entry.who["person"], entry.who["name"]) == (inquiry.outside_code, guarantee.insurer)
        assert EMAIL not in str(list(Entry.objects.values_list("body", flat=True)))
        guarantees.approve_guarantee(actor=house.beto, guarantee_id=guarantee.pk, at=at)

    def test_that_denies_it_stops_the_approval_until_it_confirms(self, guarantee, house, at):
        no = services.Answer(is_confirmed=False, name="Inés", position="Analista", note="Esa póliza no existe")
        first = ask(guarantee, house, at)
        services.answer_inquiry(inquiry_id=first.pk, answer=no, at=at)
        with pytest.raises(Refused, match="insurer_denies_it"):
            guarantees.approve_guarantee(actor=house.beto, guarantee_id=guarantee.pk, at=at)

        late = at + timedelta(days=DAYS)
        second = ask(guarantee, house, at, "otra@aseguradora.example")
        with pytest.raises(Refused, match="link_is_spent"):
            services.answer_inquiry(inquiry_id=second.pk, answer=no, at=late)
        third = ask(guarantee, house, late)
        yes = services.Answer(is_confirmed=True, name="Inés", position="Analista")
        services.answer_inquiry(inquiry_id=third.pk, answer=yes, at=late)

        second.refresh_from_db()
        assert second.state == "lapsed"
        assert guarantees.approve_guarantee(actor=house.beto, guarantee_id=guarantee.pk, at=late).state == "approved"
        assert Client().get("/garantias/nada/").status_code == 404
