"""The pages of accounts, walked as people walk them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pliego.accounts.tests import given as people
from pliego.codelists.models import KnownEntity
from pliego.parties import access
from pliego.parties.applications import PARTS
from pliego.parties.entity_forms import SLUGS
from pliego.parties.models import Account, EmailCode, Membership
from pliego.parties.tests import given


def parts_of_entity(**changes):
    """What is typed in each part of the registration."""
    data = vars(given.entity_data(**changes))
    papers = {name: sent.file for name, sent in given.papers().items()}
    typed = {
        slug: {name: data[name] for name in PARTS[part] if data.get(name) not in ("", False, None)}
        for slug, part in SLUGS.items()
    }
    return {**typed, "documentos": papers}


def begin(client, nit="999900001", name="Alcaldía de Valle Sereno"):
    """The address of the registration that was just opened."""
    given.load_starter()
    found = client.get("/entidades/registrar/", {"nit": given.nit(nit), "legal_name": name})
    assert found.status_code == 200
    opened = client.post("/entidades/registrar/", {"nit": given.nit(nit), "legal_name": name})
    return opened["Location"].removesuffix("identidad/")


@pytest.fixture
def cast(db, at):
    return given.cast(at=at)


class TestRegisterAnEntity:
    def test_takes_five_screens_with_the_activation_asked_in_the_same_submit(self, db, at, client_for):
        client = client_for(people.person("beto"))

        url = begin(client)
        for slug, sent in parts_of_entity().items():
            assert client.get(f"{url}{slug}/").status_code == 200
            answer = client.post(f"{url}{slug}/", sent)
            assert answer.status_code == 303, answer.context["form"].errors
        assert answer["Location"] == url
        assert client.get(url).context["is_complete"]
        sent = client.post(url, {})
        last = client.get(sent["Location"])

        assert sent.status_code == 303
        account = Account.objects.get()
        assert account.state == "requested"
        assert account.code in last.text
        assert client.get("/cuenta/registros/").status_code == 200

    def test_shows_who_is_already_here_before_creating(self, cast, client_for):
        client = client_for(people.person("fabio", second_factor=False))

        page = client.get("/entidades/registrar/", {"nit": cast.entity.nit, "legal_name": "Otro nombre"})
        by_name = client.get("/entidades/registrar/", {"nit": given.nit("999900002"), "legal_name": "valle sereno"})

        assert page.context["candidates"] == by_name.context["candidates"] == [cast.entity]

    def test_loses_nothing_when_something_is_missing_and_goes_on_in_another_browser(self, db, at, client_for):
        beto = people.person("beto")
        here, there = client_for(beto), client_for(beto)
        url, typed = begin(here), parts_of_entity()
        del typed["contacto"]["municipality"], typed["documentos"]["tax_register"]
        for slug, sent in typed.items():
            assert here.post(f"{url}{slug}/", sent).status_code == 303

        page = there.get("/entidades/registrar/")
        whole = there.get(url)
        contact = there.get(f"{url}contacto/")
        papers = there.get(f"{url}documentos/")

        assert url in page.text
        assert [part["state"] for part in whole.context["parts"]] == ["ready", "has_errors", "has_errors"]
        assert not whole.context["is_complete"]
        assert "contratacion@vallesereno.example" in contact.text
        assert set(contact.context["form"].errors) == {"municipality"}
        assert "structure_act.pdf" in papers.text
        assert there.post(url, {}).status_code == 422
        assert not Account.objects.exists()

    def test_keeps_what_cannot_be_read_and_says_so_at_the_field(self, db, at, client_for):
        client = client_for(people.person("beto"))
        url = begin(client)

        answer = client.post(f"{url}contacto/", {"email": "no es un correo", "phone": "6080000000"})
        again = client.get(f"{url}contacto/")

        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"email"}
        assert "no es un correo" in again.text
        assert "6080000000" in again.text

    def test_is_of_the_person_who_fills_it_in(self, db, at, client_for):
        url = begin(client_for(people.person("beto")))

        assert client_for(people.person("fabio")).get(url).status_code == 404
        assert client_for(people.person("fabio")).get(f"{url}documentos/").status_code == 404

    def test_prefills_from_the_official_list(self, db, at, client_for):
        KnownEntity.objects.create(
            code="1", number="999900001", check_digit=1, name="Municipio Valle Sereno",
            folded_name="municipio valle sereno", order="territorial",
        )  # fmt: skip
        client = client_for(people.person("beto"))

        found = client.get("/entidades/registrar/", {"nit": "", "legal_name": "Alcaldía de Valle Sereno"})
        url = begin(client)

        assert [row.name for row in found.context["known"]] == ["Municipio Valle Sereno"]
        assert client.get(f"{url}identidad/").context["form"]["order"].value() == "territorial"

    def test_tells_a_mistyped_number_where_it_was_typed(self, cast, client_for):
        client = client_for(people.person("fabio"))

        wrong = client.get("/entidades/registrar/", {"nit": "999940001-0", "legal_name": ""})
        known = client.get("/entidades/registrar/", {"nit": cast.entity.organization.number, "legal_name": ""})

        assert set(wrong.context["form"].errors) == {"nit"}
        assert 'action="/entidades/registrar/"' not in wrong.text
        assert known.context["candidates"] == [cast.entity]

    def test_says_at_each_document_what_is_wrong_and_beforehand_what_is_taken(self, db, at, client_for):
        client = client_for(people.person("beto"))
        url = begin(client)
        first = client.get(f"{url}documentos/")
        client.post(f"{url}identidad/", {"kind": "private_public_money", "nit": given.nit("999900001")})
        sent = {name: sent.file for name, sent in given.papers("private_public_money").items()}
        del sent["tax_register"]
        client.post(f"{url}documentos/", {**sent, "legal_existence_issued_on": "01/10/2025"})

        again = client.get(f"{url}documentos/").context["form"]

        assert "pdf" in first.context["files"]["accepted"]
        assert not first.context["form"].errors
        assert set(again.errors) == {"tax_register", "legal_existence_issued_on"}
        assert again["legal_existence_issued_on"].value() == "01/10/2025"

    def test_shows_how_the_name_stays_and_writes_to_no_empty_address(self, db, at, client_for):
        client = client_for(people.person("beto"))
        url = begin(client, name="Alcaldía de San José-Norte")
        client.post(f"{url}contacto/", {"phone": "6080000000"})

        whole, identity = client.get(url), client.get(f"{url}identidad/")

        assert "ALCALDIA DE SAN JOSE - NORTE" in identity.text
        assert not whole.context["waits_for_code"]
        assert not EmailCode.objects.exists()

    def test_gives_the_authorisation_to_sign(self, db, at, client_for):
        url = begin(client_for(people.person("beto")))

        answer = client_for(people.person("beto")).get(f"{url}autorizacion.pdf")

        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")

    def test_confirms_the_mailbox_by_code(self, db, at, client_for):
        client = client_for(people.person("beto"))
        url, typed = begin(client), parts_of_entity()
        for slug, sent in typed.items():
            client.post(f"{url}{slug}/", sent)
        code = people.mailed_code()

        wrong = client.post(f"{url}correo/", {"code": "000000" if code != "000000" else "000001"})
        right = client.post(f"{url}correo/", {"code": code})
        client.post(url, {})

        assert wrong.status_code == 422
        assert "code" in wrong.context["mailbox"].errors
        assert right.status_code == 303
        assert Account.objects.get().confirmed_email == "avisos@vallesereno.example"

    def test_is_returned_at_the_field_and_corrected(self, db, at, client_for):
        beto = client_for(people.person("beto"))
        url = begin(beto)
        for slug, sent in parts_of_entity().items():
            beto.post(f"{url}{slug}/", sent)
        beto.post(url, {})
        account = Account.objects.get()
        ines = client_for(given.Cast.person("ines") if given.desk(at=at) else None)
        page, path = ines.get("/mesa/"), f"/mesa/cuentas/{account.code}/"
        assert account.name in page.text
        assert ines.post(f"{path}tomar/", {}).status_code == 303
        kept = ines.post(path, {"phone-mark": "wrong", "phone-reason": "No contesta", "rest": "on"})
        assert kept.status_code == 303
        assert ines.post(f"{path}activar/", {}).status_code == 422
        assert ines.post(f"{path}devolver/", {"phone": "No contesta"}).status_code == 303

        sent_to = beto.get(f"/entidades/corregir/{account.code}/")["Location"]
        contact = beto.get(f"{sent_to}contacto/")
        assert "No contesta" in contact.text
        typed = {**parts_of_entity()["contacto"], "phone": "6081111111"}
        assert beto.post(f"{sent_to}contacto/", typed).status_code == 303
        assert beto.post(sent_to, {}).status_code == 303

        assert ines.get(path).context["can_activate"] is False
        ines.post(path, {"phone-mark": "right"})
        assert ines.post(f"{path}activar/", {}).status_code == 303
        account.refresh_from_db()
        assert (account.state, account.phone) == ("active", "6081111111")

    def test_the_desk_is_not_for_others(self, cast, client_for):
        client = client_for(people.person("beto"), cast.entity)

        assert client.get("/mesa/").status_code == 403
        assert client.get(f"/mesa/cuentas/{cast.entity.code}/").status_code == 403

    def test_what_the_desk_says_of_an_account_does_not_exist_for_others(self, cast, client_for):
        client = client_for(people.person("carla"), cast.first_supplier)

        assert client.get(f"/mesa/cuentas/{cast.entity.code}/").status_code == 404
        assert client.get(f"/cuenta/registros/{cast.entity.code}/").status_code == 404


class TestRegisterASupplier:
    def test_is_one_screen(self, db, at, client_for):
        given.load_starter()
        client = client_for(people.person("carla"))
        data = given.supplier_data("Casa Verde", "999910007")
        typed = {k: v for k, v in vars(data).items() if v}

        page = client.get("/proveedores/registrar/")
        answer = client.post("/proveedores/registrar/", {**typed, "unspsc_interests": "432115; 441031"})

        assert page.status_code == 200
        assert answer.status_code == 303
        assert Account.objects.get().unspsc_interests == ["432115", "441031"]


class TestAccess:
    def test_is_asked_for_in_two_screens_and_answered_in_two(self, cast, client_for):
        fabio, beto = client_for(people.person("fabio")), client_for(people.person("beto"), cast.entity)

        found = fabio.get("/acceso/", {"q": "valle"})
        assert cast.entity.code in found.text
        assert fabio.get(f"/acceso/{cast.entity.code}/").status_code == 200
        assert fabio.post(f"/acceso/{cast.entity.code}/", {"note": "Soy el abogado"}).status_code == 303
        assert "Fabio" in beto.get("/escritorio/equipo/").text
        person = people.person("fabio").code
        assert "Soy el abogado" in beto.get(f"/escritorio/equipo/{person}/").text
        answer = beto.post(f"/escritorio/equipo/{person}/", {"roles": ["control"]})

        assert answer.status_code == 303
        assert Membership.objects.get(user=people.person("fabio")).roles == ["control"]

    def test_roles_of_the_other_kind_of_account_are_not_offered(self, cast, client_for):
        beto = client_for(people.person("beto"), cast.entity)
        path = f"/escritorio/equipo/{people.person('ana').code}/"

        page, answer = beto.get(path), beto.post(path, {"roles": ["bidder"]})

        assert 'value="bidder"' not in page.text
        assert answer.status_code == 422

    @pytest.mark.parametrize("step", ["rechazar", "revertir", "terminar"])
    def test_each_question_has_its_page(self, cast, client_for, step):
        beto = client_for(people.person("beto"), cast.entity)

        assert beto.get(f"/escritorio/equipo/{people.person('ana').code}/{step}/").status_code == 200

    def test_is_not_found_for_people_of_other_accounts(self, cast, client_for):
        carla = client_for(people.person("carla"), cast.first_supplier)

        assert carla.get(f"/escritorio/equipo/{people.person('ana').code}/").status_code == 404

    def test_does_not_ask_more_of_the_database_with_more_people(self, cast, client_for, at):
        beto = client_for(people.person("beto"), cast.entity)
        beto.get("/escritorio/equipo/")
        with CaptureQueriesContext(connection) as few:
            beto.get("/escritorio/equipo/")
        for name in ("uno", "dos", "tres"):
            given.join(cast.entity, name, ["preparer"], by="beto")

        with CaptureQueriesContext(connection) as more:
            beto.get("/escritorio/equipo/")

        assert len(more) == len(few)


class TestSwitch:
    def test_changes_for_whom_one_acts(self, cast, client_for, at):
        given.join(cast.entity, "carla", ["control"], by="beto", at=at)
        carla = client_for(people.person("carla"))
        assert carla.get("/cuenta/registros/").wsgi_request.actor.account_id == cast.first_supplier.pk

        answer = carla.post("/actuar-por/", {"account": cast.entity.code})

        assert answer.status_code == 303
        assert carla.get("/cuenta/registros/").wsgi_request.actor.account_id == cast.entity.pk

    def test_is_not_found_for_an_account_of_others(self, cast, client_for):
        carla = client_for(people.person("carla"))

        assert carla.post("/actuar-por/", {"account": cast.entity.code}).status_code == 404

    def test_a_place_that_ended_counts_no_more(self, cast, client_for, at):
        ana = client_for(people.person("ana"), cast.entity)
        place = Membership.objects.get(user=people.person("ana"))

        access.end_access(actor=cast.beto, membership_id=place.pk, at=at)

        assert ana.get("/cuenta/registros/").wsgi_request.actor.account_id is None


class TestPublicPages:
    def test_show_what_is_public_by_nit_with_and_without_digit(self, cast, client):
        page = client.get("/entidades/999900001/")
        moved = client.get(f"/entidades/{cast.entity.nit}/")

        assert page.status_code == 200
        assert "avisos@vallesereno.example" not in page.text
        assert "contratacion@vallesereno.example" in page.text
        assert moved["Location"] == "/entidades/999900001/"
        assert client.get("/proveedores/999910001/").status_code == 200

    def test_are_not_there_before_the_activation(self, db, at, client):
        given.requested_entity(at=at)

        assert client.get("/entidades/999900001/").status_code == 404
