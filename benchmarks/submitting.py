"""Presenting offers: whole acts per second from several threads, beside the raw commit rate with as many threads."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from benchmarks.ground import percentile, table
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
    offers = []
    for number in range(suppliers):
        with transaction.atomic():
            supplier = tenders.supplier(MONDAY, f"proveedora{number}")
            offers.append((tenders.signed(supplier, MONDAY), bids.sealed(tender, supplier, MONDAY)))

    def submit(offer: tuple[object, object]) -> float:
        actor, manifest = offer
        start = time.perf_counter()
        services.submit_bid(actor=actor, tender_id=tender.pk, manifest=manifest, at=MONDAY)
        return time.perf_counter() - start

    seconds, waits, cpu = _in_threads(submit, offers)
    assert Bid.objects.filter(tender=tender).count() == suppliers
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
        f"{suppliers} sealed offers to one process, {THREADS} threads; every one with its receipt",
        ("", "per second", "p50 ms", "p99 ms", "CPU ms each", "ratio"),
        [
            ("offer presented: policy, seal checks, ledger, receipt", f"{ours:,.0f}", *_ms(waits), f"{cpu:.1f}",
             f"{ours / limit:.3f}"),
            ("limit: one row per commit, same threads", f"{limit:,.0f}", *_ms(raw_waits), f"{raw_cpu:.2f}", "1"),
        ],
    )  # fmt: skip


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
