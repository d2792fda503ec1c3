"""Files of many rows: read, looked at, done whole or not at all."""

import io
import json

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from pliego.accounts.tests import given as people
from pliego.bulk import kinds, services, sheets
from pliego.bulk.models import Batch
from pliego.bulk.policy import POLICY, Act
from pliego.kernel.objections import Denied, Refused
from pliego.parties import invites
from pliego.parties.models import Account, Invite
from pliego.parties.tests import given

PEOPLE = "correo;nombre;roles\neva@pliego.example;Eva Mora;preparer, evaluator\nluz@pliego.example;Luz Mora;control\n"
HEAD = "tipo,nit,razon_social,municipio,telefono,correo,representante,documento_representante\n"


def supplier_row(number, name, place="Ibagué", kind="sas"):
    return f'{kind},{given.nit(number)},{name},"{place}",6010000000,{name.lower()}@x.example,Eva Mora,1000000\n'


@pytest.fixture
def cast(db, at):
    return given.cast(at=at)


def read(actor, kind, text, at, name="archivo.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return services.read(actor=actor, kind=kind, content=io.BytesIO(data), name=name, at=at)


class TestPeople:
    def test_may_be_given_roles_and_kinds_as_people_call_them(self):
        assert kinds.roles_of("Estructurador, Ordenador del gasto; control") == ["preparer", "approver", "control"]
        assert kinds.roles_of("preparer evaluator") == ["preparer", "evaluator"]
        assert kinds.kind_of("Sociedad por Acciones Simplificada") == kinds.kind_of("sas") == "sas"

    def test_are_shown_first_and_invited_after(self, cast, at, django_capture_on_commit_callbacks):
        batch = read(cast.beto, "people", PEOPLE, at)
        assert (batch.state, batch.faults, len(batch.rows)) == ("read", {}, 2)
        assert not Invite.objects.exists()
        before = len(mail.outbox)

        with django_capture_on_commit_callbacks(execute=True):
            done = services.apply(actor=cast.beto, batch_id=batch.pk, at=at)

        assert done.state == "applied"
        assert sorted(Invite.objects.get(email="eva@pliego.example").roles) == ["evaluator", "preparer"]
        assert len(mail.outbox) == before + 2
        with pytest.raises(Denied):
            services.apply(actor=cast.beto, batch_id=batch.pk, at=at)

    def test_name_what_is_wrong_in_each_row(self, cast, at):
        text = PEOPLE + "no;X;preparer\neva@pliego.example;Otra;bidder\nana@pliego.example;Ana;control\n"

        batch = read(cast.beto, "people", text, at)

        assert set(batch.faults) == {"4", "5", "6"}
        assert batch.faults["4"][0].startswith("correo:")
        assert len(batch.faults["5"]) == 2
        with pytest.raises(Refused, match="rows_wrong"):
            services.apply(actor=cast.beto, batch_id=batch.pk, at=at)
        assert not Invite.objects.exists()

    def test_are_done_all_or_none_when_something_changed_meanwhile(self, cast, at):
        batch = read(cast.beto, "people", PEOPLE, at)
        given.join(cast.entity, "luz", ["control"], by="beto", at=at)

        with pytest.raises(Refused, match="rows_wrong"):
            services.apply(actor=cast.beto, batch_id=batch.pk, at=at)

        assert not Invite.objects.exists()
        batch.refresh_from_db()
        assert batch.state == "read"

    def test_are_for_administrators(self, cast, at):
        for actor in (cast.ana, cast.fabio):
            with pytest.raises(Denied):
                read(actor, "people", PEOPLE, at)

    def test_come_from_a_workbook_too(self, cast, at):
        book, file = Workbook(), io.BytesIO()
        for row in (("correo", "nombre", "roles"), ("eva@pliego.example", "Eva", "control"), (None, None, None)):
            book.active.append(row)
        book.save(file)

        assert read(cast.beto, "people", file.getvalue(), at, "personas.xlsx").rows == [
            {"email": "eva@pliego.example", "full_name": "Eva", "roles": "control"}
        ]


class TestSuppliers:
    def test_are_active_when_their_first_person_comes(self, cast, at, django_capture_on_commit_callbacks):
        batch = read(
            cast.ines, "suppliers", HEAD + supplier_row("999930001", "Uno") + supplier_row("999930002", "Dos"), at
        )
        assert batch.faults == {}
        with django_capture_on_commit_callbacks(execute=True):
            services.apply(actor=cast.ines, batch_id=batch.pk, at=at)
        account = Account.objects.get(organization__number="999930001")
        assert (account.state, account.municipality) == ("draft", "73001")
        assert not Account.objects.visible_to(cast.ana).filter(pk=account.pk).exists()
        token = (
            next(m for m in mail.outbox if m.to == ["uno@x.example"]).body.split("/acceso/invitacion/")[1].split("/")[0]
        )

        invites.take(actor=given.actor(people.person("eva")), token=token, at=at)

        account.refresh_from_db()
        assert account.state == "active"
        assert given.actor(people.person("eva"), account).roles == {"administrator", "bidder", "representative"}

    def test_name_what_is_wrong_in_each_row(self, cast, at):
        rows = [
            supplier_row("999930001", "Uno", kind="natural_person"), supplier_row("999910001", "Dos"),
            supplier_row("999930003", "Tres", place="Ningún lado"),
            supplier_row("999930004", "Cuatro").replace("-", "x"),
        ]  # fmt: skip
        batch = read(cast.ines, "suppliers", HEAD + "".join(rows), at)

        assert {number: len(found) for number, found in batch.faults.items()} == {"2": 1, "3": 1, "4": 1, "5": 1}
        assert batch.faults["3"][0].startswith("nit:")

    def test_are_for_the_desk(self, cast, at):
        with pytest.raises(Denied):
            read(cast.beto, "suppliers", HEAD, at)


class TestSheets:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("correo,roles,color\na@b.co,control,rojo\n", "columns_unknown"),
            ("nombre\nEva\n", "columns_missing"),
            ("correo,roles\n", "file_empty"),
            ("", "columns_missing"),
        ],
    )
    def test_are_refused(self, cast, at, text, code):
        with pytest.raises(Refused, match=code):
            read(cast.beto, "people", text, at)

    def test_that_are_no_workbook_are_refused(self, cast, at):
        with pytest.raises(Refused, match="not_a_sheet"):
            read(cast.beto, "people", b"PK no", at, "personas.xlsx")

    def test_have_a_limit(self, cast, at, monkeypatch):
        monkeypatch.setattr(sheets, "MOST_ROWS", 1)

        with pytest.raises(Refused, match="too_many_rows"):
            read(cast.beto, "people", PEOPLE, at)


