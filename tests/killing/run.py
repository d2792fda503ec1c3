"""The server, the log's sequencer and signer and the database are killed at random while offers are presented.

`python -m tests.killing.run --acknowledged 2000 [--control 200]`, or, for a night, `python -m benchmarks
kill`. It makes a database of its own, publishes processes, and lets suppliers present and replace offers over real HTTP
until the deadline has passed; every offer is sent again until it has a receipt or a refusal. Then it closes, and counts
(`reckoning.py`). `--control` does it again with defects planted: a database that acknowledges before it has written,
and a server that takes offers after the deadline (`planted.py`); the count must find both.
"""

import argparse
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psutil
import psycopg

from pliego.config import supervisor
from pliego.config.postgres import Embedded, free_port
from tests.killing.reckoning import Evidence, forks, reckon

LAST = 4.0  # seconds before the deadline to which the clock is moved when enough was acknowledged
UNWRITTEN = ("synchronous_commit=off", "wal_writer_delay=10s")  # the planted defect of the database
LOST_FOR = 90  # seconds without an answer after which the run has failed


def killed(pid: int | None) -> None:
    """End it and everything that it started, the parent first, as a power switch would."""
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=10)


def carry_out(arguments: list[str], log: str) -> None:
    """In a fork, as `pliego run` makes them: that command, or the server with a defect."""
    with Path(log).open("ab") as kept:
        os.dup2(kept.fileno(), 1)
        os.dup2(kept.fileno(), 2)
    if arguments == ["planted"]:
        from tests.killing import planted

        planted.main()
    else:
        supervisor.carry_out(arguments)


@dataclass
class Part:
    """A process of the installation that is started again whenever it is killed."""

    arguments: list[str]
    log: Path
    process: BaseProcess | None = None

    def start(self) -> None:
        self.process = supervisor.NURSERY.Process(target=carry_out, args=(self.arguments, str(self.log)))
        self.process.start()

    def kill(self) -> None:
        if self.process:
            killed(self.process.pid)
            self.process.join()

    def kill_and_start(self) -> None:
        self.kill()
        self.start()

    def kill_a_child(self) -> None:
        """A worker of the server: it is the server that must start another."""
        with suppress(psutil.NoSuchProcess, AttributeError, IndexError):
            psutil.Process(self.process.pid).children()[-1].kill()  # type: ignore[union-attr]


@dataclass
class Site:
    """An installation: its database, its server, its sequencer and its signer."""

    database: Embedded
    var: Path
    is_planted: bool = False
    parts: dict[str, Part] = field(default_factory=dict)
    kills: Counter = field(default_factory=Counter)

    def start(self) -> None:
        self.port = int(os.environ["PORT"])
        for name, command in {
            "web": "planted" if self.is_planted else "serve",
            "sequencer": "sequencer",
            "signer": "signer",
        }.items():
            self.parts[name] = Part([command], self.var / "log")
            self.parts[name].start()
        until = time.monotonic() + LOST_FOR
        while time.monotonic() < until:
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/listo", timeout=5):
                return
            time.sleep(0.1)
        raise SystemExit("the server did not start")

    def stop(self) -> None:
        for part in self.parts.values():
            part.kill()

    def postmaster(self) -> psutil.Process:
        return psutil.Process(int((self.database.data / "postmaster.pid").read_text().split()[0]))

    def kill_database(self) -> None:
        killed(self.postmaster().pid)
        self.database.start()

    def stop_database_at_once(self) -> None:
        self.postmaster().send_signal(signal.SIGQUIT)  # an immediate stop, recovered at the next start
        self.database.start()

    def kill_a_backend(self) -> None:
        """PostgreSQL then ends every session and recovers by itself."""
        backends = [process for process in self.postmaster().children() if "pliego" in " ".join(process.cmdline())]
        if backends:
            random.choice(backends).kill()

    @property
    def ways(self) -> dict[str, Callable[[], None]]:
        return {
            "database killed": self.kill_database,
            "server killed": self.parts["web"].kill_and_start,
            "sequencer killed": self.parts["sequencer"].kill_and_start,
            "database stopped at once": self.stop_database_at_once,
            "worker of the server killed": self.parts["web"].kill_a_child,
            "signer killed": self.parts["signer"].kill_and_start,
            "session of the database killed": self.kill_a_backend,
        }


