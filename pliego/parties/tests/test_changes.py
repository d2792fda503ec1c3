"""An active account that corrects itself, alone or with the desk."""

from datetime import timedelta

import pytest

from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry
from pliego.parties import changes, queries
from pliego.parties.models import Change
from pliego.parties.rules import Dates
from pliego.parties.services import Attached
from pliego.parties.tests import given


@pytest.fixture
def cast(db, at):
    return given.cast(at=at)


class TestData:
    def test_what_is_the_accounts_own_changes_at_once(self, cast, at):
        changes.change_data(actor=cast.beto, account_id=cast.entity.pk, data={"phone": "6089999999"}, at=at)

        cast.entity.refresh_from_db()
        assert cast.entity.phone == "6089999999"
        assert Entry.objects.get(act="account.changed").content["data"]["fields"] == ["phone"]
        assert not Change.objects.exists()

    def test_the_rest_waits_for_the_desk(self, cast, at):
        told = {"legal_name": "Municipio de Valle Sereno", "phone": "6089999999"}
        changes.change_data(
            actor=cast.beto, account_id=cast.entity.pk, data=told, reason="Acuerdo 5", paper=given.upload(), at=at
        )
        change = Change.objects.get()
        cast.entity.refresh_from_db()
        assert cast.entity.phone == "6089999999"
        assert change.data == {"legal_name": ["ALCALDIA DE VALLE SERENO", "MUNICIPIO DE VALLE SERENO"]}
        assert change.document.audience == "desk"
        assert cast.entity.name in [task.subject for task in queries.tasks_for(cast.ines, at)]

        changes.approve(actor=cast.ines, change_id=change.pk, at=at)

        cast.entity.organization.refresh_from_db()
        assert cast.entity.organization.legal_name == "MUNICIPIO DE VALLE SERENO"
        assert Entry.objects.get(act="account.change_approved").is_public

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            ({"phone": "12"}, "phone_wrong"),
            ({"kind": "sas"}, "not_an_option"),
            ({"parent": "PLG.CTA.1"}, "parent_unknown"),
            ({"municipality": "99999"}, "municipality_unknown"),
            ({}, "nothing_changed"),
            ({"legal_name": "Otra"}, "reason_missing"),
        ],
    )
    def test_is_refused(self, cast, at, told, code):
        with pytest.raises(Refused, match=code):
            changes.change_data(actor=cast.beto, account_id=cast.entity.pk, data=told, at=at)

    def test_is_denied_to_who_does_not_administer(self, cast, at):
        with pytest.raises(Denied):
            changes.change_data(actor=cast.ana, account_id=cast.entity.pk, data={"phone": "6089999999"}, at=at)

    def test_the_desk_refuses_with_a_reason(self, cast, at):
        told = {"data": {"sector": "health"}, "reason": "x", "at": at}
        changes.change_data(actor=cast.beto, account_id=cast.entity.pk, **told)
        with pytest.raises(Refused, match="already_asked"):
            changes.change_data(actor=cast.beto, account_id=cast.entity.pk, **told)
        change = Change.objects.get()

        with pytest.raises(Refused, match="reason_missing"):
            changes.refuse(actor=cast.ines, change_id=change.pk, answer=" ", at=at)
        changes.refuse(actor=cast.ines, change_id=change.pk, answer="No lo dice el acto", at=at)

        change.refresh_from_db()
        assert (change.state, change.answer) == ("refused", "No lo dice el acto")
        with pytest.raises(Refused, match="wrong_state"):
            changes.approve(actor=cast.ines, change_id=change.pk, at=at)

    def test_a_supplier_changes_its_contact_alone(self, cast, at):
        changes.change_data(actor=cast.carla, account_id=cast.first_supplier.pk, data={"address": "Calle 9"}, at=at)

        cast.first_supplier.refresh_from_db()
        assert cast.first_supplier.address == "Calle 9"


