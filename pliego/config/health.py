"""Can this installation serve? `/-/listo` asks every dependency; `/-/metricas` counts for Prometheus."""

import os
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from pliego.kernel import clock

_migrated = False


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations() -> None:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise RuntimeError("migrations are missing: run pliego prepare")
        _migrated = True


def files() -> None:
    settings.PLIEGO_BLOBS.mkdir(parents=True, exist_ok=True)
    if not os.access(settings.PLIEGO_BLOBS, os.W_OK):
        raise RuntimeError("the document store cannot be written")


def time() -> None:
    clock.reading()


NEEDS: dict[str, Callable[[], None]] = {
    "database": database,
    "migrations": migrations,
    "documents": files,
    "clock": time,
}


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    found = {name: _state(need) for name, need in NEEDS.items()}
    return JsonResponse(found, status=200 if set(found.values()) == {"ok"} else 503)


def _state(need: Callable[[], None]) -> str:
    try:
        need()
    except Exception as error:  # a health check reports every kind of fault, without its details
        return type(error).__name__
    return "ok"


COUNTS = {
    "pliego_acts_total": "SELECT coalesce(max(id), 0) FROM ledger_entry",
    "pliego_acts_waiting": "SELECT count(*) FROM ledger_entry WHERE index IS NULL",
    "pliego_jobs_waiting": "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'",
    "pliego_jobs_failed": "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'",
}


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    lines = []
    with connection.cursor() as cursor:
        for name, query in COUNTS.items():
            cursor.execute(query)
            lines.append(f"# TYPE {name} gauge\n{name} {cursor.fetchone()[0]}\n")
    return HttpResponse("".join(lines), content_type="text/plain; version=0.0.4")
