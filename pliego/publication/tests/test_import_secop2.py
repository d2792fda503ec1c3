import json

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from pliego.kernel.objections import Refused
from pliego.publication.imports import loading
from pliego.publication.imports.reading import UnknownLayout
from pliego.publication.imports.rows import without_phase
from pliego.publication.models import Identifier, ImportRun, Process, Release
from pliego.publication.tests import given

pytestmark = pytest.mark.django_db


def state_of_the_database():
    """All that an import makes, without what counts attempts."""
    rows = Process.objects.order_by("ocid").values_list("ocid", "code", "title", "state", "facts", "doc")
    names = Identifier.objects.order_by("kind", "value", "process__ocid").values_list("kind", "value", "process__ocid")
    return list(rows), list(names), list(Release.objects.order_by("release_id").values_list("release_id", "text"))


class TestImportSecop2:
    def test_makes_one_process_of_its_phases(self, at, tmp_path):
        observations = given.process(
            fase="Presentación de observaciones",
            id_del_proceso="CO1.REQ.900",
            fecha_de_ultima_publicaci="2026-01-05T00:00:00.000",
            nombre_del_procedimiento="Compra de pupitres para los niños",
        )
        run = given.loaded(given.file(tmp_path, [observations, given.process()]))

        process = Process.objects.get()
        assert given.counts(run) == (2, 1, 1, 0, 0)
        assert (process.code, process.state, process.method) == ("CO1.BDOS.5001", "open", "minima_cuantia")
        assert process.title == "Compra de pupitres para los niños"
        assert (process.department, process.unspsc, process.value_amount) == ("15", "56121500", 45_000_000)
        assert set(process.identifiers.values_list("value", flat=True)) == {
            "CO1.BDOS.5001",
            "CO1.REQ.900",
            "CO1.REQ.1001",
            "CO1.NTC.7001",
            "MC-001-2026",
        }

    def test_reads_the_titles_of_the_portal_as_well(self, at, tmp_path):
        row = given.process()
        titles = {
            "entidad": "Entidad",
            "nit_entidad": "Nit Entidad",
            "id_del_proceso": "ID del Proceso",
            "id_del_portafolio": "ID del Portafolio",
            "nombre_del_procedimiento": "Nombre del Procedimiento",
            "descripci_n_del_procedimiento": "Descripción del Procedimiento",
            "estado_del_procedimiento": "Estado del Procedimiento",
            "precio_base": "Precio Base",
        }
        given.loaded(given.file(tmp_path, [{titles[k]: row[k] for k in titles}]))

        process = Process.objects.get()
        assert (process.code, process.buyer_nit, process.value_amount) == ("CO1.BDOS.5001", "890111222", 45_000_000)

    def test_puts_a_contract_into_its_process(self, at, tmp_path):
        given.loaded(given.file(tmp_path, [given.process()]))
        given.loaded(given.file(tmp_path, [given.CONTRACT], "contratos.csv"))

        process = Process.objects.get()
        release = json.loads(Release.objects.order_by("-id")[0].text)
        assert process.state == "contracted"
        assert release["contracts"][0]["id"] == "CO1.PCCNTR.9001"
        assert release["parties"][-1]["identifier"]["id"] == "900333444"

    def test_joins_two_processes_that_turn_out_to_be_one(self, at, tmp_path):
        by_request = {k: v for k, v in given.process().items() if k != "id_del_portafolio"}
        given.loaded(given.file(tmp_path, [by_request], "a.csv"))
        assert Process.objects.get().code == "CO1.REQ.1001"
        given.loaded(given.file(tmp_path, [given.CONTRACT], "b.csv"))
        assert Process.objects.count() == 2

        given.loaded(given.file(tmp_path, [given.process()], "c.csv"))

        process = Process.objects.get()
        assert process.code == "CO1.BDOS.5001"
        assert process.identifiers.filter(value="OCDS-K50G02-CO1.REQ.1001", kind="former").exists()

    def test_keeps_the_later_of_two_rows_whatever_their_order(self, at, tmp_path):
        later = given.process(fecha_de_ultima_publicaci="2026-02-20T00:00:00.000", precio_base="47000000")

        given.loaded(given.file(tmp_path, [later, given.process()]))

        assert Process.objects.get().value_amount == 47_000_000

    def test_keeps_every_award_of_a_process(self, at, tmp_path):
        rows = [
            given.process(nombre_del_proveedor=name, valor_total_adjudicacion=value, adjudicado="Si")
            for name, value in (("Maderas SAS", "100"), ("Hierros SAS", "200"))
        ]
        run = given.loaded(given.file(tmp_path, rows))

        assert given.counts(run) == (2, 1, 1, 0, 0)
        assert Process.objects.get().state == "awarded"
        assert len(json.loads(Release.objects.get().text)["awards"]) == 2

    def test_fills_the_buyer_from_the_file_of_entities(self, at, tmp_path):
        entities = given.file(
            tmp_path,
            [
                {
                    "id_entidad": "7",
                    "entidad_norm": "HOSPITAL DE PRUEBA",
                    "nit_entidad": "890555666",
                    "departamento": "Meta",
                }
            ],
            "entidades.csv",
        )
        contracts = given.file(
            tmp_path,
            [{"id_contrato": "CO1.PCCNTR.1", "id_entidad": "7", "descripcion": "Aseo", "valor": "5.0"}],
            "c.csv",
        )
        given.loaded(contracts, [entities])

        process = Process.objects.get()
        assert (process.buyer_name, process.department, process.code) == ("HOSPITAL DE PRUEBA", "50", "CO1.PCCNTR.1")

    def test_never_publishes_the_document_of_a_person(self, at, tmp_path):
        row = {**given.CONTRACT, "tipodocproveedor": "Cédula de Ciudadanía", "documento_proveedor": "52123456"}
        given.loaded(given.file(tmp_path, [row]))

        assert "52123456" not in Process.objects.get().facts + Release.objects.get().text


