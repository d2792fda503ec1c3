"""Suspending, resuming, correcting and revoking a public process."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused, SignatureRequired
from pliego.ledger.models import Entry
from pliego.tendering import halts, services
from pliego.tendering.models import Suspension, Tender
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.queries import next_milestone, tasks_for
from pliego.tendering.tests import given

WHY = {"reason": "Un juez lo ordenó", "legal_basis": "Auto 12 de 2026", "planned_on": date(2026, 3, 9)}


def suspended(house, tender, at, **changes):
    told = {**WHY, **changes}
    return services.suspend_tender(actor=given.signed(house.beto, at), tender_id=tender.pk, at=at, **told)


def resumed(house, tender, at, **milestones):
    return services.resume_tender(
        actor=given.signed(house.beto, at), tender_id=tender.pk, reason="Cesó la causa", milestones=milestones, at=at
    )


def kept(tender):
    return Tender.objects.get(pk=tender.pk)


def fields(refused):
    return {(objection.field, objection.code) for objection in refused.value.objections}


class TestSuspendTender:
    def test_stops_everything_and_remembers_where_it_was(self, house, published, at):
        suspended(house, published, at)

        tender, entry = kept(published), Entry.objects.get(file=published.ocid, act="tender.suspended")
        assert (tender.state, tender.suspended_from, tender.underlying_state) == ("suspended", "published", "published")
        assert entry.content["data"] | {"from": "published", "planned_on": "2026-03-09"} == entry.content["data"]
        assert next_milestone(tender, at=at) is None
        assert [task.url.rsplit("/", 2)[1] for task in tasks_for(house.beto, at)] == ["reanudar"]
        for act in (Act.DRAFT_AMENDMENT, Act.DRAFT_CORRECTION, Act.SUSPEND, Act.DRAW):
            actor = house.ana if act.startswith("draft") or act is Act.DRAW else house.beto
            assert "9 mar 2026" in str(POLICY.verdict(actor, act, tender).reason)
        for act, code in ((services.mark_closed, "bids_due"), (services.mark_awarded, "award")):
            with pytest.raises(Refused, match="wrong_state"):
                act(tender_id=published.pk, at=tender.schedule[code])
        self.database_keeps_the_way_back(house, published, at)

    def database_keeps_the_way_back(self, house, published, at):
        rows = Tender.objects.filter(pk=published.pk)
        for wrong in ({"suspended_from": ""}, {"suspended_from": "awarded"}, {"state": "awarded"}, {"state": "closed"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(**wrong)
        again = {"came_from": "published", "suspended_by_id": house.beto.user_id, "suspended_at": at, **WHY}
        with pytest.raises(IntegrityError), transaction.atomic():
            Suspension.objects.create(tender=published, number=2, **again)

    def test_is_refused_with_what_is_missing_and_to_who_may_not(self, house, published, at):
        with pytest.raises(Refused) as refused:
            suspended(house, published, at, reason=" ", legal_basis="", planned_on=date(2026, 3, 2))
        assert fields(refused) == {("reason", "missing"), ("legal_basis", "missing"), ("planned_on", "planned_past")}
        with pytest.raises(SignatureRequired):
            services.suspend_tender(actor=house.beto, tender_id=published.pk, at=at, **WHY)
        with pytest.raises(Denied):
            services.suspend_tender(actor=given.signed(house.ana, at), tender_id=published.pk, at=at, **WHY)


class TestResumeTender:
    def test_moves_what_was_to_come_by_what_the_suspension_took(self, house, published, at):
        before, resumed_at = published.schedule, at + timedelta(days=7, hours=6)
        given.amendment(published, at)
        suspended(house, published, at + timedelta(hours=6))

        suspension = resumed(house, published, resumed_at)

        tender, version = kept(published), published.versions.get(number=2)
        moved = {code: calendar.later(due, 5) for code, due in before.items() if code != "invitation_published"}
        entry = Entry.objects.get(file=published.ocid, act="tender.resumed")
        change = entry.content["data"]["changes"]["milestones"]["bids_due"]
        waiting = tender.amendments.get(state="draft")
        assert (tender.state, tender.suspended_from, tender.version, suspension.days) == ("published", "", 2, 5)
        assert tender.schedule == {**before, **moved}
        assert version.amendment.kind == "resumption"
        assert (
            version.snapshot["milestones"]["bids_due"] == change["after"] == f"{moved['bids_due']:%Y-%m-%dT21:00:00Z}"
        )
        assert entry.content["data"]["opening"]["at"] == version.snapshot["milestones"]["opening"]
        assert waiting.changes["milestones"]["award"]["before"] == version.snapshot["milestones"]["award"]
        # the terms of the law are counted without the suspension, and an addendum after it follows them
        assert halts.published_at(tender) == calendar.later(at, 5)
        assert halts.counted(tender, {"x": at, "y": resumed_at}) == {"x": calendar.later(at, 5), "y": resumed_at}
        assert given.amendment(tender, resumed_at).changes["milestones"].keys() == {"award", "contract_signed"}

    def test_takes_later_dates_and_never_earlier_ones(self, house, published, at):
        monday, dates = at + timedelta(days=7), published.schedule
        suspended(house, published, at)
        least = calendar.later(dates["contract_signed"], 5)
        early = {"contract_signed": least - timedelta(minutes=1), "invitation_published": monday + timedelta(days=1)}

        with pytest.raises(Refused) as refused:
            resumed(house, published, monday, **early)
        assert fields(refused) == {("contract_signed", "too_soon"), ("invitation_published", "milestone_fixed")}
        with pytest.raises(Refused) as refused:
            resumed(house, published, monday, bids_due=calendar.later(dates["bids_due"], 40))
        assert ("opening", "opening_too_soon") in fields(refused)
        with pytest.raises(SignatureRequired):
            services.resume_tender(actor=house.beto, tender_id=published.pk, reason="Ya", at=monday)
        with pytest.raises(Denied):
            services.resume_tender(actor=given.signed(house.ana, at), tender_id=published.pk, reason="Ya", at=monday)
        with pytest.raises(Refused, match="missing"):
            services.resume_tender(actor=given.signed(house.beto, at), tender_id=published.pk, reason=" ", at=monday)

        resumed(house, published, monday, contract_signed=least + timedelta(days=1))
        assert kept(published).schedule["contract_signed"] == least + timedelta(days=1)

    def test_goes_back_to_where_it_was_and_asks_for_no_offers_again(self, house, published):
        dates = published.schedule
        with pytest.raises(Refused, match="must_close"):  # the end of the offers is put on record first
            suspended(house, published, dates["bids_due"])
        services.mark_closed(tender_id=published.pk, at=dates["bids_due"])
        suspended(house, published, dates["bids_due"])

        resumed(house, published, dates["bids_due"] + timedelta(days=2))

        tender = kept(published)
        assert (tender.state, tender.schedule["bids_due"]) == ("closed", dates["bids_due"])
        assert tender.schedule["opening"] == calendar.later(dates["opening"], 2)


class TestDraftCorrection:
    SAID = {"defect": "Faltó la hora del cierre", "reason": "Se da de nuevo el término"}

    def test_gives_a_term_anew_outside_the_window_and_takes_two_people(self, house, published):
        dates = published.schedule
        night = dates["enquiries_due"] + timedelta(hours=7)  # past the window of the addenda, and past its hours
        again = {code: calendar.later(due, 3) for code, due in dates.items() if code != "invitation_published"}
        common = {"tender_id": published.pk, "at": night}

        services.draft_correction(actor=house.ana, milestones=again, **self.SAID, **common)
        with pytest.raises(IntegrityError), transaction.atomic():
            published.amendments.update(state="published", approved_by_id=house.ana.user_id)
        with pytest.raises(Refused, match="another_is_written"):
            given.amendment(published, dates["invitation_published"])
        with pytest.raises(Denied):
            services.publish_amendment(actor=given.signed(house.ana, night), **common)
        made = services.publish_amendment(actor=given.signed(house.beto, night), **common)

        entry = Entry.objects.get(file=published.ocid, act="tender.corrected")
        assert (made.kind, made.version.number, kept(published).state) == ("correction", 2, "published")
        assert kept(published).schedule == {**dates, **again}
        assert entry.content["data"]["defect"] == self.SAID["defect"]
        assert entry.content["data"]["legal_basis"] == "Ley 80 de 1993, art. 49"

    def test_is_possible_after_the_close_but_asks_for_no_offers_again(self, house, published):
        at = published.schedule["bids_due"]
        services.mark_closed(tender_id=published.pk, at=at)
        common = {"actor": house.ana, "tender_id": published.pk, "at": at}

        with pytest.raises(Refused) as refused:
            services.draft_correction(milestones={"bids_due": calendar.later(at, 1)}, **self.SAID, **common)
        assert ("bids_due", "milestone_fixed") in fields(refused)
        with pytest.raises(Refused) as refused:
            services.draft_correction(defect=" ", reason="", milestones={"award": at}, **common)
        assert {("defect", "missing"), ("reason", "missing"), ("award", "milestone_past")} <= fields(refused)
        services.draft_correction(**self.SAID, **common)
        services.attach_to_amendment(kind="annex", content=given.pdf("acta.pdf"), **common)
        services.publish_amendment(actor=given.signed(house.beto, at), tender_id=published.pk, at=at)
        assert kept(published).state == "closed"


class TestRevokeTender:
    SAID = {"ground": "public_interest", "reason": "La necesidad se atendió de otro modo"}

    def test_undoes_a_suspended_process_for_ever(self, house, published, at):
        common = {"actor": given.signed(house.beto, at), "tender_id": published.pk, "at": at}
        suspended(house, published, at)
        with pytest.raises(Refused) as refused:
            services.revoke_tender(ground="otra", reason="", **common)
        assert fields(refused) == {("ground", "unknown_ground"), ("reason", "missing")}

        services.revoke_tender(**self.SAID, **common)

        tender, entry = kept(published), Entry.objects.get(file=published.ocid, act="tender.revoked")
        assert (tender.state, tender.ended_at, tender.suspended_from) == ("revoked", at, "")
        assert tender.ending_basis == entry.content["data"]["legal_basis"] == "Ley 1437 de 2011, art. 93, num. 2"
        with pytest.raises(Denied):
            resumed(house, published, at)

    def test_is_denied_after_the_award_and_to_who_prepares(self, house, at):
        direct = given.published_tender(at, house, method="contratacion_directa")
        with pytest.raises(Denied):
            services.revoke_tender(actor=given.signed(house.ana, at), tender_id=direct.pk, at=at, **self.SAID)
        services.mark_awarded(tender_id=direct.pk, at=at)
        with pytest.raises(Denied):
            services.revoke_tender(actor=given.signed(house.beto, at), tender_id=direct.pk, at=at, **self.SAID)


def test_a_date_of_another_room_waits_for_each_suspension_that_comes_before_it():
    day = calendar.at(date(2026, 3, 2), 9)

    def halt(start, days):
        return SimpleNamespace(suspended_at=day + timedelta(days=start), days=days)

    due, since = day + timedelta(days=2), day

    assert halts.prolonged([halt(1, 3)], due, since) == calendar.later(due, 3)
    assert halts.prolonged([halt(1, 3), halt(8, 1)], due, since) == calendar.later(due, 3)  # it had passed by then
    assert halts.prolonged([halt(-1, 3), halt(2, 3), halt(1, None)], due, since) == due
