"""`pliego run`: everything an installation needs on one machine, started in order, watched, and stopped in reverse.

The database (embedded unless DATABASE_URL is set), the preparation (migrations, code lists, people of the demo), then
the web server, the worker, the log's sequencer and signer, the custodian, and on practice installations a mail catcher.
The processes of the demo country are made when the site already serves.
A part that dies is started again; Ctrl-C or SIGTERM stops all of them, and the database last.
All parts are forked from one process that has loaded Pliego once (docs/decisions/0018-parts-are-forked.md).
"""

import fcntl
import multiprocessing
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import IO, Any

from pliego.config import messages
from pliego.config.postgres import CannotStart, Embedded, home_for

READY_SECONDS = 120
PATIENCE_SECONDS = 15
DEMO_IS_WHOLE = "The demo country has its processes."
DATABASE_SETTINGS = ("max_connections=100", "shared_buffers=256MB", "random_page_cost=1.1", "jit=off")


# On macOS a process that was forked and never executed anew may not use the frameworks of the system.
CAN_FORK = sys.platform != "darwin"
LOADED = ["pliego.config.asgi", "pliego.config.urls"]
NURSERY: Any = multiprocessing.get_context("forkserver" if CAN_FORK else "spawn")


def begin(arguments: list[str]) -> BaseProcess:
    """A process of its own, and of its own session, that carries out that command of `pliego`."""
    process: BaseProcess = NURSERY.Process(target=carry_out, args=(arguments,), name=arguments[0])
    process.start()
    return process


def carry_out(arguments: list[str]) -> None:
    """That command of `pliego`, in the process in which this runs: its name and its session too."""
    from setproctitle import setproctitle

    from pliego.config import cli

    os.setsid()
    if CAN_FORK:
        multiprocessing.set_start_method("fork", force=True)  # the web server's own workers need not load it all anew
    setproctitle(f"pliego {' '.join(arguments)}")
    cli.main(arguments)


@dataclass
class Part:
    name: str
    arguments: list[str]
    process: BaseProcess | None = None
    failures: int = field(default=0)
    not_before: float = 0.0

    def start(self) -> None:
        self.process = begin(self.arguments)


class Supervisor:
    def __init__(self, var: Path, port: int, demo: bool, site_url: str) -> None:
        self.var, self.port, self.demo, self.site_url = var, port, demo, site_url
        self.database: Embedded | None = None
        self.lock: IO[str] | None = None
        self.stopping = threading.Event()
        self.passing: BaseProcess | None = None  # a command that ends by itself
        self.parts = [
            Part("web", ["serve"]),
            Part("worker", ["worker"]),
            Part("sequencer", ["sequencer"]),
            Part("signer", ["signer"]),
            Part("custodian", ["custodian"]),
        ]
        if demo and ("PLIEGO_SMTP_URL" not in os.environ or "PLIEGO_CATCH_MAIL" in os.environ):
            self.parts.insert(0, Part("mail", ["mailcatcher"]))

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)
        try:
            self._claim()
            self._start_database()
            os.environ |= {"PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
            messages.compile_all()  # before the product is loaded: what is loaded keeps the catalogue that it found
            multiprocessing.set_forkserver_preload(LOADED)
            if self._once("prepare") != 0:
                return 1
            for part in self.parts:
                part.start()
            threading.Thread(target=self._announce, daemon=True).start()
            self._watch()
        except CannotStart as error:
            print(error, file=sys.stderr)  # noqa: T201
            return 1
        finally:
            self._stop()
        return 0

    def _claim(self) -> None:
        """Be the only one in this folder: wait while another is still stopping, refuse while it goes on."""
        self.var.mkdir(parents=True, exist_ok=True)
        self.lock = (self.var / "run.lock").open("w")
        until = time.monotonic() + 2 * PATIENCE_SECONDS
        while not self.stopping.is_set():
            try:
                fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > until:
                    raise CannotStart(f"Pliego already runs in {self.var}: stop it first, or set PLIEGO_VAR.") from None
                time.sleep(0.2)

    def _start_database(self) -> None:
        if "DATABASE_URL" not in os.environ:
            self.database = Embedded(home_for(self.var), DATABASE_SETTINGS)
            url = self.database.start()
            written = self.var / "postgres.url"  # so that the command line finds the same database
            written.write_text(url + "\n")
            written.chmod(0o600)

    def _once(self, *arguments: str) -> int | None:
        process = self.passing = begin([*arguments])
        while not self.stopping.is_set():
            process.join(timeout=0.2)
            if process.exitcode is not None:
                return process.exitcode
        process.terminate()
        process.join(timeout=PATIENCE_SECONDS)
        return 1

    def _announce(self) -> None:
        """Wait until the site can serve, then say where it is and how to get in."""
        address = f"http://127.0.0.1:{self.port}"
        for _attempt in range(READY_SECONDS * 5):
            if self.stopping.wait(0.2):
                return
            try:
                with urllib.request.urlopen(f"{address}/-/listo", timeout=5):  # noqa: S310 - our own address
                    break
            except (urllib.error.URLError, OSError):
                continue
        print(f"\nPliego: {self.site_url}/   (Ctrl-C stops everything)\n", flush=True)  # noqa: T201
        if self.demo and self._once("demo", "links", "load") == 0:
            print(DEMO_IS_WHOLE, flush=True)  # noqa: T201

    def _watch(self) -> None:
        while not self.stopping.wait(0.3):
            for part in self.parts:
                if part.process is None or part.process.is_alive():
                    continue
                if part.not_before == 0:
                    part.failures += 1
                    part.not_before = time.monotonic() + min(30, 2 ** min(part.failures, 5) / 2)
                    print(f"{part.name} ended ({part.process.exitcode}); starting it again", file=sys.stderr)  # noqa: T201
                elif time.monotonic() >= part.not_before:
                    part.not_before = 0
                    part.start()

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def _stop(self) -> None:
        self.stopping.set()
        started = [self.passing, *(part.process for part in self.parts)]
        running = [process for process in started if process and process.is_alive()]
        for process in running:
            process.terminate()
        until = time.monotonic() + PATIENCE_SECONDS
        for process in running:
            process.join(timeout=max(0.1, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()
        if self.database is not None:
            self.database.stop()


def main() -> int:
    from pliego.config import settings

    port = int(os.environ.get("PORT", "8000"))
    return Supervisor(settings.PLIEGO_VAR, port, settings.PLIEGO_PRACTICE, settings.PLIEGO_SITE_URL).run()
