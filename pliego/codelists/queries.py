"""Looking codes up, by digits or by words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from pliego.codelists.models import Department, KnownEntity, Municipality, UnspscCode
from pliego.codelists.words import fold, likeness, telling_words
from pliego.kernel.planned import Planned

Row = TypeVar("Row", bound=Model)

PAGE = 25


@dataclass(frozen=True)
class Place:
    code: str
    municipality: str
    department_code: str
    department: str

    def __str__(self) -> str:
        return self.municipality if self.municipality == self.department else f"{self.municipality}, {self.department}"


def search_unspsc(*, words: str, limit: int = PAGE) -> list[UnspscCode]:
    """Codes that begin with the digits typed (with or without the prefix V1.), or whose name has every word."""
    typed = words.strip().removeprefix("V1.").removeprefix("v1.")
    if not typed:
        return list(UnspscCode.objects.filter(level=UnspscCode.Level.SEGMENT).order_by("code")[:limit])
    if typed.isdigit():
        stem = typed.rstrip("0") if len(typed) == 8 else typed
        stem = stem + "0" * (len(stem) % 2)
        return list(UnspscCode.objects.filter(code__startswith=stem).order_by("code")[:limit])
    found = _with_every_word(UnspscCode.objects.all(), typed)
    return list(found.order_by("level", "code")[:limit])


def search_municipalities(*, words: str, limit: int = PAGE) -> list[Place]:
    """Municipalities whose name or whose department's name has every word; or by the digits of their code."""
    rows = Municipality.objects.select_related("department")
    typed = words.strip()
    if typed.isdigit():
        rows = rows.filter(code__startswith=typed)
    else:
        for word in fold(typed).split():
            rows = rows.filter(Q(folded_name__contains=word) | Q(department__folded_name__contains=word))
    return [_place(row) for row in rows.order_by("folded_name", "code")[:limit]]


def _with_every_word(rows: "QuerySet[UnspscCode]", typed: str) -> "QuerySet[UnspscCode]":
    for word in fold(typed).split():
        rows = rows.filter(folded_name__contains=word)
    return rows


MUNICIPALITY = Planned("?", lambda code: Municipality.objects.select_related("department").filter(code=code))


def place_of(code: str) -> Place | None:
    """The municipality with that DANE code, with its department."""
    found = MUNICIPALITY(code) if code else []
    return _place(found[0]) if found else None


def places_of(codes: set[str]) -> dict[str, Place]:
    """Many municipalities at once."""
    rows = Municipality.objects.select_related("department").filter(code__in=codes)
    return {row.code: _place(row) for row in rows}


def department_name(code: str) -> str:
    row = Department.objects.filter(code=code).first()
    return row.name if row else ""


def department_names(codes: Iterable[str]) -> dict[str, str]:
    return dict(Department.objects.filter(code__in=set(codes)).values_list("code", "name"))


def has_whole_unspsc() -> bool:
    """Whether the official list is loaded, and not only the starter set, which lacks most codes."""
    return UnspscCode.objects.count() > 10_000


def unspsc_name(code: str) -> str:
    """The name of a code, given short (432115) or padded (43211500, V1.43211500)."""
    return unspsc_names([code]).get(code, "")


def unspsc_names(codes: list[str]) -> dict[str, str]:
    """The names of many codes at once, by the code as it was asked."""
    wanted = {code: _candidates(code) for code in codes}
    rows = UnspscCode.objects.filter(code__in={c for found in wanted.values() for c in found})
    names = dict(rows.values_list("code", "name"))
    return {code: next((names[c] for c in found if c in names), "") for code, found in wanted.items()}


def _candidates(code: str) -> list[str]:
    digits = code.strip().upper().removeprefix("V1.")
    found = [digits]
    while len(digits) > 2 and digits.endswith("00"):
        digits = digits[:-2]
        found.append(digits)
    return found


def _place(row: Municipality) -> Place:
    return Place(row.code, row.name, row.department_id, row.department.name)


def known_entity(nit: str) -> KnownEntity | None:
    """What the official list of entities says of a NIT, with or without its digit: a help, not a registration."""
    digits = re.sub(r"\D", "", nit)
    return KnownEntity.objects.filter(number__in=[digits, digits[:-1]]).order_by("code").first() if digits else None


def entities_like(*, nit: str = "", name: str = "", limit: int = 10) -> list[KnownEntity]:
    """Rows of the official list that are probably the one that somebody types."""
    known = known_entity(nit)
    near = nearest(KnownEntity.objects.all(), name, "folded_name")[:limit]
    rows: dict[str, KnownEntity] = {}
    for row in [*([known] if known else []), *near]:
        rows.setdefault(row.number, row)
    return list(rows.values())[:limit]


def nearest(rows: QuerySet[Row], name: str, field: str, *, least: float = 0.5, most: int = 300) -> list[Row]:
    """Rows whose folded name shares most of its telling words with `name`, the nearest first."""
    wanted = telling_words(name)
    if not wanted:
        return []
    anchors = sorted(wanted, key=len, reverse=True)[:3]
    some = Q()
    for word in anchors:
        some |= Q(**{f"{field}__contains": word})
    read = attrgetter(field.replace("__", "."))
    found = [(likeness(wanted, telling_words(read(row))), row) for row in rows.filter(some)[:most]]
    return [row for score, row in sorted(found, key=lambda pair: -pair[0]) if score >= least]
