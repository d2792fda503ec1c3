"""Pages of the house itself: drafts, the hour, health, what the site says of itself."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from pliego.kernel import clock
from pliego.web import drafts
from pliego.web.acts import signed_in


@require_POST
@signed_in
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what a page holds now, and say when; or show both versions when another page was quicker. What arrives
    after the page itself was sent is not kept."""
    actor, sent = request.actor, request.POST  # type: ignore[attr-defined]
    mark = drafts.read_token(actor, key, sent.get("borrador", ""))
    version, overrule = int(sent.get("borrador_version") or 0), sent.get("borrador_elegir") == "mia"
    try:
        kept = drafts.keep(
            actor=actor,
            mark=mark,
            sent=sent,
            version=version,
            overrule=overrule,
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except drafts.Stale as stale:
        context = {"stale": stale, "rows": drafts.differences(stale, mark.fields), "version": version, "key": key}
        return render(request, "web/draft_stale.html", context, status=409)
    told = {"version": kept.number, "saved_at": kept.saved_at} if kept else {"version": version, "was_sent": True}
    return render(request, "web/draft_saved.html", told)


@never_cache
@require_GET
def hour(request: HttpRequest) -> JsonResponse:
    """The server's clock in milliseconds, for the clocks of the page."""
    return JsonResponse({"ms": int(clock.now().timestamp() * 1000)})


@never_cache
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """The process answers. Whether it can serve is asked at /-/listo."""
    return JsonResponse({"status": "ok"})


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/accessibility.html")


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "web/privacy.html")
