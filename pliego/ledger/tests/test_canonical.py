import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pliego.ledger import canonical

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


class TestEncode:
    @given(values)
    def test_says_the_same_as_the_value(self, value):
        assert json.loads(canonical.encode(value)) == value

    @given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 9)))
    def test_does_not_depend_on_the_order_of_keys(self, value):
        assert canonical.encode(value) == canonical.encode(dict(reversed(value.items())))

    def test_follows_the_published_order_of_keys(self):
        # RFC 8785, section 3.2.3
        keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]

        text = canonical.encode(dict.fromkeys(keys, 0))

        assert list(json.loads(text)) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]

    def test_has_no_spaces_and_keeps_letters(self):
        assert canonical.encode({"b": ["ñ", 1], "a": None}) == '{"a":null,"b":["ñ",1]}'

    @pytest.mark.parametrize("value", [1.0, float("nan"), 2**53, {1: 2}, "\ud800", {"a": {"b": object()}}, b"x"])
    def test_refuses_what_is_not_canonical(self, value):
        with pytest.raises(TypeError):
            canonical.encode(value)
