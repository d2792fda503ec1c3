"""One port for everything: Django's pages in worker threads, streams and uploads as native async routes.

A request's body is received whole before a thread is taken, so slow bodies starve nobody (design: Server). The moment
the body was complete is kept: it is the moment that counts for a submission, however long the queue.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pliego.config.settings")

from django.conf import settings

from pliego.config.wsgi import application as django  # sets Django up: the rooms come after it

from pliego.auctions.live import STREAM as AUCTIONS  # isort: skip
from pliego.bidding.live import STREAM as OPENINGS  # isort: skip
from pliego.documents.uploads import upload_app
from pliego.web import live

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

IN_MEMORY = 1 << 20
CHUNK = 1 << 16
STREAMS = (AUCTIONS, OPENINGS)
THREADS = int(os.environ.get("PLIEGO_THREADS", "8"))
threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    if scope["path"].startswith("/cargas/"):
        await upload_app(scope, receive, send)
        return
    if scope["path"].startswith(live.PREFIX):
        await live.serve(scope, receive, send, STREAMS)
        return
    body = await _body(receive)
    if body is None:
        await _plain(send, 413, b"El archivo es demasiado grande.")
        return
    with body:
        await _page(scope, body, send)


async def _body(receive: Receive) -> IO[bytes] | None:
    """The whole body, in memory while small and on disk beyond; None when it is larger than any form of ours."""
    body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > settings.PLIEGO_MAX_FILE_BYTES + IN_MEMORY:
            body.close()
            return None
        if size > IN_MEMORY:
            await asyncio.to_thread(body.write, chunk)
        else:
            body.write(chunk)
        if not message.get("more_body"):
            break
    body.seek(0)
    return body


async def _page(scope: Scope, body: IO[bytes], send: Send) -> None:
    loop = asyncio.get_running_loop()
    environ = _environ(scope, body)
    arrived = time.monotonic()
    environ["pliego.waited"] = lambda: time.monotonic() - arrived

    async def forward(message: MutableMapping[str, Any]) -> None:
        await send(message)  # what the server gives is awaitable, but no coroutine

    def stream(message: MutableMapping[str, Any]) -> None:
        asyncio.run_coroutine_threadsafe(forward(message), loop).result()

    finished = await loop.run_in_executor(threads, _call, environ, stream)
    if finished is not None:
        start, content = finished
        await send(start)
        await send({"type": "http.response.body", "body": content})


def _call(
    environ: dict[str, Any], stream: Callable[[MutableMapping[str, Any]], None]
) -> tuple[MutableMapping[str, Any], bytes] | None:
    """Run the page. A short answer comes back whole; a streaming one is sent chunk by chunk as it is made."""
    start: dict[str, Any] = {"type": "http.response.start"}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        start["status"] = int(status.split(" ", 1)[0])
        start["headers"] = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return lambda data: None

    result: Iterable[bytes] = django(environ, start_response)
    try:
        if not _is_streaming(result):
            return start, b"".join(result)
        stream(start)
        for chunk in result:
            if chunk:
                stream({"type": "http.response.body", "body": chunk, "more_body": True})
        stream({"type": "http.response.body", "body": b""})
        return None
    finally:
        if close := getattr(result, "close", None):
            close()


def _is_streaming(result: Any) -> bool:
    return bool(getattr(result, "streaming", False)) or not hasattr(result, "content")


def _environ(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """The WSGI environment of an ASGI request (PEP 3333)."""
    host, port = scope.get("server") or ("127.0.0.1", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
        key = name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"
        environ[key] = f"{environ[key]},{value}" if key in environ and name != "COOKIE" else value
    if "CONTENT_LENGTH" not in environ:  # chunked: its length is known now
        environ["CONTENT_LENGTH"] = str(body.seek(0, 2))
        body.seek(0)
    return environ


async def _plain(send: Send, status: int, text: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
