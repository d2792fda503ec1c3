"""Words as the search knows them: without accents and capitals, on both sides, before the Spanish stemmer.

One place makes the filter tokens, so a row and a question always spell them alike (d: department, s: state, e: buyer's
NIT, n: NIT of anybody who takes part, b: a word of the buyer's name, m: method, u: UNSPSC at each of its levels, o:
source, t: contract type). The number of a natural person is no token: only a company's NIT is ever read or written.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from pliego.kernel.identifiers import check_digit

WORD = re.compile(r"[a-z0-9]+")
UNSPSC_LEVELS = (2, 4, 6, 8)
# Companies and entities have nine digits from 800 million on, where no natural person's document is.
NIT = re.compile(r"(?<![\w.-])(?:nit[\s.:]*)?([89]\d{2})\.?(\d{3})\.?(\d{3})(?:\s?-\s?\d|(\d))?(?![\w-]|[.,]\d)", re.I)


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


def nits_in(text: str) -> tuple[list[str], str]:
    """The companies' NITs that a text names, with check digit or dots or without them, and the rest of the text."""
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        number = "".join(match.group(1, 2, 3))
        if match[4] and int(match[4]) != check_digit(number):
            return match[0]  # ten digits that are no NIT: a telephone, a document
        found.append(number)
        return " "

    rest = NIT.sub(take, text)
    return found, rest


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
    nits: Iterable[str] = (),
) -> list[str]:
    """Every filter that a process answers to, as lexemes of its search vector. `nits`: of those who supply."""
    found = {f"o:{source}", f"s:{state}"}
    for prefix, value in (("d", department), ("m", method), ("e", buyer_nit)):
        if value:
            found.add(f"{prefix}:{value}")
    if contract_type:
        found.add(f"t:{slug(contract_type)}")
    found.update(f"b:{word}" for word in words(buyer_name))
    found.update(f"n:{nit}" for number in (buyer_nit, *nits) for nit in nits_in(number)[0])
    for code in unspsc:
        found.update(unspsc_tokens(code))
    return sorted(found)
