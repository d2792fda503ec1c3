"""Uploads as native async routes: bytes go from the connection to the disk in bounded memory, and no thread waits for a
slow sender. The same conversation as a plain Django view is in `views.uploads`."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import DisallowedHost
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from pliego.documents import receiving, tus
from pliego.kernel import clock
from pliego.kernel.objections import Refused

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
T = TypeVar("T")

GATHERED = 1 << 20  # bytes gathered before a thread is asked to write them


async def upload_app(scope: Scope, receive: Receive, send: Send) -> None:
    request = request_of(scope)
    response = await in_thread(first_answer, request)
    if isinstance(response, receiving.Writer):
        response = await take_bytes(response, receive)
    await reply(send, response, request.method != "HEAD")


async def in_thread(work: Callable[..., T], *args: Any) -> T:
    """Run database or disk work in a thread, and give its connection back."""

    def run() -> T:
        try:
            with translation.override(settings.LANGUAGE_CODE):
                return work(*args)
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)


def request_of(scope: Scope) -> HttpRequest:
    """The request line and headers as Django reads them; the body stays on the connection."""
    request = HttpRequest()
    request.method = scope["method"].upper()
    request.path = request.path_info = scope["path"]
    host, port = scope.get("server") or ("127.0.0.1", 80)
    request.META = {"SERVER_NAME": str(host), "SERVER_PORT": str(port or 80), "REQUEST_METHOD": request.method}
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        key = name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"
        request.META[key] = raw_value.decode("latin-1")
    request.COOKIES = cookies(request.META.get("HTTP_COOKIE", ""))
    return request


def cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def first_answer(request: HttpRequest) -> HttpResponse | receiving.Writer:
    """Who asks, and the answer, or the opened writer of a PATCH."""
    try:
        request.get_host()
    except DisallowedHost:
        return HttpResponse(status=400)
    code = request.path.partition(tus.PREFIX)[2].strip("/")
    result = tus.answer(request, code, person_of(request), clock.now())
    if isinstance(result, receiving.Writer):
        return opened(result)
    return result


def opened(writer: receiving.Writer) -> HttpResponse | receiving.Writer:
    try:
        return writer.__enter__()
    except Exception as error:
        return tus.failed(error)


def person_of(request: HttpRequest) -> int | None:
    """The person of the session cookie, if the session is still theirs."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return user.pk if user.is_authenticated else None


async def take_bytes(writer: receiving.Writer, receive: Receive) -> HttpResponse:
    """Feed the writer until the body ends or the sender goes away; what came is kept either way."""
    gathered = bytearray()
    try:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            gathered += message.get("body", b"")
            more = message.get("more_body", False)
            if len(gathered) >= GATHERED or (gathered and not more):
                await in_thread(writer.write, bytes(gathered))
                gathered.clear()
            if not more:
                break
        if gathered:
            await in_thread(writer.write, bytes(gathered))
        return await in_thread(tus.finished, writer)
    except (receiving.Overflow, Refused) as error:
        return tus.failed(error)
    finally:
        writer.__exit__()


async def reply(send: Send, response: HttpResponse, has_body: bool) -> None:
    body = response.content
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]
    headers = [(name, value) for name, value in headers if name != b"content-type" or body]
    if response.status_code != 204:
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": body if has_body else b""})
