"""The public pages: the list of processes, and what leads to one of them."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse

from pliego.kernel.objections import Unknown
from pliego.publication import caching, imported, names, pages
from pliego.publication.asking import Asked, ask
from pliego.publication.files import FORMATS
from pliego.publication.search import search, version
from pliego.web.acts import See303


def processes(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The public search. An identifier typed in it goes straight to its process."""
    asked = ask(request.GET)
    if (url := _straight(asked)) and asked.address() == ask({"q": asked.typed["text"]}).address():
        return See303(url)
    form = request.GET.get("formato", "")
    if form in FORMATS and not asked.objections:
        return FORMATS[form](request, asked, request.received_at)  # type: ignore[attr-defined]
    newest = version(at=request.received_at)  # type: ignore[attr-defined]
    return caching.by_version(request, newest, lambda: _list(request, asked))


def _straight(asked: Asked) -> str:
    text = asked.typed["text"]
    if not (names.named(text) or names.looks_like_a_reference(text)):
        return ""
    process = names.find(text)
    return reverse("publication:process", args=[process.code]) if process else ""


def _list(request: HttpRequest, asked: Asked) -> HttpResponse:
    at, path = request.received_at, request.path  # type: ignore[attr-defined]
    context = {
        "asked": asked,
        "typed": asked.typed,
        "choices": pages.choices(asked),
        "chips": pages.chips(asked, path),
        "faults": {objection.field: objection for objection in asked.objections},
        "has_errors": bool(asked.objections),
    }
    if not asked.objections:
        found = search(question=asked.question, at=at)
        context |= {
            "lines": [pages.line(row, at) for row in found.rows],
            "counted": pages.counted(found),
            "groups": pages.groups(found, asked, path),
            "facets_are_partial": found.facets_are_partial,
            "next": f"{path}?{asked.address(after=found.after)}" if found.after else "",
            "start": f"{path}?{asked.address()}" if asked.typed["after"] else "",
            "same": asked.address(),
        }
    return render(request, "publication/processes.html", context, status=422 if asked.objections else 200)


def process(request: HttpRequest, identifier: str) -> HttpResponse:
    """Everything public of one process, under its one address; its other names lead here."""
    found = names.find(identifier)
    if found is None:
        raise Unknown()
    if found.code != identifier:
        return See303(reverse("publication:process", args=[found.code]))
    at = request.received_at  # type: ignore[attr-defined]
    version = f"{found.version}.{found.closes_at is not None and found.closes_at <= at}"
    return caching.by_version(
        request, version, lambda: render(request, "publication/imported.html", imported.context(found, at))
    )
