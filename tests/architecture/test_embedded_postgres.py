import os
import shutil
import signal
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from pliego.config.postgres import Embedded, home_for


@pytest.fixture
def server():
    folder = Path(tempfile.mkdtemp(prefix="pliego-"))
    folder.chmod(0o755)
    server = Embedded(home_for(folder))
    yield server
    server.stop()
    shutil.rmtree(folder)


def answer(url):
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT current_user, current_setting('data_checksums')").fetchone()


def postmaster(server):
    return int((server.data / "postmaster.pid").read_text().split()[0])


class TestEmbeddedPostgres:
    def test_starts_from_nothing_with_checksums_and_a_password(self, server):
        url = server.start()

        assert answer(url) == ("pliego", "on")
        with pytest.raises(psycopg.OperationalError, match="password"):
            answer(url.replace(url.split(":")[2].split("@")[0], "wrong"))

    def test_is_used_as_it_is_when_it_runs(self, server):
        url, first = server.start(), postmaster(server)

        assert (server.start(), postmaster(server)) == (url, first)

    def test_two_copies_started_at_once_take_two_ports(self, server):
        server.start()
        server.stop()
        twin = Embedded(server.home.with_name("twin"))
        subprocess.run(["cp", "-a", server.home, twin.home], check=True)

        with ThreadPoolExecutor(2) as both:
            urls = list(both.map(Embedded.start, (server, twin)))

        try:
            assert len(set(urls)) == 2
            assert [answer(url) for url in urls] == [("pliego", "on")] * 2
        finally:
            twin.stop()

    def test_starts_again_after_kill_9_with_what_was_committed(self, server):
        url = server.start()
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        os.kill(postmaster(server), signal.SIGKILL)

        with psycopg.connect(server.start()) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (7,)

    def test_never_runs_as_root(self, server):
        server.start()

        owner = (server.data / "postmaster.pid").stat().st_uid
        assert owner != 0
        assert server.home.stat().st_mode & 0o077 == 0
