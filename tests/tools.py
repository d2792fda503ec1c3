"""Programs that tests run: a Chromium of the machine (windowless first), the node that comes with Playwright, and those
of PostgreSQL."""

import os
import shutil
import subprocess

from playwright._impl._driver import compute_driver_executable

from pliego.config.postgres import installed

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
MACS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
CHROMIUM = (
    os.environ.get("PLIEGO_CHROMIUM")
    or next((found for name in NAMES if (found := shutil.which(name))), None)
    or next((path for path in MACS if os.path.exists(path)), None)
)
NODE = str(compute_driver_executable()[0])


def copy_database(of: str, to: str) -> None:
    """Everything that the one database holds, put in the other, which is empty; of any server."""
    binaries = installed() / "bin"
    dump = subprocess.run([binaries / "pg_dump", "--no-owner", of], check=True, capture_output=True).stdout
    command = [binaries / "psql", "-q", "-v", "ON_ERROR_STOP=1", to]
    subprocess.run(command, input=dump, check=True, stdout=subprocess.DEVNULL)
