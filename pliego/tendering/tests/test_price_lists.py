import io
import shutil
import subprocess
from dataclasses import dataclass, replace
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from pliego.kernel.objections import Refused
from pliego.tendering import price_changes, price_lists
from pliego.tendering.price_lists import PriceRow


@dataclass
class Line:
    unspsc: str
    description: str
    quantity: Decimal
    unit: str
    reference_price_amount: Decimal | None


def xlsx(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


class TestReadPriceLists:
    def test_reads_pasted_rows_without_headings(self):
        rows = price_lists.read(text="Resma de papel\t1.200\tunidad\nTóner\t2,5\tcaja\n")

        assert rows == [PriceRow("Resma de papel", Decimal(1200), "unidad"), PriceRow("Tóner", Decimal("2.5"), "caja")]

    def test_finds_the_columns_wherever_they_were_moved(self):
        heading = "N.º;Unidad de medida;CANTIDAD;Descripción;Código UNSPSC;Precio de referencia"
        text = f"{heading}\n1;caja;3;Clips;44121600;$ 1.500\n"

        assert price_lists.read(text=text) == [PriceRow("Clips", Decimal(3), "caja", "44121600", Decimal(1500))]

    def test_reads_a_spreadsheet(self):
        content = xlsx(["Descripción", "Cantidad", "Unidad"], ["Silla", 4, "unidad"], ["Cable", 2.5, "metro"])

        rows = price_lists.read(content)

        assert [(r.description, r.quantity) for r in rows] == [("Silla", Decimal(4)), ("Cable", Decimal("2.5"))]

    def test_reads_a_file_of_an_old_windows(self):
        content = io.BytesIO("Descripción;Cantidad;Unidad\nSeñal;1;unidad\n".encode("cp1252"))

        assert price_lists.read(content)[0].description == "Señal"

    def test_tells_every_faulty_row_by_its_number(self):
        text = "Descripción,Cantidad,Unidad\nSilla,4,unidad\n,0,unidad\nMesa,muchas,\n"

        with pytest.raises(Refused) as refused:
            price_lists.read(text=text)

        found = [(o.code, "3" in str(o.sentence) or "4" in str(o.sentence)) for o in refused.value.objections]
        assert found == [("bad_description", True), ("bad_quantity", True), ("bad_unit", True), ("bad_quantity", True)]

    def test_tells_the_first_fifty_faults_of_a_damaged_file(self):
        text = "Descripción,Cantidad,Unidad\n" + "x,-1,y\n" * 80

        with pytest.raises(Refused) as refused:
            price_lists.read(text=text)

        assert len(refused.value.objections) == 51
        assert "30" in str(refused.value.objections[-1].sentence)

    @pytest.mark.parametrize("content", [b"PK\x03\x04 not really a book", b"\x00\x01\x02binary"])
    def test_refuses_what_is_not_a_table(self, content):
        with pytest.raises(Refused, match="not_a_table"):
            price_lists.read(io.BytesIO(content))

    def test_refuses_headings_without_the_needed_columns(self):
        with pytest.raises(Refused, match="columns_missing"):
            price_lists.read(text="Descripción,Cantidad\nSilla,4\n")

    def test_refuses_nothing(self):
        with pytest.raises(Refused, match="empty"):
            price_lists.read(text="\n \n")


numbers = st.decimals(min_value=Decimal("0.0001"), max_value=Decimal(10**9), places=4)
words = st.text("abñÁ09;,.\"'|", min_size=1, max_size=30)
lines = st.builds(
    Line, st.sampled_from(["", "43211500"]), words, numbers, words,
    st.none() | st.decimals(min_value=0, max_value=10**12, places=2),
)  # fmt: skip


class TestRoundTrip:
    @for_all(st.lists(lines, min_size=1, max_size=5))
    def test_through_csv_changes_nothing(self, written):
        read = price_lists.read(io.BytesIO(price_lists.to_csv(written)))

        assert [(r.description, r.quantity, r.unit, r.unspsc, r.reference_price) for r in read] == [
            (w.description, w.quantity, w.unit, w.unspsc, w.reference_price_amount) for w in written
        ]

    def test_through_a_spreadsheet_changes_nothing(self):
        written = [Line("43211500", f"Bien {n}", Decimal(n) / 4, "unidad", Decimal(n)) for n in range(1, 2001)]

        read = price_lists.read(io.BytesIO(price_lists.to_xlsx(written)))

        assert [(r.description, r.quantity, r.reference_price) for r in read] == [
            (w.description, w.quantity, w.reference_price_amount) for w in written
        ]


class TestTolerance:
    def test_finds_the_headings_under_a_title_among_other_columns_and_blank_rows(self):
        content = xlsx(
            ["LISTA DE PRECIOS DE LA ALCALDÍA"], [], ["Proceso", "MC-1"],
            ["Nivel", "Unidad de medida", "Observaciones", "Descripción del bien", "Cant. pedida", "Código UNSPSC (8)"],
            [0, "caja", "frágil", "Clips", 3, 44121600], [], [None, " "], [0, "unidad", "", "Silla", 2.5, "43211500"],
        )  # fmt: skip

        found = price_lists.survey(content)

        assert [(r.description, r.quantity, r.unit, r.unspsc) for r in found.rows] == [
            ("Clips", Decimal(3), "caja", "44121600"), ("Silla", Decimal("2.5"), "unidad", "43211500"),
        ]  # fmt: skip
        assert (found.faults, found.ignored) == ([], ["Nivel", "Observaciones"])

    def test_names_the_row_of_the_spreadsheet_its_column_and_what_it_says(self):
        text = "\nBien;Cantidad;Unidad\n\nSilla;4;unidad\n\nMesa;muchas;unidad\n"

        faults = price_lists.survey(text=text).faults

        assert [(f.row, f.column, f.value, f.code) for f in faults] == [(6, "Cantidad", "muchas", "bad_quantity")]

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            (("1.200", "2,5"), ("1200", "2.5")),
            (("1,200", "2.5"), ("1200", "2.5")),
            (("1,200", "1,234.5"), ("1200", "1234.5")),
            (("1.200", "1.234,5"), ("1200", "1234.5")),
            (("1,200", "7"), ("1.200", "7")),  # nothing says that it is English
            (("2,5", "2.5"), ("2.5", "2.5")),
        ],
    )
    def test_reads_decimals_the_way_that_the_file_writes_them(self, written, read):
        rows = "".join(f'Bien {n};"{said}";unidad\n' for n, said in enumerate(written))

        found = price_lists.read(text=f"Bien;Cantidad;Unidad\n{rows}")

        assert tuple(row.quantity for row in found) == tuple(map(Decimal, read))

    def test_never_takes_a_row_for_headings(self):
        assert price_lists.read(text="Producto de aseo\t3\tunidad\n")[0].description == "Producto de aseo"

    def test_rounds_what_a_spreadsheet_computed(self):
        content = xlsx(["Bien", "Cantidad", "Unidad", "Precio"], ["Silla", 1 / 3, "unidad", 10 / 3])

        row = price_lists.read(content)[0]

        assert (row.quantity, row.reference_price) == (Decimal("0.3333"), Decimal("3.33"))

    def test_takes_the_mark_against_formulas_off_again(self):
        line = Line("", "=2+3", Decimal(1), "unidad", None)

        for written in (price_lists.to_csv([line]), price_lists.to_xlsx([line])):
            assert price_lists.read(io.BytesIO(written))[0].description == "=2+3"
        assert b"'=2+3" in price_lists.to_csv([line])


