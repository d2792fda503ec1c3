"""Fixtures that every room uses: the database, the clock, people who sign in, the worker's turn."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# A busy machine is not a failing property: examples have no deadline of their own.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """A folder that the workers of this run share; the one who began the run removes it."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="pliego-furnished-")
        Path(folder).chmod(0o755)  # the database of root runs as another user
        os.environ["PLIEGO_TEST_FURNISHED"] = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: no worker waits for another at the end of a run (of what is left in a queue the
    others take the end). Every page is looked at before the walks change what it shows."""

    def place(item: pytest.Item) -> tuple[bool, ...]:
        path = str(item.path)
        first = ("test_killing.py", "tests/test_permissions.py", "tests/browser/test_pages.py", "tests/browser/")
        return *(one not in path for one in first), not item.get_closest_marker("slow")

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector need not walk over it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session", autouse=True)
def _one_context_a_page() -> Iterator[None]:
    """The test client copies the context of every piece of a page, each field's too; the page's own is enough."""
    from django.test import client

    store, kept = client.store_rendered_templates, pytest.MonkeyPatch()

    def first_only(told: dict[str, Any], *args: Any, **named: Any) -> None:
        if "context" not in told:
            store(told, *args, **named)

    kept.setattr(client, "store_rendered_templates", first_only)
    yield
    kept.undo()


@pytest.fixture(scope="session", autouse=True)
def _only_what_was_written_is_emptied() -> Iterator[None]:
    """After a test that commits Django empties every table and sets up all rooms anew; few were written in."""
    from django.db import connection, transaction
    from django.test import TransactionTestCase

    stays = {"django_content_type", "auth_permission"}

    def empty(_case: Any) -> None:
        names = sorted({*connection.introspection.django_table_names(only_existing=True, include_views=False)} - stays)
        quoted = [connection.ops.quote_name(name) for name in names]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(quoted)} IN SHARE ROW EXCLUSIVE MODE")  # after who still writes
            asked = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in quoted]  # noqa: S608 - our own
            cursor.execute(" UNION ALL ".join(asked))
            written = [name for (name,) in cursor.fetchall()]
            cursor.execute("SET LOCAL session_replication_role = replica")  # neither keys nor triggers stand in the way
            cursor.execute("; ".join(f"DELETE FROM {name}" for name in written) or "SELECT")  # noqa: S608 - our own

    kept = pytest.MonkeyPatch()
    kept.setattr(TransactionTestCase, "_fixture_teardown", empty)
    yield
    kept.undo()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """One Chromium a worker, for the walks and for the rooms: Playwright begins once in a thread.

    A page lives for a moment: what its scripts gain from being compiled once more, after that many calls, is less than
    the compiling takes. What goes on for long (the key of a passphrase) is compiled still."""
    from tests.tools import CHROMIUM

    quiet = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"]
    quiet.append("--js-flags=--invocation-count-for-maglev=4000 --invocation-count-for-turbofan=30000")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": quiet}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each worker's database is a copy of one that was migrated once a run."""
    from django.db import connection

    from tests.postgres import migrated_template

    connection.settings_dict["TEST"] |= {"TEMPLATE": migrated_template(), "MIGRATE": False}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Ends what still holds the test database: a browser's kept-alive connection keeps its server thread's session."""
    yield
    from django.db import connection

    from tests.postgres import administer

    with django_db_blocker.unblock():
        connection.close()
    name = connection.settings_dict["NAME"]
    administer(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
    administer(f"SELECT pg_terminate_backend(pid)::text, '' FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 - our own


@pytest.fixture
def at() -> Iterator[datetime]:
    """A Monday morning in Bogotá, on which the clock stands still."""
    from pliego.kernel import clock
    from pliego.kernel.calendar import BOGOTA

    with clock.fixed(datetime(2026, 3, 2, 9, 0, tzinfo=BOGOTA)) as moment:
        yield moment


@pytest.fixture(autouse=True)
def _places(settings: Any, tmp_path: Any) -> None:
    """Nothing of one test is on the disk of another, and a world full of people is quick to make."""
    settings.PASSWORD_HASHERS = ["tests.hashers.QuickArgon2id"]
    settings.PLIEGO_VAR = tmp_path
    settings.PLIEGO_BLOBS = tmp_path / "blobs"
    settings.PLIEGO_UPLOADS = tmp_path / "uploads"
    settings.PLIEGO_SIGNER_DIR = tmp_path / "signer"
    settings.PLIEGO_CUSTODIAN_DIR = tmp_path / "custodian"
    settings.PLIEGO_CAUGHT_MAIL = tmp_path / "mail"
    settings.WHITENOISE_AUTOREFRESH = True  # each new Client would read the folders of all static files


@pytest.fixture(autouse=True)
def _nothing_written_yet() -> None:
    """A world that is put back has the codes that it had before: pages kept of the last one are not of this one."""
    from pliego.publication import caching
    from tests import furnishing

    furnishing.begin()
    caching.forget()


@pytest.fixture(autouse=True)
def _language(settings: Any) -> None:
    """A page that another test asked for in English leaves this thread in English: each test begins in the default."""
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _no_job_left_behind(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """A test that commits leaves no job in the queue: its tables are not Django's to empty."""
    yield
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames)
    if commits or (marker and (marker.kwargs.get("transaction") or True in marker.args)):
        from django.db import connection

        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture
def client_for() -> Callable[..., Any]:
    """`client_for(user, account=None)`: a browser session of that person acting for that account."""
    from django.test import Client

    def make(user: Any = None, account: Any = None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user, backend="pliego.accounts.sessions.Backend")
            if account is not None:
                session = client.session
                session["account_id"] = account.pk
                session.save()
        return client

    return make


@pytest.fixture
def run_reactions() -> Callable[[], int]:
    """Give the worker its turn: run every queued job now, in this transaction; answers how many ran."""
    from pliego.ledger.outbox import run_queued

    return run_queued
