"""The directory of suppliers: the page over HTTP beside the same SQL alone, by class of question."""

import random
import time
from collections.abc import Callable
from urllib.parse import urlencode

from benchmarks.ground import Timings, table

EACH = 24
COMMON = (
    "comercializadora", "construcciones", "servicios", "suministros", "ingenieria", "soluciones", "transportes",
    "inversiones", "consultores", "distribuciones", "asociados", "tecnologia",
)  # fmt: skip
MIDDLE = (
    "andina", "caribe", "pacifico", "oriente", "norte", "sur", "paramo", "sabana", "rio", "valle", "nevado", "sierra",
    "costa", "llano", "cafetera", "central", "nacional", "integral", "global", "moderna", "popular", "unida", "nueva",
)  # fmt: skip
DEPARTMENTS = ("05", "08", "11", "13", "15", "25", "41", "50", "52", "68", "73", "76")
SIZES = ("micro", "small", "medium", "large")
SEGMENTS = range(10, 95)
BATCH = 50_000

# What projecting.refresh writes, made by the database itself: a name of a common, a middle and a rare word.
MAKE = """
INSERT INTO directory_line (account_id, code, name, short_name, sort_name, number, check_digit, is_buyer, is_supplier,
  is_suspended, kind, size, department, municipality, unspsc, registered_at, doc)
SELECT n, 'PLG.CTA.' || n, upper(name), '', name, CASE WHEN person THEN '' ELSE (800000000 + n)::text END,
  CASE WHEN person THEN NULL ELSE n %% 10 END, false, true, false, kind, size, department, department || '001', codes,
  now(), array_to_tsvector(ARRAY(SELECT DISTINCT unnest(string_to_array(name, ' ')
    || ARRAY['r:s', 'k:' || kind, 'g:' || CASE WHEN person THEN 'natural' ELSE 'legal' END, 'z:' || size,
             'd:' || department, 'u:' || left(codes[1], 2), 'u:' || left(codes[1], 4), 'u:' || left(codes[1], 6),
             'u:' || codes[1], 'u:' || left(codes[2], 2), 'u:' || left(codes[2], 4), 'u:' || left(codes[2], 6)])))
FROM (SELECT n, person, CASE WHEN person THEN 'natural_person' ELSE 'sas' END AS kind, size, department, codes,
        common || ' ' || middle || ' ' || rare || CASE WHEN person THEN '' ELSE ' sas' END AS name
      FROM (SELECT n, n %% 3 = 0 AS person,
              (%(common)s::text[])[1 + (power(random(), 2) * %(commons)s)::int %% %(commons)s] AS common,
              (%(middle)s::text[])[1 + (random() * %(middles)s)::int %% %(middles)s] AS middle,
              translate(to_char((random() * 99999999)::int, 'FM00000000'), '0123456789', 'abcdefilmo') AS rare,
              (%(sizes)s::text[])[1 + (power(random(), 3) * 4)::int %% 4] AS size,
              (%(places)s::text[])[1 + (random() * 12)::int %% 12] AS department,
              ARRAY[(10 + (random() * 84)::int)::text || '1015' || (10 + (random() * 9)::int)::text,
                    (10 + (random() * 84)::int)::text || '1215'] AS codes
            FROM generate_series(%(first)s, %(last)s) n) raw) made
"""


def fill(rows: int) -> float:
    """Seconds to make that many suppliers, with the indexes live."""
    from django.db import connection

    lists = {"common": list(COMMON), "middle": list(MIDDLE), "sizes": list(SIZES), "places": list(DEPARTMENTS)}
    start = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        for first in range(1, rows + 1, BATCH):
            last = min(rows, first + BATCH - 1)
            sizes = {"commons": len(COMMON), "middles": len(MIDDLE), "first": first, "last": last}
            cursor.execute(MAKE, {**lists, **sizes})
        cursor.execute("VACUUM ANALYZE directory_line")
    return time.perf_counter() - start


def questions(rows: int) -> dict[str, list[dict[str, str]]]:
    """Parameters of the page, by class; the same ones each time."""
    source = random.Random(7)

    def many(make: Callable[[], dict[str, str]]) -> list[dict[str, str]]:
        return [make() for _i in range(EACH)]

    def code() -> str:
        return str(source.choice(SEGMENTS))

    return {
        "a common word": many(lambda: {"q": source.choice(COMMON)}),
        "common and middle": many(lambda: {"q": f"{source.choice(COMMON)} {source.choice(MIDDLE)}"}),
        "beginnings of two words": many(lambda: {"q": f"{source.choice(COMMON)[:4]} {source.choice(MIDDLE)[:3]}"}),
        "middle and rare beginning": many(
            lambda: {"q": f"{source.choice(MIDDLE)} {''.join(source.choice('abcdefilmo') for _i in range(4))}"}
        ),
        "word and department": many(lambda: {"q": source.choice(MIDDLE), "departamento": source.choice(DEPARTMENTS)}),
        "department and size": many(
            lambda: {"departamento": source.choice(DEPARTMENTS), "tamano": source.choice(SIZES)}
        ),
        "segment and department": many(lambda: {"unspsc": code(), "departamento": source.choice(DEPARTMENTS)}),
        "class of goods": many(lambda: {"unspsc": f"{code()}1015"}),
        "segment and word": many(lambda: {"unspsc": code(), "q": source.choice(COMMON)}),
        "NIT": many(lambda: {"q": str(800_000_000 + 3 * source.randrange(rows // 3) + 1)}),
        "nothing at all": [{}] * EACH,
        "no hit": many(lambda: {"q": f"{source.choice(COMMON)} zzz{source.randrange(99)}"}),
    }


def run(rows: int) -> None:
    from django.db import connection
    from django.test import Client

    from pliego.codelists.services import load_starter
    from pliego.directory.asking import ask
    from pliego.directory.search import count_sql, order_of, page_sql, search

    load_starter()
    seconds = fill(rows)
    client = Client()

    def execute(*queries: tuple[str, list[object]]) -> None:
        with connection.cursor() as cursor:
            for sql, values in queries:
                cursor.execute(sql, values)
                cursor.fetchall()

    lines, every = [], {kind: Timings() for kind in ("page", "sql", "alone")}
    for title, asked in questions(rows).items():
        own = {kind: Timings() for kind in every}
        for parameters in asked:
            question = ask(parameters).question
            address = "/directorio/?" + urlencode(parameters)
            found = search(question=question)
            rows_sql = page_sql(question, 26, order_of(question, found.count + found.is_capped))
            works: dict[str, Callable[[], object]] = {
                "page": lambda address=address: client.get(address),
                "sql": lambda q=question, r=rows_sql: execute(r, count_sql(q)),
                "alone": lambda r=rows_sql: execute(r),
            }
            for kind, work in works.items():
                own[kind].measure(work)
                every[kind].wall.append(own[kind].wall[-1])
                every[kind].cpu.append(own[kind].cpu[-1])
        lines.append(_line(title, own, search(question=ask(asked[0]).question).count))
    lines.append(_line("all of them", every, 0))
    heads = ("question", "found", "page p50", "page p95", "2 queries p50", "p95", "rows alone p50", "p95", "sql/page")
    table(f"The directory of {rows:,} suppliers, milliseconds", heads, lines)
    print(f"made in {seconds:.0f} s with its indexes; CPU of this process per page: {every['page'].cpu_ms:.1f} ms")


def _line(title: str, found: dict[str, Timings], count: int) -> tuple[str, ...]:
    figures = [found[kind].percentile(percent) for kind in ("page", "sql", "alone") for percent in (50, 95)]
    ratio = found["sql"].percentile(50) / found["page"].percentile(50)
    return title, f"{count:,}" if count else "", *(f"{figure:.1f}" for figure in figures), f"{ratio:.2f}"
