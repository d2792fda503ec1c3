import io
from dataclasses import dataclass
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from pliego.kernel.objections import Refused
from pliego.tendering import price_lists
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
