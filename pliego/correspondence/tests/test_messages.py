"""Writing about a process: to everybody, to a group, to one, and in a case."""

import pytest
from django.db import DatabaseError, transaction

from pliego.bidding.tests import given as bidding
from pliego.correspondence import groups, queries
from pliego.correspondence.models import Case, Message, Recipient
from pliego.correspondence.policy import MESSAGES, MessageAct
from pliego.correspondence.services import Words, open_case, read_messages, write_in_case, write_message
from pliego.documents.models import Document
from pliego.kernel.actors import ANYONE
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.parties.tests import given as parties
from pliego.tendering.tests import given
from pliego.tendering.tests.test_races import together


def codes(refused):
    return [(objection.code, objection.field) for objection in refused.value.objections]


class TestWriteMessage:
    def test_to_everybody_is_public_for_ever_with_its_receipt_and_documents(self, written, carla, published, asked):
        message = written("public", files=[("document", parties.upload("plano.pdf"))])

        entry = Entry.objects.get(act="message.published")
        document = Document.objects.visible_to(ANYONE).get(kind="message_document")
        assert (message.receipt, entry.is_public, entry.documents) == (entry, True, [document.sha256])
        assert list(Message.objects.visible_to(ANYONE)) == [message]
        assert [row.account_id for row in message.recipients.all()] == [carla.account_id]
        rows = Message.objects.filter(pk=message.pk)
        for change in (lambda: rows.update(text="Otra cosa"), rows.delete, message.recipients.all().delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_to_one_opens_a_case_that_the_supplier_answers(self, written, carla, dario, asked, at):
        message = written("supplier", supplier=carla.account_code, files=[("document", parties.upload("acta.pdf"))])

        entry = Entry.objects.get(act="message.sent")
        document = Document.objects.get(kind="message_document")
        assert (message.case.state, entry.is_public, entry.content["data"]["case"]) == (
            "answered",
            False,
            message.case.code,
        )
        assert Document.objects.visible_to(carla).contains(document)
        assert not Document.objects.visible_to(dario).contains(document)
        reply = write_in_case(actor=carla, case_id=message.case_id, words=Words("Gracias"), at=at)
        assert (reply.subject, Case.objects.get(pk=message.case_id).state) == ("Visita al sitio", "waiting")

    def test_is_refused_with_everything_that_is_wrong(self, written, dario):
        with pytest.raises(Refused) as refused:
            written("invited", text=" ", subject="")
        assert codes(refused) == [("nobody_invited", "group"), ("missing", "subject"), ("missing", "text")]

        with pytest.raises(Refused) as refused:
            written("everybody")
        assert codes(refused) == [("unknown_group", "group")]

        broken = parties.upload("a.pdf", b"no es un PDF")
        with pytest.raises(Refused) as refused:
            written("public", files=[("document_2", broken)])
        assert [field for _code, field in codes(refused)] == ["document_2"]
        assert not Message.objects.exists()

    def test_is_denied_to_suppliers_and_to_control_and_unknown_before_the_publication(
        self, written, house, carla, submitted, at
    ):
        for who in (carla, house.elena):
            with pytest.raises(Denied):
                written("public", actor=who)
        with pytest.raises(Denied):
            write_message(actor=house.ana, tender_id=submitted.pk, group="public", words=Words("a", "b"), at=at)
        with pytest.raises(Unknown):
            open_case(actor=carla, tender_id=submitted.pk, words=Words("a", "b"), at=at)


class TestSecrecyOfOffers:
    def test_before_the_closing_record_nothing_tells_who_presented_an_offer_nor_whether(
        self, written, carla, dario, published, at
    ):
        def outcomes():
            """What the entity gets for whatever it tries."""
            found = []
            for group, supplier in (
                ("bidders", ""),
                ("supplier", dario.account_code),
                ("supplier", carla.account_code),
            ):
                with pytest.raises(Refused) as refused:
                    written(group, supplier=supplier)
                found.append([str(objection) for objection in refused.value.objections])
            return found, [account.pk for account in queries.known_suppliers(published)]

        before = outcomes()
        bidding.submitted_bid(published, dario, at)
        assert outcomes() == before

        message = written("interested")
        received = Recipient.objects.get(message=message)
        read_messages(actor=dario, messages=[message], at=at)
        received.refresh_from_db()
        assert (received.account_id, received.read_by_id) == (dario.account_id, dario.user_id)
        assert not queries.readers(message).exists()
        assert dario.account_code not in Entry.objects.get(act="message.sent").body
        assert not Entry.objects.filter(file=published.ocid, folio__gt=message.receipt.folio).exists()

    def test_after_it_the_bidders_are_written_to_and_named_only_once_opened(self, written, carla, dario, published, at):
        bidding.submitted_bid(published, dario, at)
        bidding.closed_tender(published)

        message = written("bidders")
        read_messages(actor=dario, messages=[message], at=at)

        assert [row.account_id for row in message.recipients.all()] == [dario.account_id]
        assert not queries.readers(message).exists()
        assert not Message.objects.visible_to(carla).contains(message)
        type(published).objects.get(pk=published.pk).bids.update(state="opened")
        assert [row.account_id for row in queries.readers(message)] == [dario.account_id]


class TestCase:
    def test_is_between_two_and_waits_for_whoever_must_answer(self, asked, house, carla, dario, at):
        case, entry = asked.case, Entry.objects.get(act="message.received")

        assert (case.number, case.state, entry.is_public) == (1, "waiting", False)
        assert [str(task.title) for task in queries.tasks_for(house.beto, at)] == ["Responder el mensaje"]
        assert not Case.objects.visible_to(dario).exists()
        with pytest.raises(Unknown):
            write_in_case(actor=dario, case_id=case.pk, words=Words("¿Y yo?"), at=at)
        with pytest.raises(Denied):
            write_in_case(actor=house.elena, case_id=case.pk, words=Words("No"), at=at)
        with pytest.raises(Refused):
            write_in_case(actor=house.ana, case_id=case.pk, words=Words(" "), at=at)
        answer = write_in_case(actor=house.ana, case_id=case.pk, words=Words("A las 9"), at=at)
        case.refresh_from_db()
        assert (case.state, answer.group, list(queries.tasks_for(house.beto, at))) == ("answered", "supplier", [])
        assert [str(task.title) for task in queries.tasks_for(carla, at)] == ["Leer 1 mensaje nuevo"]
        assert queries.unread_of(carla).count() == 1
        assert read_messages(actor=carla, messages=[asked, answer], at=at) == 1
        assert read_messages(actor=carla, messages=[asked, answer], at=at) == 0
        assert queries.unread_of(carla).count() == 0

    def test_is_denied_to_the_entity_itself_and_to_people_without_an_account(self, house, published, at):
        for who in (house.ana, ANYONE):
            with pytest.raises(Denied):
                open_case(actor=who, tender_id=published.pk, words=Words("a", "b"), at=at)


def test_sql_and_policy_agree_on_who_reads(written, asked, house, carla, dario, at):  # noqa: PLR0917
    messages = [written("public"), written("interested"), asked, written("supplier", supplier=carla.account_code)]
    mallory = given.buyer(at, "Gobernación de Valle Lejano", "999900009").ana

    for who in (ANYONE, house.ana, house.elena, carla, dario, mallory):
        by_sql = set(Message.objects.visible_to(who).values_list("pk", flat=True))
        assert by_sql == {m.pk for m in messages if MESSAGES.verdict(who, MessageAct.VIEW, m)}, who.name


def test_every_group_says_who_is_in_it():
    assert set(groups.TITLES) == {*groups.GROUPS, "entity"}
    assert all(str(group.title) for group in groups.GROUPS.values())


@pytest.mark.django_db(transaction=True)
def test_two_messages_at_once_take_two_numbers(held):
    house = given.buyer(held)
    tender = given.published_tender(held, house)

    together(*(
        lambda who=who: write_message(
            actor=who, tender_id=tender.pk, group="public", words=Words("a", "b"), at=held
        )
        for who in (house.ana, house.beto)
    ))  # fmt: skip

    assert list(tender.messages.values_list("number", flat=True)) == [1, 2]
