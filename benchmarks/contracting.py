"""An entity with 100,000 contracts and 1,000,000 invoices: its pages, files and balances beside the SQL that answers.

Every page is made anew over the test client; the statement beside it asks the database for the same rows.
"""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from benchmarks.crowding import INVOICES, crowd
from benchmarks.ground import Timings, peak_mib, table

TIMES = 15
LIST = "/escritorio/contratos/"
ROWS = """SELECT c.id, c.code, c.title, c.state, c.happened, c.ends_on, c.value_amount, o.legal_name
FROM contracts_contract c JOIN parties_account a ON a.id = c.supplier_id
JOIN parties_organization o ON o.id = a.organization_id WHERE {} ORDER BY c.id DESC LIMIT 26"""
BALANCE = """SELECT contract_id, state, kind, sum(amount), sum(amortised_amount), sum(withheld_amount)
FROM execution_invoice WHERE contract_id = ANY(%s) GROUP BY contract_id, state, kind"""
DEADLINES = """SELECT c.ends_on, c.code, c.title FROM contracts_contract c
  WHERE c.supervisor_id = %s AND c.buyer_id = %s AND c.state = 'running'
UNION ALL SELECT g.ends_on, c.code, c.title FROM contracts_guarantee g JOIN contracts_contract c ON c.id = g.contract_id
  WHERE c.supervisor_id = %s AND c.buyer_id = %s AND c.state IN ('signed', 'running', 'completed', 'settled')
    AND g.state = 'approved'
UNION ALL SELECT i.sent_at::date, c.code, c.title FROM execution_invoice i JOIN contracts_contract c
  ON c.id = i.contract_id WHERE c.supervisor_id = %s AND c.buyer_id = %s AND i.state = 'sent'
    AND c.state IN ('running', 'completed')"""
WAITING = """SELECT i.code, i.number, c.code FROM execution_invoice i JOIN contracts_contract c ON c.id = i.contract_id
WHERE c.supervisor_id = %s AND c.buyer_id = %s AND i.state = 'sent' AND c.state IN ('running', 'completed')
ORDER BY i.id LIMIT 100"""


def run(rows: int) -> None:
    from pliego.kernel import clock

    start = time.perf_counter()
    house, contract = crowd(rows)
    print(f"{rows:,} contracts and {rows * INVOICES:,} invoices made in {time.perf_counter() - start:.0f} s")
    at = contract.created_at + timedelta(days=7)
    with clock.fixed(at):
        pages(house, contract, rows, at)
        desk(house.gloria, at)
        files(house, rows)
        balances(contract, at)


def pages(house: Any, contract: Any, rows: int, at: Any) -> None:
    """Each page made anew over the test client, beside the statement that answers the same."""
    from pliego.execution import tracking

    buyer, own = contract.buyer_id, f"c.buyer_id = {contract.buyer_id}"
    ana, gloria = _browser(house.ana), _browser(house.gloria)
    half, happened = rows // 2, "c.happened @> '{assigned}'"
    far = f"c.id < {contract.pk + half}"
    me = [house.gloria.user_id, buyer]
    words = "(c.title ILIKE '%%sector 7%%' OR c.code ILIKE '%%sector 7%%' OR c.number ILIKE '%%sector 7%%')"
    asked: Sequence[tuple[str, Any, str, str, list[Any]]] = (
        ("list, first page", ana, LIST, ROWS.format(own), []),
        ("list, a page far in", ana, f"{LIST}?despues=PLG.CTO.8{half}", ROWS.format(f"{own} AND {far}"), []),
        ("list, last page", ana, LIST + "?antes=fin", ROWS.format(own).replace("DESC", "ASC"), []),
        ("list, by state", ana, LIST + "?estado=settled", ROWS.format(f"{own} AND c.state = 'settled'"), []),
        ("list, what happened", ana, LIST + "?hecho=assigned", ROWS.format(f"{own} AND {happened}"), []),
        ("list, by words", ana, LIST + "?q=sector+7", ROWS.format(f"{own} AND {words}").replace("%%", "%"), []),
        ("list, that I supervise", gloria, LIST + "?supervision=mia",
         ROWS.format(f"{own} AND c.supervisor_id = {me[0]}"), []),
        ("payments, first page", ana, "/escritorio/pagos/",
         f"SELECT i.* FROM execution_invoice i JOIN contracts_contract c ON c.id = i.contract_id WHERE {own}"
         " ORDER BY i.id DESC LIMIT 26", []),
        ("one contract", ana, f"{LIST}{contract.code}/", BALANCE, [[contract.pk]]),
        ("desk of a supervisor of 500", gloria, "/escritorio/", WAITING, me),
        ("deadlines of the 500", gloria, "/escritorio/vencimientos/", DEADLINES, me * 3),
        ("days to pay (public)", _browser(None), "/pagos/", tracking.DAYS, [{"at": at, "year": None}]),
    )  # fmt: skip
    table(
        f"pages over {rows:,} contracts of one entity",
        ("page", "p50 ms", "p95 ms", "CPU ms", "statements", "SQL alone p50", "ratio"),
        [_line(title, reader, address, sql, values) for title, reader, address, sql, values in asked],
    )


