import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from pliego.kernel.identifiers import check_digit
from pliego.publication import caching
from pliego.publication.asking import ask
from pliego.publication.models import Process
from pliego.publication.search import Question, every_row, search
from pliego.publication.tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_memory():
    caching.forget()


@pytest.fixture
def world(at, tmp_path):
    """Four processes that differ in everything that can be asked."""
    rows = [
        given.process(1),
        given.process(
            2,
            nombre_del_procedimiento="MANTENIMIENTO DE VÍAS RURALES (Presentación de oferta)",
            descripci_n_del_procedimiento="Vías terciarias",
            departamento_entidad="Meta",
            ciudad_entidad="Acacías",
            entidad="GOBERNACIÓN DEL META",
            nit_entidad="892000148",
            modalidad_de_contratacion="Licitación pública",
            precio_base="9000000000",
            fecha_de_publicacion_del="2025-11-03",
            codigo_principal_de_categoria="V1.72141100",
            estado_del_procedimiento="Evaluación",
            referencia_del_proceso="LP-77-2025",
        ),
        given.process(3, fecha_de_recepcion_de="2026-02-20", nombre_del_procedimiento="Pupitre usado"),
        given.process(4, estado_del_procedimiento="Cancelado", nombre_del_procedimiento="Vigilancia de la sede"),
    ]
    given.loaded(given.file(tmp_path, rows))
    return at


def codes(at, **asked):
    found = search(question=Question(**asked), at=at)
    return sorted(row["code"].rsplit(".", 1)[1] for row in found.rows)


class TestSearch:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"text": "NINOS pupitre"}, ["5001"]),
            ({"text": "niños pupitres"}, ["5001"]),
            ({"text": "vias rurales"}, ["5002"]),
            ({"text": "pupitre -usado"}, ["5001", "5004"]),
            ({"text": "nada de esto"}, []),
            ({"department": "50"}, ["5002"]),
            ({"text": "vías", "department": "15"}, []),
            ({"entity": "gobernacion meta"}, ["5002"]),
            ({"entity": "892.000.148-1"}, ["5002"]),
            ({"method": "licitacion_publica"}, ["5002"]),
            ({"state": "cancelled"}, ["5004"]),
            ({"unspsc": "72"}, ["5002"]),
            ({"unspsc": "561215"}, ["5001", "5003", "5004"]),
            ({"source": "secop1"}, []),
            ({"published_to": date(2025, 12, 31)}, ["5002"]),
            ({"published_from": date(2026, 2, 10), "published_to": date(2026, 2, 10)}, ["5001", "5003", "5004"]),
            ({"value_from": Decimal(1_000_000_000)}, ["5002"]),
        ],
    )
    def test_finds_what_was_asked(self, world, asked, found):
        assert codes(world, **asked) == found

    def test_does_not_call_open_what_can_no_longer_receive_offers(self, world):
        assert codes(world, state="open") == ["5001"]

    def test_shows_the_next_to_close_first_when_asked(self, world):
        found = search(question=Question(order="closing"), at=world)

        assert [row["code"] for row in found.rows] == ["CO1.BDOS.5001"]

    def test_counts_as_open_what_the_filter_finds(self, world):
        facets = {(f.name, f.code): f.count for f in search(question=Question(), at=world).facets}

        assert facets["state", "open"] == len(codes(world, state="open")) == 1
        assert facets["state", "cancelled"] == 1

    def test_goes_through_every_page_once(self, at, tmp_path):
        given.loaded(given.file(tmp_path, [given.process(n) for n in range(60)]))
        seen, after = [], ""
        while True:
            found = search(question=Question(after=after), at=at)
            seen += [row["code"] for row in found.rows]
            if not (after := found.after):
                break

        assert len(seen) == len(set(seen)) == 60
        assert [row["code"] for row in every_row(question=Question(), at=at, most=100)] == seen

    def test_counts_to_a_thousand_and_no_further(self, at, tmp_path):
        given.loaded(given.file(tmp_path, [given.process(n) for n in range(1_050)]))
        found = search(question=Question(), at=at)

        assert (found.count, found.is_capped) == (1_000, True)

    def test_asks_again_with_the_word_index_when_the_planner_chose_badly(self, world, monkeypatch):
        from pliego.publication import searching

        calls = []
        real = searching.ask

        def impatient(queries, settings):
            calls.append(settings)
            if len(calls) == 1:
                return real([("SELECT pg_sleep(1)", [])], "SET LOCAL statement_timeout = 20")
            return real(queries, settings)

        monkeypatch.setattr(searching, "ask", impatient)

        assert codes(world, text="vias") == ["5002"]
        assert "enable_indexscan = off" in calls[1]


