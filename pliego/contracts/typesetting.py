"""A written act about a contract as PDF/A: resolutions, minutes, records. One template, whose words are Spanish."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from pliego.contracts.models import Contract
from pliego.kernel import dates
from pliego.kernel.calendar import BOGOTA

TEMPLATE = Path(__file__).parent / "templates" / "contracts" / "escrito.typ"
SPANISH = "es-co"
Facts = list[tuple[str, str]]
Part = dict[str, Any]


def part(title: str, text: str = "", rows: Iterable[tuple[str, str, str]] = ()) -> Part:
    """A heading with its prose, or with a line for each (head, note, text)."""
    return {"title": title, "text": text, "rows": [{"head": h, "note": n, "text": t} for h, n, t in rows]}


def facts_of(contract: Contract, *more: tuple[str, str]) -> Facts:
    """The contract at the head of the paper. The number of a person is in none: it may become public."""
    supplier = contract.supplier
    nit = "" if supplier.organization.is_natural_person else supplier.nit
    found = [
        ("Contrato", f"{contract.number} ({contract.code})"),
        ("Objeto", contract.object),
        ("Contratista", " · ".join(filter(None, [supplier.name, nit]))),
        *more,
        ("Expediente", contract.file),
    ]
    return [(label, text) for label, text in found if text]


def signed_by(words: str, author: str, at: datetime) -> str:
    return (
        f"{words} {author}, con segundo factor, el {dates.instant(at, 'es')}, hora legal de Colombia. La firma y la"
        " hora están en el recibo del acto."
    )


def typeset(
    contract: Contract,
    *,
    code: str,
    title: str,
    about: str,
    facts: Facts,
    legal_basis: str,
    parts: Iterable[Part],
    signed: str,
    at: datetime,
) -> bytes:
    shown = {
        "is_practice": settings.PLIEGO_PRACTICE,
        "buyer": contract.buyer.name,
        "buyer_nit": contract.buyer.nit,
        "code": code,
        "title": title,
        "about": about,
        "facts": facts,
        "legal_basis": legal_basis,
        "parts": [one for one in parts if one["text"] or one["rows"]],
        "signed": signed,
        "date": list(at.astimezone(BOGOTA).timetuple()[:3]),
    }
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"shown": json.dumps(shown, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        ignore_system_fonts=True,
    )
