"""What the world reads of a plan: pages of a version, its files, and nothing of what is being drafted."""

import hashlib
import io
import json
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from pliego.kernel.calendar import BOGOTA
from pliego.ledger.models import Entry
from pliego.planning import queries, reminders, rules, services, sheets, tasks
from pliego.planning.models import PlanLine, VersionSheet
from pliego.planning.tests import given
from pliego.planning.versions import Asked, Lines


@pytest.fixture
def public(cast, at):
    """A published plan that is being changed: none of its changes may be read by others."""
    plan = given.published_plan(
        cast.ana,
        cast.beto,
        at,
        given.line(),
        given.line(description="=CMD()"),
        given.line(description="Jardín botánico"),
    )
    secret = given.line(description="Secreto", responsible_name="Secreto")
    services.edit_line(actor=cast.ana, plan_id=plan.pk, number=1, line=secret, at=at)
    services.add_line(actor=cast.ana, plan_id=plan.pk, line=secret, at=at)
    services.drop_line(actor=cast.ana, plan_id=plan.pk, number=3, at=at)
    header = given.header(contact_name="Secreto", mission="Secreto")
    services.edit_plan(actor=cast.ana, plan_id=plan.pk, header=header, at=at)
    return plan


class TestDrafts:
    def test_are_read_by_nobody_outside_the_account(self, cast, public, client, client_for):
        address = f"/paa/{cast.entity.code}/2026/"
        stranger = client_for(cast.person("carla"), cast.first_supplier)
        paths = [address, f"{address}1/", f"{address}?q=secreto", f"{address}?formato=csv", f"{address}?formato=json",
                 f"{address}ejecucion/", f"{address}desviaciones/", "/paa/", f"/api/v1/plans/{public.code}",
                 f"/api/v1/plans/{public.code}/lines", f"/api/v1/plans/{public.code}/versions/1"]  # fmt: skip

        for path in paths:
            for reader in (client, stranger):
                answer = reader.get(path)
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                assert answer.status_code == 200, path
                assert "Secreto" not in body.decode().replace(f'value="{"secreto"}"', ""), path
        assert client.get(f"/api/v1/plans/{public.code}/lines").json()["count"] == 3

    def test_of_a_line_leave_what_is_public_of_it(self, public):
        line = PlanLine.objects.get(plan=public, number=1)

        assert (line.description, line.public_description) == ("Secreto", "Suministro de papelería")


class TestVersion:
    def test_is_read_by_page_and_filter_with_constant_queries(self, cast, at, public, client):
        version = public.versions.get()
        address = f"/paa/{cast.entity.code}/2026/"
        client.get(address)

        with CaptureQueriesContext(connection) as few:
            client.get(address)

        assert [line["number"] for line in Lines(version, Asked(words="JARDIN botánico"))] == [3]
        assert [line["number"] for line in Lines(version, Asked(month="3"))[1:2]] == [2]
        assert Lines(version, Asked(words="100%_")).count() == 0
        assert Lines(version).counts == {"acquisition": 3}
        assert len(few) <= 12

    def test_is_a_file_with_typed_cells_that_no_spreadsheet_runs(self, cast, public, client):
        address = f"/paa/{cast.entity.code}/2026/1/?formato="
        sheet = load_workbook(io.BytesIO(b"".join(client.get(f"{address}xlsx").streaming_content))).active
        text = b"".join(client.get(f"{address}csv").streaming_content).decode()

        assert [sheet["D3"].value, sheet["D3"].data_type, sheet["K3"].value] == ["=CMD()", "s", 20000000]
        assert text.startswith("\ufeffNo.,Tipo")
        assert ",'=CMD()," in text

    def test_is_a_workbook_made_once_by_a_job_when_it_is_large(self, cast, at, public, client, monkeypatch):
        monkeypatch.setattr(sheets, "AT_ONCE_LINES", 0)
        address = f"/paa/{cast.entity.code}/2026/1/?formato=xlsx"
        waiting, part = client.get(address), client.get(f"{address}&avance=1").content.decode()
        made = VersionSheet.objects.get()  # whoever asks, and however often
        assert (waiting.status_code, waiting["Retry-After"]) == (202, "5")
        assert "El libro de esta versión se está preparando" in part
        assert "hx-get" in part

        assert sheets.begin_again(at=at) == 0
        assert [sheets.begin_again(at=at + n * timedelta(minutes=6)) for n in range(1, 5)] == [1, 1, 0, 0]
        made.refresh_from_db()
        assert not sheets.is_given_up(made, at)
        assert sheets.is_given_up(made, at + timedelta(hours=1))
        tasks.make_sheet(sheet_id=made.pk)
        kept = VersionSheet.objects.get()
        tasks.make_sheet(sheet_id=made.pk)

        book = b"".join(client.get(address).streaming_content)
        assert load_workbook(io.BytesIO(book)).active["K3"].value == 20000000
        assert bytes(kept.content) == book == bytes(VersionSheet.objects.get().content)
        assert "está listo" in client.get(f"{address}&avance=1").content.decode()

    def test_is_a_document_whose_hash_is_in_its_act(self, cast, public, client):
        body = client.get(f"/paa/{cast.entity.code}/2026/1/?formato=json").content

        act = json.loads(Entry.objects.get(act="plan.published").body)
        assert hashlib.sha256(body).hexdigest() == act["data"]["snapshot"]
        assert json.loads(body)["nit"] == cast.entity.nit


