"""A pytest plugin that gives the tests a real PostgreSQL: DATABASE_URL's, or an embedded one of their own."""

import atexit
import os
from pathlib import Path

os.environ["PLIEGO_MODE"] = "practice"

if "DATABASE_URL" not in os.environ:
    from pliego.config.postgres import Embedded, home_for

    # Durability is tested where it matters; here a power cut costs a test run, not an offer.
    settings = ("fsync=off", "full_page_writes=off", "max_connections=60", "shared_buffers=128MB")
    server = Embedded(home_for(Path(__file__).resolve().parents[1] / "var", "test-postgres"), settings)
    os.environ["DATABASE_URL"] = server.start()
    atexit.register(server.stop)
