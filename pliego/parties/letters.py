"""The authorisation of the administrator as a PDF to sign. Legal documents are Spanish for every reader."""

import json
from datetime import datetime
from pathlib import Path

import typst
from django.conf import settings

from pliego.accounts.models import User
from pliego.codelists import queries as codelists
from pliego.kernel.calendar import BOGOTA
from pliego.parties.rules import EntityData, normalised_name

TEMPLATE = Path(__file__).with_name("autorizacion.typ")


def authorisation(*, data: EntityData, person: User, at: datetime) -> bytes:
    """The form with the data of whoever registers, which the desk compares with the person's own (guide, section 4)."""
    place = codelists.place_of(data.municipality)
    shown = {
        "is_practice": settings.PLIEGO_PRACTICE,
        "operator": settings.PLIEGO_OPERATOR,
        "entity": normalised_name(data.legal_name),
        "nit": data.nit,
        "place": str(place) if place else "",
        "person": person.full_name,
        "document_type": person.document_type,
        "document_number": person.document_number,
        "email": person.email,
        "date": list(at.astimezone(BOGOTA).timetuple()[:3]),
    }
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"shown": json.dumps(shown, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        ignore_system_fonts=True,
    )