class TestIncomplete:
    def test_is_the_same_in_the_database_and_in_the_rules(self, cast, at):
        plan = given.plan(
            cast.ana, at, given.line(), given.line(kind="need"), rules.Line(description="A"),
            rules.Line(description="B", kind="need"), given.line(method=""), given.line(budget_amount=None),
            given.line(kind="need", start_month=None, method=""), given.line(unspsc=()), given.line(duration=None),
        )  # fmt: skip

        told = {line.number for line in plan.lines.all() if list(rules.missing_of(line))}

        assert {line.number for line in plan.lines.incomplete()} == told

    def test_is_told_line_by_line_up_to_twenty(self, cast, at):
        plan = given.plan(cast.ana, at, *[rules.Line(description="A")] * 23)

        told = list(rules.lines_are_incomplete(plan, at))

        assert (len(told), told[-1].code) == (21, "lines_incomplete")
        assert "3" in str(told[-1].sentence)


class TestTwoPeople:
    @pytest.fixture
    def ana(self, cast, client_for):
        return client_for(cast.person("ana"), cast.entity)

    def test_who_edit_a_line_lose_nothing_and_choose(self, cast, at, ana):
        from pliego.planning.tests.test_pages import TYPED

        plan = given.plan(cast.ana, at)
        services.edit_line(actor=cast.ana, plan_id=plan.pk, number=1, line=given.line(description="De Beto"), at=at)

        refused = ana.post("/escritorio/paa/2026/lineas/1/", {**TYPED, "seen": "1"})
        text = refused.content.decode()
        kept = ana.post("/escritorio/paa/2026/lineas/1/", {**TYPED, "seen": "1", "overrule": "2"})

        assert refused.status_code == 422
        assert "De Beto" in text
        assert "Resmas de papel" in text
        assert (kept.status_code, plan.lines.get().description) == (303, "Resmas de papel")

    def test_take_the_saved_version_when_they_want(self, cast, at, ana):
        given.plan(cast.ana, at)

        taken = ana.post("/escritorio/paa/2026/lineas/1/tomar/")

        assert (taken.status_code, taken["Location"]) == (303, "/escritorio/paa/2026/lineas/1/")

    def test_over_the_api_are_told_so(self, cast, at, ana):
        from pliego.planning.api import LineIn

        plan = given.plan(cast.ana, at)
        body = {**LineIn.model_config["json_schema_extra"]["examples"][0], "revision": 7}

        answer = ana.put(f"/api/v1/plans/{plan.code}/lines/1", json.dumps(body), content_type="application/json")

        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "stale")


class TestReminders:
    @pytest.mark.parametrize(
        ("day", "told"),
        [((2026, 1, 15), ["publish"]), ((2026, 1, 31), ["publish"]), ((2026, 2, 1), ["publish_late"]),
         ((2025, 12, 15), ["publish"]), ((2025, 11, 30), [])],
    )  # fmt: skip
    def test_ask_for_the_plan_by_january_31(self, day, told):
        moment = datetime(*day, 23, 30, tzinfo=BOGOTA)

        assert [reminder.code for reminder in reminders.due(None, 2026, moment)] == told

    def test_ask_for_the_update_in_july_until_it_is_published_again(self, cast, at):
        plan = given.published_plan(cast.ana, cast.beto, at)
        july = datetime(2026, 7, 10, tzinfo=BOGOTA)
        assert [reminder.code for reminder in reminders.due(plan, 2026, july)] == ["update"]

        services.add_line(actor=cast.ana, plan_id=plan.pk, line=given.line(), at=july)
        services.publish_plan(actor=cast.beto, plan_id=plan.pk, at=july)

        plan.refresh_from_db()
        assert reminders.due(plan, 2026, july) == []

    def test_are_tasks_with_their_article_and_stop_nothing(self, cast, at):
        told = [task for task in queries.tasks_for(cast.ana, at) if "1474" in task.reason]

        assert len(told) == 1
        assert given.published_plan(cast.ana, cast.beto, at).version == 1
