from datetime import timedelta

import pytest

from pliego.documents.models import Document
from pliego.kernel.actors import ANYONE
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused, SignatureRequired
from pliego.ledger.models import Entry
from pliego.tendering import policy
from pliego.tendering.models import Tender
from pliego.tendering.services import attach_to_amendment, discard_amendment, draft_amendment, publish_amendment
from pliego.tendering.tests import given


def later(tender, code, days=1):
    due = tender.schedule[code]
    return calendar.at(calendar.add(calendar.day_of(due), days), 16)


class TestDraftAmendment:
    def test_changes_nothing_yet(self, house, published, at):
        before = published.schedule

        amendment = given.amendment(published, at)

        assert published.schedule == before
        assert amendment.changes["milestones"].keys() == {"award", "contract_signed"}
        assert not Entry.objects.filter(file=published.ocid, act="tender.amended").exists()

    def test_can_be_written_anew(self, house, published, at):
        given.amendment(published, at)
        moved = {"contract_signed": later(published, "contract_signed", 3)}

        draft_amendment(actor=house.ana, tender_id=published.pk, reason="Mejor así", milestones=moved, at=at)

        assert [(a.number, a.reason) for a in published.amendments.all()] == [(1, "Mejor así")]

    def test_is_refused_with_every_broken_rule(self, house, published, at):
        moved = {"invitation_published": at + timedelta(days=2), "bids_due": at + timedelta(hours=1)}

        with pytest.raises(Refused) as refused:
            draft_amendment(actor=house.ana, tender_id=published.pk, reason=" ", milestones=moved, at=at)

        found = {(o.field, o.code) for o in refused.value.objections}
        assert ("reason", "missing") in found
        assert ("invitation_published", "milestone_fixed") in found
        assert ("bids_due", "bids_due_too_soon") in found

    def test_is_denied_to_the_approver(self, house, published, at):
        with pytest.raises(Denied):
            draft_amendment(actor=house.beto, tender_id=published.pk, reason="Ajuste", milestones={}, at=at)


class TestPublishAmendment:
    @pytest.fixture
    def open_at(self, published):
        """A moment inside the window of the law."""
        return published.schedule["amendments_due"] - timedelta(hours=2)

    def test_makes_the_new_dates_the_dates(self, house, published, open_at):
        new = later(published, "contract_signed")
        given.amendment(published, open_at, contract_signed=new)

        publish_amendment(actor=given.signed(house.beto, open_at), tender_id=published.pk, at=open_at)

        kept = Tender.objects.get(pk=published.pk)
        assert (kept.schedule["contract_signed"], kept.version, kept.state) == (new, 2, "published")

    def test_announces_before_and_after_and_keeps_a_version(self, house, published, open_at):
        old, new = published.schedule["contract_signed"], later(published, "contract_signed")
        given.amendment(published, open_at, contract_signed=new)

        amendment = publish_amendment(actor=given.signed(house.beto, open_at), tender_id=published.pk, at=open_at)

        entry = Entry.objects.get(file=published.ocid, act="tender.amended")
        change = entry.content["data"]["changes"]["milestones"]["contract_signed"]
        assert change == {"before": f"{old:%Y-%m-%dT%H:%M:%SZ}", "after": change["after"]}
        assert entry.content["data"]["milestones"]["contract_signed"] == change["after"]
        assert amendment.version.snapshot["milestones"]["contract_signed"] == change["after"]
        assert published.versions.get(number=1).snapshot["milestones"]["contract_signed"] == change["before"]

    def test_brings_in_new_documents_for_everybody(self, house, published, open_at):
        given.amendment(published, open_at)
        attach_to_amendment(
            actor=house.ana, tender_id=published.pk, kind="annex", content=given.pdf("anexo.pdf"), at=open_at
        )
        before = Document.objects.visible_to(ANYONE).filter(file=published.ocid).count()

        publish_amendment(actor=given.signed(house.beto, open_at), tender_id=published.pk, at=open_at)

        assert Document.objects.visible_to(ANYONE).filter(file=published.ocid).count() == before + 1

    @pytest.mark.parametrize(("minutes", "is_allowed"), [(-1, True), (0, False), (1, False)])
    def test_is_possible_until_the_last_minute_of_its_window(self, house, published, minutes, is_allowed):
        moment = published.schedule["amendments_due"] + timedelta(minutes=minutes)
        given.amendment(published, moment)

        if is_allowed:
            publish_amendment(actor=given.signed(house.beto, moment), tender_id=published.pk, at=moment)
        else:
            with pytest.raises(Refused, match="too_late") as refused:
                publish_amendment(actor=given.signed(house.beto, moment), tender_id=published.pk, at=moment)
            assert "2.2.1.1.2.2.1" in refused.value.objections[0].legal_basis

    def test_is_refused_at_night(self, house, published, at):
        given.amendment(published, at)
        night = calendar.at(calendar.day_of(at), 23)

        with pytest.raises(Refused, match="outside_hours"):
            publish_amendment(actor=given.signed(house.beto, night), tender_id=published.pk, at=night)

    def test_is_refused_when_it_changes_nothing(self, house, published, open_at):
        draft_amendment(actor=house.ana, tender_id=published.pk, reason="Nada", milestones={}, at=open_at)

        with pytest.raises(Refused, match="nothing_changes"):
            publish_amendment(actor=given.signed(house.beto, open_at), tender_id=published.pk, at=open_at)

    def test_is_refused_when_none_is_being_prepared(self, house, published, open_at):
        with pytest.raises(Refused, match="wrong_state"):
            publish_amendment(actor=given.signed(house.beto, open_at), tender_id=published.pk, at=open_at)

    def test_needs_a_signature(self, house, published, open_at):
        given.amendment(published, open_at)

        with pytest.raises(SignatureRequired):
            publish_amendment(actor=house.beto, tender_id=published.pk, at=open_at)

    def test_is_denied_to_whoever_wrote_it(self, house, published, open_at):
        both = given.joined(house.account, "irene", ["preparer", "approver"], open_at)
        moved = {"contract_signed": later(published, "contract_signed")}
        draft_amendment(actor=both, tender_id=published.pk, reason="Ajuste", milestones=moved, at=open_at)

        with pytest.raises(Denied) as denied:
            publish_amendment(actor=given.signed(both, open_at), tender_id=published.pk, at=open_at)

        assert denied.value.reason == policy.did_not_write_the_amendment.reason


class TestDiscardAmendment:
    def test_leaves_room_for_another(self, house, published, at):
        given.amendment(published, at)

        discard_amendment(actor=house.ana, tender_id=published.pk, at=at)

        assert given.amendment(published, at).number == 2

    def test_is_refused_when_none_is_being_prepared(self, house, published, at):
        with pytest.raises(Refused, match="wrong_state"):
            discard_amendment(actor=house.ana, tender_id=published.pk, at=at)