def ways_of_typing(nit):
    """A NIT with its check digit and its dots, and without them."""
    digit = check_digit(nit)
    dotted = f"{nit[:3]}.{nit[3:6]}.{nit[6:]}"
    return [
        nit,
        dotted,
        f"{nit}-{digit}",
        f"{dotted}-{digit}",
        f"{nit}{digit}",
        f"NIT {dotted} - {digit}",
        f"nit: {nit}",
    ]


class TestANit:
    @pytest.mark.parametrize("typed", ways_of_typing("892000148"))
    def test_of_the_buyer_finds_its_processes_however_it_is_typed(self, world, typed):
        assert codes(world, text=typed) == ["5002"]

    @pytest.mark.parametrize("typed", ways_of_typing("900333444"))
    def test_of_the_supplier_finds_its_processes_too(self, world, tmp_path, typed):
        given.loaded(given.file(tmp_path, [given.CONTRACT], "contratos.csv"))

        assert codes(world, text=typed) == ["5001"]

    def test_narrows_what_the_words_and_the_filters_find(self, world):
        assert codes(world, text="pupitres 890111222") == ["5001", "5003", "5004"]
        assert codes(world, text="pupitres 892.000.148-8") == []
        assert codes(world, text="890111222", state="cancelled") == ["5004"]
        assert codes(world, text="890111222", department="50") == []

    def test_shows_a_list_and_never_jumps_to_a_process_whose_reference_looks_like_one(self, world, tmp_path):
        strange = given.process(7, referencia_del_proceso="892000148", nombre_del_procedimiento="Otra cosa")
        given.loaded(given.file(tmp_path, [strange], "otra.csv"))
        page = Client().get("/procesos/", {"q": "892000148"})

        assert page.status_code == 200
        assert codes(world, text="892000148") == ["5002", "5007"]

    def test_with_a_last_digit_that_is_not_its_own_is_a_number_as_any_other(self, world):
        assert codes(world, text="8920001485") == []

    @pytest.mark.parametrize(
        ("number", "kind"),
        [("1032456789", "Nit"), ("79456123", "Cédula de Ciudadanía"), ("900333444", "Persona Natural")],
    )
    def test_that_is_the_document_of_a_person_is_in_no_search(self, world, tmp_path, number, kind):
        person = {**given.CONTRACT, "documento_proveedor": number, "tipodocproveedor": kind}
        given.loaded(given.file(tmp_path, [person], "contratos.csv"))

        assert Process.objects.get(code="CO1.BDOS.5001").state == "contracted"
        for typed in (number, f"NIT {number}", f"{number[:-6]}.{number[-6:-3]}.{number[-3:]}"):
            assert codes(world, text=typed) == []
        assert not Process.objects.extra(where=["doc::text LIKE %s"], params=[f"%{number}%"]).exists()

    def test_is_found_again_when_the_search_is_made_again(self, world, tmp_path):
        given.loaded(given.file(tmp_path, [given.CONTRACT], "contratos.csv"))
        vectors = "SELECT code, doc::text, version FROM publication_process ORDER BY code"
        with connection.cursor() as cursor:
            before = cursor.execute(vectors).fetchall()
            cursor.execute("UPDATE publication_process SET doc = ''")
            call_command("search", "rebuild")

            assert cursor.execute(vectors).fetchall() == before
        assert codes(world, text="900.333.444-9") == ["5001"]


