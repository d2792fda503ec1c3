"""The pages of accounts, walked as people walk them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pliego.accounts.tests import given as people
from pliego.parties import access
from pliego.parties.models import Account, Membership
from pliego.parties.tests import given
from pliego.web.models import DraftVersion


def form_of_entity(**changes):
    data = given.entity_data(**changes)
    typed = {name: value for name, value in vars(data).items() if value not in ("", False)}
    return {**typed, **{name: sent.file for name, sent in given.papers().items()}}


@pytest.fixture
def cast(db, at):
    return given.cast(at=at)


class TestRegisterAnEntity:
    def test_takes_three_screens_with_the_activation_asked_in_the_same_submit(self, db, at, client_for):
        given.load_starter()
        client = client_for(people.person("beto"))

        found = client.get("/entidades/registrar/", {"nit": given.nit("999900001"), "legal_name": "Valle Sereno"})
        form = client.get(found.context["onward"])
        sent = client.post("/entidades/registrar/datos/", form_of_entity())
        last = client.get(sent["Location"])

        assert "999900001" in form.text
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

    def test_loses_nothing_when_a_field_is_missing(self, db, at, client_for):
        given.load_starter()
        client, typed = client_for(people.person("beto")), form_of_entity()
        del typed["municipality"]

        page = client.post("/entidades/registrar/datos/", typed)

        assert page.status_code == 422
        assert set(page.context["form"].errors) == {"municipality"}
        assert "Alcaldía de Valle Sereno" in page.text
        assert not Account.objects.exists()

    def test_keeps_a_draft_for_another_device(self, db, at, client_for):
        given.load_starter()
        page = client_for(people.person("beto")).get("/entidades/registrar/datos/")

        assert page.context["draft"].key == "parties:entity"
        assert not DraftVersion.objects.exists()

    def test_is_returned_at_the_field_and_corrected(self, db, at, client_for):
        account = given.requested_entity(at=at)
        desk = client_for(people.person("ines"))
        given.desk(at=at)
        assert desk.get("/mesa/").status_code == 200
        assert desk.get(f"/mesa/cuentas/{account.code}/").status_code == 200
        assert desk.post(f"/mesa/cuentas/{account.code}/tomar/", {}).status_code == 303
        answer = desk.post(f"/mesa/cuentas/{account.code}/devolver/", {"phone": "No contesta"})
        assert answer.status_code == 303
        beto = client_for(people.person("beto"))
        page = beto.get(f"/entidades/corregir/{account.code}/")
        assert "No contesta" in page.text

        typed = form_of_entity(phone="6081111111")
        answer = beto.post(
            f"/entidades/corregir/{account.code}/", {k: v for k, v in typed.items() if k != "tax_register"}
        )

        assert answer.status_code == 303
        assert desk.post(f"/mesa/cuentas/{account.code}/activar/", {}).status_code == 303
        account.refresh_from_db()
        assert (account.state, account.phone) == ("active", "6081111111")

    def test_the_desk_is_not_for_others(self, cast, client_for):
        client = client_for(people.person("beto"), cast.entity)

        assert client.get("/mesa/").status_code == 403
        assert client.get(f"/mesa/cuentas/{cast.entity.code}/").status_code == 403


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

    def test_does_not_ask_more_of_the_database_with_more_people(self, cast, client_for):
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
