"""Templates of clauses by type of contract: our own Spanish text with numbered variables, one dated file each.

A template is never changed once released: a new text is a new file. Legal documents are Spanish, so these are too.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pliego.kernel.objections import Text

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Template:
    """`types`: the types of contract that begin with it; the one without types is for all others."""

    code: str
    title: str
    types: tuple[str, ...]
    variables: tuple[dict[str, Any], ...]
    articles: tuple[dict[str, str], ...]


@cache
def templates() -> dict[str, Template]:
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        variables = tuple({"number": n, "label": row["label"]} for n, row in enumerate(told["variable"], 1))
        articles = tuple({"title": row["title"], "text": row["text"].strip()} for row in told["article"])
        found[path.stem] = Template(path.stem, told["title"], tuple(told["types"]), variables, articles)
    return found


def of_type(contract_type: str) -> Template:
    """The template with which a contract of that type begins: the newest of its type."""
    fitting = [one for one in templates().values() if contract_type in one.types]
    return fitting[-1] if fitting else [one for one in templates().values() if not one.types][-1]


CHOICES: tuple[tuple[str, Text], ...] = tuple((one.code, one.title) for one in templates().values())
