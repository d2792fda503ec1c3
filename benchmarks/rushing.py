"""The last minute over HTTP: suppliers at once beside one alone, open arrivals until after the deadline, and how soon
everything is there to open the offers when the hour of the opening comes."""

import http.client
import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from benchmarks.ground import Serving, percentile, table
from benchmarks.worlds import MONDAY, turned_to

SUPPLIERS, EACH = 16, 12
MINUTE, AFTER, CLIENTS = 60.0, 2.0, 64
UNCERTAIN = 0.25  # how far the server's clock may be off


def run(submissions: int) -> None:
    from tests.killing.presenting import World

    world = World.made(MONDAY, SUPPLIERS, 1)
    with Serving() as server:
        turned_to(world.due - timedelta(hours=1))
        _sign(server.port, world)
        _together(server.port, world)
        _rush(server.port, world, submissions)
        _unlocks(server.port)


def _ask(port: int, supplier: Any, path: str, body: bytes) -> tuple[int, float, float]:
    """Status, when it was sent, when it was answered; on a connection that this thread keeps."""
    from tests.killing.presenting import Line

    lines = vars(kept).setdefault("lines", {})
    line = lines.setdefault(supplier.token, Line(supplier.token))
    sent, told = time.time(), json.loads(body) if body else None
    try:
        status, _answer = line.ask(port, "POST", path, told)
    except (ConnectionError, http.client.RemoteDisconnected):  # the server closes what was idle for half a minute
        line.cut()
        status, _answer = line.ask(port, "POST", path, told)
    return status, sent, time.time()


kept = threading.local()


def _sign(port: int, world: Any) -> None:
    from tests.killing.presenting import tenders

    for supplier in world.suppliers:
        body = {"password": tenders.people.PASSWORD, "code": supplier.one_time_code(0)}
        assert _ask(port, supplier, "step-up", json.dumps(body).encode())[0] == 200


def _offers(world: Any, how_many: int) -> list[tuple[Any, str, bytes]]:
    (tender,) = world.tenders
    path, suppliers = f"tenders/{tender.code}/bids", world.suppliers
    chosen = [suppliers[number % len(suppliers)] for number in range(how_many)]
    return [(one, path, json.dumps({"manifest": one.offer(tender)}).encode()) for one in chosen]


def _together(port: int, world: Any) -> None:
    """Sixteen suppliers on one process at once, each presenting one offer after the other; and one of them alone."""
    rates, rows = {}, []
    for crowd in (1, SUPPLIERS):
        offers = _offers(world, SUPPLIERS * EACH)
        mine = [[offer for offer in offers if offer[0] is one] for one in world.suppliers]
        queues = mine if crowd > 1 else [mine[0]]
        start = time.perf_counter()
        with ThreadPoolExecutor(crowd) as pool:
            answered = pool.map(lambda queue: [_ask(port, *offer) for offer in queue], queues)
            told = [one for many in answered for one in many]
        seconds = time.perf_counter() - start
        rates[crowd] = len(told) / seconds
        waits = [after - before for _status, before, after in told]
        conflicts = sum(status != 200 for status, _before, _after in told)
        who = f"{crowd} suppliers at once" if crowd > 1 else "limit: one supplier alone"
        rows.insert(0, (who, f"{rates[crowd]:.0f}", *_ms(waits), str(conflicts), f"{rates[crowd] / rates[1]:.2f}"))
    table(
        f"offers to one process over HTTP, one worker of the server; {EACH} each, in the place of the one before",
        ("", "per second", "p50 ms", "p99 ms", "refused", "ratio"),
        rows,
    )


