"""Every kind of question from the entity to the opened offer, and the browser that reads as the house reads."""

import csv
import io
import json
import subprocess
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from pliego.bidding import browser, bundles, disclosed, queries, sealing
from pliego.bidding.management.commands.seal import Command
from pliego.bidding.tests import given
from pliego.kernel.actors import SYSTEM
from pliego.tendering import kinds, price_lists, services
from pliego.tendering.tests import given as tenders
from pliego.tendering.tests.test_kinds import ANSWERS
from tests.tools import NODE

SOURCE = Path(browser.__file__).parent
TABLE = [{"title": "Cargo", "kind": "text"}, {"title": "Años", "kind": "number"}]
ASKED = {
    "text": {"allows_confidential": True}, "number": {"needs_evidence": True, "allows_confidential": True},
    "money": {"weight": Decimal("12.5")}, "date": {}, "yes_no": {}, "choice": {"options": ["A", "B"]},
    "choices": {"options": ["A", "B", "C"]}, "table": {"columns": TABLE, "row_titles": []}, "info": {},
}  # fmt: skip
WRITTEN = {
    "text": "Con nuestra propia fórmula", "number": "1.200,5", "money": "$ 4.000.000", "date": "21/11/2026",
    "yes_no": "Sí", "choice": "b", "choices": ["C", "A"], "table": [["Ingeniera", "12"], ["", ""]],
}  # fmt: skip
SHOWN = {
    "text": "Con nuestra propia fórmula", "number": "1.200,5", "money": "$\xa04.000.000", "date": "21/11/2026",
    "yes_no": "Sí", "choice": "B", "choices": "A; C", "table": "Ingeniera | 12",
}  # fmt: skip


def node(script):
    return json.loads(subprocess.run([NODE, "-e", script], capture_output=True, text=True, check=True).stdout)


def asking(at, people=None, lines=0):
    """A published process with a question of each kind, a file and a price list."""
    people = people or tenders.buyer(at)
    tender = tenders.draft_tender(at, people)
    envelope = tender.rulebook.envelopes[0].code
    for kind, more in ASKED.items():
        services.save_item(
            actor=people.ana, tender_id=tender.pk, at=at, envelope=envelope, kind=kind, title=f"Pregunta {kind}", **more
        )
    if lines:
        rows = [price_lists.PriceRow(f"Bien {n}", Decimal(1), "unidad") for n in range(1, lines + 1)]
        services.save_price_list(actor=people.ana, tender_id=tender.pk, number=2, rows=rows, at=at)
    services.submit_for_approval(actor=people.ana, tender_id=tender.pk, at=at)
    return services.publish_tender(actor=tenders.signed(people.beto, at), tender_id=tender.pk, at=at)


def folder_of(process, folder, **changes):
    """A filled folder for `pliego seal`: answers as people write them, and the prices in a spreadsheet."""
    numbers = {item["kind"]: str(item["number"]) for item in process["items"]}
    prices = ("1.200.000", "350000,50")
    rows = [(p, line["description"], line["number"]) for p, line in zip(prices, process["price_lines"], strict=True)]
    book = openpyxl.Workbook()
    for row in (["LISTA"], ["Valor unitario", "Bien", "No."], *rows):
        book.active.append(row)
    folder.mkdir()
    book.save(folder / "precios.xlsx")
    (folder / "prueba.pdf").write_bytes(given.tenders.parties.pdf("prueba"))
    written = bundles.template(process)
    written["answers"] |= {numbers[kind]: said for kind, said in WRITTEN.items()}
    written["prices"] = {}
    written["price_files"] = {numbers["price_list"]: "precios.xlsx"}
    written["files"] = {numbers["file"]: ["prueba.pdf"], numbers["number"]: ["prueba.pdf"]}
    written["about"] = {"reference": "OF-1", "guarantee": " 45-44 ", "guarantor": ""}
    written["confidential"] = {numbers["text"]: "Secreto empresarial, Decisión 486, art. 260"}
    (folder / bundles.ANSWERS).write_text(json.dumps(written | changes))
    return written


