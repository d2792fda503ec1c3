"""Ctrl-C: an installation takes down all that it started, and starts again."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from pliego.config.postgres import free_port
from tests.browser.conftest import Site, _wait

STOP_SECONDS = 60


@pytest.fixture
def folder(furnished: Path) -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="pliego-stop-"))
    made.chmod(0o755)
    subprocess.run(["cp", "-a", f"{furnished}/.", made], check=True)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def start(folder: Path) -> "subprocess.Popen[bytes]":
    """`pliego run` in its own folder, once it serves."""
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}}
    port, mail = free_port(), free_port()
    environment = {
        **kept,
        "PLIEGO_VAR": str(folder),
        "PORT": str(port),
        "PLIEGO_SMTP_URL": f"smtp://127.0.0.1:{mail}",
        "PLIEGO_CATCH_MAIL": "1",
    }
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pliego", "run"], env=environment, stdout=log, stderr=log, start_new_session=True
        )
    _wait(Site(f"http://localhost:{port}", folder, environment), process, folder / "log.txt")
    return process


def family(process: "subprocess.Popen[bytes]", folder: Path) -> list[psutil.Process]:
    """All that it started: its descendants, and the database server, which may have left the family."""
    found = psutil.Process(process.pid).children(recursive=True)
    for other in psutil.process_iter(["cmdline"]):
        if str(folder) in " ".join(other.info["cmdline"] or ()) and other not in found:
            found += [other, *other.children(recursive=True)]
    return found


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGINT)
    process.wait(timeout=STOP_SECONDS)


def part(process: "subprocess.Popen[bytes]", title: str) -> psutil.Process | None:
    """What has that title among its descendants."""
    for one in psutil.Process(process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if " ".join(one.cmdline()).strip() == title:
                return one
    return None


def test_a_part_that_dies_is_started_again_and_ctrl_c_leaves_nothing_running(folder: Path) -> None:
    process = start(folder)
    started = family(process, folder)
    died = part(process, "pliego signer")
    assert died
    died.kill()
    until = time.monotonic() + STOP_SECONDS
    while not (another := part(process, "pliego signer")) or another == died:
        assert time.monotonic() < until
        time.sleep(0.1)
    started = [*started, *family(process, folder)]
    stop(process)
    _gone, left = psutil.wait_procs(started, timeout=STOP_SECONDS)

    assert started
    assert not left, [one.cmdline() for one in left]

    process = start(folder)  # answers on /-/listo, or this fails with its log
    stop(process)
