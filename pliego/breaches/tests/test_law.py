"""What the law makes of sanctions, by tables: repeated breach, for how long they are shown, points lost."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pliego.authority.kinds import KINDS
from pliego.breaches import law, rules
from pliego.breaches.policy import BREACHES
from pliego.breaches.states import BREACH

D = date
# fmt: off
FINES = [("fine", D(2026, m, 1), m) for m in (1, 2, 3, 5)]
FROM_MAY = (D(2026, 5, 1), D(2029, 5, 1))
REPEATED = [
    # what was imposed: measure, day, contract                                                bar of repeated breach
    (FINES,                                                                                   None),
    ([*FINES, ("fine", D(2026, 4, 1), 4)],                                                    FROM_MAY),
    ([*FINES, ("fine", D(2023, 4, 30), 1)],                                                   None),
    ([*FINES, ("fine", D(2023, 5, 2), 1)],                                                    FROM_MAY),
    ([("damages", D(2026, 1, 1), 1), ("penalty", D(2026, 5, 1), 2)],                          FROM_MAY),
    ([("damages", D(2026, 1, 1), 1), ("penalty", D(2026, 5, 1), 1)],                          None),
    ([("fine", D(2026, 1, 1), 1), ("fine", D(2026, 2, 1), 1), ("penalty", D(2026, 5, 1), 1)], FROM_MAY),
    ([("fine", D(2026, 1, 1), 1), ("penalty", D(2026, 5, 1), 1)],                             None),
]
# fmt: on


@pytest.mark.parametrize(("imposed", "bar"), REPEATED)
def test_repeated_breach_bars_from_the_last_of_them(imposed, bar):
    found = [(one.starts_on, one.ends_on) for one in law.bars(imposed) if one.legal_basis == law.REPEATED_LAW]

    assert found == ([bar] if bar else [])


def test_caducity_bars_five_years_from_its_day():
    (bar,) = law.bars([("caducity", D(2024, 2, 29), 1)])

    assert (bar.starts_on, bar.ends_on) == (D(2024, 2, 29), D(2029, 2, 28))
    assert "art. 8" in bar.legal_basis


DAYS = st.dates(D(2020, 1, 1), D(2026, 12, 31))
SANCTIONS = st.lists(st.tuples(st.sampled_from(sorted(law.MEASURES)), DAYS, st.integers(1, 4)), max_size=8)


@settings(max_examples=40)
@given(SANCTIONS, SANCTIONS)
def test_more_sanctions_never_bar_for_less(some, more):
    ends = [bar.ends_on for bar in law.bars(some)]

    assert max(ends, default=date.min) <= max((bar.ends_on for bar in law.bars(some + more)), default=date.min)


@pytest.mark.parametrize(
    ("code", "in_force_on", "offers_due_on", "loses"),
    [
        ("fine", D(2026, 3, 1), D(2026, 3, 1), True),
        ("fine", D(2026, 3, 2), D(2026, 3, 1), False),
        ("penalty", D(2025, 3, 1), D(2026, 3, 1), True),
        ("fine", D(2025, 2, 28), D(2026, 3, 1), False),
        ("damages", D(2026, 3, 1), D(2026, 3, 1), False),
        ("caducity", D(2026, 3, 1), D(2026, 3, 1), False),
    ],
)
def test_fines_and_penalty_clauses_of_the_last_year_lose_points(code, in_force_on, offers_due_on, loses):
    assert law.loses_points(code, in_force_on, offers_due_on) is loses


def test_every_figure_has_its_article():
    assert all(measure.legal_basis and measure.shown_years for measure in law.MEASURES.values())
    assert all(m.bars_legal_basis for m in law.MEASURES.values() if m.bars_years)
    assert all((law.CITATION_LAW, law.POINTS_LAW, law.REPEATED_LAW, law.FIRM_LAW))


RUNNING, COMPLETED = "running", "completed"
ONE = Decimal(1)


@pytest.mark.parametrize(
    ("state", "measures", "nothing", "codes"),
    [
        (RUNNING, {"fine": ONE}, False, []),
        (RUNNING, {}, True, []),
        (RUNNING, {}, False, ["no_outcome"]),
        (RUNNING, {"fine": ONE}, True, ["two_outcomes"]),
        (RUNNING, {"fine": Decimal(0)}, False, ["amount_missing"]),
        (RUNNING, {"damages": None}, False, ["not_foreseen", "amount_missing"]),
        (RUNNING, {"caducity": None}, False, []),
        (RUNNING, {"prison": None}, False, ["unknown_measure"]),
        (COMPLETED, {"fine": ONE, "penalty": ONE}, False, ["wrong_contract_state"]),
        ("", {"fine": ONE}, False, []),  # an appeal only looks at what was decided while it was possible
    ],
)
def test_what_is_imposed_was_foreseen_and_is_possible(state, measures, nothing, codes):
    cited = ["fine", "penalty", "caducity"]

    assert [o.code for o in rules.outcome_is_wrong(measures, nothing, cited, state)] == codes


def test_whoever_appeals_is_not_left_worse():
    before = {"fine": Decimal(5)}

    assert not list(rules.outcome_is_worse(before, {"fine": Decimal(4)}))
    assert not list(rules.outcome_is_worse(before, {}))
    assert [o.field for o in rules.outcome_is_worse(before, {"fine": Decimal(6), "caducity": None})] == [
        "measure_fine", "measure_caducity",
    ]  # fmt: skip


def test_who_conducts_a_hearing_may_be_a_delegate():
    assert set(KINDS["breach"].acts) <= {f"breach.{act}" for act in BREACHES.rows}


def test_the_end_of_every_way_is_a_sanction_a_filing_or_its_cessation():
    assert {state for state in BREACH.states if not any(state in row.sources for row in BREACH.rows)} == {
        "filed", "ceased", "annulled",
    }  # fmt: skip
