"""What the page's script exchanges with the server while an offer is sealed or opened: JSON, with the session."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pliego.bidding import queries, services
from pliego.bidding.models import SealedDraft
from pliego.bidding.policy import POLICY, ROOM_POLICY, Act, RoomAct
from pliego.kernel.objections import Denied, Objection, Refused, Unknown
from pliego.tendering.models import Tender
from pliego.web.acts import get_visible
from pliego.web.errors import objections_of, problem, status_of
from pliego.web.http import Request

LARGEST_BODY, MOST_PARTS = 6 * 2**20, 20_000
View = Callable[..., HttpResponse]


def answers_json(view: View) -> View:
    """Expected failures come out as the API's errors, so that the script can show their sentences."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except (Refused, Denied, Unknown) as fault:
            return problem(request, objections_of(fault), status_of(fault))
        response["Cache-Control"] = "no-store"
        return response

    return guarded


def body(request: Request, **expected: type) -> dict[str, Any]:
    """The JSON of a request, with exactly these fields of these types."""
    malformed = Refused(Objection("malformed", "JSON", ""))
    try:
        found = json.loads(request.read(LARGEST_BODY))
    except (ValueError, RecursionError):
        raise malformed from None
    if not isinstance(found, dict) or found.keys() != expected.keys():
        raise malformed
    if not all(type(found[name]) is kind for name, kind in expected.items()):
        raise malformed
    return found


@require_POST
@answers_json
def part(request: Request, sha256: str) -> HttpResponse:
    """Take the finished upload (documents, tus) that holds this part."""
    ROOM_POLICY.require(request.actor, RoomAct.SEND_PARTS)
    upload = body(request, upload=str)["upload"]
    kept = services.keep_part_of_upload(actor=request.actor, sha256=sha256, upload_id=upload, at=request.received_at)
    return JsonResponse({"sha256": kept.sha256, "size": kept.size})


@require_POST
@answers_json
def missing(request: Request) -> HttpResponse:
    ROOM_POLICY.require(request.actor, RoomAct.SEND_PARTS)
    asked = [str(name) for name in body(request, parts=list)["parts"][:MOST_PARTS]]
    return JsonResponse({"missing": queries.missing_parts(actor=request.actor, parts=asked)})


@require_GET
@answers_json
def process(request: Request, code: str) -> HttpResponse:
    tender = get_visible(Tender.objects.visible_to(request.actor).select_related("buyer"), code=code)
    response = JsonResponse(queries.process_file(tender), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'inline; filename="{tender.code}-proceso.json"'
    return response


@require_http_methods(["GET", "POST"])
@answers_json
def draft(request: Request, code: str) -> HttpResponse:
    tender = get_visible(Tender.objects.visible_to(request.actor).select_related("buyer"), code=code)
    POLICY.require(request.actor, Act.PREPARE, tender)
    if request.method == "POST":
        sent = body(request, ciphertext=str, version=int, parts=list)
        names = [str(name) for name in sent.pop("parts")[:MOST_PARTS]]
        kept = services.save_draft(
            actor=request.actor, tender_id=tender.pk, names=names, at=request.received_at, **sent
        )
        return JsonResponse({"version": kept.version})
    found = SealedDraft.objects.filter(tender=tender, supplier_id=request.actor.account_id).first()
    return JsonResponse({"version": found.version if found else 0, "ciphertext": found.ciphertext if found else ""})


@require_GET
@answers_json
def locks(request: Request, code: str) -> HttpResponse:
    tender = get_visible(Tender.objects.visible_to(request.actor).select_related("buyer"), code=code)
    return JsonResponse({"locks": queries.locks_for(actor=request.actor, tender=tender)})


@require_POST
@answers_json
def challenge(request: Request) -> HttpResponse:
    sent = body(request, recipient=str)
    sealed, ticket = services.challenge(actor=request.actor, recipient=sent["recipient"])
    return JsonResponse({"challenge": sealed, "ticket": ticket})