class TestReaders:
    def test_the_table_and_the_queryset_agree(self, cast, at):
        read(cast.beto, "people", PEOPLE, at)
        read(cast.ines, "suppliers", HEAD + supplier_row("999930001", "Uno"), at)

        for actor in cast.actors.values():
            seen = set(Batch.objects.visible_to(actor))
            assert seen == {b for b in Batch.objects.all() if POLICY.verdict(actor, Act.VIEW, b)}, actor.name


class TestPages:
    def test_show_the_rows_and_then_do_them(self, cast, client_for, at):
        beto = client_for(cast.person("beto"), cast.entity)
        assert beto.get("/cargas-masivas/personas/").status_code == 200
        sent = beto.post("/cargas-masivas/personas/", {"file": SimpleUploadedFile("p.csv", PEOPLE.encode())})
        page = beto.get(sent["Location"])
        done = beto.post(sent["Location"], {})

        assert "eva@pliego.example" in page.text
        assert done.status_code == 303
        assert Batch.objects.get().state == "applied"
        assert client_for(cast.person("carla"), cast.first_supplier).get(sent["Location"]).status_code == 404

    def test_can_drop_the_file(self, cast, client_for, at):
        batch = read(cast.beto, "people", PEOPLE, at)
        beto = client_for(cast.person("beto"), cast.entity)

        beto.post(f"/cargas-masivas/archivos/{batch.code}/", {"accion": "descartar"})

        batch.refresh_from_db()
        assert batch.state == "dropped"

    def test_the_api_says_the_same(self, cast, client_for, at):
        beto = client_for(cast.person("beto"), cast.entity)

        sent = beto.post("/api/v1/batches/read/people", {"file": SimpleUploadedFile("p.csv", PEOPLE.encode())})
        done = beto.post(f"/api/v1/batches/{sent.json()['code']}/apply")

        assert (sent.status_code, sent.json()["rows"]) == (201, 2)
        assert done.json()["state"] == "applied"


class TestCommand:
    def test_reads_and_with_apply_does(self, cast, tmp_path, capsys):
        file = tmp_path / "personas.csv"
        file.write_text(PEOPLE, encoding="utf-8")
        told = ["bulk", "people", str(file), "--by", "beto@pliego.example", "--account", cast.entity.code]

        call_command(*told, "--json")
        call_command(*told, "--apply")

        first, second = capsys.readouterr().out.splitlines()
        assert json.loads(first)["state"] == "read"
        assert "applied: 2 rows, 0 wrong" in second
        with pytest.raises(CommandError):
            call_command("bulk", "people", str(file), "--by", "nadie@pliego.example")
