"""Documents over the API: their card, and uploads in one request for programs."""

from typing import Annotated

import ninja
from django.utils.translation import gettext as _
from ninja import Header, Query, Status

from pliego.documents import blobs, queries, receiving, services
from pliego.kernel.objections import Denied, Objection, Refused
from pliego.web.api import Router
from pliego.web.http import Request

router = Router(tags=["documents"])


class DocumentCard(ninja.Schema):
    code: str
    name: str
    kind: str
    media_type: str
    size: int
    sha256: str
    audience: str
    file: str
    created_at: str
    scan: str
    url: str


class Uploaded(ninja.Schema):
    upload: str
    sha256: str
    size: int
    expires_at: str


@router.get("/documents/{code}", response=DocumentCard, operation_id="get_document")
def get_document(request: Request, code: str) -> dict[str, object]:
    return queries.described(document=queries.visible_document(actor=request.actor, code=code))


@router.post("/uploads", response={201: Uploaded}, operation_id="upload_file")
def upload_file(
    request: Request,
    name: Annotated[str, Query(max_length=200)],
    kind: Annotated[str, Query(max_length=40)],
    content_length: Annotated[int, Header(ge=0)] = 0,
) -> Status[dict[str, object]]:
    """Send a file as the raw body. The code that comes back is what other operations take as `upload`."""
    if request.actor.user_id is None:
        raise Denied(_("Sign in to do this."))
    upload = receiving.begin(
        user_id=request.actor.user_id,
        name=services.clean_name(name),
        size=content_length,
        purpose=kind,
        at=request.received_at,
    )
    try:
        with receiving.Writer(upload, 0, at=request.received_at) as writer:
            while chunk := request.read(blobs.CHUNK):
                writer.write(chunk)
            upload = writer.finish()
    except receiving.Overflow:
        raise Refused(Objection("overflow", _("More bytes came than the file has."))) from None
    if upload.state != "complete":
        receiving.discard(upload=upload, at=request.received_at)
        raise Refused(Objection("cut_short", _("The file arrived incomplete. Send it again.")))
    told = {"sha256": upload.sha256, "size": upload.size, "expires_at": upload.expires_at.isoformat()}
    return Status(201, {"upload": upload.code, **told})
