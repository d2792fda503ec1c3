"""How far dates may move, and what moves with one that changed: tables by hand, and properties over every method."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pliego.kernel.calendar import BOGOTA
from pliego.methods import catalogue, moving, schedule, terms

METHODS = st.sampled_from([method for method in catalogue.every() if method.periods])
STARTS = st.datetimes(datetime(2024, 1, 1), datetime(2034, 12, 31)).map(lambda naive: naive.replace(tzinfo=UTC))


def bogota(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BOGOTA)


def proposed(code: str, version: str, start: str, **typed: str) -> dict[str, datetime]:
    found = schedule.propose(catalogue.get(code, version), bogota(start))
    return found | {milestone: bogota(date) for milestone, date in typed.items()}


# fmt: off
MINIMA, LICITACION = ("minima_cuantia", "2026-01"), ("licitacion_publica", "2018-01")
NOTICES = {"notice_first": "2026-03-19 15:00", "notice_second": "2026-03-24 09:00", "notice_third": "2026-03-27 09:00"}
# Method, publication, what was typed, date -> from, until, business days earlier and later.
SLACK = [
    # closing on Wednesday 4 March at 16:00: observations end a business day before, its hour of amendments too
    (MINIMA, "2026-03-02 09:00", {}, "bids_due", "2026-03-04 16:00", "2026-03-04 16:30", 0, 0),
    (MINIMA, "2026-03-02 09:00", {}, "enquiries_due", "2026-03-03 00:01", "2026-03-03 23:59", 0, 0),
    (MINIMA, "2026-03-02 09:00", {}, "amendments_due", "2026-03-02 09:00", "2026-03-03 16:00", 1, 0),
    # nothing comes after the signature: no end
    (MINIMA, "2026-03-02 09:00", {}, "contract_signed", "2026-03-09 09:00", None, 0, None),
    # closing after the bridge of San José (Monday 23 is a holiday): amendments until Friday 20
    (MINIMA, "2026-03-19 15:00", {}, "amendments_due", "2026-03-19 15:00", "2026-03-20 16:00", 1, 0),
    # past the end of the year: the report is of Monday 4 January, and the acceptance of Friday 8
    (MINIMA, "2026-12-29 09:00", {"award": "2027-01-08 09:00", "contract_signed": "2027-01-08 15:00"},
     "observations_due", "2027-01-05 00:01", "2027-01-08 09:00", 0, 3),
    # upstream maximum: the second notice at most five calendar days after the first, the third two after it
    (LICITACION, "2026-03-19 15:00", NOTICES, "notice_second", "2026-03-22 00:00", "2026-03-24 23:59", 1, 0),
    # downstream maximum: the opening at most twenty calendar days after the first notice
    (LICITACION, "2026-03-19 15:00", NOTICES, "notice_first", "2026-03-19 15:00", "2026-03-22 23:59", 0, 1),
]
# Method, publication, what was typed, which date changed, and what moves.
FOLLOWED = [
    # nothing became illegal: nothing moves
    (MINIMA, "2026-03-02 09:00", {"award": "2026-03-11 09:00"}, "award", {"contract_signed": "2026-03-11 15:00"}),
    (MINIMA, "2026-03-02 09:00", {"contract_signed": "2026-03-20 10:00"}, "contract_signed", {}),
    # a later closing pushes what comes after it, each at its own hour; what was typed far away stays
    (MINIMA, "2026-03-02 09:00", {"bids_due": "2026-03-06 11:00", "award": "2026-04-20 08:15",
                                  "contract_signed": "2026-04-20 15:00"}, "bids_due",
     {"opening": "2026-03-06 16:30", "report_published": "2026-03-09 09:00", "observations_due": "2026-03-10 16:00"}),
    # an earlier closing pulls what comes before it, and not the publication
    (MINIMA, "2026-03-02 09:00", {"bids_due": "2026-03-04 10:00"}, "bids_due", {"amendments_due": "2026-03-03 10:00"}),
    # over a bridge: observations on Friday 20 leave the closing for Tuesday 24
    (MINIMA, "2026-03-17 09:00", {"enquiries_due": "2026-03-20 16:00"}, "enquiries_due",
     {"bids_due": "2026-03-24 16:00", "opening": "2026-03-24 16:30", "report_published": "2026-03-25 09:00",
      "observations_due": "2026-03-26 16:00", "award": "2026-03-27 09:00", "contract_signed": "2026-03-27 15:00"}),
    # Holy Week: Thursday 2 and Friday 3 April are not business days
    (MINIMA, "2026-03-26 10:00", {"enquiries_due": "2026-04-01 16:00"}, "enquiries_due",
     {"bids_due": "2026-04-06 16:00", "opening": "2026-04-06 16:30", "report_published": "2026-04-07 09:00",
      "observations_due": "2026-04-08 16:00", "award": "2026-04-09 09:00", "contract_signed": "2026-04-09 15:00"}),
    # the end of the year: 25 December and 1 January
    (MINIMA, "2026-12-22 09:00", {"bids_due": "2026-12-30 16:00"}, "bids_due",
     {"opening": "2026-12-30 16:30", "report_published": "2026-12-31 09:00", "observations_due": "2027-01-04 16:00",
      "award": "2027-01-05 09:00", "contract_signed": "2027-01-05 15:00"}),
    # the publication itself a week later
    (MINIMA, "2026-03-02 09:00", {"invitation_published": "2026-03-09 09:00"}, "invitation_published",
     {"enquiries_due": "2026-03-10 16:00", "amendments_due": "2026-03-10 16:00", "bids_due": "2026-03-11 16:00",
      "opening": "2026-03-11 16:30", "report_published": "2026-03-12 09:00", "observations_due": "2026-03-13 16:00",
      "award": "2026-03-16 09:00", "contract_signed": "2026-03-16 15:00"}),
]
# fmt: on


class TestSlack:
    @pytest.mark.parametrize("row", SLACK, ids=lambda row: f"{row[1][:10]} {row[3]}")
    def test_is_the_one_counted_by_hand(self, row):
        method, start, typed, code, earliest, latest, days_earlier, days_later = row
        dates = proposed(*method, start, **typed)

        found = moving.slacks(catalogue.get(*method), dates, bogota(start))[code]

        assert found == moving.Slack(bogota(earliest), bogota(latest) if latest else None, days_earlier, days_later)

    @settings(max_examples=60, deadline=None)
    @given(METHODS, STARTS, st.data())
    def test_ends_where_the_law_begins_to_object(self, method, start, data):
        start = start.replace(second=0, microsecond=0)
        dates = schedule.propose(method, start)
        code = data.draw(st.sampled_from(list(dates)))
        slack = moving.slacks(method, dates, start)[code]

        def objects(instant: datetime) -> bool:
            return bool(schedule.objections(method, {**dates, code: instant}, start))

        assert slack.earliest <= dates[code] or code == method.start.code
        assert not objects(slack.earliest)
        assert slack.earliest <= start or objects(slack.earliest - terms.MINUTE)
        if slack.latest:
            assert not objects(slack.latest)
            assert objects(slack.latest + terms.MINUTE + terms.INSTANT)

    def test_of_a_public_process_is_told_of_what_an_amendment_may_still_move(self):
        method, dates = catalogue.get(*MINIMA), proposed(*MINIMA, "2026-03-02 09:00")

        found = moving.slacks(method, dates, bogota("2026-03-04 08:00"), published_at=bogota("2026-03-02 09:00"))

        assert list(found) == ["report_published", "observations_due", "award", "contract_signed"]

    def test_ends_where_an_extension_of_the_term_ends(self):
        method, dates = catalogue.get(*LICITACION), proposed(*LICITACION, "2026-03-19 15:00")
        later = {code: due + timedelta(days=60) for code, due in dates.items() if due >= dates["bids_due"]}

        found = moving.slacks(
            method, dates | later | {"bids_due": dates["bids_due"]}, dates["selection_opened"],
            published_at=dates["invitation_published"], first=dates,
        )  # fmt: skip

        # eight business days from the opening act to the closing: four more, until Friday 24 April
        assert found["bids_due"].latest == bogota("2026-04-24 23:59")
        assert found["bids_due"].days_later == 4


class TestFollow:
    @pytest.mark.parametrize("row", FOLLOWED, ids=lambda row: f"{row[1][:10]} {row[3]}")
    def test_moves_what_was_computed_by_hand(self, row):
        method, start, typed, changed, wanted = row
        rulebook, dates = catalogue.get(*method), proposed(*method, start, **typed)

        after = moving.follow(rulebook, dates, changed, bogota(start))

        assert {code: due for code, due in after.items() if due != dates[code]} == {
            code: bogota(date) for code, date in wanted.items()
        }
        assert schedule.objections(rulebook, after, bogota(start)) == []

    def test_moves_nothing_earlier_where_that_would_mend_nothing(self):
        rulebook, start = catalogue.get(*MINIMA), bogota("2026-03-02 09:00")
        dates = proposed(*MINIMA, "2026-03-02 09:00", bids_due="2026-03-03 10:00")

        after = moving.follow(rulebook, dates, "bids_due", start)

        assert after == dates
        assert {o.field for o in schedule.objections(rulebook, after, start)} == {"bids_due"}

    def test_takes_the_notices_along_with_the_opening_act(self):
        rulebook, start = catalogue.get(*LICITACION), bogota("2026-03-19 15:00")
        dates = proposed(*LICITACION, "2026-03-19 15:00", **NOTICES)
        dates["selection_opened"] = bogota("2026-04-20 09:00")

        after = moving.follow(rulebook, dates, "selection_opened", start)

        assert schedule.objections(rulebook, after, start) == []
        assert [after[code].date().isoformat() for code in NOTICES] == ["2026-04-01", "2026-04-06", "2026-04-08"]

    @settings(max_examples=60, deadline=None)
    @given(METHODS, STARTS, st.data(), st.integers(-20, 40))
    def test_mends_every_date_that_goes_later_and_never_touches_what_was_changed(self, method, start, data, days):
        dates = schedule.propose(method, start)
        code = data.draw(st.sampled_from(list(dates)))
        slack = moving.slacks(method, dates, start)[code]
        typed = dates[code] + timedelta(days=days)
        assume(typed >= slack.earliest and typed >= start)
        changed = {**dates, code: typed}

        after = moving.follow(method, changed, code, start)

        assert after[code] == typed
        found = schedule.objections(method, after, start)
        assert [o.field for o in found if o.field != code] == []
