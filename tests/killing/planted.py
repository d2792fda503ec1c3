"""A server with a defect, to see that the count of promises finds it: it takes offers after the deadline.

It serves as `pliego serve` does. The product has no such switch.
"""

import os

from pliego.bidding import rules
from pliego.config.asgi import application

__all__ = ["application"]

rules.is_on_time = lambda received_at, due_at: True  # type: ignore[assignment]


def main() -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "tests.killing.planted:application",
        port=int(os.environ["PORT"]),
        interface=Interfaces.ASGI,
        websockets=False,
        respawn_failed_workers=True,
        log_level="critical",  # type: ignore[arg-type]
    ).serve()
