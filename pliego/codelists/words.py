"""Folding: how words are compared when accents and case must not matter."""

import re
import unicodedata

MARKS = re.compile(r"[\u0300-\u036f]")


def fold(text: str) -> str:
    """Lower case, no accents, one space between words: "Bogotá,  D.C." and "bogota, d.c." are the same."""
    bare = MARKS.sub("", unicodedata.normalize("NFD", text))
    return " ".join(bare.casefold().split())
