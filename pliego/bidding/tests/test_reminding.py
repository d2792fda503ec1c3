"""Members of an opening are reminded in time, once, and only of what is theirs to do."""

from datetime import timedelta

from pliego.bidding import opening, rehearsing, reminding
from pliego.bidding.tests import given
from pliego.bidding.tests.test_rehearsing import answered
from pliego.kernel.calendar import calendar
from pliego.ledger.models import Entry
from pliego.tendering.models import Milestone
from pliego.tendering.tests import given as tenders

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def reminded(at):
    return [line.split()[1] for line in reminding.remind_due(at=at)]


def told(act):
    return [entry.content["data"] for entry in Entry.objects.filter(act=act).order_by("pk")]


class TestRows:
    def test_say_their_hour(self, at):
        rows = {row.code: row for row in reminding.table()}

        due = at.replace(hour=15)
        assert rows["rehearse_first"].told_at(due) == due - 72 * HOUR
        assert rows["share_first"].told_at(due) == due + HOUR
        assert rows["today"].told_at(due) == due.replace(hour=7)
        assert rows["today"].told_at(due.replace(hour=6)) == due.replace(hour=6)
        assert {"opening", "price_opened"} <= reminding.openings()


class TestMembers:
    def test_who_have_not_rehearsed_are_told_once_for_each_deadline(self, tender, people, at):
        rehearsing.rehearse(actor=people.ana, tender_id=tender.pk, at=at, **answered(people.ana, tender))
        last = given.due(tender) - 24 * HOUR

        assert "rehearse_last" not in reminded(last - MINUTE)
        assert reminded(last) == ["rehearse_last"]
        assert reminded(last) == reminded(last + HOUR) == []
        Milestone.objects.filter(tender=tender, code="bids_due").update(due_at=last + 26 * HOUR)
        assert reminded(last + 2 * HOUR) == ["rehearse_last"]

        first, again = (row for row in told("opening.rehearsal_missing") if row["reminder"] == "rehearse_last")
        assert people.ana.user_code not in first["tell"]
        assert (len(first["tell"]), again["tell"]) == (2, first["tell"])
        assert not Entry.objects.filter(act="opening.rehearsal_missing", is_public=True).exists()

    def test_are_told_of_the_day_whatever_was_presented_and_of_a_missing_key_until_enough_gave_theirs(
        self, tender, people, at
    ):
        when = tender.due_at("opening")
        today = calendar.at(calendar.day_of(when), 7)
        assert today < given.due(tender)
        assert "today" in reminded(today)
        assert len(told("opening.is_today")[0]["tell"]) == 3
        given.submitted_bid(tender)
        given.closed_tender(tender)
        given.released_shares(tender, people.ana)

        assert "share_first" not in reminded(when + HOUR - MINUTE)
        assert reminded(when + HOUR) == ["share_first"]
        assert people.ana.user_code not in told("opening.share_missing")[0]["tell"]
        given.released_halves(tender)
        given.released_shares(tender, people.beto)
        assert reminded(when + 24 * HOUR) == []
        opening.open_bids(actor=people.beto, tender_id=tender.pk, at=given.opening_time(tender))
        assert reminded(when + 25 * HOUR) == []

    def test_of_a_process_without_offers_are_not_told_that_a_key_is_missing(self, tender):
        given.closed_tender(tender)

        assert "share_first" not in reminded(tender.due_at("opening") + HOUR)

    def test_are_read_for_many_processes_with_the_same_queries(self, tender, at, django_assert_num_queries):
        tenders.published_tender(at, tenders.people_of(tender))

        last = given.due(tender) - 24 * HOUR

        with django_assert_num_queries(len(reminding.table())):
            found = list(reminding._due(last))

        assert [reminder.code for reminder, _tender, _milestone in found] == ["rehearse_last"] * 2
