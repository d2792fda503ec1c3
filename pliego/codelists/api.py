"""Looking codes up over the API."""

import ninja
from django.http import HttpRequest
from ninja import Query

from pliego.codelists import queries
from pliego.web.api import Router

router = Router(tags=["codelists"])
Words = Query("", max_length=200, description="Digits, or words; accents and case do not matter")


class UnspscFound(ninja.Schema):
    code: str
    padded: str
    level: int
    name: str


class MunicipalityFound(ninja.Schema):
    code: str
    municipality: str
    department_code: str
    department: str


@router.get("/codelists/unspsc", response=list[UnspscFound])
def search_unspsc(request: HttpRequest, q: str = Words) -> list[object]:
    """Goods and services of the UNSPSC."""
    return [*queries.search_unspsc(words=q)]


@router.get("/codelists/municipalities", response=list[MunicipalityFound])
def search_municipalities(request: HttpRequest, q: str = Words) -> list[object]:
    """Municipalities of DIVIPOLA with their departments."""
    return [*queries.search_municipalities(words=q)]
