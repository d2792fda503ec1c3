from datetime import timedelta

import pytest

from pliego.documents.models import Document
from pliego.kernel.actors import ANYONE
from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry
from pliego.tendering import policy
from pliego.tendering.models import CustodianKey, OpeningKey, Tender
from pliego.tendering.services import (
    choose_opening_members,
    discard_draft,
    publish_tender,
    return_to_draft,
    submit_for_approval,
)
from pliego.tendering.tests import given


class TestSubmitForApproval:
    def test_closes_the_draft(self, house, draft, at):
        submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)

        kept = Tender.objects.get(pk=draft.pk)
        assert (kept.state, kept.submitted_at) == ("submitted", at)

    def test_announces_it_in_private(self, house, draft, at):
        tender = submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)

        assert (tender.receipt.act, tender.receipt.is_public) == ("tender.submitted", False)

    def test_is_refused_with_all_that_is_missing_everywhere(self, house, at):
        tender = given.empty_tender(at, house)

        with pytest.raises(Refused) as refused:
            submit_for_approval(actor=house.ana, tender_id=tender.pk, at=at)

        found = {o.code for o in refused.value.objections}
        assert {
            "missing", "schedule_missing", "price_list_missing", "document_missing", "no_budget_certificate",
            "no_custodian_key",
        } <= found  # fmt: skip

    def test_is_refused_while_a_member_has_no_opening_key(self, house, draft, at):
        members = [(house.ana.user_id, "preparer"), (house.elena.user_id, "control")]
        choose_opening_members(actor=house.ana, tender_id=draft.pk, threshold=2, members=members, at=at)

        with pytest.raises(Refused, match="no_opening_key"):
            submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)

    def test_is_denied_to_the_approver(self, house, draft, at):
        with pytest.raises(Denied):
            submit_for_approval(actor=house.beto, tender_id=draft.pk, at=at)


class TestReturnToDraft:
    def test_lets_the_authors_mend_it(self, house, submitted, at):
        return_to_draft(actor=house.beto, tender_id=submitted.pk, reasons="Falta el anexo", at=at)

        kept = Tender.objects.get(pk=submitted.pk)
        assert (kept.state, kept.returned_reasons) == ("returned", "Falta el anexo")
        assert submit_for_approval(actor=house.ana, tender_id=submitted.pk, at=at).state == "submitted"

    def test_is_denied_to_the_author(self, house, submitted, at):
        with pytest.raises(Denied):
            return_to_draft(actor=house.ana, tender_id=submitted.pk, reasons="Falta el anexo", at=at)


class TestDiscardDraft:
    def test_ends_it_without_ever_being_public(self, house, draft, at):
        discard_draft(actor=house.ana, tender_id=draft.pk, reason="Ya no se necesita", at=at)

        assert Tender.objects.get(pk=draft.pk).state == "cancelled"
        assert not Tender.objects.visible_to(ANYONE).filter(pk=draft.pk).exists()


