import pytest

from pliego.documents.exports import cell, row


class TestCell:
    @pytest.mark.parametrize(
        "text",
        [
            "=1+1",
            "+573001234567",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "\0=1",
            "|calc",
            "＝1",
            "＋1",
            "－1",
            "＠a",
            " =1",
        ],
    )
    def test_keeps_as_text_what_a_spreadsheet_would_run(self, text):
        assert cell(text) == "'" + text

    @pytest.mark.parametrize("value", ["normal", "", "a=b", -5, 3.2, None])
    def test_leaves_the_rest_alone(self, value):
        assert cell(value) == value

    def test_does_so_for_every_cell_of_a_row(self):
        assert row(["=1", 2, "x"]) == ["'=1", 2, "x"]
