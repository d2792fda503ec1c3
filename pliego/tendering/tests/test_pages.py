"""The pages, as a browser without JavaScript sees them."""

import re
from datetime import timedelta

import pytest

from pliego.accounts.models import User
from pliego.kernel import clock
from pliego.tendering import services
from pliego.tendering.models import Tender
from pliego.tendering.tests import given

DESK = "/escritorio/procesos/"


@pytest.fixture
def browser(client_for):
    def of(actor):
        return client_for(User.objects.get(pk=actor.user_id), given.Account.objects.get(pk=actor.account_id))

    return of


def sent(client, path, **data):
    """Open the page, fill its form in and send it."""
    page = client.get(path)
    assert page.status_code == 200, page.content.decode()[:2000]
    once = re.search(r'name="una_vez" value="([^"]+)"', page.content.decode())[1]
    return client.post(path, {"una_vez": once, **data})


def shown(instant):
    return f"{instant.astimezone(given.calendar.at(instant.date()).tzinfo):%d/%m/%Y %H:%M}"


def test_a_pliego_is_built_page_by_page(browser, house, at):
    given.custodian_keys(1)
    ana, beto = browser(house.ana), browser(house.beto)
    answer = sent(ana, f"{DESK}nuevo/", title="Sillas", reference="MC-9", plan_lines="", plan_justification="Urgente",
                  method="minima_cuantia")  # fmt: skip
    assert answer.status_code == 303
    tender = Tender.objects.get(reference="MC-9")
    one = f"{DESK}{tender.code}/"
    assert answer.url == f"{one}datos/"
    steps = [
        ("datos/", {"title": "Sillas", "description": "Sillas", "unspsc": "432115", "contract_type": "goods",
                    "value_amount": "$ 1.000.000", "duration": "1", "duration_unit": "months",
                    "delivery_municipality": "73001", "plan_justification": "Urgente", "number": "CDP-1",
                    "amount": "1.000.000", "funding_source": "own"}, "cronograma/"),
        ("cronograma/", None, "cuestionario/"),
        ("cuestionario/", {"envelope": "offer", "kind": "price_list", "title": "Precios", "is_required": "on",
                           "text": "Silla\t4\tunidad\nMesa\t2,5\tunidad"}, "cuestionario/"),
        ("documentos/", {"falta_prior_studies": given.pdf().file, "falta_invitation": given.pdf().file,
                         "kind": "annex", "title": "Planos", "content": given.pdf().file}, "documentos/"),
    ]  # fmt: skip
    for path, data, onward in steps:
        initial = ana.get(one + path).context["form"].initial if data is None else {}
        answer = sent(ana, one + path, **(data or {milestone: shown(due) for milestone, due in initial.items()}))
        assert answer.status_code == 303, (path, re.findall(r"error[^<]{0,80}<[^>]*>[^<]+", answer.content.decode()))
        assert answer.url == one + onward
    assert tender.price_lines.count() == 2
    assert tender.documents.count() == 3
    assert ana.get(f"{one}documentos/").context["onward"][0] == f"{one}enviar/"
    hub = ana.get(one)
    assert {section.state for section in hub.context["sections"]} == {"ready", "not_needed"}
    assert sent(ana, f"{one}enviar/").status_code == 303

    answer = sent(beto, f"{one}publicar/", **signature(house.beto))

    assert answer.status_code == 303, re.findall(
        r"govuk-error-message[^<]*<[^>]*>[^<]*<[^>]*>[^<]*", answer.content.decode()
    )
    assert Tender.objects.get(pk=tender.pk).state == "published"
    assert beto.get(one).status_code == 200


def signature(actor):
    user = User.objects.get(pk=actor.user_id)
    return {"firma-password": given.people.PASSWORD, "firma-code": given.people.code_of(user)}


def test_what_was_typed_stays_and_every_error_is_at_its_field(browser, house, at):
    tender = given.empty_tender(at, house)

    page = sent(browser(house.ana), f"{DESK}{tender.code}/datos/", title="Sillas", unspsc="99999999", duration="dos",
                value_amount="mucho", contract_type="", duration_unit="", delivery_municipality="")  # fmt: skip

    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"duration", "value_amount"}
    assert "mucho" in page.content.decode()


def test_a_schedule_against_the_law_says_which_date_would_do(browser, house, at):
    tender = given.empty_tender(at, house)
    client = browser(house.ana)
    dates = {c: shown(d) for c, d in client.get(f"{DESK}{tender.code}/cronograma/").context["form"].initial.items()}

    page = sent(client, f"{DESK}{tender.code}/cronograma/", **{**dates, "bids_due": shown(at + timedelta(hours=3))})

    assert page.status_code == 422
    assert "2.2.1.2.1.5.2" in str(page.context["form"].errors["bids_due"])
    assert "2026" in str(page.context["form"].errors["bids_due"])


