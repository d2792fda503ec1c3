"""A pytest plugin that gives the tests a real PostgreSQL: DATABASE_URL's, or an embedded one of their own."""

import atexit
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

os.environ["PLIEGO_MODE"] = "practice"

if "DATABASE_URL" not in os.environ:
    from pliego.config.postgres import Embedded, home_for

    # Durability is tested where it matters; here a power cut costs a test run, not an offer.
    settings = (
        *("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off", "jit=off"),
        *("max_connections=60", "shared_buffers=128MB", "random_page_cost=1.1"),
    )
    server = Embedded(home_for(Path(__file__).resolve().parents[1] / "var", "test-postgres"), settings)
    os.environ["DATABASE_URL"] = server.start()
    atexit.register(server.stop)

PREFIX = "pliego_test_template_"
PACKAGE = Path(__file__).resolve().parents[1] / "pliego"


def migrated_template() -> str:
    """The name of a database with every migration applied, made by whichever worker of this run needs it first.

    It stays for the next run while the migrations are the same. Anything else that changed in the package (a table of
    states becomes triggers) takes one more turn of `migrate`, which has little left to do.
    """
    folder = Path(os.environ["PLIEGO_TEST_FURNISHED"])
    sources = sorted(
        path for path in PACKAGE.rglob("*") if path.is_file() and not {"tests", "__pycache__"} & {*path.parts}
    )
    name = PREFIX + _hash(path for path in sources if path.parent.name == "migrations")
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "template").exists():
            _migrate(name, _hash(path for path in sources if path.suffix in {".py", ".toml", ".csv", ".json"}))
            (folder / "template").touch()
    return name


def _hash(paths: Iterable[Path]) -> str:
    found = sha256()
    for path in paths:
        found.update(f"{path.relative_to(PACKAGE)}\n".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _migrate(name: str, state: str) -> None:
    """Bring the template to that state of the sources; templates of other migrations go."""
    known = dict(
        administer(
            f"SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE datname LIKE '{PREFIX}%'"
        )
    )
    if known.get(name) == state:
        return
    for other in known.keys() - {name}:
        administer(f"DROP DATABASE IF EXISTS {other}")
    if name not in known:
        administer(f"CREATE DATABASE {name}")
    command = [sys.executable, "-m", "pliego", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, env={**os.environ, "DATABASE_URL": url_of(name)}, check=True)
    administer(f"COMMENT ON DATABASE {name} IS '{state}'")


def url_of(name: str) -> str:
    """Where another database of the same server is."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def administer(statement: str) -> list[tuple[str, str | None]]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        cursor = connection.execute(statement)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []
