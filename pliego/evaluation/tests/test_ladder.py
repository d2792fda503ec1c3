"""Every rung of the ladder by hand: who it favours goes on, and the draw comes last."""

import pytest

from pliego.evaluation import scoring
from pliego.evaluation.ladder import Step, is_drawn, left_after, needed, order
from pliego.methods import catalogue

TIED, SEED = ("A", "B", "C"), "s"
RUNGS = [rung.number for rung in catalogue.ladder("ley_2069_2020").rungs if not rung.is_random]


def climbed(*favoured):
    return [Step(rung, tuple(codes), "visto") for rung, codes in enumerate(favoured, 1)]


class TestOrder:
    @pytest.mark.parametrize("rung", RUNGS)
    def test_is_decided_by_any_rung_of_the_law_when_those_before_favour_nobody(self, rung):
        steps = [Step(before, (), "ninguna") for before in range(1, rung)] + [Step(rung, ("B",), "la prueba")]

        assert order(TIED, steps, SEED) == ["B", *scoring.drawn(["A", "C"], SEED)]
        assert not is_drawn(TIED, steps)

    @pytest.mark.parametrize(
        ("favoured", "left", "expected"),
        [
            (["A"], "A", "A??"),  # at once
            (["ABC", "C"], "C", "C??"),  # all of them: nothing decided by the first
            (["", "", "B"], "B", "B??"),  # none of them: neither
            (["AB", "B"], "B", "BAC"),  # C fell first and goes last
            (["BC", "", "BC", "C"], "C", "CBA"),
            (["AB", "C", "A"], "A", "ABC"),  # the second rung favours who is out already
        ],
    )
    def test_narrows_step_by_step(self, favoured, left, expected):
        steps = climbed(*favoured)

        assert "".join(left_after(TIED, steps)[-1]) == left
        assert all(made == said for made, said in zip(order(TIED, steps, SEED), expected, strict=True) if said != "?")

    def test_is_the_draw_of_those_who_are_left_after_all(self):
        steps = climbed("AC", *[""] * (len(RUNGS) - 1))

        assert is_drawn(TIED, steps)
        assert order(TIED, steps, SEED) == [*scoring.drawn(["A", "C"], SEED), "B"]

    def test_needs_no_step_once_one_is_left(self):
        steps = climbed("AB", "", "B", "A")

        assert needed(TIED, steps) == steps[:3]