def _rush(port: int, world: Any, submissions: int) -> None:
    """Arrivals that wait for nobody, all through the last minute, and some after it."""
    import random

    late = submissions // 20
    minute = MINUTE * min(1.0, submissions / 3_000)  # fewer come as thickly
    offers = _offers(world, submissions + late)
    draw = random.Random(1)
    places = sorted([draw.uniform(0, minute) for _offer in range(submissions)])
    places += sorted(minute + draw.uniform(0.05, AFTER) for _offer in range(late))
    turned_to(world.due - timedelta(seconds=minute + 1))
    start = time.time() + 1
    due = start + minute

    def arrive(place: float, offer: tuple[Any, str, bytes]) -> tuple[int, float, float]:
        time.sleep(max(0.0, start + place - time.time()))
        return _ask(port, *offer)

    with ThreadPoolExecutor(CLIENTS) as pool:
        told = list(pool.map(arrive, places, offers))
    on_time = [one for one in told if one[1] < due - UNCERTAIN]
    waits = [after - before for _status, before, after in on_time]
    accepted_late = sum(status == 200 for status, sent, _after in told if sent >= due + UNCERTAIN)
    refused = sum(status != 200 for status, _sent, _after in on_time)
    behind = [sent - start - place for (_status, sent, _after), place in zip(told, places, strict=True)]
    floor = _floor(port, [place / 4 for place in places[: submissions // 4]])
    table(
        f"{submissions:,} offers in the last {minute:.0f} s, {late} after it; late and accepted: {accepted_late}",
        ("", "on time", "refused", "p50 ms", "p99 ms", "ratio of p99"),
        [
            ("offers, open arrivals", str(len(on_time)), str(refused), *_ms(waits),
             f"{percentile(waits, 99) / percentile(floor, 99):.1f}"),
            ("limit: the page of health, as thickly", str(len(floor)), "0", *_ms(floor), "1"),
        ],
    )  # fmt: skip
    print(f"the clients themselves were behind by {percentile(behind, 99):.2f} s at most (p99)")


def _floor(port: int, places: list[float]) -> list[float]:
    start = time.time() + 0.5

    def arrive(place: float) -> float:
        time.sleep(max(0.0, start + place - time.time()))
        before = time.time()
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        line.request("GET", "/-/salud")
        line.getresponse().read()
        line.close()
        return time.time() - before

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(arrive, places))


def _unlocks(port: int) -> None:
    """The real custodian, sequencer and signer: from the hour of the opening to the halves and to the opened offers."""
    parts = [
        subprocess.Popen([sys.executable, "-m", "pliego", *words], stderr=subprocess.DEVNULL)
        for words in (["sequencer"], ["signer"], ["custodian", "--url", f"http://127.0.0.1:{port}"])
    ]
    try:
        tender, hour = _waiting_for_its_hour()
        halves = _when(lambda: _has_halves(tender))
        _open(tender)
        opened = time.time()
    finally:
        for part in parts:
            part.terminate()
            part.wait(timeout=20)
    rows = [("the custodian's halves are there", f"{halves - hour:.2f}"), ("two members gave theirs, all opened",
            f"{opened - hour:.2f}"), ("limit: the round of the custodian", "1.00")]  # fmt: skip
    table(f"after the hour of the opening of {SUPPLIERS} offers, seconds", ("", "seconds"), rows)


def _waiting_for_its_hour() -> tuple[Any, float]:
    """A closed process whose hour comes in a few seconds, sealed for the custodian that runs; and that instant."""
    from django.db import transaction

    from pliego.bidding.tests import given as bids
    from pliego.kernel import clock
    from pliego.tendering.models import CustodianKey
    from pliego.tendering.tests import given as tenders

    later = MONDAY + timedelta(days=7)
    turned_to(later)
    ours = set(tenders.CUSTODIAN)
    _when(lambda: CustodianKey.objects.exclude(number__in=ours).exists())
    made, tenders.custodian_keys = tenders.custodian_keys, lambda how_many=1: None
    try:
        with clock.fixed(later), transaction.atomic():
            tender = tenders.published_tender(later)
            for number in range(SUPPLIERS):
                bids.submitted_bid(tender, tenders.supplier(later, f"proveedora{number}"))
    finally:
        tenders.custodian_keys = made
    with clock.fixed(bids.after_close(tender)):
        bids.closed_tender(tender)
    hour = bids.opening_time(tender)
    turned_to(hour - timedelta(seconds=8))  # the custodian reads the closing record meanwhile
    return tender, time.time() + 8


def _has_halves(tender: Any) -> bool:
    from pliego.bidding.models import Envelope

    return not Envelope.objects.filter(bid__tender=tender, custodian_half="").exists()


def _open(tender: Any) -> None:
    from pliego.bidding import opening
    from pliego.bidding.tests import given as bids
    from pliego.tendering.tests import given as tenders

    people = tenders.people_of(tender)
    bids.released_shares(tender, people.ana, people.beto)
    opening.open_bids(actor=people.ana, tender_id=tender.pk, at=bids.opening_time(tender))


def _when(is_so: Any) -> float:
    until = time.time() + 60
    while not is_so():
        if time.time() > until:
            raise SystemExit("it never came")
        time.sleep(0.02)
    return time.time()


def _ms(waits: list[float]) -> tuple[str, str]:
    return f"{1_000 * percentile(waits, 50):.0f}", f"{1_000 * percentile(waits, 99):.0f}"
