"""Live streams: server-sent events, native on the asynchronous server. A room says what it lets everybody follow.

Guarantees: a listener that comes back with the last number it knows gets every event after it, once and in order; one
read of the database serves all who listen to the same thing in this process; whoever does not keep up is let go, and
comes back by itself. What has no number (how things stand) is told when it changes, and to whoever comes.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.utils import translation
from psycopg.conninfo import make_conninfo

from pliego.kernel.objections import Unknown

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PREFIX = "/vivo/"
BELL = "pliego_vivo"
HEARTBEAT = 15.0
DEAF = 1.0  # seconds until the bell is sought again
BEHIND = 500  # events that a listener may have waiting
MOST_LISTENERS = 3000  # in this process; each takes one of the server's 4,096 places
LARGEST_PASSING = 7000  # bytes: a notice of the database takes 8,000
logger = logging.getLogger("pliego.live")
Event = tuple[int, bytes]  # its number, or zero; and the text to send


@dataclass(frozen=True)
class Told:
    """The numbered events after one, in order, and how things stand now."""

    events: list[Event]
    state: bytes


@dataclass(frozen=True)
class Stream:
    """Something that everybody may follow. `read(name, after)` raises Unknown for what nobody may."""

    prefix: str  # of its address, after /vivo/
    read: Callable[[str, int], Told]
    look: float  # seconds between two reads of what somebody listens to, when no bell rings


def event(name: str, told: dict[str, Any], number: int = 0) -> bytes:
    head = f"id: {number}\n" if number else ""
    return f"{head}event: {name}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n".encode()


# ---- the bell --------------------------------------------------------------------------------------------------------


def ring(path: str) -> None:
    """Tell every process that there is something new, when the transaction of the caller commits. A notice serialises
    the commits that ring it: for what is rare and urgent, such as a bid in an auction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [BELL, path])