def test_a_date_moves_what_depends_on_it_and_keeps_the_rest_as_typed(browser, house, at):
    tender = given.empty_tender(at, house)
    client, path = browser(house.ana), f"{DESK}{tender.code}/cronograma/"
    first = client.get(path)
    dates = first.context["form"].initial
    typed = {c: shown(d) for c, d in dates.items()} | {"bids_due": shown(dates["bids_due"] + timedelta(days=1))}
    typed |= {"contract_signed": "cuando se pueda"}

    page = sent(client, path, **typed, accion="recalcular:bids_due")
    part = client.post(path, {**typed, "accion": "recalcular:bids_due"}, headers={"hx-request": "true"})

    assert page.status_code == part.status_code == 422  # the last one cannot be read
    assert page.context["form"].errors.keys() == {"contract_signed"}
    assert page.context["form"]["contract_signed"].value() == "cuando se pueda"
    moved = {str(label): (before, after) for label, before, after in page.context["moves"]}
    opening = str(tender.rulebook.milestone("opening").title)
    assert moved[opening] == (dates["opening"], dates["opening"] + timedelta(days=1))
    assert page.context["form"]["bids_due"].value() == typed["bids_due"]
    for text in ('role="img"', "Margen en días hábiles"):
        assert text in first.content.decode()
    assert 'hx-swap-oob="true"' in part.content.decode()
    assert "<html" not in part.content.decode()
    assert not tender.schedule


def test_a_price_list_with_bad_rows_names_each_of_them(browser, house, at):
    tender = given.empty_tender(at, house)
    services.save_item(actor=house.ana, tender_id=tender.pk, envelope="offer", kind="price_list", title="P", at=at)

    ana, path = browser(house.ana), f"{DESK}{tender.code}/cuestionario/1/precios/"

    answer = sent(ana, path, text="Silla\tmuchas\tunidad\n")

    assert (answer.status_code, answer.url) == (303, f"{path}archivo/")
    assert [(f["row"], f["column"], f["value"]) for f in ana.get(answer.url).context["pager"]] == [
        (1, "Cantidad", "muchas")
    ]
    assert b"1,Cantidad,muchas" in ana.get(f"{path}errores.csv").content
    assert ana.get(path).context["form"].initial["text"] == "Silla\tmuchas\tunidad\n"


def test_a_file_shows_what_it_changes_before_it_replaces_the_lines(browser, house, draft):
    ana, path = browser(house.ana), f"{DESK}{draft.code}/cuestionario/2/precios/"

    answer = sent(ana, path, text="Monitor\t6\tunidad\nTeclado\t1\tunidad\n")

    page = ana.get(answer.url)
    assert [(one.kind, one.number) for one in page.context["pager"]] == [("changed", 1), ("added", 2), ("removed", 1)]
    assert draft.price_lines.first().description == "Computador portátil"
    assert sent(ana, answer.url, **page.context["form"].initial).status_code == 303
    assert list(draft.price_lines.values_list("description", flat=True)) == ["Monitor", "Teclado"]
    assert ana.get(answer.url).status_code == 404  # nothing waits any more


def test_a_long_questionnaire_is_shown_and_put_in_order_page_by_page(  # noqa: PLR0917
    browser, client, house, at, draft, django_assert_max_num_queries
):
    ana, path = browser(house.ana), f"{DESK}{draft.code}/cuestionario/"
    with django_assert_max_num_queries(60) as short:
        assert len(ana.get(path).context["pager"]) == 2
    item = draft.items.get(number=1)
    draft.items.bulk_create(
        type(item)(tender=draft, number=n, envelope=item.envelope, kind="text", title=f"Pregunta {n}")
        for n in range(3, 121)
    )

    with django_assert_max_num_queries(len(short)):
        page = ana.get(f"{path}?page=2")

    assert [one.number for one in page.context["pager"]] == list(range(51, 101))
    assert f"{path}60/subir/" in page.content.decode()
    answer = sent(ana, f"{path}51/subir/")
    assert (answer.status_code, answer.url) == (303, f"{path}#pregunta-50")
    assert draft.items.get(number=50).title == "Pregunta 51"
    assert sent(ana, f"{path}50/duplicar/").url == f"{path}?page=2#pregunta-51"
    assert client.get(f"/procesos/{draft.code}/cuestionario/").status_code == 404  # a draft is of its entity alone
    services.submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)
    services.publish_tender(actor=given.signed(house.beto, at), tender_id=draft.pk, at=at)
    assert len(client.get(f"/procesos/{draft.code}/cuestionario/?page=3").context["pager"]) == 21
    assert "Monitor" in client.get(f"/procesos/{draft.code}/cuestionario/2/").content.decode()
    assert client.get(f"/procesos/{draft.code}/cuestionario/2/precios.csv").content.decode().count("unidad") == 2
    assert f"/procesos/{draft.code}/cuestionario/" in client.get(f"/procesos/{draft.code}/").content.decode()


