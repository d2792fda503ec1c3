"""Documents served so that they cannot act in our name, the list of types, and uploads without an async server."""

from contextlib import suppress

from django.conf import settings
from django.http import (
    FileResponse,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
    UnreadablePostError,
)
from django.shortcuts import render
from django.utils.http import content_disposition_header, parse_etags
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from pliego.documents import blobs, filetypes, kinds, queries, ranges, receiving, tus
from pliego.documents.models import Audience, Document
from pliego.documents.policy import POLICY, Act
from pliego.kernel import clock
from pliego.kernel.objections import Refused, Unknown
from pliego.web.http import Request

CANNOT_ACT = "sandbox; default-src 'none'; frame-ancestors 'none'"


@require_safe
def download(request: Request, code: str) -> HttpResponseBase:
    """The bytes, as an attachment that no browser runs; in parts when asked so."""
    document = queries.visible_document(actor=request.actor, code=code)
    POLICY.require(request.actor, Act.DOWNLOAD, document)
    if document.sha256 in {tag.strip('"') for tag in parse_etags(request.headers.get("If-None-Match", ""))}:
        return as_served(HttpResponse(status=304), document)
    try:
        asked = ranges.parse(wanted_range(request, document), document.size)
    except ranges.Unsatisfiable:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{document.size}"
        return as_served(response, document)
    first, last = asked or (0, document.size - 1)
    body = ranges.read(blobs.open(document.sha256), first, last) if request.method == "GET" else iter(())
    served = StreamingHttpResponse(body, status=206 if asked else 200, content_type=document.media_type)
    served["Content-Length"] = str(last - first + 1)
    if asked:
        served["Content-Range"] = f"bytes {first}-{last}/{document.size}"
    return as_served(served, document)


def wanted_range(request: Request, document: Document) -> str:
    """The Range header, unless it was meant for other bytes than these (If-Range)."""
    condition = request.headers.get("If-Range")
    return request.headers.get("Range", "") if condition in {None, f'"{document.sha256}"'} else ""


def shown_to_reader(found: Document | None) -> HttpResponse:
    """What the caller found for a reader who may see it; unknown when it is nothing, or in quarantine."""
    if found is None or found.is_quarantined:
        raise Unknown()
    content = FileResponse(blobs.open(found.sha256), content_type=found.media_type)
    return as_served(content, found)  # type: ignore[return-value]  # it streams, and answers like any other


def as_served(response: HttpResponseBase, document: Document) -> HttpResponseBase:
    is_public = document.audience == Audience.PUBLIC
    response["Content-Disposition"] = content_disposition_header(True, document.name) or "attachment"
    response["Content-Security-Policy"] = CANNOT_ACT
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{document.sha256}"'
    response["Cache-Control"] = "public, no-cache" if is_public else "private, no-store"
    return response


@require_safe
def card(request: Request, code: str) -> HttpResponse:
    """What is known of a document: kind, hash, size, who may read it."""
    document = queries.visible_document(actor=request.actor, code=code)
    verdict = POLICY.verdict(request.actor, Act.DOWNLOAD, document)
    return render(request, "documents/card.html", {"document": document, "download": verdict})


@require_safe
@cache_control(public=True, max_age=300)
def types(request: Request) -> JsonResponse:
    """The list of accepted types and sizes, so that the browser refuses a wrong file before it is sent."""
    accepts = {kind.code: kind.accepts for kind in kinds.KINDS.values() if kind.is_uploaded and kind.accepts}
    return JsonResponse(filetypes.published(settings.PLIEGO_MAX_FILE_BYTES, accepts))


@csrf_exempt  # tus.answer asks for the header and the origin that another site cannot give
def uploads(request: Request, code: str = "") -> HttpResponse:
    """Resumable uploads where the server is a plain WSGI one; `uploads.upload_app` is the same conversation."""
    result = tus.answer(request, code, request.user.pk, clock.now())
    if isinstance(result, HttpResponse):
        return result
    try:
        with result as writer:
            with suppress(UnreadablePostError):  # the sender went away: what came is kept
                while chunk := request.read(blobs.CHUNK):
                    writer.write(chunk)
            return tus.finished(writer)
    except (receiving.Busy, receiving.Gone, receiving.Misplaced, receiving.Overflow, Refused) as error:
        return tus.failed(error)
