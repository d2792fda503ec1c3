"""Requests that race, in real threads on real PostgreSQL."""

import random
import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from pliego.kernel.objections import Refused


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment, each on a connection of its own; answers what each gave or refused."""
    start, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            start.wait()
            threading.Event().wait(random.uniform(0, 0.02))
            results[place] = work()
        except Refused as refused:
            results[place] = {objection.code for objection in refused.objections}
        except Exception as fault:
            results[place] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
