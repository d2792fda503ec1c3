"""A pytest plugin that gives the tests a real PostgreSQL: DATABASE_URL's, or an embedded one of their own."""

import atexit
import fcntl
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

os.environ["PLIEGO_MODE"] = "practice"

if "DATABASE_URL" not in os.environ:
    from pliego.config.postgres import Embedded, home_for

    # Durability is tested where it matters; here a power cut costs a test run, not an offer.
    settings = ("fsync=off", "full_page_writes=off", "max_connections=60", "shared_buffers=128MB")
    server = Embedded(home_for(Path(__file__).resolve().parents[1] / "var", "test-postgres"), settings)
    os.environ["DATABASE_URL"] = server.start()
    atexit.register(server.stop)

TEMPLATE = "pliego_test_template"


def migrated_template() -> str:
    """The name of a database with every migration applied: made by whichever worker of this run needs it first."""
    folder = Path(os.environ["PLIEGO_TEST_FURNISHED"])
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "template").exists():
            drop_template()
            _administer(f"CREATE DATABASE {TEMPLATE}")
            url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{TEMPLATE}"))
            command = [sys.executable, "-m", "pliego", "django", "migrate", "--verbosity", "0"]
            subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=True)
            (folder / "template").touch()
    return TEMPLATE


def drop_template() -> None:
    _administer(f"DROP DATABASE IF EXISTS {TEMPLATE}")


def _administer(statement: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]
