"""Presenting offers: the last one of a process beside the first, and whole acts per second from several threads beside
the raw commit rate with as many."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.ground import Timings, percentile, table
from benchmarks.worlds import MONDAY, published_process

THREADS = 8
RAW_COMMITS = 4_000


def run(suppliers: int) -> None:
    from django.db import connection, connections, transaction

    from pliego.bidding import services
    from pliego.bidding.models import Bid
    from pliego.bidding.tests import given as bids
    from pliego.kernel import clock
    from pliego.tendering.tests import given as tenders

    tender = published_process()
    clock.hold(MONDAY)
    offers, again = [], []
    for number in range(suppliers):
        with transaction.atomic():
            supplier = tenders.supplier(MONDAY, f"proveedora{number}")
            for made in (offers, again):
                made.append((tenders.signed(supplier, MONDAY), bids.sealed(tender, supplier, MONDAY)))

    def submit(offer: tuple[object, object]) -> float:
        actor, manifest = offer
        start = time.perf_counter()
        services.submit_bid(actor=actor, tender_id=tender.pk, manifest=manifest, at=MONDAY)
        return time.perf_counter() - start

    _one_by_one(submit, offers)
    seconds, waits, cpu = _in_threads(submit, again)
    assert Bid.objects.filter(tender=tender, state="submitted").count() == suppliers
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE raw_commit (id bigserial PRIMARY KEY, at timestamptz, hash bytea, who int, what text)"
        )

    def commit(number: int) -> float:
        start = time.perf_counter()
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "INSERT INTO raw_commit (at, hash, who, what) VALUES (now(), %s, %s, 'x')", [os.urandom(32), number]
            )
        return time.perf_counter() - start

    raw, raw_waits, raw_cpu = _in_threads(commit, list(range(RAW_COMMITS)))
    ours, limit = suppliers / seconds, RAW_COMMITS / raw
    table(
        f"{suppliers} sealed offers to one process in the place of others, {THREADS} threads; each with its receipt",
        ("", "per second", "p50 ms", "p99 ms", "CPU ms each", "ratio"),
        [
            ("offer presented: policy, seal checks, ledger, receipt", f"{ours:,.0f}", *_ms(waits), f"{cpu:.1f}",
             f"{ours / limit:.3f}"),
            ("limit: one row per commit, same threads", f"{limit:,.0f}", *_ms(raw_waits), f"{raw_cpu:.2f}", "1"),
        ],
    )  # fmt: skip


def _one_by_one(submit: Callable[[Any], float], offers: list) -> None:
    """Whether an offer costs more where many others were presented before it."""
    timed = Timings()
    for offer in offers:
        timed.measure(lambda offer=offer: submit(offer))
    tenth = max(1, len(offers) // 10)
    first, last = (Timings(timed.wall[part], timed.cpu[part]) for part in (slice(tenth), slice(-tenth, None)))
    table(
        f"one after the other, each supplier its first offer: the first {tenth} and the last {tenth} of {len(offers)}",
        ("", "p50 ms", "CPU ms each", "ratio of CPU"),
        [
            (
                f"the last {tenth}",
                f"{last.percentile(50):.1f}",
                f"{last.cpu_ms:.1f}",
                f"{last.cpu_ms / first.cpu_ms:.2f}",
            ),
            (f"limit: the first {tenth}", f"{first.percentile(50):.1f}", f"{first.cpu_ms:.1f}", "1"),
        ],
    )


def _in_threads(work: Callable[[object], float], items: list) -> tuple[float, list[float], float]:
    """(seconds in all, seconds of each, CPU milliseconds of each); every thread has its connection before the start."""
    from django.db import connection

    ready = threading.Barrier(THREADS)

    def prepare() -> None:
        connection.ensure_connection()
        ready.wait()

    def hang_up(_number: int) -> None:
        ready.wait()
        connection.close()

    with ThreadPoolExecutor(THREADS, initializer=prepare) as pool:
        cpu, start = time.process_time(), time.perf_counter()
        waits = list(pool.map(work, items))
        seconds, spent = time.perf_counter() - start, time.process_time() - cpu
        list(pool.map(hang_up, range(THREADS)))
    return seconds, waits, 1_000 * spent / len(items)


def _ms(waits: list[float]) -> tuple[str, str]:
    return f"{1_000 * percentile(waits, 50):.1f}", f"{1_000 * percentile(waits, 99):.1f}"
