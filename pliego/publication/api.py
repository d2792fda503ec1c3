"""Reading over the API: the same question as the page, the same rows, any identifier."""

from typing import Annotated

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from pliego.kernel.objections import Refused, Unknown
from pliego.publication import caching, names
from pliego.publication.asking import ask
from pliego.publication.files import API_ROWS, body, record
from pliego.publication.models import Process
from pliego.publication.plans.api import router as plans
from pliego.publication.search import search, version
from pliego.web.api import Router, Schema

router = Router(tags=["publication"])
router.add_router("", plans)
encode = msgspec.json.Encoder(decimal_format="number").encode
Word = Annotated[str, Field(max_length=300)]


class ProcessQuestion(Schema):
    """All of them must hold. Dates are days of Colombia; `after` comes from the address in `next`."""

    q: Word = ""
    entity: Word = ""
    department: Annotated[str, Field(max_length=2, description="DIVIPOLA code")] = ""
    method: Word = ""
    state: Word = ""
    source: Word = ""
    unspsc: Annotated[str, Field(max_length=11, description="2, 4, 6 or 8 digits")] = ""
    published_from: Word = ""
    published_to: Word = ""
    value_from: Word = ""
    value_to: Word = ""
    order: Word = ""
    after: Word = ""


@router.get("/processes", summary="Search public processes, native and imported")
def processes(request: HttpRequest, question: Query[ProcessQuestion]) -> HttpResponse:
    asked = ask(question.dict(), api=True)
    if asked.objections:
        raise Refused(*asked.objections)
    at = request.received_at  # type: ignore[attr-defined]

    def make() -> HttpResponse:
        found = search(question=asked.question, at=at, rows=API_ROWS, with_facets=False)
        return HttpResponse(encode(body(found, asked, request.path)), content_type="application/json")

    return caching.by_version(request, version(at=at), make, lambda at: version(at=at))


@router.get("/processes/{identifier}", summary="One process, by any of its identifiers")
def process(request: HttpRequest, identifier: str) -> HttpResponse:
    found = names.find(identifier) or Process.objects.filter(ocid=identifier).defer("doc").first()
    if found is None:
        raise Unknown()
    row = {field.attname: getattr(found, field.attname) for field in found._meta.concrete_fields if field.name != "doc"}
    identifiers = [
        {"kind": kind, "value": value}
        for kind, value in found.identifiers.exclude(kind="former")
        .order_by("kind", "value")
        .values_list("kind", "value")
    ]
    data = {**record(row), "description": found.description, "identifiers": identifiers}
    return HttpResponse(encode(data), content_type="application/json")