class TestAsking:
    def test_tells_every_fault_at_once(self, world):
        asked = ask({"desde": "ayer", "valor_min": "mucho", "departamento": "Marte", "unspsc": "123"})

        assert [o.field for o in asked.objections] == ["departamento", "unspsc", "desde", "valor_min"]

    def test_refuses_ranges_that_run_backwards(self, world):
        asked = ask({"desde": "02/03/2026", "hasta": "01/03/2026", "valor_min": "9", "valor_max": "1"})

        assert [o.code for o in asked.objections] == ["dates_reversed", "values_reversed"]


class TestThePage:
    url = "/procesos/"

    def test_shows_the_results_with_their_filters_in_the_address(self, world):
        page = Client().get(self.url, {"q": "vias", "departamento": "50"})

        text = page.content.decode()
        assert page.status_code == 200
        assert "/procesos/CO1.BDOS.5002/" in text
        assert "Mantenimiento de vías rurales" in text
        assert "$\N{NO-BREAK SPACE}9.000.000.000" in text

    def test_makes_as_many_queries_for_one_row_as_for_many(self, at, tmp_path, django_assert_max_num_queries):
        given.loaded(given.file(tmp_path, [given.process(n) for n in range(40)]))

        with django_assert_max_num_queries(8):
            text = Client().get(self.url).content.decode()

        assert text.count("pub-line__title") == 25

    @pytest.mark.parametrize(
        "typed",
        [
            "CO1.BDOS.5002",
            "co1.req.1002",
            " CO1.NTC.7002 ",
            "https://community.secop.gov.co/Public/Tendering/OpportunityDetail/Index?noticeUID=CO1.NTC.7002&isModal=true",
            "ocds-k50g02-CO1.BDOS.5002",
            "LP-77-2025",
        ],
    )
    def test_takes_any_identifier_straight_to_its_process(self, world, typed):
        page = Client().get(self.url, {"q": typed})

        assert (page.status_code, page.headers["Location"]) == (303, "/procesos/CO1.BDOS.5002/")

    def test_keeps_what_was_typed_and_names_what_is_wrong(self, world):
        page = Client().get(self.url, {"q": "sillas", "desde": "ayer"})

        assert page.status_code == 422
        assert 'value="sillas"' in page.content.decode()
        assert 'value="ayer"' in page.content.decode()

    def test_says_so_when_there_is_nothing(self, world):
        assert "pl-empty" in Client().get(self.url, {"q": "helicóptero"}).content.decode()

    def test_is_not_made_twice_while_nothing_changed(self, world, django_assert_max_num_queries):
        client = Client()
        first = client.get(self.url)

        with django_assert_max_num_queries(2):  # the version, once a request
            second = client.get(self.url)
            third = client.get(self.url, headers={"If-None-Match": first.headers["ETag"]})

        assert second.content == first.content
        assert third.status_code == 304

    def test_changes_with_any_process_and_with_the_language(self, world, tmp_path):
        client = Client()
        before = client.get(self.url).headers["ETag"]
        given.loaded(given.file(tmp_path, [given.process(90)], "mas.csv"))

        assert len({before, client.get(self.url).headers["ETag"], client.get("/en/procesos/").headers["ETag"]}) == 3

    def test_survives_what_strangers_put_in_the_address(self, world):
        for text in ("'", "a & | ! :*", "\x00", "((", '"', "%", "\\", "d:05", "😀", "-" * 400, "<script>"):
            page = Client().get(self.url, {"q": text, "entidad": text, "despues": "x", "otro": "1"})
            assert page.status_code in {200, 422}, text
            assert "<script>a" not in page.content.decode()