class Aside:
    """Tells listeners of what happens inside a transaction that has not ended, on a connection of its own. It is told
    once and kept nowhere, and says nothing that the transaction decides; a failure of it stops nobody's work."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.line: Any = None

    def __enter__(self) -> "Aside":
        return self

    def tell(self, name: str, told: dict[str, Any]) -> None:
        text = event(name, told)
        if len(text) > LARGEST_PASSING:
            return
        try:
            self.line = self.line or connection.copy()
            with self.line.cursor() as cursor:
                cursor.execute("SELECT pg_notify(%s, %s)", [BELL, f"{self.path}\n{text.decode()}"])
        except Exception:
            logger.exception("%s: what happens could not be told", self.path)

    def __exit__(self, *fault: object) -> None:
        if self.line is not None:
            self.line.close()


async def hear() -> None:
    """Hear the bell on one connection of this process, while anybody listens. Without it the clock has them read."""
    place = settings.DATABASES["default"]
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    told = make_conninfo(**{name: str(place[key]) for name, key in names.items() if place[key]})  # type: ignore[arg-type]
    while channels:
        try:
            async with await psycopg.AsyncConnection.connect(told, autocommit=True) as line:
                await line.execute(f"LISTEN {BELL}")
                while channels:
                    async for notice in line.notifies(timeout=HEARTBEAT):
                        path, _end, passing = notice.payload.partition("\n")
                        if (channel := channels.get(path)) is None:
                            continue
                        if passing:
                            channel.give((0, passing.encode()))
                        else:
                            channel.bell.set()
        except psycopg.Error:
            await asyncio.sleep(DEAF)


_ears: "asyncio.Task[None] | None" = None


def listening() -> None:
    """One pair of ears for the process, kept by a name so that nothing collects it."""
    global _ears
    if _ears is None or _ears.done():
        _ears = asyncio.create_task(hear())


# ---- listeners -------------------------------------------------------------------------------------------------------


class Channel:
    """Everybody in this process who follows one thing."""

    def __init__(self, stream: Stream, path: str) -> None:
        self.stream, self.path = stream, path
        self.listeners: set[asyncio.Queue[Event | None]] = set()
        self.last = 0
        self.state = b""
        self.bell = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return self.path.removeprefix(self.stream.prefix)

    async def run(self, after: int) -> None:
        """Read what is new, and give it to all, while anybody listens."""
        self.last = after
        while self.listeners:
            self.bell.clear()
            try:
                for each in await in_thread(self.news):
                    self.give(each)
            except Exception:
                logger.exception("%s: it could not be read", self.path)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.bell.wait(), self.stream.look)
        channels.pop(self.path, None)

    def news(self) -> list[Event]:
        told = self.stream.read(self.name, self.last)
        self.last = max((number for number, _text in told.events), default=self.last)
        if told.state == self.state:
            return told.events
        self.state = told.state
        return [*told.events, (0, told.state)]

    def replay(self, after: int) -> list[Event]:
        told = self.stream.read(self.name, after)
        return [*told.events, (0, told.state)]

    def give(self, each: Event) -> None:
        for queue in list(self.listeners):
            try:
                queue.put_nowait(each)
            except asyncio.QueueFull:
                self.listeners.discard(queue)
                queue.get_nowait()
                queue.put_nowait(None)  # it comes back, with the last number it knows


channels: dict[str, Channel] = {}


async def in_thread(work: Callable[..., Any], *args: Any) -> Any:
    def run() -> Any:
        try:
            with translation.override(settings.LANGUAGE_CODE):
                return work(*args)
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)


async def serve(scope: Message, receive: Receive, send: Send, streams: Iterable[Stream]) -> None:
    path = scope["path"].removeprefix(PREFIX).strip("/")
    stream = next((stream for stream in streams if path.startswith(stream.prefix)), None)
    if scope["method"] != "GET" or stream is None:
        await _plain(send, 404 if stream is None else 405)
        return
    if sum(len(channel.listeners) for channel in channels.values()) >= MOST_LISTENERS:
        await _plain(send, 503)
        return
    queue: asyncio.Queue[Event | None] = asyncio.Queue(BEHIND)
    channel = channels.setdefault(path, Channel(stream, path))
    channel.listeners.add(queue)  # before reading what happened, so that nothing falls between
    try:
        replay = await in_thread(channel.replay, _last_known(scope))
    except Unknown:
        channel.listeners.discard(queue)
        if not channel.listeners and channel.task is None:
            channels.pop(path, None)
        await _plain(send, 404)
        return
    last = max((number for number, _text in replay), default=0) or _last_known(scope)
    if channel.task is None:
        channel.task = asyncio.create_task(channel.run(last))
        listening()
    gone = asyncio.create_task(_gone(receive))
    try:
        await _send(send, queue, replay, last, gone)
    finally:
        channel.listeners.discard(queue)
        gone.cancel()


async def _send(
    send: Send, queue: "asyncio.Queue[Event | None]", replay: list[Event], last: int, gone: "asyncio.Task[None]"
) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-cache, no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    first = b"retry: 2000\n\n" + b"".join(text for _number, text in replay)
    await send({"type": "http.response.body", "body": first, "more_body": True})
    while not gone.done():
        try:
            found = await asyncio.wait_for(queue.get(), HEARTBEAT)
        except TimeoutError:
            found = (0, b": \n\n")
        if found is None:
            break
        number, text = found
        if number and number <= last:
            continue
        last = number or last
        await send({"type": "http.response.body", "body": text, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _last_known(scope: Message) -> int:
    """What the browser says when it comes back, or what its page had when it first came."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("desde", ["0"])[-1]
    for name, value in scope["headers"]:
        if name.lower() == b"last-event-id":
            asked = value.decode("latin-1")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 0


async def _plain(send: Send, status: int) -> None:
    headers = [(b"content-length", b"0"), *([(b"retry-after", b"5")] if status == 503 else [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