def test_a_table_is_written_in_words_and_mended_in_them(browser, house, draft):
    ana, path = browser(house.ana), f"{DESK}{draft.code}/cuestionario/"
    data = {"envelope": "offer", "kind": "table", "title": "Equipo", "row_titles": "Directora\nResidente",
            "columns": "Nombre\nAños: NÚMERO\nTarjeta: sí/no", "weight": "12,5", "needs_evidence": "on"}  # fmt: skip
    assert sent(ana, path, **data).status_code == 303
    item = draft.items.get(kind="table")
    assert [column["kind"] for column in item.columns] == ["text", "number", "yes_no"]
    initial = ana.get(f"{path}{item.number}/").context["form"].initial
    assert (initial["weight"], initial["columns"].splitlines()[1]) == ("12,5", "Años: número")

    page = sent(ana, f"{path}{item.number}/", **{**data, "columns": "Nombre: foto", "weight": "muchos"})

    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"weight"}
    page = sent(ana, f"{path}{item.number}/", **{**data, "columns": "Nombre: foto"})
    assert page.context["form"].errors.keys() == {"columns"}
    assert "Nombre: foto" in page.content.decode()


def test_the_open_process_is_asked_answered_and_amended(browser, house, carla, published, at):
    ana, beto, supplier = browser(house.ana), browser(house.beto), browser(carla)
    one = f"{DESK}{published.code}/"
    assert sent(supplier, f"/procesos/{published.code}/preguntar/", text="¿Cuándo?").status_code == 303
    assert "¿Cuándo?" in ana.get(f"{one}observaciones/").content.decode()
    assert sent(ana, f"{one}observaciones/1/", answer="Mañana").status_code == 303
    form = ana.get(f"{one}adenda/escribir/").context["form"]
    dates = {name: shown(value) for name, value in form.initial.items() if name in form.fields and name != "reason"}
    dates["contract_signed"] = shown(published.schedule["contract_signed"] + timedelta(days=7))
    assert sent(ana, f"{one}adenda/escribir/", reason="Ajuste", **dates).status_code == 303

    answer = sent(beto, f"{one}adenda/", **signature(house.beto))

    assert answer.status_code == 303
    assert published.amendments.get().state == "published"
    assert "<s>" in ana.get(f"{one}adenda/").content.decode()


def test_a_process_is_cancelled_with_a_signature(browser, house, published):
    answer = sent(browser(house.beto), f"{DESK}{published.code}/cancelar/", reason="Cambió", legal_basis="Ley 80",
                  **signature(house.beto))  # fmt: skip

    assert answer.status_code == 303
    assert Tender.objects.get(pk=published.pk).state == "cancelled"


def test_a_late_observation_is_refused_with_the_hour(browser, carla, published):
    with clock.fixed(published.schedule["enquiries_due"]):
        page = browser(carla).get(f"/procesos/{published.code}/preguntar/")

    assert page.status_code == 403


def test_a_button_that_is_off_says_why(browser, house, submitted):
    page = browser(house.ana).get(f"{DESK}{submitted.code}/").content.decode()

    assert 'aria-disabled="true"' in page


PAGES = (
    "", "datos/", "cronograma/", "miembros/", "documentos/", "cuestionario/", "cuestionario/1/",
    "cuestionario/2/precios/", "cuestionario/2/retirar/", "enviar/", "descartar/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_a_draft_is_for_its_entity_alone(browser, client_for, house, carla, draft, path):  # noqa: PLR0917
    address = f"{DESK}{draft.code}/{path}"

    assert browser(house.ana).get(address).status_code == 200
    assert browser(carla).get(address).status_code == 404
    assert client_for().get(address).status_code == 302


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_price_list_is_downloaded(browser, house, draft, form):
    answer = browser(house.ana).get(f"{DESK}{draft.code}/cuestionario/2/precios.{form}")

    assert answer.status_code == 200
    assert len(answer.content) > 50


def test_the_list_makes_no_more_queries_with_more_rows(browser, house, at, django_assert_max_num_queries):
    client = browser(house.ana)
    given.empty_tender(at, house)
    with django_assert_max_num_queries(30) as one_row:
        client.get(DESK)
    for _i in range(6):
        given.published_tender(at, house)

    with django_assert_max_num_queries(len(one_row)):
        assert client.get(DESK).context["pager"].count == 7


def test_suppliers_find_what_receives_offers_now(browser, client, published, draft, at):
    page = client.get("/oportunidades/").content.decode()

    assert f"/procesos/{published.code}/" in page
    assert draft.code not in page


def test_a_question_whose_lines_are_wrong_is_not_added(browser, house, at):
    tender = given.empty_tender(at, house)

    page = sent(browser(house.ana), f"{DESK}{tender.code}/cuestionario/", envelope="offer", kind="price_list",
                title="Precios", text="Silla\tmuchas\tunidad")  # fmt: skip

    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"rows"}
    assert "muchas" in page.content.decode()
    assert not tender.items.exists()