class TestSell:
    def test_lets_the_entity_act_as_supplier_when_the_desk_agrees(self, cast, at):
        change = changes.ask_to_sell(actor=cast.beto, account_id=cast.entity.pk, reason="Imprenta", at=at)
        changes.approve(actor=cast.ines, change_id=change.pk, at=at)

        cast.entity.refresh_from_db()
        assert (cast.entity.is_buyer, cast.entity.is_supplier) == (True, True)
        with pytest.raises(Refused, match="already_done"):
            changes.ask_to_sell(actor=cast.beto, account_id=cast.entity.pk, reason="Otra vez", at=at)


class TestOtherType:
    def test_turns_an_entity_registered_by_mistake_into_a_supplier(self, cast, at):
        told = {"account_id": cast.entity.pk, "reason": "Somos una empresa", "at": at}
        change = changes.ask_other_type(actor=cast.beto, kind="sas", **told)
        changes.approve(actor=cast.ines, change_id=change.pk, at=at)

        cast.entity.refresh_from_db()
        assert (cast.entity.is_buyer, cast.entity.is_supplier, cast.entity.kind) == (False, True, "sas")
        assert given.actor(cast.person("beto"), cast.entity).roles == {"administrator"}

    def test_is_refused_of_a_kind_of_the_same_side(self, cast, at):
        with pytest.raises(Refused, match="not_an_option"):
            changes.ask_other_type(actor=cast.beto, account_id=cast.entity.pk, kind="other_public", reason="x", at=at)

    def test_is_refused_of_an_account_that_has_acted(self, cast, at):
        Entry.objects.filter(file=cast.entity.file).first()
        from pliego.ledger import outbox
        from pliego.parties.events import AccountChanged

        event = AccountChanged(file="ocds-pl1ego-PLG.EXP.1", subject_id=1, data={})
        outbox.publish(event, actor=cast.beto, at=at)

        with pytest.raises(Refused, match="account_in_use"):
            changes.ask_other_type(actor=cast.beto, account_id=cast.entity.pk, kind="sas", reason="x", at=at)


class TestPapers:
    def test_a_newer_one_takes_the_place_of_the_one_before(self, cast, at):
        dates = Dates(issued_on=at.date(), audience="public")
        sent = Attached(given.upload("rut-nuevo.pdf"), dates)
        kept = changes.renew_paper(actor=cast.beto, account_id=cast.entity.pk, field="tax_register", sent=sent, at=at)

        kept.document.refresh_from_db()
        current = {p.kind: p.document.name for p in queries.papers_of(cast.entity)}
        assert current["tax_register"] == "rut-nuevo.pdf"
        assert kept.document.audience == "public"
        assert cast.entity.papers.filter(kind="tax_register").count() == 2

    @pytest.mark.parametrize(
        ("dates", "code"),
        [
            ({"issued_on": 3}, "issued_in_the_future"),
            ({"expires_on": -1}, "document_expired"),
        ],
    )
    def test_is_refused_with_dates_that_cannot_be(self, cast, at, dates, code):
        told = {name: at.date() + timedelta(days=days) for name, days in dates.items()}
        sent = Attached(given.upload(), Dates(**told))

        with pytest.raises(Refused, match=code):
            changes.renew_paper(actor=cast.beto, account_id=cast.entity.pk, field="appointment_act", sent=sent, at=at)

    @pytest.mark.parametrize(("days", "code"), [(None, "issue_date_missing"), (91, "document_too_old"), (90, None)])
    def test_the_certificate_of_a_private_entity_is_at_most_90_days_old(self, db, at, days, code):
        issued = at.date() - timedelta(days=days) if days is not None else None
        papers = {**given.papers(), "legal_existence": Attached(given.upload(), Dates(issued_on=issued))}
        given.load_starter()
        from pliego.accounts.tests import given as people
        from pliego.parties import services

        told = {"actor": given.actor(people.person("beto")), "papers": papers, "at": at}
        data = given.entity_data(kind="private_public_money")
        if code is None:
            assert services.register_entity(data=data, **told).state == "requested"
        else:
            with pytest.raises(Refused, match=code):
                services.register_entity(data=data, **told)
