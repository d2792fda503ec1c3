"""The public pages: the list of processes, and what leads to one of them."""

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse

from pliego.contracts.models import Contract
from pliego.kernel.actors import ANYONE, Actor
from pliego.kernel.calendar import calendar as calendars
from pliego.kernel.objections import Unknown
from pliego.publication import caching, imported, names, pages, places
from pliego.publication.asking import Asked, ask
from pliego.publication.files import FORMATS
from pliego.publication.folding import nits_in
from pliego.publication.native import archive, feed, page
from pliego.publication.native.contract import whole_of
from pliego.publication.native.reading import Known, known
from pliego.publication.places import Place
from pliego.publication.search import search, version
from pliego.tendering.models import Tender
from pliego.web.acts import See303, get_visible, signed_in


def processes(request: HttpRequest) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """The public search. An identifier typed in it goes straight to its process."""
    asked = ask(request.GET)
    if (url := _straight(asked)) and asked.address() == ask({"q": asked.typed["text"]}).address():
        return See303(url)
    form = request.GET.get("formato", "")
    if form in FORMATS and not asked.objections:
        return FORMATS[form](request, asked, request.received_at)  # type: ignore[attr-defined]
    newest = version(at=request.received_at)  # type: ignore[attr-defined]
    return caching.by_version(request, newest, lambda: _list(request, asked), lambda at: version(at=at))


def _straight(asked: Asked) -> str:
    text = asked.typed["text"]
    if not (names.named(text) or names.looks_like_a_reference(text)) or nits_in(text)[0]:
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
        **caching.own_of_nobody(request),
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
    at = request.received_at  # type: ignore[attr-defined]
    place = places.native(identifier, at) or places.imported(identifier, at)
    if place is None:
        if (found := names.find(identifier)) is None:
            raise Unknown()
        return _moved("process", found.code)
    if place.code != identifier:
        return _moved("process", place.code)
    make = _native_page if place.is_native else _imported_page
    return caching.by_version(request, place.version, lambda: make(request, place), place.asked_again)


def _native_page(request: HttpRequest, place: Place) -> HttpResponse:
    context = page.context(_known(place.ocid), request.received_at)  # type: ignore[attr-defined]
    return render(request, "publication/native.html", context | caching.own_of_nobody(request))


def _imported_page(request: HttpRequest, place: Place) -> HttpResponse:
    context = imported.context(imported.one(place.ocid), request.received_at)  # type: ignore[attr-defined]
    return render(request, "publication/imported.html", context | caching.own_of_nobody(request))


def _moved(name: str, code: str) -> HttpResponse:
    return See303(reverse(f"publication:{name}", args=[code]))


def _known(ocid: str) -> Known:
    found = known(ocid)
    if found is None:
        raise Unknown()
    return found


def _published(code: str) -> Tender:
    if (tender := Tender.objects.public().filter(code=code).first()) is None:
        raise Unknown()
    return tender


def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """The schedule of a process for a calendar program."""
    response = HttpResponse(page.calendar(_known(_published(code).ocid)), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{code}.ics"'
    return response


def acts_feed(request: HttpRequest, code: str) -> HttpResponse:
    """The public acts of a process for readers of feeds; while nothing happens, 304."""
    place = places.native(code, request.received_at)  # type: ignore[attr-defined]
    if place is None or place.code != code:
        raise Unknown()

    def made() -> HttpResponse:
        return HttpResponse(feed.of(_known(place.ocid)), content_type="application/atom+xml; charset=utf-8")

    return caching.by_version(request, place.version, made, place.asked_again)


def expediente_zip(request: HttpRequest, code: str) -> FileResponse:
    """The whole public file as a ZIP that anybody can verify without this site."""
    out = archive.build(_published(code))
    return FileResponse(out, as_attachment=True, filename=f"{code}.zip", content_type="application/zip")


def contract_zip(request: HttpRequest, code: str) -> FileResponse:
    """The public file of a contract as a ZIP that anybody can verify without this site."""
    found = get_visible(Contract.objects.visible_to(ANYONE).select_related("tender"), code=code)
    return _zipped(found, ANYONE)


@signed_in
def own_contract_zip(request: HttpRequest, code: str) -> FileResponse:
    """The same, with what a party reads besides: its own acts, and the documents that it may see."""
    actor = request.actor  # type: ignore[attr-defined]
    return _zipped(get_visible(Contract.objects.visible_to(actor).select_related("tender"), code=code), actor)


def _zipped(contract: Contract, actor: Actor) -> FileResponse:
    out = archive.build_of_contract(contract, actor)
    return FileResponse(out, as_attachment=True, filename=f"{contract.code}.zip", content_type="application/zip")


def contract(request: HttpRequest, code: str) -> HttpResponse:
    """A signed contract on its own page; an imported one lives on the page of its process."""
    found = Contract.objects.visible_to(ANYONE).select_related("tender").filter(code=code).first()
    if found is None:
        if (imported_one := names.find(code)) is None:
            raise Unknown()
        return _moved("process", imported_one.code)
    everything = _known(found.tender.ocid)
    own = next((row for row in everything.contracts if row.pk == found.pk), None)
    if own is None:
        raise Unknown()
    shown = whole_of(everything, own, calendars.day_of(request.received_at))  # type: ignore[attr-defined]
    context = {"contract": shown, "tender": found.tender, "buyer": found.tender.buyer.name}
    return render(request, "publication/contract.html", context)
