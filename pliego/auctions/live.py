"""The live stream of an auction: server-sent events, native on the asynchronous server.

Guarantees: a listener that comes back with the last number it knows gets every bid after it, once and in order; nothing
in the stream names a bidder; one read of the database serves all who listen to an auction in this process; whoever does
not keep up is let go, and comes back by itself.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.conf import settings
from django.db import connections
from django.utils import translation
from psycopg.conninfo import make_conninfo

from pliego.auctions import queries
from pliego.auctions.bell import BELL
from pliego.auctions.models import Auction
from pliego.kernel import clock
from pliego.kernel.money import Money, format_money
from pliego.ledger.canonical import instant
from pliego.tendering.models import Tender

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PREFIX = "/vivo/subastas/"
LOOK = 1.0  # seconds between two reads of an auction that somebody listens to, when no bell rings
HEARTBEAT = 15.0
BEHIND = 500  # events that a listener may have waiting
MOST_LISTENERS = 3000  # in this process; each takes one of the server's 4,096 places
logger = logging.getLogger("pliego.auctions")
Event = tuple[int, bytes]  # the number of the bid, or zero; and the text to send


class Channel:
    """Everybody in this process who listens to one auction."""

    def __init__(self, key: tuple[str, int]) -> None:
        self.key = key
        self.listeners: set[asyncio.Queue[Event | None]] = set()
        self.last = 0
        self.state = b""
        self.bell = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def run(self, after: int) -> None:
        """Read what is new, and give it to all, while anybody listens."""
        self.last = after
        while self.listeners:
            self.bell.clear()
            try:
                events = await in_thread(self.news)
            except Exception:
                logger.exception("%s: the auction could not be read", self.key)
                events = []
            for event in events:
                self.give(event)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.bell.wait(), LOOK)
        channels.pop(self.key, None)

    def news(self) -> list[Event]:
        auction, at = read(self.key), clock.now()
        bids = queries.told_bids(auction, self.last) if auction.bid_count > self.last else []
        found = [(bid.number, told_bid(bid, auction)) for bid in bids]
        self.last = bids[-1].number if bids else self.last
        state = told_state(auction, at)
        if state != self.state:
            self.state = state
            found.append((0, state))
        return found

    def give(self, event: Event) -> None:
        for queue in list(self.listeners):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self.listeners.discard(queue)
                queue.get_nowait()
                queue.put_nowait(None)  # it comes back, with the last number it knows


channels: dict[tuple[str, int], Channel] = {}


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
                        code, _slash, lot = notice.payload.rpartition("/")
                        if channel := channels.get((code, int(lot))):
                            channel.bell.set()
        except psycopg.Error:
            await asyncio.sleep(LOOK)


_ears: "asyncio.Task[None] | None" = None


def listening() -> None:
    """One pair of ears for the process, kept by a name so that nothing collects it."""
    global _ears
    if _ears is None or _ears.done():
        _ears = asyncio.create_task(hear())


async def in_thread(work: Callable[..., Any], *args: Any) -> Any:
    def run() -> Any:
        try:
            with translation.override(settings.LANGUAGE_CODE):
                return work(*args)
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)


def read(key: tuple[str, int]) -> Auction:
    code, lot = key
    tender = Tender.objects.public().get(code=code)
    return Auction.objects.of(tender).select_related("best").get(lot=lot or None)


def told_bid(bid: queries.Told, auction: Auction) -> bytes:
    told = {
        "number": bid.number,
        "alias": bid.alias,
        "amount": str(bid.amount),
        "money": format_money(Money(bid.amount, auction.currency)),
        "at": instant(bid.received_at),
        "instant": bid.instant,
        "ends": instant(bid.ends_at),
    }
    return event("lance", told, bid.number)


def told_state(auction: Auction, at: datetime) -> bytes:
    reach = queries.to_reach(auction)
    told = {
        "phase": queries.phase(auction, at),
        "ends": instant(auction.due_end(at)),
        "best": format_money(Money(auction.best_amount, auction.currency)),
        "alias": auction.best.alias if auction.best else "",
        "bids": auction.bid_count,
        "to_reach": format_money(Money(reach, auction.currency)) if reach else "",
    }
    return event("estado", told)


def event(name: str, told: dict[str, Any], number: int = 0) -> bytes:
    head = f"id: {number}\n" if number else ""
    return f"{head}event: {name}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n".encode()


async def live_app(scope: Message, receive: Receive, send: Send) -> None:
    key = _key(scope["path"])
    if scope["method"] != "GET" or key is None:
        await _plain(send, 404 if key is None else 405)
        return
    if sum(len(channel.listeners) for channel in channels.values()) >= MOST_LISTENERS:
        await _plain(send, 503)
        return
    queue: asyncio.Queue[Event | None] = asyncio.Queue(BEHIND)
    channel = channels.setdefault(key, Channel(key))
    channel.listeners.add(queue)  # before reading what happened, so that nothing falls between
    try:
        replay = await in_thread(_replay, key, _last_known(scope))
    except (Tender.DoesNotExist, Auction.DoesNotExist):
        channel.listeners.discard(queue)
        if not channel.listeners and channel.task is None:
            channels.pop(key, None)
        await _plain(send, 404)
        return
    last = max((number for number, _text in replay), default=_last_known(scope))
    if channel.task is None:
        channel.task = asyncio.create_task(channel.run(last))
        listening()
    gone = asyncio.create_task(_gone(receive))
    try:
        await _stream(send, queue, replay, last, gone)
    finally:
        channel.listeners.discard(queue)
        gone.cancel()


async def _stream(
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


def _replay(key: tuple[str, int], after: int) -> list[Event]:
    auction = read(key)
    bids = [(bid.number, told_bid(bid, auction)) for bid in queries.told_bids(auction, after)]
    return [*bids, (0, told_state(auction, clock.now()))]


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _key(path: str) -> tuple[str, int] | None:
    code, _slash, lot = path.removeprefix(PREFIX).strip("/").partition("/")
    return (code, int(lot)) if code and lot.isascii() and lot.isdecimal() and len(lot) < 7 else None


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
