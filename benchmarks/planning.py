"""An annual plan of thousands of lines: read, written, edited, published, and read by the world."""

import io
import time
from collections.abc import Callable
from typing import Any

from benchmarks.ground import peak_mib, table
from benchmarks.worlds import MONDAY

HEADING = ("No.", "Descripción", "Códigos UNSPSC", "Mes de inicio", "Mes de recepción de ofertas", "Duración",
           "Modalidad", "Fuente", "Valor total", "Valor estimado en la vigencia actual")  # fmt: skip


def workbook(rows: int, *, dearer: int = 0, damaged: int = 0) -> bytes:
    """Invented lines; every `dearer`th costs more than in the first file, every `damaged`th cannot be right."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADING)
    for n in range(rows):
        amount = 20_000_000 + n * 1000 + (500 if dearer and n % dearer == 0 else 0)
        month = "nunca" if damaged and n % damaged == 0 else n % 12 + 1
        sheet.append([None, f"Compra número {n} de elementos de consumo", "44121600; 43211500", month, 12, 6,
                      "Mínima cuantía", "Recursos propios", amount, amount])  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def run(rows: int) -> None:
    from django.test import Client
    from django.urls import reverse

    from pliego.kernel import clock
    from pliego.planning import loads, services, tasks
    from pliego.planning.models import PlanVersion, VersionSheet
    from pliego.planning.tests import given
    from pliego.tendering.tests import given as tenders

    told: list[tuple[str, str, str]] = []

    def timed(title: str, act: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        done = act()
        told.append((title, f"{time.perf_counter() - start:.2f}", str(peak_mib())))
        return done

    def sent(content: bytes) -> Any:
        return loads.read_file(
            actor=buyer.ana, plan_id=plan.pk, content=io.BytesIO(content), name="plan.xlsx", at=MONDAY
        )

    reverse("planning:plans")  # a site reads its addresses when it starts, not in the first request that needs one
    with clock.fixed(MONDAY):
        buyer = tenders.buyer(MONDAY)
        beto = tenders.signed(buyer.beto, MONDAY)
        plan = services.create_plan(actor=buyer.ana, year=2026, header=given.header(), at=MONDAY)
        first, second, broken = workbook(rows), workbook(rows, dearer=10), workbook(rows, damaged=50)
        timed("limit: the cells of the workbook, with openpyxl", lambda: cells(first))
        load = timed("send the file (request)", lambda: sent(first))
        timed("read and compare it (job)", lambda: tasks.read(load_id=load.pk))
        timed("order it (request)", lambda: loads.apply(actor=buyer.ana, load_id=load.pk, at=MONDAY))
        timed("write it (job)", lambda: tasks.write(load_id=load.pk))
        timed("publish it (request)", lambda: services.publish_plan(actor=beto, plan_id=plan.pk, at=MONDAY))
        load = sent(second)
        timed("read it again, a tenth changed (job)", lambda: tasks.read(load_id=load.pk))
        loads.apply(actor=buyer.ana, load_id=load.pk, at=MONDAY)
        timed("write it, a tenth changed (job)", lambda: tasks.write(load_id=load.pk))
        timed("edit one line (request)", lambda: services.edit_line(
            actor=buyer.ana, plan_id=plan.pk, number=1, line=given.line(), at=MONDAY))  # fmt: skip
        timed("publish it again (request)", lambda: services.publish_plan(actor=beto, plan_id=plan.pk, at=MONDAY))
        load = sent(broken)
        timed("read a damaged file (job)", lambda: tasks.read(load_id=load.pk))
        load.refresh_from_db()
        made = VersionSheet.objects.latest("pk")
        timed("make the workbook of the version (job)", lambda: tasks.make_sheet(sheet_id=made.pk))
        address, client = f"/paa/{buyer.account.code}/2026/", Client()
        for title, path in (
            ("public page", ""), ("public page, filtered", "?q=numero+77"), ("changes of two versions", "2/cambios/1/"),
            ("planned and done", "ejecucion/"), ("deviations", "desviaciones/"), ("as CSV", "?formato=csv"),
            ("as XLSX", "?formato=xlsx"), ("as JSON", "?formato=json"),
        ):  # fmt: skip
            timed(title, lambda path=path: whole(client.get(address + path)))
    table(f"A plan of {rows:,} lines", ("what", "seconds", "peak MiB"), told)
    kept = PlanVersion.objects.count()
    table("What came of it", ("rows of the damaged file", "wrong", "versions"),
          [(str(load.total), str(load.counts.get("wrong")), str(kept))])  # fmt: skip


def cells(content: bytes) -> int:
    from openpyxl import load_workbook

    return sum(
        1 for _row in load_workbook(io.BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True)
    )


def whole(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content