@pytest.mark.django_db
class TestTheFileRoad:
    def test_carries_every_kind_from_the_question_to_the_page_after_the_opening(self, at, tmp_path, client):
        tender = asking(at)
        carla = tenders.supplier(at)
        process = queries.process_file(tender)
        written = folder_of(process, tmp_path / "oferta")
        assert Command().spreadsheets(process, tmp_path / "oferta", written) == []
        assert bundles.missing(process, written) == []
        what = bundles.contents_of(process, tmp_path / "oferta", written)
        bid = given.submitted_bid(tender, carla, what=what)
        assert client.get(f"/procesos/{tender.code}/oferentes/{bid.code}/").status_code == 404  # sealed

        opened = given.opened_tender(tender)

        bid = disclosed.opened_bid_rows(opened).get()
        found = {one.item.kind: one for one in disclosed.answers_of(bid, opened.items.all(), SYSTEM)}
        assert {kind: found[kind].shown for kind in SHOWN} == SHOWN
        assert all(one.is_as_asked for one in found.values())
        assert [d.name for d in found["number"].documents] == ["prueba.pdf"]
        assert {kind: one.asked for kind, one in found.items() if one.asked} == {
            "text": "Secreto empresarial, Decisión 486, art. 260"
        }
        assert (found["price_list"].priced, bid.total_amount) == (2, Decimal("13750002.50"))
        self.shown_to_everybody(client, opened, bid)

    @staticmethod
    def shown_to_everybody(client, tender, bid):
        listed = client.get(f"/procesos/{tender.code}/oferentes/").content.decode()
        assert all(said in listed for said in ("OF-1", "45-44"))
        page = client.get(f"/procesos/{tender.code}/oferentes/{bid.code}/").content.decode()
        assert all(said in page for said in ("A; C", "Ingeniera", "Decisión 486"))
        assert "Con nuestra propia fórmula" not in page  # sealed apart: the entity has not decided
        prices = client.get(f"/procesos/{tender.code}/oferentes/{bid.code}/precios/2/").content.decode()
        assert "1.200.000" in prices
        body = b"".join(client.get(f"/procesos/{tender.code}/oferentes.csv").streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(body)))
        assert [row["Respuesta"] for row in rows if row["Tipo"].startswith("Tabla")] == ["Ingeniera | 12"]
        assert [row["Precio unitario"] for row in rows if row["Línea"]] == ["1200000.00", "350000.50"]
        told = client.get(f"/api/v1/bids/{bid.code}/answers").json()
        assert {a["kind"]: a["shown"] for a in told["answers"] if a["shown"]} == {
            k: v for k, v in SHOWN.items() if k != "text"
        }
        assert [a["kind"] for a in told["answers"] if a["is_withheld"]] == ["text"]
        assert [price["unit_price"] for price in told["prices"]] == ["1200000.00", "350000.50"]

    def test_says_all_that_is_missing_or_wrong_before_sealing(self, at, tmp_path):
        process = queries.process_file(asking(at))
        numbers = {item["kind"]: str(item["number"]) for item in process["items"]}
        wrong = {"answers": {numbers["number"]: "muchos", numbers["choice"]: "C"}, "files": {}, "price_files": {}}
        written = folder_of(process, tmp_path / "oferta", **wrong) | wrong

        lacking = bundles.missing(process, written)

        assert len(lacking) == len(ASKED) - 1 + 1 + 2  # every question but the text to read, the file, two prices
        assert len(bundles.missing({**process, "asks_guarantee": True}, written)) == len(lacking)
        written["about"] = {}
        assert len(bundles.missing({**process, "asks_guarantee": True}, written)) == len(lacking) + 1
        assert any("muchos" not in line and "1.200" in line for line in lacking)


