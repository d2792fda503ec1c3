"""The drawing of a schedule against places computed by hand."""

from datetime import datetime

from pliego.kernel.calendar import BOGOTA
from pliego.methods import catalogue, gantt, schedule

MINIMA = catalogue.get("minima_cuantia", "2026-01")
START = datetime(2026, 3, 19, 15, tzinfo=BOGOTA)


def drawn(at: datetime, *more: gantt.Dated) -> gantt.Chart | None:
    dates = schedule.agenda(schedule.propose(MINIMA, START))
    told = [(code, str(MINIMA.milestone(code).title), due) for due, code in dates]
    return gantt.chart(MINIMA, sorted([*told, *more], key=lambda one: one[2]), at)


def test_has_every_date_once_under_its_stage_and_the_others_at_the_end():
    visit = ("visit", "Visita", datetime(2026, 3, 20, 10, tzinfo=BOGOTA))

    chart = drawn(START, visit)

    titles = [line.title for line in chart.lines if not line.is_stage]
    assert len(titles) == len(set(titles)) == 10
    assert titles[-1] == "Visita"
    assert [line.is_stage for line in chart.lines].count(True) == 3
    assert [line.top for line in chart.lines] == [gantt.TOP + gantt.LINE * n for n in range(len(chart.lines))]


def test_shades_the_days_that_no_term_counts():
    # from Thursday 19 to Friday 27 March, nine days: Saturday 21 to Monday 23, the holiday of San José, are one run
    assert drawn(START).closed == (("22.22%", "33.33%"),)


def test_says_which_day_it_is_only_while_it_lasts():
    noon, after = (datetime(2026, 3, day, 12, tzinfo=BOGOTA) for day in (23, 29))

    assert [drawn(noon).today, drawn(after).today] == ["50.00%", ""]
    assert all(line.is_past for line in drawn(after).lines)


def test_draws_nothing_of_a_single_date():
    assert gantt.chart(MINIMA, [("award", "x", START)], START) is None


def test_a_suspension_is_a_span_and_a_line_with_its_dates():
    noon, later = (datetime(2026, 3, day, 12, tzinfo=BOGOTA) for day in (23, 25))
    dates = [
        (code, str(MINIMA.milestone(code).title), due) for due, code in schedule.agenda(schedule.propose(MINIMA, START))
    ]

    over, lasting = (gantt.chart(MINIMA, dates, later, [("Suspendido", noon, end)]).halts for end in (later, None))

    assert [(line.at, line.width, line.is_past) for line in over] == [("50.00%", "22.22%", True)]
    assert [(line.at, line.width, line.is_past) for line in lasting] == [("50.00%", "22.22%", False)]
    assert (over[0].title, "25" in over[0].told) == ("Suspendido", True)