# ---- the run ---------------------------------------------------------------------------------------------------------


@dataclass
class Figures:
    title: str
    acknowledged: int = 0
    stored: int = 0
    refused: int = 0
    heads: int = 0
    forks: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)
    repeated: int = 0
    seconds: float = 0.0
    waits: dict[str, float] = field(default_factory=dict)
    back: dict[str, float] = field(default_factory=dict)  # worst seconds from that kill to the next receipt

    @property
    def lines(self) -> Iterator[str]:
        yield f"{self.title}: {self.acknowledged:,} acknowledged in {self.seconds:.0f} s; {self.repeated:,} tries again"
        yield "  kills: " + ", ".join(f"{times} {way}" for way, times in self.kills.items())
        yield "  counted: " + ", ".join(f"{many} {what}" for what, many in self.wrong.items())
        yield f"  refused as late: {self.refused:,}; signed heads seen: {self.heads:,}, of them forked: {self.forks}"
        yield "  receipt after (s): " + ", ".join(f"{name} {value:.2f}" for name, value in self.waits.items())
        yield "  back at most (s) after: " + ", ".join(f"{way} {value:.1f}" for way, value in self.back.items())
        yield from (f"  {what}: {text}" for what, text in self.examples.items())
        yield from (f"  unexpected: {text}" for text in self.unexpected[:5])