class TestTheBrowser:
    def test_reads_every_kind_as_the_house_does(self):
        asked = [
            {"kind": q.kind, "options": q.options, "columns": q.columns, "row_titles": q.row_titles,
             "required": q.is_required, "typed": typed}
            for q, typed, _kept in ANSWERS
        ]  # fmt: skip
        script = (
            f"import('{SOURCE}/kinds.js').then(m => console.log(JSON.stringify({json.dumps(asked)}.map(q =>"
            "{ try { return m.readAnswer(q, q.typed) } catch (f) { if (!f.code) throw f; return null } }))))"
        )

        assert node(script) == [kept for _question, _typed, kept in ANSWERS]

    @pytest.mark.parametrize(
        "text",
        [
            "No.;Descripción;Precio unitario\n2;otra cosa;1.500\n1;Bien 1;\n",
            'Valor Unitario (COP),Bien\n"$ 1,500.50",BIEN 3\n',
            "LISTA DE PRECIOS\n\nNo.\tPrecio\n1\tmil\n9\t5\n2\t7\n2\t8\n",
            'No.;Descripción;Precio\n1;"Bien; con ""comillas""\nen dos líneas";1\n3;;2,5\n',
        ],
    )
    def test_finds_prices_in_a_spreadsheet_as_the_house_does(self, text):
        lines = [{"number": n, "description": f"Bien {n}"} for n in (1, 2, 3)]
        script = (
            f"import('{SOURCE}/sheets.js').then(s => {{"
            f"const rows = s.separated({json.dumps(text)}).filter(([, c]) => c.some(v => v.trim()));"
            f"const f = s.offeredIn(rows, {json.dumps(lines)}, {json.dumps(price_lists.OFFERED)});"
            "console.log(JSON.stringify([[...f.prices], f.faults.map(x => [x.row, x.column])])) })"
        )

        prices, faults = price_lists.offered([SimpleNamespace(**line) for line in lines], text=text)

        assert node(script) == [[list(pair) for pair in prices.items()], [[f.row, f.column] for f in faults]]

    def test_rounds_the_numbers_of_a_workbook_as_people_do(self):
        cells = [1.005, 2.675, 0.1, 1234567.891, 1e21, 3]
        script = f"import('{SOURCE}/sheets.js').then(m => console.log(JSON.stringify({cells}.map(m.priceIn))))"

        assert node(script) == ["1.01", "2.68", "0.10", "1234567.89", None, "3.00"]


def test_what_an_offer_says_of_itself_is_short_text_of_three_names():
    header = dict.fromkeys(("process", "supplier", "envelope", "recipient"), "x")
    quiet = sealing.making.answers_of(header, sealing.Contents(), [])
    said = sealing.making.answers_of(header, sealing.Contents(about={"reference": "OF-1"}), [])
    sealing.opening._check_answers(said, 1)

    assert ("about" in quiet, said["about"]) == (False, {"reference": "OF-1"})
    for wrong in ([], {"variante": "A"}, {"reference": 7}, {"reference": "x" * 201}):
        with pytest.raises(sealing.BadSeal):
            sealing.opening._check_answers({**quiet, "about": wrong}, 1)


class TestConfidentiality:
    def test_is_in_the_sealed_answers_only_when_somebody_asks(self):
        header = dict.fromkeys(("process", "supplier", "envelope", "recipient"), "x")

        quiet = sealing.making.answers_of(header, sealing.Contents(), [])
        asked = sealing.making.answers_of(header, sealing.Contents(confidential={"1": "secreto"}), [])

        assert ("confidential" in quiet, asked["confidential"]) == (False, {"1": "secreto"})
        for answers in (quiet, asked):
            sealing.opening._check_answers(answers, 1)
        for wrong in ({"1": 2}, ["1"], "sí"):
            with pytest.raises((sealing.BadSeal, TypeError)):
                sealing.opening._check_answers({**quiet, "confidential": wrong}, 1)


def test_an_answer_that_is_not_as_asked_is_shown_as_it_came():
    question = kinds.Question("number")

    assert (kinds.shown(question, "<b>mil</b>"), kinds.is_as_asked(question, "<b>mil</b>")) == ("<b>mil</b>", False)