def _line(title: str, reader: Any, address: str, sql: str, values: list[Any]) -> tuple[str, ...]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    answer = reader.get(address)
    if answer.status_code != 200:
        return (title, str(answer.status_code), "–", "–", "–", "–", "–")
    with CaptureQueriesContext(connection) as found:
        reader.get(address)
        statements = len(found)
    given: Any = values[0] if values and isinstance(values[0], dict) else values or None
    ours, alone = Timings(), Timings()
    for _time in range(TIMES):
        _anew()
        ours.measure(lambda: reader.get(address).content)
        alone.measure(lambda: _asked(sql, given))
    ratio = ours.percentile(50) / max(alone.percentile(50), 0.01)
    return (
        title, f"{ours.percentile(50):.0f}", f"{ours.percentile(95):.0f}", f"{ours.cpu_ms:.0f}", str(statements),
        f"{alone.percentile(50):.1f}", f"{ratio:.1f}",
    )  # fmt: skip


def desk(actor: Any, at: Any) -> None:
    """Which rooms the desk of that supervisor waits for."""
    from pliego.workspace.rooms import answering

    rows = []
    for room, ask in answering("tasks_for"):
        own = Timings()
        for _time in range(5):
            found = own.measure(lambda ask=ask: ask(actor, at))
        rows.append((own.percentile(50), room, len(found)))
    slow = [(room, f"{ms:.0f}", str(tasks)) for ms, room, tasks in sorted(rows, reverse=True)[:6]]
    table("the desk, room by room", ("room", "p50 ms", "tasks"), slow)


def files(house: Any, rows: int) -> None:
    """The CSV of all, as it streams, beside COPY of the same columns."""
    from django.db import connection

    before = peak_mib()
    start = time.perf_counter()
    size = sum(len(part) for part in _browser(house.ana).get(LIST + "?formato=csv"))
    ours = time.perf_counter() - start
    start = time.perf_counter()
    copy = (
        "COPY (SELECT c.code, c.number, c.title, o.legal_name, c.state, c.happened, c.value_amount, c.signed_at,"
        " c.starts_on, c.ends_on FROM contracts_contract c JOIN parties_account a ON a.id = c.supplier_id"
        " JOIN parties_organization o ON o.id = a.organization_id) TO STDOUT CSV"
    )
    with connection.cursor() as cursor, cursor.copy(copy) as out:
        told = sum(len(part) for part in out)
    alone = time.perf_counter() - start
    table(
        "CSV of every contract",
        ("", "rows/s", "MiB", "memory added MiB"),
        [
            ("ours", f"{rows / ours:,.0f}", f"{size / 2**20:.1f}", str(peak_mib() - before)),
            ("COPY", f"{rows / alone:,.0f}", f"{told / 2**20:.1f}", "–"),
            ("ratio", f"{alone / ours:.2f}", "", ""),
        ],
    )


def balances(contract: Any, at: Any) -> None:
    """Computed, never stored: of one contract, and of a page of them."""
    from pliego.contracts.models import Contract
    from pliego.execution.balances import balance_of

    found = [*Contract.objects.filter(state="running").order_by("-id").values_list("pk", flat=True)[:25]]

    def ours(keys: list[int]) -> Callable[[], Any]:
        return lambda: [balance_of(one) for one in Contract.objects.filter(pk__in=keys).prefetch_related("invoices")
                        .select_related("execution_plan")]  # fmt: skip

    rows = []
    for title, keys in (("one contract", found[:1]), ("a page of 25", found)):
        computed, alone = Timings(), Timings()
        for _time in range(TIMES * 2):
            computed.measure(ours(keys))
            alone.measure(lambda keys=keys: _asked(BALANCE, [keys]))
        ratio = computed.percentile(50) / alone.percentile(50)
        rows.append((title, f"{computed.percentile(50):.1f}", f"{computed.percentile(95):.1f}",
                     f"{alone.percentile(50):.1f}", f"{ratio:.1f}"))  # fmt: skip
    table("balances", ("of", "p50 ms", "p95 ms", "SQL alone p50", "ratio"), rows)


def _asked(sql: str, values: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.fetchall()


def _anew() -> None:
    from pliego.publication import caching

    caching.forget()


def _browser(actor: Any) -> Any:
    """Somebody signed in, in their own account; nobody is anybody."""
    from django.test import Client

    from pliego.accounts.models import User

    client = Client()
    if actor is None:
        return client
    client.force_login(User.objects.get(pk=actor.user_id), backend="pliego.accounts.sessions.Backend")
    session = client.session
    session["account_id"] = actor.account_id
    session.save()
    return client
