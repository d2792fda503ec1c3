"""Files broken at random: the verdict is always yes or Refused, never a fault of ours."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from pliego.documents import inspection, kinds
from pliego.documents.tests.corpus import ATTACKS, GOOD
from pliego.kernel.objections import Refused

SEEDS = [(name, content) for name, content in GOOD.items()]
SEEDS += [(name, content) for name, (content, _code) in ATTACKS.items() if len(content) < 20_000]


@settings(max_examples=400, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=0, max_size=8)), max_size=6),
    cut=st.floats(0, 1),
)
def test_a_broken_file_is_accepted_or_refused_and_nothing_else(seed, changes, cut):
    name, content = seed
    broken = bytearray(content)
    for place, new in changes:
        at = int(place * len(broken))
        broken[at : at + len(new)] = new
    broken = broken[: int(len(broken) * cut) or len(broken)]

    assert verdict(bytes(broken), name) in {"refused", *kinds.ALLOWED}


def verdict(content: bytes, name: str) -> str:
    try:
        return inspection.inspect(io.BytesIO(content), name).code
    except Refused:
        return "refused"
