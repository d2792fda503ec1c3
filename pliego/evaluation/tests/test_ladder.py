"""Every rung of the ladder by hand: who it favours goes on, and the draw comes last."""

import pytest

from pliego.evaluation import scoring
from pliego.evaluation.ladder import Step, is_drawn, left_after, needed, order
from pliego.methods import catalogue

TIED, SEED = ("A", "B", "C"), "s"
RUNGS = [rung.number for rung in catalogue.ladder("ley_2069_2020").rungs if not rung.is_random]


# By hand, of four offers. `printf 's:A' | sha256sum` gives 366e…, D 662e…, B b51a… and C ee0d…: drawn, A, D, B, C.
# The first column is the rung that decides; then whom each rung favours (those not named favour nobody), and the order:
# who is left, before them who fell last, and who fell together as the draw says.
# fmt: off
BY_HAND = [
    (1,  {1: "B"},                   "BADC"),  # only B is national
    (2,  {1: "ABCD", 2: "C"},        "CADB"),  # all are national: only C is a woman head of family
    (3,  {2: "BC", 3: "B"},          "BCAD"),  # B and C are; only B has 10 % of its staff with a disability
    (4,  {1: "ABC", 4: "C"},         "CABD"),  # D is foreign; C has the largest share of older workers
    (5,  {5: "D"},                   "DABC"),  # only D has 10 % of the staff of an ethnic community
    (6,  {3: "ABCD", 6: "B"},        "BADC"),  # all have 10 %; only B is in reintegration
    (7,  {2: "BD", 7: "D"},          "DBAC"),  # of B and D only D is joint with 25 % and 25 %
    (8,  {1: "ACD", 4: "AC", 8: "C"}, "CADB"),  # B fell, then D; of A and C only C is a Mipyme
    (9,  {8: "ABC", 9: "A"},         "ABCD"),  # D is large; of the others only A is joint of small firms
    (10, {10: "C"},                  "CADB"),  # only C paid 25 % to small firms
    (11, {6: "BC", 11: "B"},         "BCAD"),  # of B and C only B is a BIC company
    (12, {},                         "ADBC"),  # nobody proves anything: the draw
    (12, {2: "BC"},                  "BCAD"),  # B and C are left: the draw of both, and then that of A and D
    (12, {2: "BCD", 8: "CD"},        "DCBA"),  # A fell, then B: the draw of C and D
]
# fmt: on


@pytest.mark.parametrize(("rung", "favoured", "expected"), BY_HAND)
def test_the_ladder_gives_the_order_of_the_table(rung, favoured, expected):
    steps = [Step(one, tuple(favoured.get(one, "")), "folio 1") for one in RUNGS if one <= rung]

    assert "".join(order("ABCD", steps, SEED)) == expected
    assert is_drawn("ABCD", steps) == (rung == 12)
    assert len(needed("ABCD", steps)) == min(rung, 11)


def test_the_table_has_every_rung_of_the_law():
    assert {row[0] for row in BY_HAND} == {rung.number for rung in catalogue.ladder("ley_2069_2020").rungs}


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
