"""Both roads of SIIF without the database: lists as they come, and answers over real HTTP to this machine."""

import io
import socket
import time
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import Workbook

from pliego.kernel.objections import Refused
from pliego.siif import comparing
from pliego.siif.columns import File
from pliego.siif.practice import LISTS, PCI, Practice
from pliego.siif.rest import LARGEST, Service
from pliego.siif.rules import CERTIFICATE, COMMITMENT, Asked, Found, Typed, compared

HEAD = "Numero Documento;Fecha de Registro;Rubro;Valor Actual;Saldo por Comprometer;Estado"
OTHERS = (
    "Numero Solicitud;Numero Documento;Fecha de Creacion;Fecha de Registro;Valor Inicial;Valor Operaciones;Valor Actual"
)
ASKED = Asked(CERTIFICATE, "12526", 2026)


def read(*rows, kind=CERTIFICATE, head=HEAD):
    file = File("\n".join((head, *rows)).encode(), "lista.csv", kind, PCI)
    return file.read(), file


def codes(refused):
    return [objection.code for objection in refused.value.objections]


class TestAList:
    def test_is_taken_as_siif_gives_it(self):
        found, file = read("0012526;2026-01-20 00:00:00;A-02;50.000.000,50;10.000.000;Con compromiso")

        assert found == [
            Found(
                CERTIFICATE,
                "12526",
                2026,
                PCI,
                date(2026, 1, 20),
                Decimal("50000000.50"),
                Decimal(10_000_000),
                state="Con compromiso",
            )
        ]
        assert file.ignored == ["Rubro"]
        assert file.faults == []

    def test_may_be_a_workbook_with_a_title_above_and_its_columns_moved(self):
        book = Workbook()
        for row in (["Listado de compromisos"], ["CDP", "Valor Actual", "Numero Documento", "Fecha Registro"]):
            book.active.append(row)
        book.active.append([12526, 40000000.5, 30126, date(2026, 2, 3)])
        content = io.BytesIO()
        book.save(content)

        found = File(content.getvalue(), "rp.xlsx", COMMITMENT, PCI).read()

        (one,) = found
        assert (one.number, one.certificate, one.amount) == ("30126", "12526", Decimal("40000000.50"))
        assert (one.year, one.issued_on, one.balance) == (2026, date(2026, 2, 3), None)

    def test_is_not_misled_by_headings_that_begin_alike(self):
        found, _file = read("999;7;1/1/2026;20/01/2026;80;20;100", head=OTHERS)

        assert [(one.number, one.issued_on, one.amount) for one in found] == [("7", date(2026, 1, 20), Decimal(100))]

    def test_adds_the_rows_of_one_document(self):
        found, _file = read("7;20/01/2026;A-01;100;40;Generado", "007;20/01/2026;A-02;200,50;0;Generado")

        assert [(one.amount, one.balance) for one in found] == [(Decimal("300.50"), Decimal(40))]

    @pytest.mark.parametrize(
        ("row", "column", "words"),
        [
            (";20/01/2026;A;100;0;x", "Número del CDP", "número del documento"),
            ("1;31/02/2026;A;100;0;x", "Fecha de registro", "20/01/2026"),
            ("1;;A;100;0;x", "Fecha de registro", "o su año"),
            ("1;20/01/2026;A;cien;0;x", "Valor actual", "solo con dígitos"),
            ("1;20/01/2026;A;;0;x", "Valor actual", "valor del documento"),
            ("1;20/01/2026;A;100;100,01;x", "Saldo por comprometer", "mayor que el valor"),
            ("1;20/01/2026;A;-100;;x", "Valor actual", "menor que cero"),
            (f"1;20/01/2026;A;100;0;{'x' * 61}", "Estado", "máximo 60"),
        ],
    )
    def test_tells_a_bad_row_by_its_line_and_takes_the_good_ones(self, row, column, words):
        found, file = read("9;20/01/2026;A;100;0;x", row)

        assert [one.number for one in found] == ["9"]
        ((line, _number, faults),) = file.faults
        assert line == 3
        assert [title for title, _why in faults] == [column]
        assert words in faults[0][1]

    @pytest.mark.parametrize(
        ("second", "words"),
        [
            ("1;20/01/2026;A;100;0;x", "Repite la fila 2"),
            ("1;21/01/2026;B;100;0;x", "dice otra cosa"),
            ("1;20/01/2026;B;100;101;x", "mayor que el valor"),
        ],
    )
    def test_takes_no_part_of_a_document_one_of_whose_rows_is_bad(self, second, words):
        found, file = read("1;20/01/2026;A;100;0;x", second)

        assert found == []
        assert [line for line, _number, _faults in file.faults] == [2, 3]
        assert words in file.faults[1][2][0][1]
        assert "tiene errores" in file.faults[0][2][0][1]

    def test_of_another_unit_is_not_ours(self):
        found, file = read(
            "1;2026;100;290400", "2;2026;100;13-01-01", kind=COMMITMENT, head="Compromiso;Vigencia;Valor;PCI"
        )

        assert [one.number for one in found] == ["1"]
        assert "13-01-01" in file.faults[0][2][0][1]

    @pytest.mark.parametrize(
        ("content", "name", "code"),
        [
            (b"\x00\x01nada", "a.xlsx", "not_a_sheet"),
            (b"a;b;c\n1;2;3", "a.csv", "columns_missing"),
            (b"Fecha;Valor;Estado\n1;2;3", "a.csv", "columns_missing"),
            (HEAD.encode(), "a.csv", "file_empty"),
        ],
    )
    def test_that_is_none_is_refused_whole(self, content, name, code):
        with pytest.raises(Refused) as refused:
            File(content, name, CERTIFICATE, PCI).read()

        assert codes(refused) == [code]


