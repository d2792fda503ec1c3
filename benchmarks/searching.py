"""The public search: the page over HTTP beside the same SQL alone, by class of question."""

import random
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import invented
from benchmarks.ground import Timings, table

EACH = 24


def questions() -> dict[str, list[dict[str, str]]]:
    """Parameters of the page, by class; the same ones each time."""
    source = random.Random(7)

    def many(make: Callable[[], dict[str, str]]) -> list[dict[str, str]]:
        return [make() for _i in range(EACH)]

    return {
        "two very common words": many(lambda: {"q": " ".join(source.sample(invented.COMMON, 2))}),
        "common and middle": many(lambda: {"q": f"{source.choice(invented.COMMON)} {source.choice(invented.MIDDLE)}"}),
        "two middle words": many(lambda: {"q": " ".join(source.sample(invented.MIDDLE, 2))}),
        "middle and rare": many(lambda: {"q": f"{source.choice(invented.MIDDLE)} {invented.rare_word(source)}"}),
        "words and department": many(
            lambda: {
                "q": " ".join(source.sample(invented.MIDDLE, 2)),
                "departamento": source.choice(("05", "15", "50")),
            }
        ),
        "words and method": many(
            lambda: {
                "q": source.choice(invented.MIDDLE),
                "modalidad": source.choice(("minima_cuantia", "licitacion_publica")),
            }
        ),
        "department and state": many(
            lambda: {
                "departamento": source.choice(("05", "15", "50")),
                "estado": source.choice(("awarded", "cancelled")),
            }
        ),
        "entity by NIT": many(lambda: {"entidad": f"8{source.randrange(2_000):08}"}),
        "no words at all": [{}] * EACH,
        "no hit": many(lambda: {"q": f"{source.choice(invented.COMMON)} zzz{source.randrange(99)}"}),
    }


def run(rows: int) -> None:
    from django.db import connection
    from django.test import Client

    from pliego.publication import caching
    from pliego.publication.asking import ask
    from pliego.publication.imports import loading
    from pliego.publication.search import count_sql, facets_sql, page_sql

    with tempfile.TemporaryDirectory() as name:
        path = invented.write(Path(name) / "rows.csv", rows)
        loading.load(path, companions=[], progress=lambda run: None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE publication_process")
    at, client = datetime.now(UTC), Client()

    def execute(sql: str, values: list[object]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            cursor.fetchall()

    lines = []
    every = {kind: Timings() for kind in ("page", "alone", "sql")}
    for title, asked in questions().items():
        own = {kind: Timings() for kind in every}
        for parameters in asked:
            question = ask(parameters).question
            address = "/procesos/?" + urlencode(parameters)
            for kind, work in {
                "page": lambda address=address: client.get(address),
                "alone": lambda q=question: execute(*page_sql(q, at, 26)),
                "sql": lambda q=question: [
                    execute(*make) for make in (page_sql(q, at, 26), count_sql(q, at), facets_sql(q, at))
                ],
            }.items():
                caching.forget()
                own[kind].measure(work)
                every[kind].wall.append(own[kind].wall[-1])
                every[kind].cpu.append(own[kind].cpu[-1])
        lines.append(_line(title, own))
    lines.append(_line("all of them", every))
    heads = (
        "question",
        "page p50",
        "page p95",
        "3 queries p50",
        "3 queries p95",
        "rows alone p50",
        "p95",
        "queries/page",
    )
    table(f"Search over {rows:,} rows, milliseconds; the page is made anew each time", heads, lines)
    print(f"CPU of this process per page: {every['page'].cpu_ms:.1f} ms")


def _line(title: str, found: dict[str, Timings]) -> tuple[str, ...]:
    figures = [found[kind].percentile(percent) for kind in ("page", "sql", "alone") for percent in (50, 95)]
    return (
        title,
        *(f"{figure:.1f}" for figure in figures),
        f"{found['sql'].percentile(50) / found['page'].percentile(50):.2f}",
    )
