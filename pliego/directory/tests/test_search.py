"""Who is found by what, and how the list goes on."""

import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from pliego.directory import projecting
from pliego.directory.models import Line
from pliego.directory.search import Question, search
from pliego.directory.tests import given
from pliego.parties.tests import given as parties

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(at):
    """Four suppliers that differ in everything that can be asked, and one entity."""
    given.firm("Construcciones Núñez y Peña SAS", "999930001", at=at, municipality="05001", size="small")
    given.firm(
        "COMERCIALIZADORA DEL NORTE LTDA", "999930002", at=at, municipality="08001", unspsc_interests=["43211503"]
    )
    given.firm("Aseo y Cafetería Andina SAS", "999930003", at=at, municipality="11001", size="micro")
    given.firm(
        "Pérez Gómez Lucía",
        "52000111",
        at=at,
        by="lucia",
        kind="natural_person",
        nit="",
        document_type="CC",
        document_number="52000111",
    )
    projecting.refresh(parties.entity(at=at))
    return at


def names(**asked):
    return sorted(row["name"].split()[0].upper() for row in search(question=Question(**asked)).rows)


class TestSearch:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"text": "nunez"}, ["CONSTRUCCIONES"]),
            ({"text": "NÚÑEZ peña"}, ["CONSTRUCCIONES"]),
            ({"text": "construc"}, ["CONSTRUCCIONES"]),
            ({"text": "norte comercial"}, ["COMERCIALIZADORA"]),
            ({"text": "999930003"}, ["ASEO"]),
            ({"text": "999.930.003-4"}, ["ASEO"]),
            ({"text": "medellin"}, ["CONSTRUCCIONES"]),
            ({"department": "08"}, ["COMERCIALIZADORA"]),
            ({"text": "sas", "department": "11"}, ["ASEO"]),
            ({"unspsc": "4321"}, ["COMERCIALIZADORA"]),
            ({"unspsc": "43211503"}, ["COMERCIALIZADORA"]),
            ({"unspsc": "4322"}, []),
            ({"size": "micro"}, ["ASEO"]),
            ({"kind": "natural"}, ["PEREZ"]),
            ({"role": "buyer"}, ["ALCALDIA"]),
            ({"role": "supplier", "kind": "legal"}, ["ASEO", "COMERCIALIZADORA", "CONSTRUCCIONES"]),
            ({"text": "zzz"}, []),
        ],
    )
    def test_finds_whom_it_should(self, town, asked, found):
        assert names(**asked) == found

    def test_never_finds_a_natural_person_by_their_document(self, town):
        assert names(text="52000111") == []
        assert not Line.objects.filter(number="52000111").exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM directory_line l WHERE l::text LIKE '%%52000111%%'")
            assert cursor.fetchone() == (0,)

    def test_goes_on_by_key_in_the_order_of_names(self, town):
        seen, after = [], ""
        while True:
            page = search(question=Question(after=after), rows=2)
            seen += [row["sort_name"] for row in page.rows]
            if not page.after:
                break
            after = page.after

        assert seen == sorted(seen)
        assert len(seen) == 5

    def test_goes_on_with_the_newest_where_words_match_too_many(self, town, monkeypatch):
        from pliego.directory import search as module

        monkeypatch.setattr(module, "MOST_COUNTED", 1)
        seen, after = [], ""
        while True:
            page = search(question=Question(text="sas", role="supplier", after=after), rows=1)
            seen += [row["id"] for row in page.rows]
            if not page.after:
                break
            after = page.after

        assert page.is_newest_first
        assert seen == sorted(seen, reverse=True)
        assert len(seen) == 2

    def test_follows_the_account(self, town):
        account = parties.supplier("carla", at=town)
        projecting.refresh(account)
        assert names(text="paramo") == ["SUMINISTROS"]

        account.state = "draft"
        projecting.refresh(account)
        assert names(text="paramo") == []

    def test_is_made_again_from_the_accounts(self, town):
        before = sorted(Line.objects.values_list("code", "sort_name", "doc"))
        Line.objects.all().delete()
        Line.objects.create(
            account_id=0,
            code="x",
            name="x",
            sort_name="x",
            is_buyer=True,
            is_supplier=False,
            kind="",
            registered_at=town,
            doc="",
        )

        projecting.rebuild()

        assert sorted(Line.objects.values_list("code", "sort_name", "doc")) == before

    def test_hears_of_a_registration(self, at, run_reactions):
        parties.supplier("dario", at=at)
        run_reactions()

        assert names(text="rio claro") == ["COMERCIAL"]


class TestThePage:
    def test_makes_as_many_queries_for_many_as_for_few(self, town, at):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                assert Client().get("/directorio/?unspsc=43").status_code == 200
            return len(captured)

        one = queries()
        for number in range(5):
            given.firm(f"Otra {number} SAS", f"99994000{number}", at=town, unspsc_interests=["43211500", "44120000"])

        assert queries() == one

    def test_says_what_it_did_not_understand(self, town):
        answer = Client().get("/directorio/", {"unspsc": "abc", "departamento": "zz", "despues": "!!"})

        assert answer.status_code == 422
        assert answer.content.decode().count('href="#f-') == 3

    def test_survives_what_strangers_put_in_the_address(self, town):
        for text in ("'", "a & | ! :*", "\x00", "((", "\\", "d:05", "😀", "-" * 400, "' | 'r:s", "1" * 30):
            for name in ("q", "unspsc", "despues", "clase"):
                assert Client().get("/directorio/", {name: text}).status_code in {200, 422}, (name, text)

    def test_gives_the_same_list_as_files(self, town):
        data = Client().get("/directorio/?departamento=08&formato=json").json()
        table = b"".join(Client().get("/directorio/?formato=csv").streaming_content).decode()

        assert [row["nit"][:9] for row in data["results"]] == ["999930002"]
        assert table.count("PLG.CTA.") == 2 * 5  # the code and the address of each
        assert "52000111" not in table

    def test_gives_the_same_list_as_a_workbook(self, town):
        answer = Client().get("/directorio/?formato=xlsx&q=norte")
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        heads, row = ([cell.value for cell in line] for line in sheet.iter_rows())
        found = dict(zip(heads, row, strict=True))

        assert (found["nit"][:9], found["unspsc"]) == ("999930002", "43211503")
        assert found["registered_at"] == town.replace(tzinfo=None)

    def test_is_the_list_of_the_api(self, town):
        data = Client().get("/api/v1/directory", {"q": "andina"}).json()
        wrong = Client().get("/api/v1/directory", {"size": "huge", "kind": "x"})

        assert (data["count"], data["results"][0]["name"]) == (1, "ASEO Y CAFETERIA ANDINA SAS")
        assert [fault["field"] for fault in wrong.json()["errors"]] == ["kind", "size"]
        assert json.dumps(data).count("after=") == 0
