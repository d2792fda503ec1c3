"""Looking codes up, by digits or by words."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from pliego.codelists.models import Department, Municipality, UnspscCode
from pliego.codelists.words import fold

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


def place_of(code: str) -> Place | None:
    """The municipality with that DANE code, with its department."""
    row = Municipality.objects.select_related("department").filter(code=code).first() if code else None
    return _place(row) if row else None


def places_of(codes: set[str]) -> dict[str, Place]:
    """Many municipalities at once."""
    rows = Municipality.objects.select_related("department").filter(code__in=codes)
    return {row.code: _place(row) for row in rows}


def department_name(code: str) -> str:
    row = Department.objects.filter(code=code).first()
    return row.name if row else ""


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