class TestPublishTender:
    def test_makes_it_public_at_once(self, house, submitted, at):
        assert not Tender.objects.visible_to(ANYONE).filter(pk=submitted.pk).exists()

        publish_tender(actor=given.signed(house.beto, at), tender_id=submitted.pk, at=at)

        kept = Tender.objects.visible_to(ANYONE).get(pk=submitted.pk)
        assert (kept.state, kept.published_at, kept.approved_by_id) == ("published", at, house.beto.user_id)
        assert kept.notice_code.startswith("PLG.AVI.")
        assert kept.phase_code.startswith("PLG.FAS.")

    def test_starts_the_clock_of_the_method(self, house, submitted, at):
        later = at + timedelta(minutes=40)

        with pytest.raises(Refused, match="too_soon"):
            publish_tender(actor=given.signed(house.beto, at), tender_id=submitted.pk, at=at + timedelta(days=9))
        tender = publish_tender(actor=given.signed(house.beto, later), tender_id=submitted.pk, at=later)

        assert tender.schedule["invitation_published"] == later

    def test_opens_the_documents_to_everybody(self, house, submitted, at):
        publish_tender(actor=given.signed(house.beto, at), tender_id=submitted.pk, at=at)

        assert Document.objects.visible_to(ANYONE).filter(file=submitted.ocid, kind="tender_document").count() == 2

    def test_announces_who_can_open_and_when(self, house, submitted, at):
        tender = publish_tender(actor=given.signed(house.beto, at), tender_id=submitted.pk, at=at)

        entry = Entry.objects.get(file=tender.ocid, act="tender.published")
        opening = entry.content["data"]["opening"]
        keys = dict(OpeningKey.objects.values_list("user_id", "recipient"))
        members = list(tender.opening_members.all())
        assert entry.is_public
        assert tender.receipt == entry
        assert opening["threshold"] == 2
        assert [m["recipient"] for m in opening["members"]] == [keys[m.user_id] for m in members]
        assert [m.recipient for m in members] == [keys[m.user_id] for m in members]
        assert opening["custodian"] == {"number": tender.custodian_number, "recipient": tender.custodian_recipient}
        assert opening["at"] == entry.content["data"]["milestones"]["opening"]
        assert len(entry.documents) == 2

    def test_takes_a_custodian_key_that_nobody_else_gets(self, house, at):
        first, second = given.published_tender(at, house), given.published_tender(at, house)

        assert first.custodian_recipient != second.custodian_recipient
        assert CustodianKey.objects.get(number=first.custodian_number).tender == first

    def test_keeps_the_first_version_whole(self, house, submitted, at):
        tender = publish_tender(actor=given.signed(house.beto, at), tender_id=submitted.pk, at=at)

        snapshot = tender.versions.get(number=1).snapshot
        assert [line["description"] for line in snapshot["questionnaire"][1]["lines"]] == [
            row.description for row in given.ROWS
        ]
        assert snapshot["milestones"].keys() == tender.schedule.keys()

    def test_needs_a_signature(self, house, submitted, at):
        with pytest.raises(SignatureRequired):
            publish_tender(actor=house.beto, tender_id=submitted.pk, at=at)

    def test_is_denied_to_whoever_wrote_a_part_of_it(self, house, draft, at):
        both = given.joined(house.account, "irene", ["preparer", "approver"], at)
        given.services.save_general(actor=both, tender_id=draft.pk, data=given.general(), at=at)
        submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)

        with pytest.raises(Denied) as denied:
            publish_tender(actor=given.signed(both, at), tender_id=draft.pk, at=at)

        assert denied.value.reason == policy.did_not_prepare_it.reason

    def test_is_refused_by_the_database_when_one_person_does_both(self, house, submitted, at):
        from django.db import IntegrityError

        with pytest.raises(IntegrityError, match="approver_is_not_preparer"):
            Tender.objects.filter(pk=submitted.pk).update(published_at=at, approved_by_id=house.ana.user_id)

    def test_is_refused_without_a_custodian_key(self, house, submitted, at):
        CustodianKey.objects.all().delete()

        with pytest.raises(Refused, match="no_custodian_key"):
            publish_tender(actor=given.signed(house.beto, at), tender_id=submitted.pk, at=at)

    def test_does_not_exist_for_another_entity(self, house, submitted, at):
        other = given.buyer(at, "Otra entidad", "999900002")

        with pytest.raises(Unknown):
            publish_tender(actor=given.signed(other.beto, at), tender_id=submitted.pk, at=at)

    def test_publishes_a_direct_contracting_by_the_same_road(self, house, carla, at):
        tender = given.published_tender(at, house, method="contratacion_directa", invited=carla)

        assert (tender.state, tender.custodian_recipient) == ("published", "")
        assert Entry.objects.get(file=tender.ocid, act="tender.published").content["data"]["opening"] is None