class TestBadRows:
    def test_are_reported_with_line_and_reason(self, at, tmp_path):
        path = given.file(
            tmp_path,
            [
                given.process(1),
                given.process(2, id_del_proceso="REQ-SIN-FORMA"),
                given.process(3, modalidad_de_contratacion="Subasta de prueba"),
                given.process(4, id_del_proceso="", id_del_portafolio=""),
                given.process(5, precio_base="mucho", fecha_de_publicacion_del="2133-01-01"),
            ],
        )
        with path.open("a") as out:
            out.write("una,sola,celda\n")
        run = given.loaded(path)

        said = list(run.rejections.order_by("line", "id").values_list("line", "field", "reason"))
        assert given.counts(run) == (6, 2, 0, 0, 4)
        assert said == [
            (3, "request", "not_an_identifier"),
            (4, "method", "training_process"),
            (5, "", "no_identifier"),
            (6, "published_on", "impossible_year"),
            (6, "value", "not_an_amount"),
            (7, "", "wrong_columns"),
        ]
        assert run.values_left_out == 2

    def test_does_not_swallow_the_rows_after_a_quote_that_is_never_closed(self, at, tmp_path):
        path = given.file(tmp_path, [given.process(n) for n in range(1, 6)])
        lines = path.read_text().splitlines(keepends=True)
        lines[2] = '"' + lines[2]
        path.write_text("".join(lines))
        run = given.loaded(path)

        assert given.counts(run) == (5, 4, 0, 0, 1)
        assert run.rejections.get().line == 3

    def test_says_which_bytes_are_not_text(self, at, tmp_path):
        path = given.file(tmp_path, [given.process(1), given.process(2)])
        path.write_bytes(path.read_bytes().replace("Boyacá".encode(), b"Boyac\xe1", 1))
        run = given.loaded(path)

        assert given.counts(run) == (2, 1, 0, 0, 1)
        assert run.rejections.get().reason == "not_utf8"

    def test_refuses_a_file_of_nobody(self, at, tmp_path):
        path = tmp_path / "otro.csv"
        path.write_text("nombre,edad\nx,3\n")

        with pytest.raises(UnknownLayout):
            given.loaded(path)


class TestGoingOn:
    def test_a_second_run_changes_nothing(self, at, tmp_path):
        path = given.file(tmp_path, [given.process(n) for n in range(30)])
        given.loaded(path)
        before = state_of_the_database()

        run = given.loaded(path)

        assert given.counts(run) == (30, 0, 0, 30, 0)
        assert state_of_the_database() == before

    def test_a_run_that_was_cut_ends_as_if_it_had_not_been(self, at, tmp_path, monkeypatch):
        monkeypatch.setattr(loading, "BATCH", 7)
        rows = [given.process(n % 25, fecha_de_ultima_publicaci=f"2026-02-{1 + n % 28:02}") for n in range(60)]
        path = given.file(tmp_path, rows)
        with transaction.atomic():
            counts = given.counts(given.loaded(path))
            whole = state_of_the_database()
            transaction.set_rollback(True)

        class Killed(BaseException):
            pass

        def kill(run):
            if run.rows_read >= 21:
                raise Killed

        with pytest.raises(Killed):
            loading.load(path, companions=[], progress=kill)
        run = given.loaded(path)

        assert ImportRun.objects.count() == 1
        assert given.counts(run) == counts
        assert counts[:2] == (60, 25)
        assert state_of_the_database() == whole

    def test_a_dry_run_counts_and_keeps_nothing(self, at, tmp_path):
        run = given.loaded(given.file(tmp_path, [given.process(n) for n in range(3)]), dry_run=True)

        assert given.counts(run) == (3, 3, 0, 0, 0)
        assert not Process.objects.exists()
        assert not ImportRun.objects.exists()

    def test_two_imports_do_not_run_at_once(self, at, tmp_path, monkeypatch):
        path = given.file(tmp_path, [given.process()])
        import psycopg

        settings = connection.get_connection_params()
        same = {name: settings[name] for name in ("dbname", "host", "port", "user", "password") if name in settings}
        with psycopg.connect(**same) as other:
            other.execute("SELECT pg_advisory_lock(%s)", [loading.ONE_IMPORT_AT_A_TIME])

            with pytest.raises(Refused, match="import_running"):
                given.loaded(path)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:typer")
class TestTheCommand:
    def test_prints_every_remark_as_json(self, at, tmp_path, capsys):
        path = given.file(tmp_path, [given.process(1), given.process(2, id_del_proceso="X")])

        call_command("import", "secop2", str(path), "--json")

        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert lines[0]["line"] == 3
        assert lines[0]["row_refused"]
        assert lines[1]["rows_refused"] == 1
        assert lines[2]["total"]["rows_read"] == 2


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("SAMC-1 (Manifestación de interés (Menor Cuantía)) (Presentación de oferta)", "SAMC-1"),
        ("Obra (fase 2)", "Obra (fase 2)"),
        ("Compra de equipos (Presentación de o", "Compra de equipos"),
        ("Compra de equipos (Manifestación de interés (Menor Cuantía", "Compra de equipos"),
    ],
)
def test_phases_leave_titles(typed, kept):
    assert without_phase(typed) == kept
