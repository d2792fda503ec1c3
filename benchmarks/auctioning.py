"""An auction: accepted bids per second beside the bare statements, and how soon every listener has each bid."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.ground import percentile, table
from benchmarks.worlds import MONDAY

BIDS, LIVE_BIDS, PAUSE = 400, 20, 0.33


def run(listeners: int) -> None:
    from pliego.auctions.tests import given
    from pliego.kernel import clock

    clock.hold(MONDAY)
    auction = given.announced(MONDAY)
    _bids(auction)
    _fan_out(auction, listeners)


def _bids(auction: Any) -> None:
    """Bids of two people that each improve the last by the margin, in the order in which a lock gives it."""
    from django.db import connection

    from pliego.auctions.tests import given
    from pliego.kernel.objections import Refused

    actors = [given.tenders.signed(given.bidder(auction, name), MONDAY) for name in ("carla", "dario")]
    lock, price = threading.Lock(), [given.now(auction).best_amount]

    def bid(number: int) -> float:
        with lock:  # the client's own: so that what is sent is valid
            price[0] = auction.terms.price_to_reach(price[0])
            amount = price[0]
            start = time.perf_counter()
            offer = given.placing.Offer(key=f"b{number}", amount=amount)
            told = {"tender_id": auction.tender_id, "offer": offer, "at": auction.starts_at}
            try:
                given.placing.place_bid(actor=actors[number % 2], **told)
            except Refused as refused:
                raise AssertionError(refused) from refused
            return time.perf_counter() - start

    seconds, waits = _timed(bid, BIDS, 1)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE raw_auction (id int PRIMARY KEY, best numeric, n int)")
        cursor.execute("INSERT INTO raw_auction VALUES (1, 1, 0)")
        cursor.execute("CREATE TABLE raw_bid (n int PRIMARY KEY, amount numeric, at timestamptz, key text)")

    def raw(number: int) -> float:
        from django.db import connection as mine

        start = time.perf_counter()
        with mine.cursor() as cursor:
            cursor.execute(
                "WITH next AS (UPDATE raw_auction SET n = n + 1, best = best - 1 WHERE id = 1 RETURNING n, best)"
                " INSERT INTO raw_bid SELECT n, best, clock_timestamp(), %s FROM next",
                [str(number)],
            )
        return time.perf_counter() - start

    limit, raw_waits = _timed(raw, BIDS * 5, 1)
    ours, floor = BIDS / seconds, BIDS * 5 / limit
    table(
        "bids on one auction, one after the other; each with policy, margin, ledger entry, receipt and bell",
        ("", "per second", "p50 ms", "p99 ms", "ratio"),
        [
            ("bid accepted", f"{ours:,.0f}", *_ms(waits), f"{ours / floor:.3f}"),
            ("limit: one statement with the same lock", f"{floor:,.0f}", *_ms(raw_waits), "1"),
        ],
    )


def _timed(work: Callable[[int], float], how_many: int, threads: int) -> tuple[float, list[float]]:
    with ThreadPoolExecutor(threads) as pool:
        start = time.perf_counter()
        waits = list(pool.map(work, range(how_many)))
        return time.perf_counter() - start, waits


def _fan_out(auction: Any, listeners: int) -> None:
    from pliego.auctions.tests import given

    port = _free_port()
    environment = {**os.environ, "PORT": str(port), "PLIEGO_WORKERS": "1"}
    server = subprocess.Popen([sys.executable, "-m", "pliego", "serve"], env=environment)
    try:
        _wait(port)
        path, now = f"/vivo/subastas/{auction.tender.code}/0", given.now(auction)
        crowd = Crowd(port, f"{path}?desde={now.bid_count}", listeners)
        price, sent = now.best_amount, {}
        for number in range(LIVE_BIDS):
            price = auction.terms.price_to_reach(price)
            sent[now.bid_count + number + 1] = time.perf_counter()
            given.bid(auction, ("carla", "dario")[number % 2], str(price), auction.starts_at)
            time.sleep(PAUSE)
        delays, lost = crowd.told(sent)
    finally:
        server.terminate()
        server.wait(timeout=20)
    floor = _floor(listeners)
    table(
        f"from the bid to {listeners:,} listeners over HTTP; server, database and listeners on this machine",
        ("", "p50 ms", "p99 ms", "delivered", "ratio of p99"),
        [
            ("live stream", *_ms(delays), f"{1 - lost:.3f}", f"{percentile(delays, 99) / percentile(floor, 99):.1f}"),
            ("limit: the same bytes written to as many sockets", *_ms(floor), "1", "1"),
        ],
    )


class Crowd:
    """Listeners in a loop of their own."""

    def __init__(self, port: int, path: str, how_many: int) -> None:
        self.port, self.path, self.how_many = port, path, how_many
        self.came: list[dict[int, float]] = [{} for _number in range(how_many)]
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        threading.Thread(target=self.loop.run_until_complete, args=[self.all()], daemon=True).start()
        self.ready.wait(120)

    async def all(self) -> None:
        self.waiting = self.how_many
        await asyncio.gather(*(self.one(number) for number in range(self.how_many)))

    async def one(self, number: int) -> None:
        await asyncio.sleep(number / 500)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        is_first = True
        while line := await reader.readline():
            if is_first and line.startswith(b"event: estado"):
                is_first = False
                self.waiting -= 1
                if not self.waiting:
                    self.ready.set()
            if line.startswith(b"id: "):
                self.came[number][int(line[4:])] = time.perf_counter()

    def told(self, sent: dict[int, float]) -> tuple[list[float], float]:
        """How late each came, and what share never did."""
        time.sleep(2)
        delays = [came[bid] - at for came in self.came for bid, at in sent.items() if bid in came]
        return delays, 1 - len(delays) / (len(sent) * self.how_many)


def _floor(listeners: int) -> list[float]:
    """The same bytes, from one loop to as many sockets of another."""
    delays: list[float] = []
    text = b"id: 1\n" + b"x" * 220 + b"\n\n"

    async def both() -> None:
        doors: list[asyncio.StreamWriter] = []
        server = await asyncio.start_server(lambda _reader, writer: doors.append(writer), "127.0.0.1", 0, backlog=4096)
        port, sent = server.sockets[0].getsockname()[1], [0.0]

        async def listen() -> None:
            reader, _writer = await asyncio.open_connection("127.0.0.1", port)
            for _bid in range(LIVE_BIDS):
                await reader.readuntil(b"\n\n")
                delays.append(time.perf_counter() - sent[0])

        everybody = [asyncio.create_task(listen()) for _number in range(listeners)]
        while len(doors) < listeners:
            await asyncio.sleep(0.05)
        for _bid in range(LIVE_BIDS):
            sent[0] = time.perf_counter()
            for door in doors:
                door.write(text)
            await asyncio.sleep(PAUSE)
        await asyncio.gather(*everybody)
        server.close()

    asyncio.run(both())
    return delays


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(port: int) -> None:
    for _try in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/salud", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


def _ms(waits: list[float]) -> tuple[str, str]:
    return f"{1_000 * percentile(waits, 50):.1f}", f"{1_000 * percentile(waits, 99):.1f}"