class Odd(Practice):
    """One that does not keep to the contract: `odd` changes what it would say."""

    odd = staticmethod(lambda status, said: (status, said))

    def said(self, path, authorization):
        return self.odd(*super().said(path, authorization))


@pytest.fixture(scope="module")
def server():
    made = Odd().start()
    yield made
    made.close()


@pytest.fixture
def siif(server, settings):
    settings.PLIEGO_SIIF_URL, settings.PLIEGO_SIIF_TOKEN = server.url, server.token
    settings.PLIEGO_SIIF_SECONDS = 2
    server.odd = lambda status, said: (status, said)
    server.asked.clear()
    return server


def told(**changes):
    """The right answer with something else in it."""
    return lambda status, said: (status, {**said, **changes})


class TestAConsultation:
    def test_tells_what_siif_has_and_what_it_has_not(self, siif):
        asked = [
            ASKED,
            Asked(COMMITMENT, "30126", 2026),
            Asked(COMMITMENT, "9/9 á", 2026),
            Asked(CERTIFICATE, "12526", 2025),
        ]

        found = Service(PCI, asked).read()

        assert siif.asked[:2] == ["/certificates/29-04-00/2026/12526", "/commitments/29-04-00/2026/30126"]
        assert [one.is_known for one in found] == [True, True, False, False]
        assert (found[0].amount, found[0].balance) == (Decimal("50000000.00"), Decimal("10149999.50"))
        assert (found[1].certificate, found[1].issued_on) == ("12526", date(2026, 2, 3))

    @pytest.mark.parametrize(
        ("odd", "code"),
        [
            (lambda status, said: (200, b"<html>Hola</html>"), "siif_answer"),
            (lambda status, said: (200, b"[" * 60_000), "siif_answer"),
            (lambda status, said: (200, [said]), "siif_answer"),
            (lambda status, said: (200, b'{"number": "' + b"1" * LARGEST + b'"}'), "siif_answer"),
            (lambda status, said: (404, b"<html>No hay tal pagina</html>"), "siif_answer"),
            (lambda status, said: (302, said), "siif_answer"),
            (lambda status, said: (200, {name: said[name] for name in said if name != "amount"}), "siif_answer"),
            (told(amount=50_000_000.5), "siif_answer"),
            (told(amount="1e9"), "siif_answer"),
            (told(amount="-1"), "siif_answer"),
            (told(issued_on="20/01/2026"), "siif_answer"),
            (told(paid="1"), "siif_answer"),
            (told(number="12527"), "siif_answer"),
            (told(year=2025), "siif_answer"),
            (told(pci="13-01-01"), "siif_answer"),
            (told(balance="50000000.01"), "siif_answer"),
            (told(state="x" * 61), "siif_answer"),
            (lambda status, said: (503, said), "siif_away"),
            (lambda status, said: (401, {"error": "token"}), "siif_key"),
        ],
    )
    def test_believes_nothing_that_is_wrong_in_form(self, siif, odd, code):
        siif.odd = odd

        with pytest.raises(Refused) as refused:
            Service(PCI, [ASKED]).read()

        assert codes(refused) == [code]

    def test_that_is_slow_is_given_up(self, siif, settings):
        settings.PLIEGO_SIIF_SECONDS = 0.1
        siif.odd = lambda status, said: time.sleep(0.5) or (status, said)

        with pytest.raises(Refused) as refused:
            Service(PCI, [ASKED]).read()

        assert codes(refused) == ["siif_away"]

    def test_needs_a_service_that_is_there_and_safe(self, siif, settings):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            settings.PLIEGO_SIIF_URL = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(Refused) as down:
            Service(PCI, [ASKED]).read()
        assert codes(down) == ["siif_away"]
        for url in ("", "http://siif.example", "ftp://127.0.0.1"):
            settings.PLIEGO_SIIF_URL = url
            with pytest.raises(Refused) as off:
                Service(PCI, [ASKED])
            assert codes(off) == ["siif_off"]
        settings.PLIEGO_SIIF_URL, settings.PLIEGO_SIIF_TOKEN = siif.url, "otro"
        with pytest.raises(Refused) as key:
            Service(PCI, [ASKED]).read()
        assert codes(key) == ["siif_key"]


class TestComparing:
    WORDS = {
        "budget_certificate": [" 12526 "],
        "certificate_amount": ["50.000.001"],
        "commitment": [""],
        "certificates-0-number": ["12626"],
        "certificates-0-amount": ["no sé"],
        "certificates-1-number": ["5"],
        "certificates-1-quitar": ["on"],
    }

    def test_reads_what_is_being_typed(self):
        found = comparing.typed_words(self.WORDS)

        assert [(one.place, one.number, one.amount) for one in found] == [
            (CERTIFICATE, "12526", Decimal(50_000_001)), ("certificates-0", "12626", None),
        ]  # fmt: skip

    def test_marks_only_what_both_say_and_fills_only_what_is_empty(self):
        typed = comparing.typed_words(self.WORDS)
        siif = Found(CERTIFICATE, "x", 2026, PCI, date(2026, 1, 20), Decimal(50_000_000), Decimal(3))

        assert [line.differs for line in compared(typed[0], siif)] == [True, False, False]
        assert comparing.filled(self.WORDS, [(one, siif) for one in typed]) == {
            "certificate_on": ["20/01/2026"], "certificates-0-date": ["20/01/2026"],
        }  # fmt: skip
        assert comparing.filled({}, [(Typed(COMMITMENT, "1", COMMITMENT), siif)])["commitment_amount"] == ["50.000.000"]


def test_the_lists_of_the_practice_server_have_no_bad_row():
    for kind, path in LISTS.items():
        file = File(path.read_bytes(), path.name, kind, PCI)
        assert file.read()
        assert file.faults == []