class TestOfferedPrices:
    LINES = [SimpleNamespace(number=n, description=f"Bien {n}") for n in (1, 2, 3)]

    def test_are_found_by_number_or_by_description(self):
        by_number = "No.;Descripción;Precio unitario\n2;otra cosa;1.500\n1;Bien 1;\n"
        by_name = "Valor Unitario (COP);Bien\n$ 1.500,50;BIEN 3\n"

        assert price_lists.offered(self.LINES, text=by_number) == ({2: "1500.00"}, [])
        assert price_lists.offered(self.LINES, text=by_name) == ({3: "1500.50"}, [])

    def test_tell_every_row_that_is_wrong(self):
        text = "No.;Precio unitario\n1;mil\n9;5\n2;7\n2;8\n"

        prices, faults = price_lists.offered(self.LINES, text=text)

        assert prices == {2: "7.00"}
        assert [(f.row, f.code) for f in faults] == [(2, "bad_price"), (3, "bad_number"), (5, "bad_number")]


class TestDifferences:
    ROWS = [PriceRow(name, Decimal(n), "unidad") for n, name in enumerate(("Silla", "Mesa", "Silla", "Cama"), 1)]

    def test_are_none_when_nothing_changed_whatever_the_order(self):
        assert price_changes.differences(self.ROWS, self.ROWS[::-1]) == []

    def test_tell_what_was_added_changed_and_taken_out(self):
        silla, mesa, _other, cama = self.ROWS
        rows = [replace(mesa, quantity=Decimal(9)), silla, PriceRow("Lámpara", Decimal(1), "unidad"), cama]

        found = price_changes.differences(self.ROWS, rows)

        assert [(one.kind, one.number) for one in found] == [("changed", 1), ("added", 3), ("removed", 3)]
        assert [(title, before, after) for title, before, after in found[0].shown] == [("Cantidad", "2", "9")]

    def test_follow_the_number_of_the_file_when_the_words_changed(self):
        found = price_changes.differences(self.ROWS, [PriceRow("Butaca", Decimal(1), "unidad")], [1])

        assert [(one.kind, one.number, one.aspects) for one in found if one.kind == "changed"] == [
            ("changed", 1, ("description",))
        ]


OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
LONG = [
    Line("43211500", f"Bien número {n}; «especial», 12,5 cm", Decimal(n) / 4, "unidad", Decimal(n * 1000) / 8)
    for n in range(1, 5001)
]


def told(rows):
    return [(r.description, r.quantity, r.unit, r.unspsc, r.reference_price) for r in rows]


class TestFiveThousandLines:
    def test_come_back_whole_through_openpyxl(self):
        book = openpyxl.load_workbook(io.BytesIO(price_lists.to_xlsx(LONG)))
        out = io.BytesIO()
        book.save(out)
        out.seek(0)

        assert told(price_lists.read(out)) == [
            (w.description, w.quantity, w.unit, w.unspsc, w.reference_price_amount) for w in LONG
        ]

    @pytest.mark.slow
    @pytest.mark.skipif(not OFFICE, reason="no LibreOffice on this machine (deploy/system-packages libreoffice)")
    @pytest.mark.parametrize("form", ["xlsx", "csv"])
    def test_come_back_whole_through_libreoffice(self, tmp_path, form):
        source = tmp_path / "precios.xlsx"
        source.write_bytes(price_lists.to_xlsx(LONG))
        home = f"-env:UserInstallation=file://{tmp_path}/perfil"

        subprocess.run(
            [OFFICE, home, "--headless", "--convert-to", form, "--outdir", tmp_path / "ida", source],
            check=True, capture_output=True, timeout=240,
        )  # fmt: skip

        with (tmp_path / "ida" / f"precios.{form}").open("rb") as content:
            assert told(price_lists.read(content)) == [
                (w.description, w.quantity, w.unit, w.unspsc, w.reference_price_amount) for w in LONG
            ]
