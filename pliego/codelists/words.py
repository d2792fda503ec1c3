"""Folding: how words are compared when accents and case must not matter."""

import re
import unicodedata

MARKS = re.compile(r"[\u0300-\u036f]")


def fold(text: str) -> str:
    """Lower case, no accents, one space between words: "Bogotá,  D.C." and "bogota, d.c." are the same."""
    bare = MARKS.sub("", unicodedata.normalize("NFD", text))
    return " ".join(bare.casefold().split())


# Words that say what kind of thing it is, or nothing, and so do not tell two names apart.
COMMON = frozenset(
    """de del la las el los y e para en con por sa sas ltda esp ese municipio municipal alcaldia departamento
    departamental distrito nacional territorial colombia empresa entidad""".split()  # noqa: SIM905 - a list of words
)


def telling_words(name: str) -> frozenset[str]:
    """The words that tell a name from others: "Alcaldía Municipal de Valle Sereno" → valle, sereno."""
    words = re.findall(r"[a-z0-9ñ]+", fold(name).replace(".", ""))
    return frozenset(word for word in words if word not in COMMON and len(word) > 1)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of their words two names share: 1 is all, 0 none."""
    return len(one & other) / len(one | other) if one and other else 0.0
