"""Acts that run at once, in an order that is drawn: each in a thread and a session of its own, held before every
statement and every commit until it is let on. A session that waits for another's lock is seen to, and the others go on.
"""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.db import connection, transaction

from pliego.kernel.objections import Denied, Refused

LOOK_AFTER = 0.004  # seconds after which a session that was let on is asked whether it waits for a lock
LONG = 0.25  # seconds after which the others go on beside it: it works, or waits for something outside the database
GIVE_UP = 30.0


class Racer(threading.Thread):
    """One who does something, held at each gate. `answer`: what it gave, the codes of its refusal, or its fault."""

    def __init__(self, order: "Order", name: str, work: Callable[[], Any]) -> None:
        super().__init__(name=name, daemon=True)
        self.order, self.work, self.answer = order, work, None
        self.is_held, self.is_done, self.is_let = False, False, False
        self.session = 0

    def run(self) -> None:
        try:
            connection.ensure_connection()
            self.session = connection.connection.info.backend_pid
            commit = connection._commit
            connection._commit = lambda: (self.gate(), commit())  # type: ignore[method-assign]
            with connection.execute_wrapper(self._statement):
                self.answer = self.work()
        except Refused as refused:
            self.answer = {objection.code for objection in refused.objections}
        except Denied:
            self.answer = {"denied"}
        except Exception as fault:
            self.answer = fault
        finally:
            connection.__dict__.pop("_commit", None)
            connection.close()
            with self.order.changed:
                self.is_done = True
                self.order.changed.notify_all()

    def _statement(self, execute: Any, *told: Any) -> Any:
        self.gate()
        return execute(*told)

    def gate(self) -> None:
        with self.order.changed:
            self.is_held = True
            self.order.changed.notify_all()
            if not self.order.changed.wait_for(lambda: self.is_let, GIVE_UP):
                raise TimeoutError("never let on")
            self.is_held = self.is_let = False


class Order:
    """Who goes on is drawn again after each step, or after a few."""

    def __init__(self, draw: random.Random) -> None:
        self.draw, self.changed, self.steps = draw, threading.Condition(), 0

    def run(self, works: dict[str, Callable[[], Any]]) -> dict[str, Any]:
        racers = [Racer(self, name, work) for name, work in works.items()]
        for racer in racers:
            racer.start()
        stays, last = self.draw.choice([0.0, 0.5, 0.9]), None
        while alive := [racer for racer in racers if not racer.is_done]:
            with self.changed:
                # everybody stands at a gate, waits for another's lock, or is done
                if not self.changed.wait_for(lambda: any(r.is_held or r.is_done for r in alive), GIVE_UP):
                    raise TimeoutError("nobody goes on")
                held = [racer for racer in alive if racer.is_held]
            if held:
                last = last if last in held and self.draw.random() < stays else self.draw.choice(held)
                self._let_on(last)
        return {racer.name: racer.answer for racer in racers}

    def _let_on(self, racer: Racer) -> None:
        self.steps += 1
        with self.changed:
            racer.is_let = True
            self.changed.notify_all()
        for _look in range(int(LONG / LOOK_AFTER)):
            with self.changed:
                if self.changed.wait_for(lambda: (racer.is_held and not racer.is_let) or racer.is_done, LOOK_AFTER):
                    return
            if self._waits_for_a_lock(racer):
                return

    @staticmethod
    def _waits_for_a_lock(racer: Racer) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [racer.session])
            return bool(cursor.fetchone()[0])


KEPT = ("bidding_", "ledger_", "documents_", "tendering_tender", "tendering_milestone", "procrastinate_jobs")

worlds = count(1)


@contextmanager
def kept_world() -> Iterator[Callable[[], None]]:
    """A copy of what the database holds of offers and acts now; the function that is given puts it back, as it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        tables = sorted(name for (name,) in cursor.fetchall() if name.startswith(KEPT))
        schema = f"kept_{next(worlds)}"
        cursor.execute(f"CREATE SCHEMA {schema}")
        for table in tables:
            cursor.execute(f"CREATE TABLE {schema}.{table} AS TABLE public.{table}")
        cursor.execute(
            "SELECT table_name, string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
            " WHERE table_schema = 'public' AND is_generated = 'NEVER' GROUP BY 1"
        )
        columns = dict(cursor.fetchall())
    again = ["SET LOCAL session_replication_role = replica"]
    for table in tables:
        names = columns[table]
        again.append(f"DELETE FROM public.{table}")
        again.append(f"INSERT INTO public.{table} ({names}) SELECT {names} FROM {schema}.{table}")
    statement = "; ".join(again)

    def put_back() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    try:
        yield put_back
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")