def test_each_file_that_is_refused_says_so_at_its_place_and_none_is_attached(browser, house, at):
    tender = given.empty_tender(at, house)
    program = given.parties.upload("estudio.pdf", b"MZ" + b"\x00" * 200).file

    page = sent(browser(house.ana), f"{DESK}{tender.code}/documentos/", falta_prior_studies=program,
                falta_invitation=given.pdf().file)  # fmt: skip

    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"falta_prior_studies"}
    assert not tender.documents.exists()


def test_another_document_says_what_it_is(browser, house, at):
    tender = given.empty_tender(at, house)

    page = sent(browser(house.ana), f"{DESK}{tender.code}/documentos/", content=given.pdf().file)

    assert page.context["form"].errors.keys() == {"kind"}


class TestWhichMethodCorresponds:
    PATH = f"{DESK}modalidad/"

    def test_answers_and_leads_to_a_process_with_that_method(self, browser, house, at):
        page = browser(house.ana).get(self.PATH, {"value": "$ 49.000.000", "budget": "$ 20.000.000.000"})

        text = page.content.decode()
        assert page.status_code == 200
        assert "Mínima cuantía" in text
        assert f'href="{DESK}nuevo/?modalidad=minima_cuantia"' in text

    def test_chooses_the_method_of_the_new_process(self, browser, house, at):
        page = browser(house.ana).get(f"{DESK}nuevo/", {"modalidad": "minima_cuantia"}).content.decode()

        assert re.search(r'<option value="minima_cuantia"\s+selected', page)

    def test_says_when_the_purchase_goes_to_the_store(self, browser, house, at):
        asked = {"value": "1", "budget": "20000000000", "questions": ["uniform", "framework_agreement"]}

        assert "TVEC" in browser(house.ana).get(self.PATH, asked).content.decode()

    def test_keeps_what_was_typed_and_says_what_is_missing(self, browser, house, at):
        page = browser(house.ana).get(self.PATH, {"value": "49000000", "budget": "", "questions": "is_works"})

        text = page.content.decode()
        assert (page.status_code, 'value="49000000"' in text) == (422, True)
        assert re.search(r'value="is_works"[^>]*checked', text)

    def test_offers_a_process_with_the_method_that_it_names(self, browser, house, at):
        asked = {"value": "900000000", "budget": "20000000000", "questions": "uniform"}

        assert "modalidad=subasta_inversa" in browser(house.ana).get(self.PATH, asked).content.decode()


def test_the_desk_shows_a_suspension_and_the_dates_before_they_are_signed(browser, house, published, at):
    beto, ana, one = browser(house.beto), browser(house.ana), f"{DESK}{published.code}/"
    for path, word in (("suspender/", "Reinicio previsto"), ("revocar/", "art. 93"), ("corregir/", "art. 49")):
        assert word in (ana if path == "corregir/" else beto).get(one + path).content.decode()
    wrong = sent(ana, f"{one}corregir/", defect="Faltó la hora", reason="")
    assert (wrong.status_code, "Faltó la hora" in wrong.content.decode()) == (422, True)
    services.suspend_tender(
        actor=given.signed(house.beto, at), tender_id=published.pk, reason="Auto de un juez",
        legal_basis="Auto 12 de 2026", planned_on=at.date() + timedelta(days=7), at=at,
    )  # fmt: skip

    hub = beto.get(one).content.decode()
    assert all(word in hub for word in ("El proceso está suspendido desde", "9 mar 2026", "Auto 12 de 2026"))
    assert f'href="{one}reanudar/"' in hub
    assert f'href="{one}suspender/"' not in hub
    assert ana.get(f"{one}reanudar/").status_code == 403
    with clock.fixed(at + timedelta(minutes=4)):
        page = beto.get(f"{one}reanudar/").content.decode()
    assert "Antes: 4 mar 2026, 16:00. Lo más temprano: 5 mar 2026, 16:00." in page
    assert 'value="05/03/2026 16:00"' in page
    assert beto.get("/escritorio/").content.decode().count(f"{one}reanudar/") >= 1
