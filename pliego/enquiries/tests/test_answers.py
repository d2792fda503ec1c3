"""Observations on a part of the pliego, of the entity itself, and answers to several at once."""

from datetime import timedelta

import pytest

from pliego.enquiries.models import Enquiry
from pliego.enquiries.services import About, answer_enquiries, answer_enquiry, ask_enquiry, explain_enquiry
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.tendering.services import mark_opened
from pliego.tendering.states import TENDER
from pliego.tendering.tests import given
from pliego.tendering.tests.test_races import together


def codes(refused):
    return [objection.code for objection in refused.value.objections]


@pytest.fixture
def asked(published, carla, at):
    dario = given.supplier(at, "dario")
    return [
        ask_enquiry(actor=who, tender_id=published.pk, text=text, at=at)
        for who, text in ((carla, "¿Incluye instalación?"), (dario, "¿Quién instala?"), (carla, "¿Cuándo?"))
    ]


class TestAboutAPart:
    def test_names_a_document_a_section_and_a_place(self, published, carla, at):
        document = published.documents.first()
        about = About(document.document.code, "schedule", "Numeral 3.2")

        enquiry = ask_enquiry(actor=carla, tender_id=published.pk, text="¿Sí?", at=at, about=about)

        data = Entry.objects.get(act="enquiry.asked").content["data"]
        assert (enquiry.document, enquiry.section, enquiry.place) == (document, "schedule", "Numeral 3.2")
        assert data["about"] == {"document": document.document.code, "section": "schedule", "place": "Numeral 3.2"}
        assert document.title in enquiry.about
        assert not data["by_entity"]

    def test_is_refused_about_what_the_process_does_not_have(self, published, carla, at):
        about = About("PLG.DOC.9", "invitation")

        with pytest.raises(Refused) as refused:
            ask_enquiry(actor=carla, tender_id=published.pk, text="¿Sí?", at=at, about=about)

        assert codes(refused) == ["unknown_document", "unknown_section"]

    def test_does_not_see_what_an_amendment_in_preparation_brings(self, published, carla, at):
        given.amendment(published, at)
        waiting = published.documents.first()
        published.documents.filter(pk=waiting.pk).update(amendment=published.amendments.get(state="draft"))

        with pytest.raises(Refused, match="unknown_document"):
            ask_enquiry(actor=carla, tender_id=published.pk, text="¿Sí?", at=at, about=About(waiting.document.code))


class TestExplainEnquiry:
    @pytest.mark.parametrize("who", ["ana", "beto"])
    def test_is_public_and_waits_for_its_answer_like_the_others(self, house, published, at, who):
        late = published.schedule["enquiries_due"] + timedelta(minutes=1)

        enquiry = explain_enquiry(actor=getattr(house, who), tender_id=published.pk, text="Aclaración", at=late)

        entry = Entry.objects.get(act="enquiry.asked")
        assert (enquiry.number, enquiry.state, enquiry.by_entity) == (1, "waiting", True)
        assert (entry.is_public, entry.content["data"]["by_entity"]) == (True, True)

    def test_is_refused_when_empty(self, house, published, at):
        with pytest.raises(Refused, match="missing"):
            explain_enquiry(actor=house.ana, tender_id=published.pk, text=" ", at=at)

    def test_is_denied_to_suppliers_and_to_control(self, house, published, carla, at):
        for who in (carla, house.elena):
            with pytest.raises(Denied):
                explain_enquiry(actor=who, tender_id=published.pk, text="¿Yo?", at=at)


class TestAnswerEnquiries:
    def test_answers_several_in_one_act(self, house, published, asked, at):
        answered = answer_enquiries(actor=house.ana, tender_id=published.pk, numbers=[2, 1], answer="Sí.", at=at)

        data = Entry.objects.get(act="enquiry.answered").content["data"]
        assert [(row.number, row.answer, row.answered_with) for row in answered] == [(1, "Sí.", [2]), (2, "Sí.", [1])]
        assert (data["number"], [row["number"] for row in data["together"]]) == (1, [2])
        assert {row.receipt.code for row in answered} == {Entry.objects.get(act="enquiry.answered").code}
        assert list(published.enquiries.filter(state="waiting").values_list("number", flat=True)) == [3]

    def test_is_refused_when_one_has_an_answer_and_names_it(self, house, published, asked, at):
        answer_enquiry(actor=house.ana, tender_id=published.pk, number=2, answer="Sí", at=at)

        with pytest.raises(Refused) as refused:
            answer_enquiries(actor=house.ana, tender_id=published.pk, numbers=[1, 2], answer="No", at=at)

        assert codes(refused) == ["already_done"]
        assert "2" in str(refused.value.objections[0])
        assert Enquiry.objects.get(number=1).state == "waiting"

    def test_is_refused_without_any(self, house, published, asked, at):
        with pytest.raises(Refused) as refused:
            answer_enquiries(actor=house.ana, tender_id=published.pk, numbers=[], answer="Sí", at=at)

        assert codes(refused) == ["missing"]

    def test_does_not_exist_with_a_number_that_nobody_asked(self, house, published, asked, at):
        with pytest.raises(Unknown):
            answer_enquiries(actor=house.ana, tender_id=published.pk, numbers=[1, 9], answer="Sí", at=at)

    def test_is_denied_to_suppliers(self, published, carla, asked, at):
        with pytest.raises(Denied):
            answer_enquiries(actor=carla, tender_id=published.pk, numbers=[1], answer="Sí", at=at)


class TestMovingOn:
    def test_is_refused_with_the_numbers_of_those_without_an_answer(self, house, published, asked, at):
        answer_enquiry(actor=house.ana, tender_id=published.pk, number=2, answer="Sí", at=at)
        published.state = "closed"

        found = TENDER.objections(published, "open", at=published.schedule["opening"])

        [unanswered] = [objection for objection in found if objection.code == "enquiries_unanswered"]
        assert str(unanswered.sentence).endswith("1, 3.")

    def test_goes_on_when_all_are_answered(self, house, published, asked, at):
        answer_enquiries(actor=house.ana, tender_id=published.pk, numbers=[1, 2, 3], answer="Sí", at=at)
        published.state = "closed"

        found = TENDER.objections(published, "open", at=published.schedule["opening"])

        assert "enquiries_unanswered" not in {objection.code for objection in found}

    def test_is_refused_to_the_opening_itself(self, published, asked, at):
        type(published).objects.filter(pk=published.pk).update(state="closed")

        with pytest.raises(Refused, match="enquiries_unanswered"):
            mark_opened(tender_id=published.pk, at=published.schedule["opening"])


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_leave_one(held):
    house = given.buyer(held)
    tender = given.published_tender(held, house)
    ask_enquiry(actor=given.supplier(held), tender_id=tender.pk, text="¿Sí?", at=held)

    results = together(*(
        lambda who=who: answer_enquiries(actor=who, tender_id=tender.pk, numbers=[1], answer=who.user_code, at=held)
        for who in (house.ana, house.beto)
    ))  # fmt: skip

    assert sorted(type(result).__name__ for result in results) == ["Refused", "list"]
    assert Entry.objects.filter(file=tender.ocid, act="enquiry.answered").count() == 1
