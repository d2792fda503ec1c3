"""A small process that does one thing again and again until it is told to stop."""

import logging
import signal
import threading
from collections.abc import Callable
from typing import Any

from django.db import Error, connection

logger = logging.getLogger("pliego.ledger")
AFTER_FAULT = 1.0


def run(step: Callable[[], Any], *, every: float, alarming: type[Exception] | tuple[type[Exception], ...] = ()) -> None:
    """Call `step` every so many seconds until SIGTERM or SIGINT. A database that is away is waited for.

    An `alarming` exception is logged as critical, once until it changes, and tried again slowly.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_args: stop.set())
    said, pause = "", every
    while not stop.is_set():
        try:
            step()
            said, pause = "", every
        except alarming as fault:
            if str(fault) != said:
                logger.critical("%s: %s", type(fault).__name__, fault)
            said, pause = str(fault), 10 * AFTER_FAULT
        except Error as fault:
            if said != "database":
                logger.warning("the database does not answer: %s", fault)
            said, pause = "database", AFTER_FAULT
            connection.close()
        stop.wait(pause)
    connection.close()
