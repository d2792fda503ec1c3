"""Programs that tests run: a Chromium of the machine (windowless first), and the node that comes with Playwright."""

import os
import shutil

from playwright._impl._driver import compute_driver_executable

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
