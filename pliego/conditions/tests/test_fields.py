"""The table of fields, without a database: shapes, faults, words, pasted rows."""

from decimal import Decimal

import msgspec
import pytest
from django import forms

from pliego.conditions import fields, pasting
from pliego.conditions.fields import Field, Rows
from pliego.kernel.objections import Refused
from pliego.web.fields import MoneyField

PARTS = (
    Field(name="reason", label="Reason", most=10, is_needed=True, legal_basis="Ley 1, art. 2"),
    Field(name="held", label="Held", kind="yes_no", choices=fields.YES_NO),
    Field(name="where", label="Where", is_needed=True, when=("held", "yes")),
    Rows(name="shares", label="Shares", one="Share %(n)s", numbered="number", most=2, columns=(
        Field(name="number", label="Number", kind="number", least=1, most=99),
        Field(name="title", label="Title", is_needed=True),
        Field(name="value", label="Value", kind="money"),
    )),
)  # fmt: skip
SHAPE = fields.shape_of("sample", PARTS)


def content(**said):
    return msgspec.convert(said, SHAPE, strict=False)


def found(objections):
    return [(objection.code, objection.field) for objection in objections]


class TestShape:
    def test_has_a_default_for_everything_and_refuses_what_it_does_not_know(self):
        assert msgspec.to_builtins(content()) == {"reason": "", "held": "", "where": "", "shares": []}
        with pytest.raises(msgspec.ValidationError):
            content(other=1)
        with pytest.raises(msgspec.ValidationError):
            content(shares=[{"other": 1}])


class TestFaults:
    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"reason": "more than ten letters"}, "reason"),
            ({"held": "perhaps"}, "held"),
            ({"shares": [{"title": "A"}, {"value": "5"}]}, "shares-1-title"),
            ({"shares": [{"title": "A", "value": "-5"}]}, "shares-0-value"),
            ({"shares": [{"title": "A", "value": "NaN"}]}, "shares-0-value"),
            ({"shares": [{"title": "A", "value": "0.001"}]}, "shares-0-value"),
            ({"shares": [{"title": "A", "number": 100}]}, "shares-0-number"),
            ({"shares": [{"title": "A", "number": 1}, {"title": "B", "number": 1}]}, "shares-1-number"),
            ({"shares": [{"title": "A"}] * 3}, "shares"),
        ],
    )
    def test_stand_at_their_cell(self, said, field):
        assert [objection.field for objection in fields.faults(PARTS, content(**said))] == [field]

    def test_are_none_in_what_is_only_incomplete(self):
        assert found(fields.faults(PARTS, content())) == []

    def test_the_publication_asks_for_what_counts_with_its_article(self):
        missing = list(fields.missing(PARTS, content(held="no")))

        assert found(missing) == [("missing", "reason")]
        assert missing[0].legal_basis == "Ley 1, art. 2"
        assert found(fields.missing(PARTS, content(held="yes", reason="x"))) == [("missing", "where")]


class TestWords:
    def test_name_each_row_by_its_number(self):
        said = content(reason="Yes", shares=[{"number": 7, "title": "A", "value": "1500"}])

        assert fields.words(PARTS, said)[0] == ("Reason", "Yes")
        assert fields.words(PARTS, said)[-1] == ("Share 7", "A · $\N{NO-BREAK SPACE}1.500")

    def test_leave_out_what_does_not_count(self):
        labels = [label for label, _value in fields.told(PARTS, content(held="no", where="x")).facts]

        assert labels == ["Held"]


class TestPasting:
    MAKERS = {
        "number": forms.IntegerField(label="Number", required=False),
        "title": forms.CharField(label="Title", required=False),
        "value": MoneyField(label="Value", required=False),
    }

    def read(self, text):
        return pasting.read(text, PARTS[3], self.MAKERS)

    def test_reads_columns_in_order_or_by_their_heading(self):
        by_place = self.read("1\tA\t$ 1.500\n\n2\tB\t\n")
        by_heading = self.read("value;title\n1500;A\n")

        assert by_place == [
            (1, {"number": 1, "title": "A", "value": Decimal(1500)}),
            (3, {"number": 2, "title": "B", "value": None}),
        ]
        assert by_heading == [(2, {"number": None, "title": "A", "value": Decimal(1500)})]

    def test_names_every_bad_cell_by_its_row(self):
        with pytest.raises(Refused) as refused:
            self.read("uno\tA\tmucho\n2\tB\tpoco\n")

        sentences = [str(objection.sentence) for objection in refused.value.objections]
        assert [sentence.partition(":")[0] for sentence in sentences] == [
            "Fila 1, Number",
            "Fila 1, Value",
            "Fila 2, Value",
        ]

    def test_reads_back_what_it_wrote(self):
        rows = content(shares=[{"number": 1, "title": "A", "value": "1500.5"}, {"number": 2, "title": "B"}]).shares

        assert [row for _line, row in self.read(pasting.written(PARTS[3], rows))] == [
            {"number": 1, "title": "A", "value": Decimal("1500.50")},
            {"number": 2, "title": "B", "value": None},
        ]
