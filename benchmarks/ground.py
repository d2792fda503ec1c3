"""A scratch database, made before a run and dropped after it; times, percentiles and how they are printed."""

import contextlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of a PostgreSQL: DATABASE_URL's, or an embedded one that lives as long as the run."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    from pliego.config.postgres import Embedded

    with tempfile.TemporaryDirectory(prefix="pliego-benchmark-") as folder:
        Path(folder).chmod(0o755)
        embedded = Embedded(Path(folder) / "postgres")
        try:
            yield embedded.start()
        finally:
            embedded.stop()


@contextlib.contextmanager
def ground() -> Iterator[None]:
    """Django on an empty, migrated scratch database."""
    import psycopg
    from psycopg import sql

    with server() as url, tempfile.TemporaryDirectory(prefix="pliego-benchmark-") as var:
        name = f"benchmark_{os.getpid()}"
        parts = urlsplit(url)
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            try:
                os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
                os.environ.update(
                    PLIEGO_VAR=var, PLIEGO_MODE="practice", DJANGO_SETTINGS_MODULE="pliego.config.settings"
                )
                _set_up()
                yield
            finally:
                _hang_up()
                owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _set_up() -> None:
    import django
    from django.conf import settings
    from django.core import mail
    from django.core.management import call_command

    django.setup()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []  # the builders of worlds look into it before the first letter
    call_command("migrate", verbosity=0)


def _hang_up() -> None:
    from django.db import connections

    connections.close_all()
    for connection in connections.all(initialized_only=True):
        with contextlib.suppress(Exception):
            connection.close_pool()


class Serving:
    """`pliego serve` on the scratch database, at a free port, while the block lasts."""

    def __init__(self, **environment: str) -> None:
        self.environment = {"PLIEGO_WORKERS": "1", "PLIEGO_LOG_LEVEL": "ERROR", **environment}

    def __enter__(self) -> "Serving":
        from pliego.config.postgres import free_port

        self.port = free_port()
        told = {**os.environ, **self.environment, "PORT": str(self.port)}
        self.process = subprocess.Popen([sys.executable, "-m", "pliego", "serve"], env=told, stderr=subprocess.DEVNULL)
        for _try in range(300):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/listo", timeout=2):
                    return self
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the server did not start")

    def __exit__(self, *_told: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)

    def peak_mib(self) -> float:
        """The most memory that its largest process has held so far."""
        import psutil

        workers = psutil.Process(self.process.pid).children(recursive=True)
        lines = [Path(f"/proc/{worker.pid}/status").read_text() for worker in workers]
        return max(int(text.split("VmHWM:")[1].split()[0]) / 1024 for text in lines if "VmHWM:" in text)


@dataclass
class Timings:
    """How long each of many runs took, by the wall and by this process's CPU."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def measure(self, work: Callable[[], Any]) -> Any:
        cpu, wall = time.process_time(), time.perf_counter()
        answer = work()
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.process_time() - cpu)
        return answer

    def percentile(self, percent: float) -> float:
        """In milliseconds."""
        return 1_000 * percentile(self.wall, percent)

    @property
    def cpu_ms(self) -> float:
        return 1_000 * statistics.fmean(self.cpu)

    @property
    def rate(self) -> float:
        return len(self.wall) / sum(self.wall)


def percentile(values: Sequence[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    shown = Table(title=title, title_justify="left")
    for i, head in enumerate(heads):
        shown.add_column(head, justify="left" if i == 0 else "right")
    for row in rows:
        shown.add_row(*row)
    Console(width=118).print(shown)
