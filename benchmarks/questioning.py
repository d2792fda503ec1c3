"""A questionnaire of a thousand questions and a price list of thousands of lines: read, compared, shown, offered."""

import io
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from benchmarks.ground import peak_mib, table
from benchmarks.planning import cells, whole
from benchmarks.worlds import MONDAY

QUESTIONS, TIMES = 1000, 5


def run(lines: int) -> None:
    from pliego.kernel import clock
    from pliego.tendering.tests import given

    with clock.fixed(MONDAY):
        house = given.buyer(MONDAY)
        draft, small = given.draft_tender(MONDAY, house), given.draft_tender(MONDAY, house)
        _ask(draft)
        _bring(draft, house, lines)
        _show([draft, small], house, lines)


def _bring(draft: Any, house: Any, lines: int) -> None:
    """The spreadsheet: into an empty list, then with changes, and out again."""
    from pliego.tendering import price_changes, services

    item = draft.items.get(kind="price_list")
    on: dict[str, Any] = {"actor": house.ana, "tender_id": draft.pk, "number": item.number, "at": MONDAY}
    first, second = workbook(lines), workbook(lines, changed=10)
    item.price_lines.all().delete()
    client, one = _browser(house.ana), f"/escritorio/procesos/{draft.code}/cuestionario/{item.number}/precios"
    whole(client.get(f"{one}/"))  # the site warms up
    limit = _seconds(lambda: cells(first))
    told = [("limit: the cells of the workbook, with openpyxl", limit)]

    def timed(title: str, act: Callable[[], Any]) -> None:
        told.append((title, _seconds(act)))

    def put() -> None:
        seen = price_changes.fingerprint(price_changes.row_of(line) for line in item.price_lines.all())
        services.apply_price_load(code=item.load.code, seen=seen, **on)

    timed("read and put into an empty list", lambda: services.read_price_list(content=io.BytesIO(first), **on))
    timed("read again, a tenth changed", lambda: services.read_price_list(content=io.BytesIO(second), **on))
    timed("the page of what it changes", lambda: whole(client.get(f"{one}/archivo/")))
    timed("put it in", put)
    timed("written as XLSX", lambda: whole(client.get(f"{one}.xlsx")))
    timed("written as CSV", lambda: whole(client.get(f"{one}.csv")))
    assert item.price_lines.count() == lines
    rows = [(title, f"{took:.2f}", f"{took / limit:.1f}") for title, took in told]
    table(f"A price list of {lines:,} lines, peak {peak_mib()} MiB", ("what", "seconds", "ratio to the limit"), rows)


def _show(processes: list[Any], house: Any, lines: int) -> None:
    """The pages of a long questionnaire, beside those of a short one."""
    from pliego.tendering.tests import given

    buyer, supplier = _browser(house.ana), _browser(given.supplier(MONDAY))
    rows = []

    def measured(title: str, reader: Any, path: str) -> None:
        (ms, size), (little, _size) = (_seen(reader, path.format(tender.code)) for tender in processes)
        rows.append((title, f"{ms:.0f}", f"{size >> 10}", f"{ms / little:.1f}"))

    measured("builder: the questions", buyer, "/escritorio/procesos/{}/cuestionario/")
    measured("builder: the price list", buyer, "/escritorio/procesos/{}/cuestionario/2/precios/")
    for tender in processes:
        _publish(tender, house)
    measured("public: the process", supplier, "/procesos/{}/")
    measured("public: the questions", supplier, "/procesos/{}/cuestionario/")
    measured("public: the price list", supplier, "/procesos/{}/cuestionario/2/")
    measured("bidder: the offer", supplier, "/ofertas/{}/preparar/")
    measured("bidder: the process file", supplier, "/ofertas/{}/proceso.json")
    title = f"{QUESTIONS:,} questions and {lines:,} lines, beside a process of 2 questions and 2 lines"
    table(title, ("page", "CPU ms", "KiB", "ratio"), rows)


def _seen(reader: Any, address: str) -> tuple[float, int]:
    """CPU milliseconds of a page made anew, and its bytes."""
    from pliego.publication import caching

    size = len(whole(reader.get(address)))
    spent = 0.0
    for _time in range(TIMES):
        caching.forget()
        start = time.process_time()
        whole(reader.get(address))
        spent += time.process_time() - start
    return spent / TIMES * 1000, size


def _browser(actor: Any) -> Any:
    from django.test import Client

    from pliego.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id), backend="pliego.accounts.sessions.Backend")
    session = client.session
    session["account_id"] = actor.account_id
    session.save()
    return client


def workbook(lines: int, *, changed: int = 0) -> bytes:
    """Invented lines; of every `changed`th there is one more than in the first file."""
    from pliego.tendering import price_lists
    from pliego.tendering.models import PriceLine

    rows = (
        PriceLine(
            unspsc="44121600",
            description=f"Elemento de consumo número {n}",
            quantity=Decimal(n + (1 if changed and n % changed == 0 else 0)),
            unit="unidad",
            reference_price_amount=Decimal(1000),
        )
        for n in range(1, lines + 1)
    )
    return price_lists.to_xlsx(rows)


def _seconds(act: Callable[[], Any]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _ask(tender: Any) -> None:
    """A thousand more questions of every kind that is answered in a line or two."""
    from pliego.tendering.models import QuestionnaireItem

    envelope = tender.rulebook.envelopes[0].code
    kinds = ("text", "number", "money", "date", "yes_no", "choice", "choices", "file", "info")
    QuestionnaireItem.objects.bulk_create(
        QuestionnaireItem(
            tender=tender, number=n, envelope=envelope, kind=kinds[n % len(kinds)], title=f"Pregunta número {n}",
            help="Responda según el anexo técnico.", options=["Sí cumple", "No cumple", "Cumple en parte"],
            is_required=False,
        )
        for n in range(3, QUESTIONS + 3)
    )  # fmt: skip


def _publish(tender: Any, house: Any) -> None:
    from pliego.tendering import services
    from pliego.tendering.tests import given

    services.submit_for_approval(actor=house.ana, tender_id=tender.pk, at=MONDAY)
    services.publish_tender(actor=given.signed(house.beto, MONDAY), tender_id=tender.pk, at=MONDAY)
