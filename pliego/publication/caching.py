"""Public pages are the same for everybody and change only with a version: an unchanged page is not made twice.

Guarantees: nothing of a person is ever kept: who has a session, a token or a message waiting passes by. A page that is
answered from memory is answered whole, with every header that the site gave it, and only after the database said that
its version is still the one in force: an act that another process wrote is seen by the next reader of this one.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control, patch_vary_headers

from pliego.kernel import clock

MOST_BYTES = 16 * 2**20
MOST_AGE = timedelta(minutes=10)  # what has no version of its own, such as a supplier's name, is as old as this at most
# What of a request may change an anonymous page: its address, who it was addressed to, and how it wants it.
ASKED = (
    "PATH_INFO", "QUERY_STRING", "HTTP_HOST", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_SAVE_DATA",
    "HTTP_HX_REQUEST",
)  # fmt: skip
KEPT_WHEN_NOT_MODIFIED = ("ETag", "Cache-Control", "Vary")  # as RFC 9110 section 15.4.5 asks

Key = tuple[str, ...]
AskVersion = Callable[[datetime], str]


@dataclass(frozen=True)
class Version:
    """The version of a page, and the cheap question that answers it again: "" when the page is no longer there."""

    text: str
    ask: AskVersion


@dataclass(frozen=True)
class Kept:
    """A finished page."""

    version: Version
    made_at: datetime
    headers: dict[str, str]
    body: bytes


class Memory:
    """The pages of this process, the ones asked for longest ago forgotten first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Key) -> Kept | None:
        with self._lock:
            if kept := self._pages.get(key):
                self._pages.move_to_end(key)
            return kept

    def put(self, key: Key, kept: Kept) -> None:
        with self._lock:
            if old := self._pages.pop(key, None):
                self._bytes -= len(old.body)
            self._pages[key] = kept
            self._bytes += len(kept.body)
            while self._bytes > MOST_BYTES:
                _key, oldest = self._pages.popitem(last=False)
                self._bytes -= len(oldest.body)

    def __len__(self) -> int:
        return len(self._pages)

    def forget(self) -> None:
        with self._lock:
            self._pages.clear()
            self._bytes = 0


memory = Memory()
forget = memory.forget


@cache
def site_release() -> str:
    """Changes with any template, catalogue or module of the site."""
    root = Path(__file__).resolve().parents[1]
    newest = max(int(p.stat().st_mtime) for kind in ("*.html", "*.py") for p in root.rglob(kind))
    return str(newest)


def is_anonymous(request: HttpRequest) -> bool:
    own = {settings.SESSION_COOKIE_NAME, "messages"}
    return own.isdisjoint(request.COOKIES) and "HTTP_AUTHORIZATION" not in request.META


def key_of(request: HttpRequest) -> Key:
    return tuple(request.META.get(name, "") for name in ASKED)


def door(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The first middleware: an unchanged public page goes out before anything else of the site is asked."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or not is_anonymous(request):
            return get_response(request)
        key = key_of(request)
        if (kept := memory.get(key)) and (answer := _unchanged(request, kept)):
            return answer
        response = get_response(request)
        version = getattr(response, "page_version", None)
        if version is not None and response.status_code == 200 and not response.cookies:
            memory.put(key, Kept(version, clock.real_now(), dict(response.headers), response.content))
        return response

    return middleware


def _unchanged(request: HttpRequest, kept: Kept) -> HttpResponse | None:
    """The kept page, if it is still the one in force."""
    if clock.real_now() - kept.made_at > MOST_AGE or kept.version.ask(clock.now()) != kept.version.text:
        return None
    if kept.headers["ETag"] in request.META.get("HTTP_IF_NONE_MATCH", ""):
        headers = {name: kept.headers[name] for name in KEPT_WHEN_NOT_MODIFIED if name in kept.headers}
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(kept.body, headers=kept.headers)


def by_version(
    request: HttpRequest, version: str, make: Callable[[], HttpResponse], ask: AskVersion | None = None
) -> HttpResponse:
    """The page of that version: 304 if the reader has it, else made now. With `ask`, the door may keep it."""
    if not is_anonymous(request):
        response = make()
        patch_cache_control(response, private=True, no_cache=True)
        return response
    said = "\n".join((*key_of(request), version, site_release()))
    tag = f'W/"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'
    if tag in request.headers.get("If-None-Match", ""):
        return _marked(HttpResponseNotModified(), tag)
    response = make()
    if ask is not None and not response.streaming:
        response.page_version = Version(version, ask)  # type: ignore[attr-defined]
    return _marked(response, tag) if response.status_code == 200 else response


def own_of_nobody(request: HttpRequest) -> dict[str, str]:
    """What a page that is kept must not say: the number of the request that it was made for."""
    return {"request_id": ""} if is_anonymous(request) else {}


def _marked(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    patch_cache_control(response, public=True, no_cache=True)
    patch_vary_headers(response, ["Cookie", "Authorization", "Save-Data", "HX-Request"])
    return response
