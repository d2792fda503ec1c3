"""From the address of a page, or the parameters of the API, to a Question; all faults are told at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from pliego.directory import words
from pliego.directory.rules import level_of
from pliego.directory.search import Question, position
from pliego.kernel.objections import Objection
from pliego.parties import kinds
from pliego.parties.models import Account
from pliego.publication.labels import DEPARTMENTS

LONGEST = 400
ROLES = {"proveedores": "supplier", "entidades": "buyer"}
SIZES = dict(Account._meta.get_field("size").choices or ())

# our field → (name in the address of the page, name in the API)
NAMES = {
    "text": ("q", "q"),
    "role": ("quienes", "role"),
    "department": ("departamento", "department"),
    "unspsc": ("unspsc", "unspsc"),
    "kind": ("clase", "kind"),
    "size": ("tamano", "size"),
    "after": ("despues", "after"),
}


@dataclass
class Asked:
    """What was asked, as typed and as understood, and what could not be understood."""

    question: Question
    typed: dict[str, str]
    objections: list[Objection] = field(default_factory=list)
    language: int = 0

    def address(self, **changes: str) -> str:
        typed = {**self.typed, "after": "", **changes}
        return urlencode({NAMES[name][self.language]: value for name, value in typed.items() if value})


def _one_of(codes: Any) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in codes:
            raise ValueError(_("Choose one of the list."))
        return text

    return read


def _role(text: str) -> str:
    return ROLES.get(text) or _one_of(ROLES.values())(text)


def _unspsc(text: str) -> str:
    code = level_of(text.replace(" ", ""))
    if not re.fullmatch(r"\d{2}(?:\d{2}){0,3}", code):
        raise ValueError(_("Write a UNSPSC code of 2, 4, 6 or 8 digits, for example 43211500."))
    return code


def _cursor(text: str) -> str:
    try:
        position(text)
    except ValueError as error:
        raise ValueError(_("The address of this page was cut. Go back to the first page.")) from error
    return text


READ: dict[str, Callable[[str], str]] = {
    "role": _role,
    "department": _one_of(DEPARTMENTS),
    "unspsc": _unspsc,
    "kind": _one_of({*kinds.KINDS, *words.GROUPS}),
    "size": _one_of(SIZES),
    "after": _cursor,
}


def ask(parameters: Mapping[str, str], *, api: bool = False) -> Asked:
    """Read a question; parameters that are not ours are passed over."""
    language = 1 if api else 0
    typed = {name: (parameters.get(names[language]) or "").strip()[:LONGEST] for name, names in NAMES.items()}
    typed["text"] = typed["text"].replace("\x00", "")
    values: dict[str, Any] = {}
    objections = []
    for name, text in typed.items():
        if not text:
            continue
        try:
            values[name] = READ[name](text) if name in READ else text
        except ValueError as error:
            objections.append(Objection(f"bad_{name}", str(error), NAMES[name][language]))
    return Asked(Question(**values), typed, objections, language)
