"""The pages, the files and the API of observations."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from pliego.enquiries.services import answer_enquiry, ask_enquiry, explain_enquiry
from pliego.tendering.tests.test_pages import sent


@pytest.fixture
def room(published, carla, house, at):
    for text in ("¿Incluye instalación?", "=SUMA(1;2)"):
        ask_enquiry(actor=carla, tender_id=published.pk, text=text, at=at)
    explain_enquiry(actor=house.ana, tender_id=published.pk, text="Aclaración de la entidad", at=at)
    answer_enquiry(actor=house.ana, tender_id=published.pk, number=1, answer="Sí", at=at)
    return f"/escritorio/procesos/{published.code}/observaciones/"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [("", [1, 2, 3]), ("estado=waiting", [2, 3]), ("estado=answered", [1]), ("de=entity", [3]),
     ("de=suppliers&estado=waiting", [2]), ("estado=nada", [1, 2, 3])],
)  # fmt: skip
def test_the_list_and_its_files_are_filtered_alike(browser, house, client, published, room, query, numbers):  # noqa: PLR0917
    page = browser(house.ana).get(f"{room}?{query}")
    data = json.loads(client.get(f"/procesos/{published.code}/observaciones.json?{query}").content)

    assert [row.number for row in page.context["pager"]] == numbers
    assert [row["number"] for row in data["results"]] == numbers


def test_a_spreadsheet_runs_nothing_of_what_was_written(client, published, room):
    address = f"/procesos/{published.code}/observaciones"

    text = b"".join(client.get(f"{address}.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    sheet = load_workbook(io.BytesIO(b"".join(client.get(f"{address}.xlsx").streaming_content))).active

    assert rows[1]["text"] == "'=SUMA(1;2)"
    assert [cell.data_type for cell in sheet[3]][4] == "s"
    assert client.get(f"{address}.pdf").status_code == 404


def test_a_draft_has_no_file_for_strangers(client, submitted):
    assert client.get(f"/procesos/{submitted.code}/observaciones.csv").status_code == 404


def test_several_are_answered_on_one_page(browser, house, published, room):
    ana = browser(house.ana)

    wrong = sent(ana, f"{room}responder/", answer="Sí")
    done = sent(ana, f"{room}responder/", numbers=["2", "3"], answer="Como dice el anexo.")

    assert (wrong.status_code, done.status_code) == (422, 303)
    assert "Sí" in wrong.content.decode()
    assert list(published.enquiries.values_list("state", flat=True)) == ["answered"] * 3


def test_a_supplier_points_at_a_document(browser, carla, published, room):
    document = published.documents.first()
    page = sent(
        browser(carla), f"/procesos/{published.code}/preguntar/",
        text="¿Qué quiere decir?", document=document.document.code, section="", place="Página 3",
    )  # fmt: skip

    asked = published.enquiries.last()
    assert (page.status_code, asked.document, asked.place) == (303, document, "Página 3")


def test_the_api_does_the_same(api, house, carla, published, room):
    path = f"/tenders/{published.code}/enquiries"

    own = api(house.ana)("POST", f"{path}/own", text="Otra aclaración", section="documents")
    joint = api(house.beto)("POST", f"{path}/answers", numbers=[2, 3], answer="Sí.")
    wrong = api(carla)("POST", path, text="¿Sí?", document="PLG.DOC.0")
    waiting = api(carla)("GET", f"{path}?state=waiting")

    assert (own[0], own[1]["by_entity"], own[1]["section"]) == (201, True, "documents")
    assert [row["answered_with"] for row in joint[1]] == [[3], [2]]
    assert (wrong[0], wrong[1]["errors"][0]["field"]) == (422, "document")
    assert [row["number"] for row in waiting[1]] == [4]


def test_the_list_makes_no_more_queries_with_more_rows(  # noqa: PLR0917
    browser, house, carla, published, at, django_assert_max_num_queries
):
    ana, address = browser(house.ana), f"/escritorio/procesos/{published.code}/observaciones/"
    ask_enquiry(actor=carla, tender_id=published.pk, text="¿Uno?", at=at)
    with django_assert_max_num_queries(40) as one:
        ana.get(address)
    for number in range(8):
        ask_enquiry(actor=carla, tender_id=published.pk, text=f"¿Y {number}?", at=at)

    with django_assert_max_num_queries(len(one)):
        assert ana.get(address).context["pager"].count == 9
