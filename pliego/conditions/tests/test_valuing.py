"""The valuation of risks."""

from types import SimpleNamespace

import pytest

from pliego.conditions import valuing


def risk(probability=None, impact=None):
    return SimpleNamespace(probability=probability, impact=impact)


class TestCategory:
    @pytest.mark.parametrize(
        ("value", "code"),
        [(2, "low"), (4, "low"), (5, "medium"), (6, "high"), (7, "high"), (8, "extreme"), (10, "extreme"), (None, "")],
    )
    def test_is_that_of_the_sum(self, value, code):
        assert valuing.category(value) == code


class TestMatrix:
    def test_puts_each_risk_in_its_cell(self):
        rows = valuing.matrix([risk(5, 5), risk(1, 2), risk(5, 5), risk(4)])

        assert (rows[0][0], rows[0][2][4]) == (5, valuing.Cell(10, "extreme", [1, 3]))
        assert rows[4][2][1] == valuing.Cell(3, "low", [2])
        assert sum(len(cell.numbers) for _p, _name, cells in rows for cell in cells) == 3
