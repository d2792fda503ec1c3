"""Programs that tests run: Chromium of the machine, and the node that comes with Playwright."""

import os
import shutil

from playwright._impl._driver import compute_driver_executable

MACS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
CHROMIUM = (
    os.environ.get("PLIEGO_CHROMIUM")
    or next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    or next((path for path in MACS if os.path.exists(path)), None)
)
NODE = str(compute_driver_executable()[0])
