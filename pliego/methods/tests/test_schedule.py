"""Schedules against hand-written dates, and as properties over ten years of mornings and nights."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pliego.kernel.calendar import BOGOTA, calendar
from pliego.methods import catalogue, schedule, terms

MINIMA = catalogue.get("minima_cuantia", "2026-01")
DIRECTA = catalogue.get("contratacion_directa", "2026-01")
METHODS = st.sampled_from(catalogue.every())
STARTS = st.datetimes(datetime(2024, 1, 1), datetime(2034, 12, 31)).map(lambda naive: naive.replace(tzinfo=UTC))


def bogota(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BOGOTA)


def codes(found) -> list[str]:
    return [objection.code for objection in found]


# fmt: off
BY_HAND = [
    #  wanted            questions  amendments closing    opening    report     observat.  award
    # an ordinary week
    ("2026-03-02 09:00", "2026-03-03 2026-03-03 2026-03-04 2026-03-04 2026-03-05 2026-03-06 2026-03-09"),
    # over a weekend whose Monday is a holiday (San José, 23 March 2026)
    ("2026-03-19 15:00", "2026-03-20 2026-03-20 2026-03-24 2026-03-24 2026-03-25 2026-03-26 2026-03-27"),
    # Holy Week: Thursday 2 and Friday 3 April 2026
    ("2026-03-31 10:00", "2026-04-01 2026-04-01 2026-04-06 2026-04-06 2026-04-07 2026-04-08 2026-04-09"),
    # the end of the year: 25 December and 1 January
    ("2026-12-23 09:00", "2026-12-24 2026-12-24 2026-12-28 2026-12-28 2026-12-29 2026-12-30 2026-12-31"),
    ("2026-12-29 09:00", "2026-12-30 2026-12-30 2026-12-31 2026-12-31 2027-01-04 2027-01-05 2027-01-06"),
    # wanted on a Saturday: published on Monday
    ("2026-05-09 22:00", "2026-05-12 2026-05-12 2026-05-13 2026-05-13 2026-05-14 2026-05-15 2026-05-19"),
]
# fmt: on
HOURS = ["16:00", "16:00", "16:00", "16:30", "09:00", "16:00", "09:00"]
BOUND = ["enquiries_due", "amendments_due", "bids_due", "opening", "report_published", "observations_due", "award"]


class TestPropose:
    @pytest.mark.parametrize("row", BY_HAND, ids=lambda row: row[0])
    def test_gives_the_dates_computed_by_hand(self, row):
        proposed = schedule.propose(MINIMA, bogota(row[0]))

        assert [proposed[code] for code in BOUND] == [
            bogota(f"{day} {hour}") for day, hour in zip(row[1].split(), HOURS, strict=True)
        ]

    def test_starts_where_it_is_told_on_a_business_day(self):
        assert schedule.propose(MINIMA, bogota("2026-03-02 09:00"))["invitation_published"] == bogota(
            "2026-03-02 09:00"
        )

    def test_moves_the_publication_off_a_holiday(self):
        assert schedule.propose(MINIMA, bogota("2026-05-09 22:00"))["invitation_published"] == bogota(
            "2026-05-11 09:00"
        )

    def test_of_a_direct_contract_may_be_the_same_day(self):
        proposed = schedule.propose(DIRECTA, bogota("2026-03-02 09:00"))

        assert proposed["award"] == bogota("2026-03-02 10:00")

    @given(METHODS, STARTS)
    def test_is_always_legal(self, method, start):
        assert schedule.objections(method, schedule.propose(method, start), start) == []

    @given(METHODS, STARTS)
    def test_keeps_to_working_hours_of_business_days(self, method, start):
        proposed = schedule.propose(method, start)

        for code, at in list(proposed.items())[1:]:
            local = at.astimezone(BOGOTA)
            assert calendar.is_business(local.date()), code
            assert 8 <= local.hour + local.minute / 60 <= 17, code

    @settings(max_examples=60)
    @given(METHODS, STARTS)
    def test_is_the_earliest(self, method, start):
        """Each date that a term of the law binds, one business day earlier, is refused with its article."""
        proposed = schedule.propose(method, start)
        bound = [p for p in method.periods if p.at_least_business_days and not p.advice and p.start in proposed]

        for period in bound:
            end = proposed[period.end]
            if (
                calendar.count(calendar.day_of(proposed[period.start]), calendar.day_of(end))
                > period.at_least_business_days
            ):
                continue  # another rule, or the end of the working day, moved it
            earlier = {**proposed, period.end: end - (end.date() - calendar.add(end.date(), -1))}
            found = schedule.objections(method, earlier, start)
            assert period.legal_basis in {o.legal_basis for o in found if o.field == period.end}


class TestObjections:
    def legal(self) -> dict[str, datetime]:
        return schedule.propose(MINIMA, bogota("2026-03-02 09:00"))

    def test_names_the_earliest_legal_day_and_the_article(self):
        hurried = {**self.legal(), "bids_due": bogota("2026-03-03 17:00"), "amendments_due": bogota("2026-03-02 16:00")}

        found = schedule.objections(MINIMA, hurried, bogota("2026-03-02 09:00"))

        assert [(o.code, o.field, o.earliest) for o in found] == [
            ("bids_due_too_soon", "bids_due", bogota("2026-03-04 16:00"))
        ]
        assert "4" in str(found[0].sentence)
        assert str(found[0]).endswith("(Decreto 1082 de 2015, art. 2.2.1.2.1.5.2, num. 4)")

    def test_tells_every_broken_rule_at_once(self):
        published = bogota("2026-03-02 09:00")
        everything_at_once = dict.fromkeys(self.legal(), published + timedelta(hours=1))

        found = schedule.objections(MINIMA, everything_at_once, published)

        assert codes(found) == [
            "enquiries_due_too_soon",
            "bids_due_too_soon",
            "bids_due_too_soon",
            "observations_due_too_soon",
        ]

    def test_asks_for_the_dates_that_are_missing(self):
        found = schedule.objections(MINIMA, {}, bogota("2026-03-02 09:00"))

        assert [o.field for o in found] == [m.code for m in MINIMA.milestones[1:]]

    def test_refuses_a_milestone_that_the_method_does_not_have(self):
        found = schedule.objections(
            MINIMA, {**self.legal(), "picnic": bogota("2026-03-09 12:00")}, bogota("2026-03-02 09:00")
        )

        assert [(o.code, o.field) for o in found] == [("milestone_unknown", "picnic")]

    def test_counts_from_now_when_the_planned_publication_has_passed(self):
        found = schedule.objections(MINIMA, self.legal(), bogota("2026-03-03 09:00"))

        assert codes(found) == ["enquiries_due_too_soon"]

    def test_counts_from_the_real_publication_afterwards(self):
        legal = self.legal()

        assert (
            schedule.objections(MINIMA, legal, bogota("2026-03-05 09:00"), published_at=bogota("2026-03-02 09:00"))
            == []
        )

    def test_refuses_amendments_at_night(self):
        late = {**self.legal(), "amendments_due": bogota("2026-03-03 19:01"), "bids_due": bogota("2026-03-05 09:00")}
        late |= {"opening": bogota("2026-03-05 10:00"), "report_published": bogota("2026-03-05 11:00")}

        found = schedule.objections(MINIMA, late, bogota("2026-03-02 09:00"))

        assert "outside_hours" in codes(found)

    def test_refuses_an_order_that_runs_backwards(self):
        backwards = {**self.legal(), "opening": bogota("2026-03-04 15:59")}

        assert codes(schedule.objections(MINIMA, backwards, bogota("2026-03-02 09:00"))) == ["opening_too_soon"]

    def test_accepts_an_opening_at_the_very_instant_of_the_closing(self):
        together = {**self.legal(), "opening": bogota("2026-03-04 16:00")}

        assert schedule.objections(MINIMA, together, bogota("2026-03-02 09:00")) == []

    def test_takes_midnight_for_the_end_of_the_day_before(self):
        midnight = {**self.legal(), "enquiries_due": bogota("2026-03-03 00:00")}
        just_after = {**self.legal(), "enquiries_due": bogota("2026-03-03 00:00") + terms.INSTANT}

        found = [codes(schedule.objections(MINIMA, s, bogota("2026-03-02 09:00"))) for s in (midnight, just_after)]

        assert found == [["enquiries_due_too_soon"], []]

    def test_gives_one_answer_for_one_instant_written_in_three_zones(self):
        zones = (UTC, BOGOTA, timezone(timedelta(hours=9)))
        hurried = {**self.legal(), "bids_due": bogota("2026-03-03 23:30")}

        found = [
            schedule.objections(
                MINIMA, {code: at.astimezone(zone) for code, at in hurried.items()}, bogota("2026-03-02 09:00")
            )
            for zone in zones
        ]

        assert found[0] == found[1] == found[2] != []

    def test_will_not_guess_the_zone_of_a_naive_instant(self):
        with pytest.raises(ValueError, match="aware"):
            schedule.objections(MINIMA, {"bids_due": datetime(2026, 3, 3)}, bogota("2026-03-02 09:00"))


class TestWarnings:
    def test_advise_against_a_term_that_is_legal_but_short(self):
        published = bogota("2026-03-02 09:00")

        found = schedule.warnings(MINIMA, schedule.propose(MINIMA, published), published)

        assert codes(found) == ["bids_due_too_soon"]

    def test_advise_against_odd_hours_without_refusing_them(self):
        published = bogota("2026-03-02 09:00")
        odd = {
            **schedule.propose(MINIMA, published),
            "award": bogota("2026-03-14 21:00"),
            "contract_signed": bogota("2026-03-16 09:00"),
        }

        assert schedule.objections(MINIMA, odd, published) == []
        assert codes(schedule.warnings(MINIMA, odd, published))[1:] == ["not_a_business_day", "outside_hours"]


class TestAmendments:
    legal = schedule.propose(MINIMA, bogota("2026-03-02 09:00"))

    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            ("2026-03-03 15:59", []),
            ("2026-03-03 16:00", ["too_late"]),
            ("2026-03-03 06:59", ["outside_hours"]),
            ("2026-03-03 07:00", []),
            ("2026-03-02 19:01", ["outside_hours"]),
            ("2026-03-07 12:00", ["too_late", "outside_hours"]),
        ],
    )
    def test_are_published_inside_the_window_of_the_law(self, at, expected):
        assert codes(schedule.amendment_objections(MINIMA, self.legal, bogota(at))) == expected

    def test_do_not_exist_in_a_direct_contract(self):
        assert codes(schedule.amendment_objections(DIRECTA, {}, bogota("2026-03-02 09:00"))) == ["no_amendments"]


class TestChange:
    published = bogota("2026-03-02 09:00")
    before = schedule.propose(MINIMA, published)

    def change(self, at: str, **moves: str) -> list[str]:
        after = {**self.before, **{code: bogota(text) for code, text in moves.items()}}
        return codes(schedule.change_objections(MINIMA, self.before, after, bogota(at), published_at=self.published))

    LATER = {
        "bids_due": "2026-03-05 16:00",
        "opening": "2026-03-05 16:30",
        "report_published": "2026-03-06 09:00",
        "observations_due": "2026-03-09 16:00",
        "award": "2026-03-10 09:00",
        "contract_signed": "2026-03-10 15:00",
    }

    def test_moves_the_closing_while_amendments_may_be_published(self):
        assert self.change("2026-03-03 10:00", **self.LATER) == []

    def test_is_refused_once_they_may_not(self):
        assert self.change("2026-03-03 16:00", **self.LATER) == ["milestone_fixed", "milestone_fixed"]

    def test_never_moves_what_has_passed(self):
        assert "milestone_fixed" in self.change("2026-03-03 10:00", invitation_published="2026-03-02 10:00")

    def test_never_moves_a_date_into_the_past(self):
        assert "milestone_past" in self.change("2026-03-03 15:00", enquiries_due="2026-03-03 14:00")


class TestReading:
    def test_the_agenda_is_in_order_of_time(self):
        proposed = schedule.propose(MINIMA, bogota("2026-03-02 09:00"))

        found = schedule.agenda(dict(reversed(proposed.items())))

        assert [at for at, _code in found] == sorted(proposed.values())
        assert found[0] == (bogota("2026-03-02 09:00"), "invitation_published")

    def test_a_date_explains_itself(self):
        proposed = schedule.propose(MINIMA, bogota("2026-03-02 09:00"))

        found = schedule.reasons(MINIMA, "bids_due", proposed)

        assert [reason.advice for reason in found] == [False, False, True]


class TestBounds:
    @given(STARTS, st.integers(1, 40))
    def test_one_microsecond_decides(self, start, days):
        period = MINIMA.periods[0].__class__(start="a", end="b", legal_basis="x", at_least_business_days=days)
        bound = next(terms.bounds(period, start))

        assert bound.is_broken_by(bound.at - terms.INSTANT)
        assert not bound.is_broken_by(bound.at)
        assert terms.last_day(bound.at) == calendar.add(calendar.day_of(start), days)

    @given(STARTS, st.integers(0, 40))
    def test_a_ceiling_ends_with_its_last_day(self, start, days):
        period = MINIMA.periods[0].__class__(start="a", end="b", legal_basis="x", at_most_calendar_days=days)
        bound = next(terms.bounds(period, start))

        assert not bound.is_broken_by(bound.at)
        assert bound.is_broken_by(bound.at + terms.INSTANT)
        assert terms.last_day(bound.at) == calendar.day_of(start) + timedelta(days=days)

    def test_the_last_day_of_a_term_that_ends_at_midnight_is_the_day_before(self):
        assert terms.last_day(bogota("2026-03-04 00:00")) == date(2026, 3, 3)


# fmt: off
RESUMED = [
    # suspended          resumed             took  was due             is due
    ("2026-11-30 10:00", "2026-12-03 10:00", 3, "2026-12-04 15:00", "2026-12-10 15:00"),  # over the 8th, a holiday
    ("2026-11-30 10:00", "2026-12-03 15:00", 4, "2026-12-04 15:00", "2026-12-11 15:00"),  # a day begun counts whole
    ("2026-11-30 10:00", "2026-11-30 16:00", 1, "2026-11-30 17:00", "2026-12-01 17:00"),  # within one day
    ("2026-12-18 16:00", "2026-12-21 09:00", 1, "2026-12-22 15:00", "2026-12-23 15:00"),  # over a weekend
    ("2026-12-19 10:00", "2026-12-20 12:00", 0, "2026-12-21 09:00", "2026-12-21 09:00"),  # inside a weekend
    ("2026-12-07 09:00", "2026-12-09 09:00", 1, "2026-12-09 17:00", "2026-12-10 17:00"),  # the holiday is not lived
    ("2026-12-29 08:00", "2027-01-12 08:00", 8, "2026-12-31 17:00", "2027-01-14 17:00"),  # over the end of the year
    ("2026-12-01 10:00", "2026-12-02 10:00", 1, "2026-12-05 12:00", "2026-12-09 12:00"),  # due on a Saturday
    ("2026-04-01 10:00", "2026-04-06 10:00", 1, "2026-04-07 16:00", "2026-04-08 16:00"),  # Holy Week
    ("2026-11-30 10:00", "2026-12-03 10:00", 3, "2026-11-30 10:00", "2026-11-30 10:00"),  # due at that instant
    ("2026-11-30 10:00", "2026-12-03 10:00", 3, "2026-11-30 09:59", "2026-11-30 09:59"),
]
# fmt: on
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(lambda naive: naive.replace(tzinfo=BOGOTA))
WAITS = st.timedeltas(timedelta(0), timedelta(days=60))


def lived(start: datetime, end: datetime) -> timedelta:
    """Business time between two instants, hour by hour: slow, and written in another way than the calendar."""
    total, moment = timedelta(), start
    while moment < end:
        upto = min(end, moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
        total += (upto - moment) if calendar.is_business(moment.date()) else timedelta()
        moment = upto
    return total


class TestResumed:
    @pytest.mark.parametrize("row", RESUMED, ids=lambda row: f"{row[0]} {row[1]} {row[3]}")
    def test_moves_what_was_to_come_as_computed_by_hand(self, row):
        since, at, due, moved = (bogota(text) for text in (row[0], row[1], row[3], row[4]))

        assert calendar.lasted(since, at) == row[2]
        assert schedule.resumed({"bids_due": due}, since, at) == {"bids_due": moved}

    @given(MOMENTS, WAITS, WAITS)
    @settings(max_examples=60, deadline=None)
    def test_never_leaves_less_than_was_left_of_a_term(self, since, wait, left):
        due, at = since + left, since + wait

        moved = schedule.resumed({"bids_due": due}, since, at)["bids_due"]

        assert moved.timetz() == due.timetz()
        assert moved == due or lived(at, moved) >= lived(since, due)
