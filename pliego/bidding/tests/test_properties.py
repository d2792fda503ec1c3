"""What holds for any value: the format of offers in Python and in JavaScript, prices as people type and paste them."""

import json
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pliego.bidding import browser, rules, sealing
from pliego.bidding.sealing.format import canonical
from pliego.kernel.money import parse_amount
from tests.tools import NODE

SOURCE = Path(browser.__file__).parent
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
KEYS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=12)  # keys of the format are ASCII
VALUES = st.recursive(
    TEXT | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
AMOUNTS = st.decimals(0, Decimal("999999999999999.99"), places=2)
FORMATS = {
    "es": lambda amount: f"{amount:,.2f}".translate(str.maketrans(",.", ".,")),
    "en": lambda amount: f"{amount:,.2f}",
    "plain": lambda amount: f"{amount:.2f}",
    "plain es": lambda amount: f"{amount:.2f}".replace(".", ","),
    "pesos": lambda amount: f"$\N{NO-BREAK SPACE}{amount:,.2f} COP".translate(str.maketrans(",.", ".,")),
    "excel es": lambda amount: f" $ {amount:,.2f} ".translate(str.maketrans(",.", ".,")),
}
# one process of node answers for all the examples of a draw
in_batches = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def in_javascript(module, function, values):
    """What that function of the source answers for each value."""
    script = (
        f"import('{(SOURCE / module).as_uri()}').then(m => console.log(JSON.stringify("
        f"JSON.parse(require('fs').readFileSync(0)).map(v => m.{function}(v)))))"
    )
    asked = json.dumps(values, ensure_ascii=True)
    done = subprocess.run([NODE, "-e", script], input=asked, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


class TestCanonicalJson:
    @given(VALUES)
    def test_comes_back_the_same(self, value):
        written = canonical(value)

        assert json.loads(written) == value
        assert canonical(json.loads(written)) == written

    @given(st.dictionaries(KEYS, VALUES, min_size=2, max_size=6), st.randoms())
    def test_does_not_depend_on_the_order_in_which_things_were_written(self, value, chance):
        items = list(value.items())
        chance.shuffle(items)

        assert sealing.hash_of(dict(items)) == sealing.hash_of(value)

    @in_batches
    @given(st.lists(VALUES, min_size=20, max_size=60))
    def test_is_the_same_in_the_browser(self, values):
        text = (SOURCE / "format.js").read_text()
        start = text.index("function canonical")  # alone, because the packages that the rest imports are not here
        function = text[start : text.index("\n}", start) + 2]
        written = "JSON.parse(require('fs').readFileSync(0)).map((value) => canonical(value))"
        script = f"{function}; console.log(JSON.stringify({written}))"
        done = subprocess.run(
            [NODE, "-e", script], input=json.dumps(values), capture_output=True, text=True, check=True
        )

        assert json.loads(done.stdout) == [canonical(value).decode() for value in values]


class TestPrices:
    @given(AMOUNTS, st.sampled_from(sorted(FORMATS)))
    def test_are_read_in_every_way_in_which_they_are_written(self, amount, way):
        assert parse_amount(FORMATS[way](amount)) == amount

    @in_batches
    @given(st.lists(st.tuples(AMOUNTS, st.sampled_from(sorted(FORMATS))), min_size=20, max_size=60))
    def test_are_read_so_in_the_browser_too(self, drawn):
        read = in_javascript("amounts.js", "readAmount", [FORMATS[way](amount) for amount, way in drawn])

        assert [Decimal(text) for text in read] == [amount for amount, _way in drawn]
        assert all(rules.price(text) is not None for text in read)

    @in_batches
    @given(st.lists(st.text("0123456789.,'’ $-x", max_size=12), min_size=50, max_size=100))
    def test_of_any_junk_the_browser_takes_nothing_that_the_house_refuses_or_reads_otherwise(self, typed):
        for text, read in zip(typed, in_javascript("amounts.js", "readAmount", typed), strict=True):
            if read is None:
                continue
            assert Decimal(read) == parse_amount(text), text

    @in_batches
    @given(
        st.lists(st.tuples(AMOUNTS, TEXT.map(lambda text: " ".join(text.split()))), min_size=2, max_size=30),
        st.sampled_from(["es", "en", "excel es"]),
        st.sampled_from(["\n", "\r\n"]),
        st.booleans(),
    )
    def test_pasted_from_a_spreadsheet_go_one_to_each_line(self, rows, way, ending, ends):
        pasted = ending.join(f"{name}\t{FORMATS[way](amount)}" for amount, name in rows) + (ending if ends else "")

        (cells,) = in_javascript("amounts.js", "pastedPrices", [pasted])

        assert [parse_amount(cell) for cell in cells] == [amount for amount, _name in rows]

    @pytest.mark.parametrize("text", ["1e3", "1_000", " 5", "-1", "٣", "1.234", "1,5", "", "9" * 19, None, 5])
    def test_of_an_offer_are_digits_with_two_decimals_at_most(self, text):
        assert rules.price(text) is None

    @given(AMOUNTS)
    def test_of_an_offer_come_back_exactly(self, amount):
        assert rules.price(format(amount, "f")) == amount


@given(st.recursive(VALUES, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=20))
def test_no_manifest_breaks_the_check_of_manifests(junk):
    from pliego.bidding.tests.sealed import Committee

    with pytest.raises(sealing.BadSeal):
        sealing.check_manifest(junk, Committee().process, "CTA-1")
