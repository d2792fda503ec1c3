"""Files of lines: what they change, what is wrong in them, and that nothing is ever half done."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from pliego.codelists.models import UnspscCode
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.planning import loads, services, tasks
from pliego.planning.models import Load
from pliego.planning.tests import given

HEAD = given.HEADING.split(";")


@pytest.fixture
def plan(cast, at):
    return services.create_plan(actor=cast.ana, year=2026, header=given.header(), at=at)


def sheet(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return io.BytesIO(out.getvalue())


def changes(load):
    return [(row.title, row.change) for row in load.rows.all()]


def faults(load):
    return [(row.position, *fault) for row in load.rows.all() for fault in row.faults]


class TestReading:
    def test_shows_what_it_would_add_and_changes_nothing(self, cast, at, plan):
        load = given.load(cast.ana, plan, at)

        assert (load.state, changes(load)) == ("read", [("Resmas de papel", "added")])
        assert not plan.lines.exists()

    def test_is_the_preparers(self, cast, at, plan):
        with pytest.raises(Denied):
            given.load(cast.beto, plan, at)

    def test_finds_columns_that_moved_and_were_renamed(self, cast, at, plan):
        heading = "VALOR  TOTAL;Observaciones;Objeto del contrato;unspsc"
        load = given.load(cast.ana, plan, at, "1.000;nada;Lápices;44121706", heading=f"Plan anual\n\n{heading}")

        loads.apply(actor=cast.ana, load_id=load.pk, at=at)

        line = plan.lines.get()
        assert (line.total_amount, line.description, line.unspsc) == (Decimal(1000), "Lápices", ["44121706"])
        assert load.ignored == ["Observaciones"]
        assert load.rows.get().position == 4

    @pytest.mark.parametrize("written", ["marzo", "Mar", "3", "03/2026", "15/03/2026", "2026-03-15", "mar-26"])
    def test_understands_months_as_they_are_written(self, cast, at, plan, written):
        load = given.load(cast.ana, plan, at, f"Lápices;{written};1", heading="Descripción;Mes de inicio;Valor total")

        assert load.rows.get().values["start_month"] == 3

    def test_understands_the_typed_cells_of_a_workbook(self, cast, at, plan):
        content = sheet(HEAD, ["Lápices", 44121706, date(2026, 3, 1), "abril", 6, "minima_cuantia", "own", 123.125, 7])

        load = loads.read_file(actor=cast.ana, plan_id=plan.pk, content=content, name="plan.xlsx", at=at)

        values = load.rows.get().values
        assert (values["start_month"], values["duration"], values["unspsc"]) == (3, 6, ["44121706"])
        assert values["total_amount"] == "123.12"

    def test_joins_the_two_columns_of_the_official_form(self, cast, at, plan):
        heading = "Descripción;Valor total;¿Se requieren vigencias futuras?;Estado de solicitud de vigencias futuras"
        load = given.load(cast.ana, plan, at, "A;1;Sí;Solicitadas", "B;1;Sí;", "C;1;No;NA", heading=heading)

        assert [row.values["future_budget"] for row in load.rows.all()] == ["requested", "not_requested", "no"]

    def test_tells_every_fault_with_its_row_and_column(self, cast, at, plan):
        load = given.load(cast.ana, plan, at, "Resmas;12;nunca;abril;dos;Ninguna;De nadie;mucho;1", given.ROW)

        told = faults(load)
        assert {column for _row, column, _sentence in told} == {
            "Códigos UNSPSC", "Mes de inicio del proceso", "Duración del contrato", "Modalidad de selección",
            "Fuente de los recursos", "Valor total estimado",
        }  # fmt: skip
        assert {row for row, _column, _sentence in told} == {2}
        assert load.counts == {"wrong": 1, "added": 1}

    def test_tells_a_number_that_no_line_has_and_one_that_comes_twice(self, cast, at):
        plan = given.plan(cast.ana, at)
        load = given.load(cast.ana, plan, at, "1;A;1", "1;B;2", "99;C;3", heading="No.;Descripción;Valor total")

        assert [row.change for row in load.rows.all()] == ["wrong", "wrong", "wrong"]

    def test_checks_the_codes_where_the_official_list_is_loaded(self, cast, at, plan):
        UnspscCode.objects.bulk_create(
            UnspscCode(code=f"99{n:06d}", level=UnspscCode.Level.PRODUCT, name="x", folded_name="x")
            for n in range(10_001)
        )
        load = given.load(cast.ana, plan, at, given.ROW.replace("44121600", "45121699"))

        assert [column for _row, column, _sentence in faults(load)] == ["Códigos UNSPSC"]

    @pytest.mark.parametrize("content", [b"PK\x03\x04 roto", b"sin,titulos\n1,2\n"])
    def test_says_why_a_file_could_not_be_read(self, cast, at, plan, content):
        load = loads.read_file(
            actor=cast.ana, plan_id=plan.pk, content=io.BytesIO(content), name="plan.xlsx" if content[:2] == b"PK"
            else "plan.csv", at=at,
        )  # fmt: skip

        assert load.state == "failed"
        assert load.refusal

    def test_is_refused_without_a_file(self, cast, at, plan):
        with pytest.raises(Refused, match="file_missing"):
            loads.read_file(actor=cast.ana, plan_id=plan.pk, content=io.BytesIO(), name="plan.csv", at=at)

    def test_says_so_of_a_workbook_damaged_anywhere(self, cast, at, plan):
        whole = sheet(HEAD, given.ROW.split(";")).getvalue()
        for place in range(0, len(whole), len(whole) // 25):
            broken = whole[:place] + bytes(200) + whole[place + 200 :]

            load = loads.read_file(actor=cast.ana, plan_id=plan.pk, content=io.BytesIO(broken), name="plan.xlsx", at=at)

            assert load.state in {"failed", "read"}

    def test_takes_pasted_rows_without_headings_in_the_order_of_the_template(self, cast, at, plan):
        pasted = "Adquisición\t44121600\tResmas\tmarzo\tabril"

        load = given.load(cast.ana, plan, at, pasted, heading=pasted, name="x.tsv")

        assert faults(load) == []
        assert load.rows.first().values["description"] == "Resmas"


class TestApplying:
    def test_writes_the_lines_and_tells_it(self, cast, at, plan):
        load = loads.apply(actor=cast.ana, load_id=given.load(cast.ana, plan, at).pk, at=at)

        line = plan.lines.get()
        assert (load.state, line.number, line.total_amount) == ("applied", 1, Decimal("20000000.50"))
        entry = Entry.objects.get(act="plan.loaded")
        assert (entry.is_public, entry.actor_user_id) == (False, cast.ana.user_id)

    def test_changes_a_public_plan_into_one_with_changes(self, cast, at):
        plan = given.published_plan(cast.ana, cast.beto, at)
        load = given.load(cast.ana, plan, at)

        loads.apply(actor=cast.ana, load_id=load.pk, at=at)

        plan.refresh_from_db()
        assert plan.state == "changing"

    def test_is_refused_while_rows_are_wrong_and_writes_nothing(self, cast, at, plan):
        load = given.load(cast.ana, plan, at, given.ROW, "Resmas;12;;;;;;;")

        with pytest.raises(Refused, match="rows_wrong"):
            loads.apply(actor=cast.ana, load_id=load.pk, at=at)

        assert not plan.lines.exists()

    def test_leaves_wrong_rows_out_only_when_asked(self, cast, at, plan):
        load = given.load(cast.ana, plan, at, given.ROW, "Resmas;12;;;;;;;")

        loads.apply(actor=cast.ana, load_id=load.pk, at=at, skips_wrong=True)

        assert [line.description for line in plan.lines.all()] == ["Resmas de papel"]

    def test_twice_does_it_once(self, cast, at, plan):
        load = given.load(cast.ana, plan, at)
        loads.apply(actor=cast.ana, load_id=load.pk, at=at)

        with pytest.raises(Denied):
            loads.apply(actor=cast.ana, load_id=load.pk, at=at)
        tasks.write(load_id=load.pk)

        assert plan.lines.count() == 1

    def test_of_the_same_file_again_changes_nothing(self, cast, at, plan):
        rows = (given.ROW, given.ROW, given.ROW.replace("papel", "cartón"))
        loads.apply(actor=cast.ana, load_id=given.load(cast.ana, plan, at, *rows).pk, at=at)

        again = given.load(cast.ana, plan, at, *rows)

        assert again.counts == {"same": 3}
        with pytest.raises(Refused, match="nothing_to_do"):
            loads.apply(actor=cast.ana, load_id=again.pk, at=at)

    def test_shows_a_changed_line_field_by_field_and_changes_only_the_columns_of_the_file(self, cast, at):
        plan = given.plan(cast.ana, at)
        load = given.load(cast.ana, plan, at, "1;Papelería;$ 21.000.000", heading="No.;Descripción;Valor total")

        loads.apply(actor=cast.ana, load_id=load.pk, at=at)

        assert load.rows.get().differences == [
            ["Descripción", "Suministro de papelería", "Papelería"],
            ["Valor total estimado", "$\xa020.000.000", "$\xa021.000.000"],
        ]
        line = plan.lines.get()
        assert (line.description, line.method, line.revision) == ("Papelería", "minima_cuantia", 2)

    def test_keeps_the_lines_that_the_file_lacks_unless_asked(self, cast, at):
        plan = given.plan(cast.ana, at)
        kept = given.load(cast.ana, plan, at)
        loads.apply(actor=cast.ana, load_id=kept.pk, at=at)
        assert plan.lines.standing().count() == 2

        gone = given.load(cast.ana, plan, at, given.ROW)
        loads.apply(actor=cast.ana, load_id=gone.pk, at=at, drops_missing=True)

        assert [line.description for line in plan.lines.standing()] == ["Resmas de papel"]

    def test_compares_again_when_the_plan_changed_meanwhile(self, cast, at):
        plan = given.plan(cast.ana, at)
        load = given.load(cast.ana, plan, at, "1;Papelería;25.000.000", heading="No.;Descripción;Valor total")
        services.edit_line(actor=cast.ana, plan_id=plan.pk, number=1, line=given.line(description="Otra"), at=at)

        again = loads.apply(actor=cast.ana, load_id=load.pk, at=at)

        assert (again.state, plan.lines.get().description) == ("read", "Otra")
        assert again.refusal
        assert again.rows.get().differences[0] == ["Descripción", "Otra", "Papelería"]

    def test_is_unknown_to_another_entity(self, cast, at, plan):
        load = given.load(cast.ana, plan, at)

        with pytest.raises(Unknown):
            loads.apply(actor=cast.carla, load_id=load.pk, at=at)

    def test_drops_a_file_that_nobody_wants(self, cast, at, plan):
        load = loads.drop(actor=cast.ana, load_id=given.load(cast.ana, plan, at).pk, at=at)

        assert load.state == "dropped"


class TestJobs:
    @pytest.fixture
    def large(self, cast, at, plan, monkeypatch):
        """A file that is large: whoever sends it does not wait."""
        monkeypatch.setattr(loads, "AT_ONCE", 0)
        monkeypatch.setattr(loads, "AT_ONCE_ROWS", 0)
        return given.load(cast.ana, plan, at)

    def test_read_and_write_a_large_file(self, cast, at, plan, large):
        assert (large.state, large.rows.count()) == ("reading", 0)
        tasks.read(load_id=large.pk)

        ordered = loads.apply(actor=cast.ana, load_id=large.pk, at=at)
        assert (ordered.state, plan.lines.count()) == ("applying", 0)
        tasks.write(load_id=large.pk)

        assert (Load.objects.get().state, plan.lines.count()) == ("applied", 1)
        entries = {act: Entry.objects.get(act=act) for act in ("plan.file_read", "plan.loaded")}
        told = {act: entry.content["data"] for act, entry in entries.items()}
        assert (told["plan.file_read"]["rows"], told["plan.file_read"]["wrong"]) == (1, 0)
        assert [data["tell"] for data in told.values()] == [[cast.person("ana").code]] * 2
        assert not any(entry.is_public for entry in entries.values())

    def test_tell_who_sent_a_file_that_cannot_be_read(self, cast, at, plan, large):
        broken = given.load(cast.ana, plan, at, heading="Nada de esto;es una columna")
        tasks.read(load_id=broken.pk)

        data = Entry.objects.get(act="plan.file_unread").content["data"]

        assert (data["load"], data["tell"]) == (broken.code, [cast.person("ana").code])
        assert data["reason"]

    def test_tell_nobody_who_waited_before_the_page(self, cast, at, plan):
        load = given.load(cast.ana, plan, at)
        loads.apply(actor=cast.ana, load_id=load.pk, at=at)

        assert not Entry.objects.filter(act__startswith="plan.file_").exists()
        assert Entry.objects.get(act="plan.loaded").content["data"]["tell"] == []

    def test_that_died_are_begun_again(self, cast, at, plan, large):
        assert loads.begin_again(at=at) == 0
        assert loads.begin_again(at=at + timedelta(minutes=3)) == 1

        tasks.read(load_id=large.pk)
        tasks.read(load_id=large.pk)

        assert (Load.objects.get().state, large.rows.count()) == ("read", 1)

    def test_that_die_while_writing_leave_nothing(self, cast, at, plan, large, monkeypatch):
        tasks.read(load_id=large.pk)
        loads.apply(actor=cast.ana, load_id=large.pk, at=at)
        monkeypatch.setattr(loads.outbox, "publish", lambda *args, **options: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            tasks.write(load_id=large.pk)

        assert (Load.objects.get().state, plan.lines.count()) == ("applying", 0)

    def test_forget_the_rows_of_old_files(self, cast, at, plan):
        load = given.load(cast.ana, plan, at)

        loads.begin_again(at=at + timedelta(days=61))

        load.refresh_from_db()
        assert (bytes(load.content), load.rows.count()) == (b"", 0)


class TestPages:
    @pytest.fixture
    def ana(self, cast, client_for):
        return client_for(cast.person("ana"), cast.entity)

    def test_lead_from_the_file_to_the_plan(self, cast, at, plan, ana):
        file = io.BytesIO(f"{given.HEADING}\n{given.ROW}".encode())
        file.name = "plan.csv"

        shown = ana.post("/escritorio/paa/2026/archivo/", {"file": file})
        preview = ana.get(shown["Location"]).content.decode()
        done = ana.post(shown["Location"], {})

        assert "Resmas de papel" in preview
        assert (done.status_code, done["Location"]) == (303, "/escritorio/paa/2026/")
        assert plan.lines.count() == 1

    def test_keep_the_preview_and_say_why_when_rows_are_wrong(self, cast, at, plan, ana):
        load = given.load(cast.ana, plan, at, "Resmas;12;;;;;;;")

        refused = ana.post(load.get_absolute_url(), {})

        assert refused.status_code == 422
        assert "skips_wrong" in refused.context["form"].errors

    def test_paste_rows_without_javascript(self, cast, at, plan, ana):
        rows = "\t".join(HEAD) + "\n" + "\t".join(given.ROW.split(";"))

        sent = ana.post("/escritorio/paa/2026/pegar/", {"rows": rows})

        assert sent.status_code == 303
        assert Load.objects.get().counts == {"added": 1}

    def test_show_the_progress_and_leave_it_when_it_ended(self, cast, at, plan, ana, monkeypatch):
        monkeypatch.setattr(loads, "AT_ONCE", 0)
        load = given.load(cast.ana, plan, at)

        waiting = ana.get(load.get_absolute_url())
        tasks.read(load_id=load.pk)
        ended = ana.get(f"{load.get_absolute_url()}avance/")

        assert 'id="avance"' in waiting.content.decode()
        assert (ended.status_code, ended["HX-Redirect"]) == (204, load.get_absolute_url())

    def test_give_the_wrong_rows_with_their_errors_to_be_mended(self, cast, at, plan, ana):
        load = given.load(cast.ana, plan, at, given.ROW, "=Resmas;12;;;;;;;")

        answer = ana.get(f"{load.get_absolute_url()}filas.csv?solo=errores")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")

        heading, row = csv.reader(io.StringIO(text))
        assert heading == [*HEAD, "Errores"]
        assert row[0] == "'=Resmas"
        assert "UNSPSC" in row[-1]
        mended = text.replace("12,", "44121600,", 1).replace("'=Resmas", "Resmas")
        again = loads.read_file(
            actor=cast.ana, plan_id=plan.pk, content=io.BytesIO(mended.encode()), name="filas.csv", at=at
        )
        assert again.counts == {"added": 1}

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_give_a_template_that_comes_back_unchanged(self, cast, at, ana, form):
        plan = given.plan(cast.ana, at, given.line(responsible_phone="+57 300 000 0000"), given.line(kind="need"))
        content = b"".join(ana.get(f"/escritorio/paa/2026/plantilla.{form}").streaming_content)

        load = loads.read_file(
            actor=cast.ana, plan_id=plan.pk, content=io.BytesIO(content), name=f"plantilla.{form}", at=at
        )

        assert (load.counts, faults(load)) == ({"same": 2}, [])

    def test_give_a_template_with_typed_cells_and_lists(self, cast, at, ana):
        given.plan(cast.ana, at)
        book = load_workbook(io.BytesIO(b"".join(ana.get("/escritorio/paa/2026/plantilla.xlsx").streaming_content)))

        sheet = book["Plan"]
        assert [sheet["K2"].value, sheet["A2"].value] == [20000000, 1]
        assert len(sheet.data_validations.dataValidation) >= 7
        assert "Mínima cuantía" in [cell.value for column in book["Listas"].columns for cell in column]
