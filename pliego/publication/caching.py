"""Public pages are the same for everybody and change only with a version: an unchanged page is not made twice.

Guarantees: nothing of a person is ever kept: who has a session passes by. The address, the language, the version and
the site's own templates make the key, so a new release of the site never answers with an old page.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language

MOST_PAGES = 256
_pages: OrderedDict[str, tuple[bytes, str]] = OrderedDict()
_lock = Lock()


@cache
def site_release() -> str:
    """Changes with any template, catalogue or module of the site."""
    root = Path(__file__).resolve().parents[1]
    newest = max(int(p.stat().st_mtime) for kind in ("*.html", "*.py") for p in root.rglob(kind))
    return str(newest)


def is_anonymous(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "Authorization" not in request.headers


def by_version(request: HttpRequest, version: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page of that version: 304 if the reader has it, from memory if we have it, else made now."""
    if not is_anonymous(request):
        response = make()
        patch_cache_control(response, private=True, no_cache=True)
        return response
    said = f"{request.get_full_path()}\n{get_language()}\n{version}\n{site_release()}\n{bool(request.htmx)}"  # type: ignore[attr-defined]
    tag = f'W/"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'
    if tag in request.headers.get("If-None-Match", ""):
        return _marked(HttpResponseNotModified(), tag)
    with _lock:
        kept = _pages.get(tag)
        if kept:
            _pages.move_to_end(tag)
    if kept:
        return _marked(HttpResponse(kept[0], content_type=kept[1]), tag)
    response = make()
    if response.status_code == 200 and not response.streaming and not response.cookies:
        with _lock:
            _pages[tag] = (response.content, response.headers["Content-Type"])
            while len(_pages) > MOST_PAGES:
                _pages.popitem(last=False)
        return _marked(response, tag)
    return response


def _marked(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    patch_cache_control(response, public=True, no_cache=True)
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


def forget() -> None:
    """Empty the memory (tests)."""
    with _lock:
        _pages.clear()
