"""Words and filters of a line as lexemes: a row and a question always spell them alike.

Names are not stemmed: a person who types the beginning of a name finds it. Tokens: r: supplier or buyer, d: department,
k: kind, g: group of kinds, z: size, u: UNSPSC at each of its levels. They hold a colon, which no word does.
"""

import re
from collections.abc import Iterable, Iterator

from pliego.parties import kinds
from pliego.publication.folding import unspsc_tokens, words

# Too common to narrow anything, and half of every name.
EMPTY = frozenset(
    (
        "a",
        "al",
        "con",
        "d",
        "de",
        "del",
        "e",
        "el",
        "en",
        "la",
        "las",
        "los",
        "o",
        "para",
        "por",
        "s",
        "sa",
        "sas",
        "sin",
        "su",
        "u",
        "y",
    )
)
LEAST_LETTERS = 2  # of the beginning of a word


def vector_text(*said: str) -> list[str]:
    """Each word once."""
    return sorted({word for text in said for word in words(text)})


def tokens(
    *, is_buyer: bool, is_supplier: bool, kind: str, size: str, department: str, unspsc: Iterable[str]
) -> list[str]:
    found = {f"k:{kind}", f"g:{kinds.group_of(kind)}"}
    found |= {token for token, holds in (("r:b", is_buyer), ("r:s", is_supplier)) if holds}
    found |= {f"{prefix}:{value}" for prefix, value in (("z", size), ("d", department)) if value}
    for code in unspsc:
        found.update(unspsc_tokens(code))
    return sorted(found)


def asked(text: str) -> Iterator[str]:
    """The words of a question as terms of a tsquery: each one may be the beginning of a word of the name."""
    found = words(text)
    telling = [word for word in found if word not in EMPTY] or found
    for word in telling[:12]:
        yield f"'{word}':*" if len(word) >= LEAST_LETTERS else f"'{word}'"


def number_in(text: str) -> str:
    """The NIT that a text is, with dots and check digit or without; "" when it is words."""
    compact = re.sub(r"[\s.]", "", text.strip())
    match = re.fullmatch(r"(\d{6,12})(?:-\d)?", compact)
    return match[1] if match else ""


GROUPS = frozenset({kinds.ENTITY, kinds.NATURAL, kinds.LEGAL, kinds.FOREIGN, kinds.PLURAL})
