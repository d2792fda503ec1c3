"""Pages of the log: receipts, verification, and the public files that auditors read."""

import json
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from pliego.kernel.objections import Objection, Refused, Unknown
from pliego.ledger import log, merkle, queries, receipts, seal, sentences, witnessing
from pliego.ledger.models import Entry
from pliego.web.http import Request

LATEST = 25
SEALING_SECONDS = "2"


@require_GET
@never_cache
def receipt(request: Request, code: str) -> HttpResponse:
    entry = queries.visible_entry(actor=request.actor, code=code)
    if entry.code != code:
        return HttpResponseRedirect(reverse("ledger:receipt", args=[entry.code]))
    shown = queries.shown(entry)
    crumbs = [(reverse("ledger:verify"), _("Verify")), ("", entry.code)]
    response = render(request, "ledger/receipt.html", {"shown": shown, "entry": entry, "crumbs": crumbs})
    if shown.receipt is None:
        response["Refresh"] = SEALING_SECONDS  # the seal takes a second at most; without it the page asks again
    return response


@require_GET
@never_cache
def receipt_json(request: Request, code: str) -> HttpResponse:
    entry, built = _sealed(request, code)
    response = JsonResponse(built, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="recibo-{entry.code}.json"'
    return response


@require_GET
@never_cache
def receipt_as_pdf(request: Request, code: str) -> HttpResponse:
    entry, built = _sealed(request, code)
    try:
        from pliego.ledger import receipt_pdf  # its library is large, and only this answer needs it

        pdf = receipt_pdf.render(entry, built)
    except seal.NoSeal:
        raise Refused(_not_sealed()) from None
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="recibo-{entry.code}.pdf"'
    return response


def _sealed(request: Request, code: str) -> tuple[Entry, dict[str, Any]]:
    entry = queries.visible_entry(actor=request.actor, code=code)
    built = receipts.build(entry)
    if built is None:
        raise Refused(_not_sealed())
    return entry, built


def _not_sealed() -> Objection:
    return Objection("not_sealed", _("This receipt is still being sealed. Try again in a few seconds."))


@require_GET
def verify(request: Request) -> HttpResponse:
    """The verifier, and the search of a receipt by its code."""
    typed = request.GET.get("codigo", "").strip()
    context = {**_verifier(), "typed": typed, "missing": False}
    if typed:
        try:
            entry = queries.visible_entry(actor=request.actor, code=typed)
        except Unknown:
            return render(request, "ledger/verify.html", {**context, "missing": True}, status=404)
        return HttpResponseRedirect(reverse("ledger:receipt", args=[entry.code]))
    return render(request, "ledger/verify.html", context)


def _verifier() -> dict[str, Any]:
    return {
        "vkey": queries.vkey(),
        "texts": json.dumps({sentence: str(text) for sentence, text in sentences.browser().items()}),
    }


@require_GET
def verify_file(request: Request) -> HttpResponse:
    """The verifier as one file to keep: it needs neither this site nor a connection."""
    path = finders.find("ledger/verify.js")
    assert isinstance(path, str)
    with open(path, encoding="utf-8") as file:
        context = {**_verifier(), "script": file.read(), "origin": settings.PLIEGO_LEDGER_ORIGIN}
    response = HttpResponse(render_to_string("ledger/verifier_file.html", context))
    response["Content-Disposition"] = 'attachment; filename="verificar-pliego.html"'
    return response


# ---- the log itself ------------------------------------------------------------------------------------------------


@require_GET
def overview(request: Request) -> HttpResponse:
    latest = queries.latest_public(count=LATEST)
    head = queries.head()
    note = witnessing.note_of(head) if head else ""
    context = {
        "head": head,
        "note": note,
        "vkey": queries.vkey(),
        "latest": latest,
        "witnesses": witnessing.witnesses(),
    }
    return render(request, "ledger/log.html", context)


@require_GET
def key(request: HttpRequest) -> HttpResponse:
    if not (vkey := queries.vkey()):
        raise Unknown()
    return _text(f"{vkey}\n")


@require_GET
@never_cache
def checkpoint(request: HttpRequest) -> HttpResponse:
    if (head := queries.head()) is None:
        raise Unknown()
    return _text(witnessing.note_of(head))


@require_GET
def tile(request: HttpRequest, level: int, n: int, width: int = 0) -> HttpResponse:
    data = log.read_tile(level, n) if level < 8 and n < 2**40 else b""
    if not data or width * merkle.HASH > len(data):
        raise Unknown()
    if width:
        data = data[: width * merkle.HASH]
    response = HttpResponse(data, content_type="application/octet-stream")
    is_final = bool(width) or len(data) == merkle.WIDTH * merkle.HASH
    response["Cache-Control"] = "public, max-age=31536000, immutable" if is_final else "no-cache"
    return response


@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    start = request.GET.get("desde", "0")
    index = int(start) if start.isascii() and start.isdigit() and len(start) < 16 else 0
    return JsonResponse({"entries": queries.entries_from(index=index)}, json_dumps_params={"ensure_ascii": False})


def _text(content: str) -> HttpResponse:
    return HttpResponse(content, content_type="text/plain; charset=utf-8")