class Run:
    """Kill while they present; let the deadline pass; close; count."""

    def __init__(self, site: Site, world: Any, wanted: int, every: int, seed: int) -> None:
        from tests.killing import presenting

        self.site, self.world, self.wanted, self.every = site, world, wanted, every
        self.draw = random.Random(seed)
        self.crowd = presenting.Crowd(world, site)
        self.back: dict[str, float] = {}

    def go(self, title: str) -> Figures:
        began = time.time()
        self.world.turn_clock(self.site, self.world.due - timedelta(hours=1))
        self.site.start()
        self.crowd.begin()
        self._kill_until(lambda: len(self.crowd.seen.promised) >= self.wanted)
        self.crowd.due = self.world.turn_clock(self.site, self.world.due - timedelta(seconds=LAST))
        self._kill_until(lambda: time.time() > (self.crowd.due or 0))
        self.crowd.wait()
        self.world.turn_clock(self.site, self.world.due + timedelta(seconds=20))
        figures = self._counted(title, self.crowd.closed())
        figures.seconds = time.time() - began
        self.site.stop()
        return figures

    def _kill_until(self, is_over: Callable[[], bool]) -> None:
        deck: list[str] = []
        while not is_over():
            until = len(self.crowd.seen.promised) + self.draw.randint(self.every // 2, self.every * 3 // 2)
            while len(self.crowd.seen.promised) < until and not is_over():
                time.sleep(0.02)
            if is_over():
                return
            if not deck:
                deck = ["database killed"] if self.site.is_planted else list(self.site.ways)
                self.draw.shuffle(deck)
            way, had = deck.pop(), len(self.crowd.seen.promised)
            self.site.kills[way] += 1
            sys.stderr.write(f"{had:,} of {self.wanted:,} acknowledged; now: {way}\n")
            at = time.time()
            self.site.ways[way]()
            while len(self.crowd.seen.promised) == had and not is_over():
                time.sleep(0.02)
                if time.time() - at > LOST_FOR:
                    raise SystemExit(f"no receipt for {LOST_FOR} s after: {way}")
            self.back[way] = max(self.back.get(way, 0), time.time() - at)

    def _forks(self) -> list[str]:
        from pliego.ledger import log, notes, queries

        key, tree = notes.Key.parse(queries.vkey()), log.remembering_tree()
        return forks(self.crowd.heads, self.crowd.kept, key, tree, log.tree_size())

    def _counted(self, title: str, seen: Evidence) -> Figures:
        wrong = reckon(seen)
        waits = sorted(one.told - one.sent for one in seen.promised)
        return Figures(
            title=title,
            acknowledged=len(seen.promised),
            stored=len(seen.stored),
            refused=len(seen.refused),
            heads=len({*self.crowd.heads, *self.crowd.kept}),
            forks=len(self._forks()),
            kills=dict(self.site.kills),
            wrong={what: len(found) for what, found in wrong.items()},
            examples={what: str(found[0])[:300] for what, found in wrong.items() if found},
            unexpected=self.crowd.unexpected,
            repeated=self.crowd.repeated,
            waits={"p50": waits[len(waits) // 2], "p99": waits[len(waits) * 99 // 100], "at most": waits[-1]},
            back=self.back,
        )


# ---- the ground ------------------------------------------------------------------------------------------------------


@contextmanager
def ground(schema: str, workers: int) -> Iterator[tuple[Embedded, Path]]:
    """A cluster of its own with every migration: taken from the database at `schema`, which has them, or made."""
    with tempfile.TemporaryDirectory(prefix="pliego-killing-") as folder:
        Path(folder).chmod(0o755)
        database = Embedded(Path(folder) / "postgres")
        var = Path(folder) / "var"
        var.mkdir()
        try:
            url = database.start()
            os.environ.update(
                DATABASE_URL=url, PLIEGO_VAR=str(var), PLIEGO_MODE="practice",
                DJANGO_SETTINGS_MODULE="pliego.config.settings", PORT=str(free_port()), PLIEGO_WORKERS=str(workers),
                PLIEGO_LOG_LEVEL="CRITICAL",
            )  # fmt: skip
            multiprocessing.set_forkserver_preload(supervisor.LOADED)
            for name in ("PLIEGO_BLOBS", "PLIEGO_SIGNER_DIR", "PLIEGO_UPLOADS"):
                os.environ.pop(name, None)
            if schema:
                from tests.tools import copy_database  # here, so that no part that is forked loads it

                copy_database(schema, url)
            _set_up(migrate=not schema)
            yield database, var
        finally:
            with suppress(psycopg.Error, OSError):
                database.stop()


def _set_up(migrate: bool) -> None:
    import django
    from django.conf import settings
    from django.core import mail
    from django.core.management import call_command

    django.setup()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []  # type: ignore[attr-defined]
    if migrate:
        call_command("migrate", verbosity=0)


def run(acknowledged: int, *, control: int = 0, suppliers: int = 12, workers: int = 1, processes: int = 2,
        every: int = 250, schema: str = "", seed: int = 7) -> list[Figures]:  # fmt: skip
    """The run with everything as it is delivered and, with `control`, one with defects planted."""
    with ground(schema, workers) as (database, var):
        from tests.killing.presenting import World

        monday = datetime.fromisoformat("2026-03-02T09:00:00-05:00")
        worlds = [World.made(monday, suppliers, processes)]
        worlds += [World.made(monday + timedelta(days=7), suppliers, 1)] if control else []
        random.seed(seed)
        site = Site(database, var)
        try:
            found = [Run(site, worlds[0], acknowledged, every, seed).go("as delivered")]
            if control:
                database.stop()
                weak = Embedded(database.home, UNWRITTEN)
                weak.start()
                site = Site(weak, var, is_planted=True)
                found.append(Run(site, worlds[1], control, control // 3, seed).go("with defects planted"))
        finally:
            site.stop()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.killing.run", description=__doc__)
    parser.add_argument("--acknowledged", type=int, default=2_000, help="receipts after which the deadline comes")
    parser.add_argument("--control", type=int, default=0, help="receipts of the run with planted defects; 0: none")
    parser.add_argument("--suppliers", type=int, default=12)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1, help="worker processes of the server")
    parser.add_argument("--every", type=int, default=250, help="receipts between one kill and the next, about")
    parser.add_argument("--schema", default="", help="a database that has every migration, to copy them from")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="figures as JSON in the last line")
    told = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(143))  # its processes are stopped on the way out
    found = run(
        told.acknowledged, control=told.control, suppliers=told.suppliers, processes=told.processes,
        workers=told.workers, every=told.every, schema=told.schema, seed=told.seed,
    )  # fmt: skip
    for figures in found:
        sys.stdout.write("\n".join(figures.lines) + "\n")
    if told.json:
        sys.stdout.write(json.dumps([vars(figures) for figures in found]) + "\n")


if __name__ == "__main__":
    main()
