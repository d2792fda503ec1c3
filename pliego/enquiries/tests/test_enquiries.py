from datetime import timedelta

import pytest

from pliego.enquiries import queries
from pliego.enquiries.services import answer_enquiry, ask_enquiry
from pliego.kernel.actors import ANYONE
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.tendering.tests import given
from pliego.tendering.tests.test_races import together


class TestAskEnquiry:
    def test_is_public_at_once(self, published, carla, at):
        enquiry = ask_enquiry(actor=carla, tender_id=published.pk, text="¿Incluye instalación?", at=at)

        entry = Entry.objects.get(file=published.ocid, act="enquiry.asked")
        assert (enquiry.number, enquiry.account_id) == (1, carla.account_id)
        assert entry.is_public
        assert entry.content["data"]["text"] == "¿Incluye instalación?"

    def test_is_on_time_until_the_last_instant_and_late_at_the_deadline(self, published, carla):
        due = published.schedule["enquiries_due"]

        ask_enquiry(actor=carla, tender_id=published.pk, text="¿A tiempo?", at=due - timedelta(microseconds=1))
        with pytest.raises(Refused, match="too_late"):
            ask_enquiry(actor=carla, tender_id=published.pk, text="¿Tarde?", at=due)

        assert published.enquiries.count() == 1

    def test_is_refused_when_empty(self, published, carla, at):
        with pytest.raises(Refused, match="missing"):
            ask_enquiry(actor=carla, tender_id=published.pk, text="  ", at=at)

    def test_is_denied_to_the_entity_itself(self, published, house, at):
        with pytest.raises(Denied):
            ask_enquiry(actor=house.ana, tender_id=published.pk, text="¿Yo?", at=at)

    def test_does_not_exist_before_the_publication(self, submitted, carla, at):
        with pytest.raises(Unknown):
            ask_enquiry(actor=carla, tender_id=submitted.pk, text="¿Ya?", at=at)


class TestAnswerEnquiry:
    @pytest.fixture
    def asked(self, published, carla, at):
        return ask_enquiry(actor=carla, tender_id=published.pk, text="¿Incluye instalación?", at=at)

    @pytest.mark.parametrize("who", ["ana", "beto"])
    def test_answers_everybody(self, house, published, asked, at, who):
        answer_enquiry(actor=getattr(house, who), tender_id=published.pk, number=1, answer="Sí", at=at)

        entry = Entry.objects.get(file=published.ocid, act="enquiry.answered")
        assert (entry.is_public, entry.content["data"]["answer"]) == (True, "Sí")

    def test_happens_once(self, house, published, asked, at):
        answer_enquiry(actor=house.ana, tender_id=published.pk, number=1, answer="Sí", at=at)

        with pytest.raises(Refused, match="already_done"):
            answer_enquiry(actor=house.ana, tender_id=published.pk, number=1, answer="No", at=at)

    def test_is_refused_when_empty(self, house, published, asked, at):
        with pytest.raises(Refused, match="missing"):
            answer_enquiry(actor=house.ana, tender_id=published.pk, number=1, answer="", at=at)

    def test_is_denied_to_the_supplier(self, published, carla, asked, at):
        with pytest.raises(Denied):
            answer_enquiry(actor=carla, tender_id=published.pk, number=1, answer="Sí", at=at)

    def test_does_not_exist_for_a_number_that_nobody_asked(self, house, published, at):
        with pytest.raises(Unknown):
            answer_enquiry(actor=house.ana, tender_id=published.pk, number=9, answer="Sí", at=at)


class TestTasksFor:
    def test_asks_for_answers(self, house, published, carla, at):
        ask_enquiry(actor=carla, tender_id=published.pk, text="¿Sí?", at=at)

        [task] = queries.tasks_for(house.ana, at)
        assert task.due_at == published.schedule["bids_due"]
        assert task.url.endswith("/observaciones/1/")
        assert queries.tasks_for(carla, at) == queries.tasks_for(ANYONE, at) == []


@pytest.mark.django_db(transaction=True)
def test_two_observations_at_once_have_different_numbers(held):
    tender = given.published_tender(held)
    people = [given.supplier(held, "carla"), given.supplier(held, "dario")]

    together(*(lambda who=who: ask_enquiry(actor=who, tender_id=tender.pk, text="¿Sí?", at=held) for who in people))

    assert list(tender.enquiries.values_list("number", flat=True)) == [1, 2]