class TestTheFiles:
    def test_have_the_rows_of_the_page(self, world):
        client = Client()
        table = b"".join(client.get("/procesos/", {"departamento": "50", "formato": "csv"}).streaming_content).decode()
        data = client.get("/procesos/", {"departamento": "50", "formato": "json"}).json()
        feed = client.get("/procesos/", {"departamento": "50", "formato": "atom"}).content.decode()

        assert table.count("CO1.BDOS.") == 3  # the code, the ocid and the address of one row
        assert [row["code"] for row in data["results"]] == ["CO1.BDOS.5002"]
        assert data["results"][0]["value_amount"] == 9_000_000_000
        assert "<entry>" in feed
        assert "CO1.BDOS.5002" in feed

    def test_have_typed_cells_in_a_workbook(self, world):
        answer = Client().get("/procesos/", {"departamento": "50", "formato": "xlsx"})
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        heads, row = ([cell.value for cell in line] for line in sheet.iter_rows())
        found = dict(zip(heads, row, strict=True))

        assert answer.headers["Content-Disposition"] == 'attachment; filename="procesos.xlsx"'
        assert (found["code"], found["value_amount"]) == ("CO1.BDOS.5002", 9_000_000_000)
        assert found["published_at"] == datetime(2025, 11, 3)
        assert found["buyer_nit"] == "892000148"

    def test_hand_no_formula_to_a_workbook(self, at, tmp_path):
        given.loaded(given.file(tmp_path, [given.process(nombre_del_procedimiento="=1+1 sillas\x01 de mesa")]))
        answer = Client().get("/procesos/?formato=xlsx")
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        title = sheet.cell(2, [cell.value for cell in sheet[1]].index("title") + 1)

        assert (title.data_type, title.value) == ("s", "=1+1 sillas de mesa")

    def test_hand_no_formula_to_a_spreadsheet(self, at, tmp_path):
        given.loaded(given.file(tmp_path, [given.process(nombre_del_procedimiento="=HYPERLINK(0) sillas de mesa")]))
        table = b"".join(Client().get("/procesos/?formato=csv").streaming_content).decode()

        assert "'=HYPERLINK" in table


class TestAnImportedProcess:
    def test_is_marked_as_imported_with_its_source(self, world):
        text = Client().get(reverse("publication:process", args=["CO1.BDOS.5002"])).content.decode()

        assert "PORTAL DE DATOS ABIERTOS - SECOPII" in text
        assert "CC BY-SA 4.0" in text
        assert "CO1.NTC.7002" in text

    def test_has_one_address(self, world):
        page = Client().get("/procesos/CO1.REQ.1002/")

        assert (page.status_code, page.headers["Location"]) == (303, "/procesos/CO1.BDOS.5002/")

    def test_is_not_found_under_a_name_of_nobody(self, world):
        assert Client().get("/procesos/CO1.BDOS.1/").status_code == 404
        assert Process.objects.count() == 4


class TestTheApi:
    def test_answers_with_the_rows_of_the_page(self, world):
        data = Client().get("/api/v1/processes", {"q": "vias", "department": "50"}).json()

        assert (data["count"], [row["code"] for row in data["results"]]) == (1, ["CO1.BDOS.5002"])

    def test_goes_on_where_the_page_ended(self, at, tmp_path):
        given.loaded(given.file(tmp_path, [given.process(n) for n in range(120)]))
        client = Client()
        first = client.get("/api/v1/processes").json()
        second = client.get(first["next"].removeprefix("http://localhost:8000")).json()

        assert (len(first["results"]), len(second["results"]), second["next"]) == (100, 20, None)

    def test_tells_every_fault_with_its_field(self, world):
        answer = Client().get("/api/v1/processes", {"department": "zz", "published_from": "ayer"})

        assert answer.status_code == 422
        assert [fault["field"] for fault in answer.json()["errors"]] == ["department", "published_from"]

    def test_knows_a_process_by_any_of_its_names(self, world):
        for name in ("CO1.BDOS.5002", "CO1.NTC.7002", "ocds-k50g02-CO1.BDOS.5002"):
            assert Client().get(f"/api/v1/processes/{name}").json()["code"] == "CO1.BDOS.5002"
        assert Client().get("/api/v1/processes/CO1.BDOS.999").status_code == 404
