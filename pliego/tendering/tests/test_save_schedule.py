from datetime import UTC, timedelta, timezone

import pytest

from pliego.kernel.objections import Refused, Unknown
from pliego.methods import schedule
from pliego.tendering.services import save_schedule
from pliego.tendering.tests import given


class TestSaveSchedule:
    def test_keeps_the_dates(self, house, at):
        tender = given.empty_tender(at, house)
        dates = schedule.propose(tender.rulebook, at)

        save_schedule(actor=house.ana, tender_id=tender.pk, milestones=dates, at=at)

        assert tender.schedule == dates

    def test_replaces_the_dates_that_were_there(self, house, draft, at):
        dates = schedule.propose(draft.rulebook, at + timedelta(days=30))

        save_schedule(actor=house.ana, tender_id=draft.pk, milestones=dates, at=at)

        assert draft.schedule == dates

    def test_is_refused_with_every_broken_rule_its_article_and_the_earliest_date(self, house, at):
        tender = given.empty_tender(at, house)
        proposed = schedule.propose(tender.rulebook, at)
        dates = proposed | {
            "enquiries_due": at + timedelta(hours=1),
            "bids_due": at + timedelta(hours=2),
            "opening": at + timedelta(hours=1),
        }

        with pytest.raises(Refused) as refused:
            save_schedule(actor=house.ana, tender_id=tender.pk, milestones=dates, at=at)

        found = {o.field: o for o in refused.value.objections}
        assert {"enquiries_due", "bids_due", "opening"} <= found.keys()
        assert found["enquiries_due"].earliest == proposed["enquiries_due"]
        assert "2.2.1.2.1.5.2" in found["enquiries_due"].legal_basis
        assert tender.schedule == {}

    @pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=9))])
    def test_decides_the_same_in_every_time_zone(self, house, at, zone):
        tender = given.empty_tender(at, house)
        dates = {code: due.astimezone(zone) for code, due in schedule.propose(tender.rulebook, at).items()}

        save_schedule(actor=house.ana, tender_id=tender.pk, milestones=dates, at=at)

        assert tender.schedule == dates

    def test_is_refused_with_a_milestone_that_the_method_has_not(self, house, at):
        tender = given.empty_tender(at, house)

        with pytest.raises(Refused, match="unknown_milestone"):
            save_schedule(actor=house.ana, tender_id=tender.pk, milestones={"fiesta": at}, at=at)

    def test_does_not_exist_for_a_supplier(self, house, carla, at):
        tender = given.empty_tender(at, house)

        with pytest.raises(Unknown):
            save_schedule(actor=carla, tender_id=tender.pk, milestones={}, at=at)
