"""The page of a process: first rendering, unchanged page, and not modified, beside a page made with no framework."""

import html
import tempfile
from pathlib import Path

from benchmarks import invented
from benchmarks.ground import Timings, table

TIMES = 300


def raw_page(cursor: object, code: str) -> bytes:
    """What the stack allows: one row by key into a string, with nothing else."""
    cursor.execute("SELECT title, buyer_name, facts FROM publication_process WHERE code = %s", [code])
    said = "".join(f"<p>{html.escape(str(value))}</p>" for value in cursor.fetchone())
    return f"<!doctype html><title>Pliego</title>{said}".encode()


def run(rows: int) -> None:
    import psycopg
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection
    from django.test import RequestFactory

    from pliego.publication import caching
    from pliego.publication.imports import loading

    with tempfile.TemporaryDirectory() as name:
        path = invented.write(Path(name) / "rows.csv", rows)
        loading.load(path, companions=[], progress=lambda run: None)
    handler, factory = WSGIHandler(), RequestFactory()

    def ask(address: str, **headers: str) -> object:
        response = handler(factory.get(address, headers=headers).environ, lambda status, headers: None)
        response.close()
        return response

    def measured(title: str, address: str) -> list[tuple[str, Timings]]:
        anew, unchanged, same = Timings(), Timings(), Timings()
        tag = ask(address).headers["ETag"]
        for _i in range(TIMES):
            caching.forget()
            anew.measure(lambda: ask(address))
            unchanged.measure(lambda: ask(address))
            same.measure(lambda: ask(address, **{"If-None-Match": tag}))
        ways = ("made anew", anew), ("unchanged, from memory", unchanged), ("not modified", same)
        return [(f"{title}, {way}", timings) for way, timings in ways]

    lines = [line for title, address in addresses().items() for line in measured(title, address)]
    raw = Timings()
    with (
        psycopg.connect(_dsn(connection)) as plain,
        plain.cursor() as cursor,
    ):
        for _i in range(TIMES):
            raw.measure(lambda: raw_page(cursor, "CO1.BDOS.2"))
    lines.append(("limit: the row as a string, no framework", raw))
    table(
        f"Public pages, {TIMES} times each, one thread",
        ("page", "CPU ms", "p50 ms", "p95 ms", "per second", "ratio to the limit"),
        [
            (title, f"{t.cpu_ms:.2f}", f"{t.percentile(50):.2f}", f"{t.percentile(95):.2f}", f"{t.rate:,.0f}",
             f"{t.rate / raw.rate:.3f}")
            for title, t in lines
        ],
    )  # fmt: skip


def addresses() -> dict[str, str]:
    """An imported process, and one of our own with two opened offers."""
    from benchmarks.worlds import opened_process

    return {"imported process": "/procesos/CO1.BDOS.2/", "native process": f"/procesos/{opened_process().code}/"}


def _dsn(connection: object) -> str:
    settings = connection.settings_dict
    from psycopg.conninfo import make_conninfo

    return make_conninfo(
        dbname=settings["NAME"], user=settings["USER"], password=settings["PASSWORD"], host=settings["HOST"],
        port=settings["PORT"],
    )  # fmt: skip
