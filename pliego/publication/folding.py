"""Words as the search knows them: without accents and capitals, on both sides, before the Spanish stemmer.

One place makes the filter tokens, so a row and a question always spell them alike (d: department, s: state, e: buyer's
NIT, b: a word of the buyer's name, m: method, u: UNSPSC at each of its levels, o: source, t: contract type).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

WORD = re.compile(r"[a-z0-9]+")
UNSPSC_LEVELS = (2, 4, 6, 8)


def fold(text: str) -> str:
    """ "Contratación de Niños" → "contratacion de ninos"."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()


def words(text: str) -> list[str]:
    return WORD.findall(fold(text))


def slug(text: str) -> str:
    """A heading or a literal as a key: "Descripción del Procedimiento" → "descripcion_del_procedimiento"."""
    return "_".join(words(text))


def unspsc_tokens(code: str) -> Iterator[str]:
    """The code and the segment, family and class above it; zeros at the end say that a level was not chosen."""
    for level in UNSPSC_LEVELS:
        if len(code) >= level and (level == 2 or code[level - 2 : level] != "00"):
            yield f"u:{code[:level]}"


def tokens(
    *,
    source: str,
    state: str,
    department: str = "",
    method: str = "",
    buyer_nit: str = "",
    buyer_name: str = "",
    contract_type: str = "",
    unspsc: Iterable[str] = (),
) -> list[str]:
    """Every filter that a process answers to, as lexemes of its search vector."""
    found = {f"o:{source}", f"s:{state}"}
    for prefix, value in (("d", department), ("m", method), ("e", buyer_nit)):
        if value:
            found.add(f"{prefix}:{value}")
    if contract_type:
        found.add(f"t:{slug(contract_type)}")
    found.update(f"b:{word}" for word in words(buyer_name))
    for code in unspsc:
        found.update(unspsc_tokens(code))
    return sorted(found)
