"""The tus 1.0 conversation (creation, termination, expiration, checksum), without the road its bytes take.

`begin_answer` answers everything but the bytes of a PATCH; for those it gives a Writer, which the caller feeds.
"""

import base64
import binascii
import json
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.utils.translation import gettext as _

from pliego.documents import receiving
from pliego.documents.models import Upload
from pliego.documents.services import clean_name
from pliego.kernel.objections import Objection, Refused, Unknown

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
CHECKSUMS = {"sha1": "sha1", "sha256": "sha256"}
BYTES = "application/offset+octet-stream"
PREFIX = "/cargas/"
STATUSES = {"no_room": 507, "file_too_large": 413, "over_quota": 413, "wrong_state": 409}  # any other refusal: 422


def answer(request: HttpRequest, code: str, user_id: int | None, at: datetime) -> HttpResponse | receiving.Writer:
    """The answer to a request, or for a PATCH that may go on, the writer of its bytes."""
    try:
        return _answer(request, code, user_id, at)
    except Exception as error:
        return failed(error)


def _answer(  # noqa: PLR0911 - one line per refusal, in their order
    request: HttpRequest, code: str, user_id: int | None, at: datetime
) -> HttpResponse | receiving.Writer:
    if request.method == "OPTIONS":
        return _options()
    if request.headers.get("Tus-Resumable") != VERSION:
        return _headed(HttpResponse(status=412), **{"Tus-Version": VERSION})
    if request.method != "HEAD" and not comes_from_here(request):
        return problem(403, Objection("csrf", _("This request came from another site.")))
    if user_id is None:
        return problem(401, Objection("signed_out", _("Your session ended. Sign in again: what was sent is kept.")))
    if request.method == "POST" and not code:
        return _create(request, user_id, at)
    if request.method not in {"HEAD", "PATCH", "DELETE"} or not code:
        return problem(405, Objection("method", _("This is not possible here.")))
    upload = receiving.find(code=code, user_id=user_id, at=at)
    if request.method == "HEAD":
        return standing(upload, 200)
    if request.method == "DELETE":
        receiving.discard(upload=upload, at=at)
        return _headed(HttpResponse(status=204))
    return _patch(request, upload, at)


def comes_from_here(request: HttpRequest) -> bool:
    """A browser always says where an unsafe request comes from; it must be this very site."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin is None and site is None:
        return False
    if site is not None and site != "same-origin":
        return False
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    here = {urlsplit(settings.PLIEGO_SITE_URL).netloc, request.get_host()}
    return urlsplit(origin).netloc in here


def _create(request: HttpRequest, user_id: int, at: datetime) -> HttpResponse:
    told = metadata(request.headers.get("Upload-Metadata", ""))
    length = request.headers.get("Upload-Length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        return problem(400, Objection("no_length", _("The size of the file must be known: Upload-Length.")))
    name, purpose = clean_name(told.get("filename", "")), told.get("purpose", "other")
    upload = receiving.begin(user_id=user_id, name=name, size=int(length), purpose=purpose, at=at)
    return _headed(standing(upload, 201), Location=f"{PREFIX}{upload.code}")


def _patch(request: HttpRequest, upload: Upload, at: datetime) -> HttpResponse | receiving.Writer:
    if request.headers.get("Content-Type") != BYTES:
        return problem(415, Objection("content_type", f"Content-Type: {BYTES}"))
    offset, length = request.headers.get("Upload-Offset", ""), request.headers.get("Content-Length", "")
    if upload.state != "receiving" or offset != str(upload.offset):
        return standing(upload, 409)
    if length.isdigit() and int(length) > upload.size - upload.offset:
        return problem(413, Objection("overflow", _("More bytes came than the file has.")))
    checksum = None
    if told := request.headers.get("Upload-Checksum"):
        algorithm, _space, digest = told.partition(" ")
        if algorithm not in CHECKSUMS:
            return problem(400, Objection("checksum_algorithm", "Upload-Checksum: sha1, sha256"))
        checksum = (CHECKSUMS[algorithm], _unbased(digest))
    return receiving.Writer(upload, upload.offset, at=at, checksum=checksum)


def finished(writer: receiving.Writer) -> HttpResponse:
    """The answer to a PATCH whose bytes have all been given to the writer."""
    try:
        if not writer.matches():
            return _headed(HttpResponse(status=460))
        return standing(writer.finish(), 204)
    except Exception as error:
        return failed(error)


def failed(error: Exception) -> HttpResponse:
    match error:
        case Refused():
            statuses = [STATUSES[o.code] for o in error.objections if o.code in STATUSES]
            return problem(statuses[0] if statuses else 422, *error.objections)
        case Unknown():
            return problem(404, Objection("not_found", _("There is no such upload.")))
        case receiving.Gone():
            return problem(410, Objection("gone", _("This upload expired. Choose the file again.")))
        case receiving.Busy():
            return problem(423, Objection("busy", _("Another connection is still sending this file. Wait a moment.")))
        case receiving.Misplaced():
            return problem(409, Objection("offset", _("The upload stands elsewhere: ask where with HEAD.")))
        case receiving.Overflow():
            return problem(413, Objection("overflow", _("More bytes came than the file has.")))
    raise error


def standing(upload: Upload, status: int) -> HttpResponse:
    """How far the upload has come; the code and hash too once it is whole."""
    headers = {
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.size),
        "Upload-Expires": http_date(upload.expires_at.timestamp()),
        "Cache-Control": "no-store",
    }
    if upload.sha256:
        headers["Upload-Sha256"] = upload.sha256
    return _headed(HttpResponse(status=status), **headers)


def metadata(header: str) -> dict[str, str]:
    """`filename b2ZlcnRhLnBkZg==,purpose aW52b2ljZQ==` → names and values; what cannot be read is left out."""
    told = {}
    for pair in header.split(","):
        key, _space, value = pair.strip().partition(" ")
        if key:
            told[key] = _unbased(value).decode("utf-8", "replace")
    return told


def _unbased(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _options() -> HttpResponse:
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(settings.PLIEGO_MAX_FILE_BYTES),
        "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
    }
    return _headed(HttpResponse(status=204), **headers)


def problem(status: int, *objections: Objection) -> HttpResponse:
    errors = [
        {"field": o.field, "code": o.code, "sentence": str(o.sentence), "legal_basis": o.legal_basis}
        for o in objections
    ]
    body = json.dumps({"errors": errors}, ensure_ascii=False)
    return _headed(HttpResponse(body, status=status, content_type="application/json"))


def _headed(response: HttpResponse, **headers: str) -> HttpResponse:
    response["Tus-Resumable"] = VERSION
    response["X-Content-Type-Options"] = "nosniff"
    for name, value in headers.items():
        response[name] = value
    return response
