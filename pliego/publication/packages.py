"""OCDS 1.1 packages made of texts that were written once: nothing is built again for a reader.

Pages go by cursor: a release's number, a record's version. Both only grow, so a reader who follows `links.next` to the
end and comes back later with the last cursor receives exactly what is new.
"""

import re
from typing import Any

import msgspec
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.kernel import clock
from pliego.kernel.objections import Objection, Refused, Unknown
from pliego.publication import caching
from pliego.publication.models import Process, Release
from pliego.publication.names import find

ROWS, MOST_ROWS = 100, 500
EXTENSIONS = [
    f"https://raw.githubusercontent.com/open-contracting-extensions/ocds_{name}_extension/{version}/extension.json"
    for name, version in (
        ("bid", "v1.1.5"),
        ("contract_completion", "master"),
        ("enquiry", "v1.1.5"),
        ("lots", "v1.1.5"),
        ("pagination", "master"),
        ("performance_failures", "master"),
    )
]
LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"
encode = msgspec.json.encode
decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def _number(request: HttpRequest, name: str, default: int, most: int) -> int:
    text = request.GET.get(name, "")
    if text and not re.fullmatch(r"\d{1,15}", text):
        raise Refused(Objection("bad_number", _("Write a whole number."), name))
    return min(int(text), most) if text else default


def _package(request: HttpRequest, body: dict[str, Any], cursor: int | None = None) -> HttpResponse:
    """The envelope; `cursor` is where the next page begins, if there is one."""
    package = {
        "uri": settings.PLIEGO_SITE_URL + request.get_full_path(),
        "version": "1.1",
        "extensions": EXTENSIONS,
        "publishedDate": clock.now().isoformat(timespec="seconds"),
        "publisher": {"name": settings.PLIEGO_OPERATOR, "uri": settings.PLIEGO_SITE_URL},
        "license": LICENCE,
        **body,
    }
    if cursor is not None:
        query = f"cursor={cursor}&limit={_number(request, 'limit', ROWS, MOST_ROWS)}"
        package["links"] = {"next": f"{settings.PLIEGO_SITE_URL}{request.path}?{query}"}
    return HttpResponse(encode(package), content_type="application/json")


def releases(request: HttpRequest) -> HttpResponse:
    """Releases in the order in which they were published."""
    after, limit = _number(request, "cursor", 0, 10**15), _number(request, "limit", ROWS, MOST_ROWS)
    rows = list(Release.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "text")[: limit + 1])
    page = rows[:limit]
    version = f"{page[-1][0] if page else after}.{len(rows)}"
    body = {"releases": [msgspec.Raw(text.encode()) for _pk, text in page]}
    cursor = page[-1][0] if len(rows) > limit else None
    return caching.by_version(request, version, lambda: _package(request, body, cursor))


def release(request: HttpRequest, release_id: str) -> HttpResponse:
    found = Release.objects.filter(release_id=release_id).first()
    if found is None:
        raise Unknown()
    return caching.by_version(
        request, str(found.pk), lambda: _package(request, {"releases": [msgspec.Raw(found.text.encode())]})
    )


RECORDS = """
SELECT p.version, p.ocid, r.release_id, r.released_at, r.tag, r.text
FROM (SELECT id, version, ocid FROM publication_process WHERE {where} ORDER BY version, id LIMIT %s) p
JOIN publication_release r ON r.ocid = p.ocid ORDER BY p.version, r.id
"""


def _records(where: str, value: Any, limit: int) -> list[tuple[int, dict[str, Any]]]:
    """(version, record) of each process: its releases by address, and the last one compiled."""
    with connection.cursor() as cursor:
        cursor.execute(RECORDS.format(where=where), [value, limit])
        rows = cursor.fetchall()
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    for version, ocid, release_id, released_at, tag, text in rows:
        _version, record = found.setdefault(ocid, (version, {"ocid": ocid, "releases": []}))
        address = settings.PLIEGO_SITE_URL + reverse("publication:ocds_release", args=[release_id])
        record["releases"].append({"url": address, "date": released_at.isoformat(), "tag": [tag]})
        record["compiledRelease"] = text
    for _version, record in found.values():
        record["compiledRelease"] = compiled(record["compiledRelease"])
    return list(found.values())


def compiled(text: str) -> msgspec.Raw:
    """Each release says everything public at its moment, so the last one is the compiled release of the record."""
    body = decode(text)
    body["tag"] = msgspec.Raw(b'["compiled"]')
    return msgspec.Raw(encode(body))


def records(request: HttpRequest) -> HttpResponse:
    """Records in the order in which they last changed."""
    after, limit = _number(request, "cursor", 0, 10**15), _number(request, "limit", ROWS, MOST_ROWS)
    found = _records("version > %s", after, limit + 1)
    page = found[:limit]
    version = f"{page[-1][0] if page else after}.{len(found)}"
    cursor = page[-1][0] if len(found) > limit else None
    return caching.by_version(
        request, version, lambda: _package(request, {"records": [record for _v, record in page]}, cursor)
    )


def record(request: HttpRequest, ocid: str) -> HttpResponse:
    """The record of a process, by its ocid or by any of its identifiers."""
    process = Process.objects.filter(ocid=ocid).defer("doc").first() or find(ocid)
    if process is None:
        raise Unknown()
    found = _records("ocid = %s", process.ocid, 1)
    body = {"records": [record for _v, record in found]}
    return caching.by_version(request, str(process.version), lambda: _package(request, body))
