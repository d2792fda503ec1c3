"""An entity asks to be here, the desk answers."""

import pytest

from pliego.accounts.tests import given as people
from pliego.documents.models import Document
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.parties import desk, queries, rules, services
from pliego.parties.models import Account
from pliego.parties.policy import POLICY, Act
from pliego.parties.tests import given


@pytest.fixture
def asked(db, at):
    return given.requested_entity(at=at)


@pytest.fixture
def beto(asked):
    return given.actor(people.person("beto"), asked)


class TestRegisterEntity:
    def test_makes_the_account_with_its_administrator_unit_and_documents_and_asks_at_once(self, asked, beto):
        assert (asked.state, asked.name, asked.nit) == ("requested", "ALCALDIA DE VALLE SERENO", given.nit("999900001"))
        assert asked.organization.number == "999900001"
        assert beto.roles == {"administrator"}
        assert asked.units.get().reference == "PRINCIPAL"
        assert {d.kind for d in queries.papers_of(asked)} == {p.kind for p in rules.ENTITY_PAPERS}
        assert set(Document.objects.values_list("audience", flat=True)) == {"desk"}

    def test_is_announced_with_the_hashes_of_its_documents(self, asked):
        entry = Entry.objects.get(act="account.activation_requested")

        assert entry.file == asked.file
        assert len(entry.documents) == len(rules.ENTITY_PAPERS)
        assert not entry.is_public

    @pytest.mark.parametrize(
        ("changes", "code", "field"),
        [
            ({"nit": "999900001-9"}, "wrong_check_digit", "nit"),
            ({"nit": "no"}, "not_a_nit", "nit"),
            ({"legal_name": "-"}, "missing", "legal_name"),
            ({"kind": "sas"}, "not_an_option", "kind"),
            ({"order": ""}, "not_an_option", "order"),
            ({"branch": "x"}, "not_an_option", "branch"),
            ({"sector": ""}, "not_an_option", "sector"),
            ({"entity_type": ""}, "not_an_option", "entity_type"),
            ({"business_area": "private"}, "not_an_option", "business_area"),
            ({"in_siif": True, "pci": "29-04-00"}, "siif_is_national", "in_siif"),
            ({"in_siif": True, "order": "national", "pci": ""}, "pci_missing", "pci"),
            ({"order": "national", "pci": "29-04-00"}, "pci_without_siif", "pci"),
            ({"municipality": "99999"}, "municipality_unknown", "municipality"),
            ({"phone": "12"}, "phone_wrong", "phone"),
            ({"email": "no"}, "email_wrong", "email"),
            ({"notification_email": ""}, "email_wrong", "notification_email"),
            ({"parent": "PLG.CTA.1"}, "parent_unknown", "parent"),
        ],
    )
    def test_is_refused_at_the_field(self, db, at, changes, code, field):
        with pytest.raises(Refused) as refused:
            given.requested_entity(at=at, **changes)

        assert [(o.code, o.field) for o in refused.value.objections] == [(code, field)]
        assert not Account.objects.exists()

    def test_is_refused_with_everything_that_is_missing_at_once(self, db, at):
        nothing = rules.EntityData(*[""] * 11)

        with pytest.raises(Refused) as refused:
            services.register_entity(actor=given.actor(people.person("beto")), data=nothing, papers={}, at=at)

        assert {o.field for o in refused.value.objections} >= {"nit", "legal_name", "municipality", "tax_register"}

    def test_needs_one_more_document_of_a_private_entity(self, db, at):
        with pytest.raises(Refused) as refused:
            given.requested_entity(at=at, kind="private_public_money")

        assert [o.field for o in refused.value.objections] == ["legal_existence"]

    def test_is_refused_when_the_nit_is_already_here(self, asked, at):
        with pytest.raises(Refused, match="already_registered"):
            given.requested_entity("ana", at=at)

    def test_is_refused_without_second_factor(self, db, at):
        with pytest.raises(Refused, match="second_factor_missing"):
            given.requested_entity("fabio", at=at) if people.person("fabio", second_factor=False) else None

    def test_is_denied_to_who_has_not_signed_in(self, db, at):
        from pliego.kernel.actors import ANYONE

        with pytest.raises(Denied):
            services.register_entity(actor=ANYONE, data=given.entity_data(), papers=given.papers(), at=at)


class TestNames:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("Alcaldía de Nariño", "ALCALDIA DE NARIÑO"),
            ("  Empresa   S.A.S. ", "EMPRESA SAS"),
            ("Hospital San José-Sede Norte", "HOSPITAL SAN JOSE - SEDE NORTE"),
            ("Pérez & Hijos, Ltda.", "PEREZ & HIJOS LTDA"),
            ("«Universidad» (Pública)", "UNIVERSIDAD PUBLICA"),
        ],
    )
    def test_are_written_as_the_register_writes_them(self, typed, kept):
        assert rules.normalised_name(typed) == kept
        assert rules.normalised_name(kept) == kept


class TestTheDesk:
    def test_takes_the_request_so_that_both_sides_see_who_has_it(self, asked, at):
        desk.take(actor=given.desk(at=at), account_id=asked.pk, at=at)

        asked.refresh_from_db()
        assert (asked.held_by.email, asked.held_since) == ("ines@pliego.example", at)

    def test_activates(self, asked, at):
        account = given.activated(asked, at=at)

        assert (account.state, account.activated_at) == ("active", at)
        entry = Entry.objects.get(act="account.activated")
        assert entry.is_public
        assert account.receipt == entry

    def test_returns_with_reasons_at_the_fields_and_the_entity_sends_it_again(self, asked, beto, at):
        reasons = {"legal_name": "No es el del acto", "phone": " "}
        returned = desk.give_back(actor=given.desk(at=at), account_id=asked.pk, reasons=reasons, at=at)
        assert (returned.state, returned.return_reasons) == ("returned", {"legal_name": "No es el del acto"})
        assert [task.subject for task in queries.tasks_for(beto, at)] == [asked.name]

        mended = given.entity_data(legal_name="Municipio de Valle Sereno")
        again = services.correct_entity(
            actor=beto, account_id=asked.pk, data=mended, papers={"tax_register": given.upload("rut2.pdf")}, at=at
        )

        assert (again.state, again.name) == ("requested", "MUNICIPIO DE VALLE SERENO")
        assert "rut2.pdf" in {p.document.name for p in queries.papers_of(again)}
        assert queries.papers_of(again).count() == len(rules.ENTITY_PAPERS)

    def test_is_refused_a_return_without_reasons(self, asked, at):
        with pytest.raises(Refused, match="reason_missing"):
            desk.give_back(actor=given.desk(at=at), account_id=asked.pk, reasons={"nit": " "}, at=at)

    def test_cannot_activate_twice(self, asked, at):
        given.activated(asked, at=at)

        with pytest.raises(Denied):
            desk.activate(actor=given.desk(at=at), account_id=asked.pk, at=at)

    def test_is_nobody_else(self, asked, beto, at):
        stranger = given.actor(people.person("fabio"))

        with pytest.raises(Denied):
            desk.activate(actor=beto, account_id=asked.pk, at=at)
        with pytest.raises(Unknown):
            desk.activate(actor=stranger, account_id=asked.pk, at=at)

    def test_has_a_queue_and_tasks(self, asked, at):
        desk = given.desk(at=at)

        assert list(queries.waiting_for_activation()) == [asked]
        assert [task.subject for task in queries.tasks_for(desk, at)] == [asked.name]


class TestRegisterSupplier:
    def test_is_active_at_once_with_the_person_as_representative(self, db, at):
        account = given.supplier("carla", at=at)

        assert (account.state, account.is_supplier, account.is_buyer) == ("active", True, False)
        assert given.actor(people.person("carla"), account).roles == {"administrator", "bidder", "representative"}
        assert Entry.objects.get(act="account.supplier_registered").content["data"]["nit"] == account.nit

    def test_never_publishes_the_document_of_a_natural_person(self, db, at, client):
        carla = given.actor(people.person("carla"))
        given.load_starter()
        typed = {
            "kind": "natural_person",
            "legal_name": "Carla Vega",
            "municipality": "11001",
            "phone": "3000000000",
            "notification_email": "carla@pliego.example",
        }

        account = services.register_supplier(
            actor=carla, data=services.supplier_of(typed, user_id=carla.user_id), at=at
        )

        number = account.organization.number
        assert number == people.typed("carla").document_number
        entry = Entry.objects.get(act="account.supplier_registered")
        assert number not in entry.body
        assert client.get(f"/proveedores/{number}/").status_code == 404
        page = client.get(f"/proveedores/{account.code}/")
        assert page.status_code == 200
        assert number not in page.text
        shown = client.get(f"/api/v1/accounts/{account.code}").json()
        assert shown["nit"] == ""

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"kind": "state_entity"}, "kind"),
            ({"nit": ""}, "nit"),
            ({"representative_name": ""}, "representative_name"),
            ({"representative_document_number": "?"}, "representative_document_number"),
            ({"unspsc_interests": ("4321155",)}, "unspsc_interests"),
            ({"notification_email": "x"}, "notification_email"),
        ],
    )
    def test_is_refused_at_the_field(self, db, at, changes, field):
        given.load_starter()
        data = given.supplier_data("Casa", "999910009", **changes)

        with pytest.raises(Refused) as refused:
            services.register_supplier(actor=given.actor(people.person("carla")), data=data, at=at)

        assert {o.field for o in refused.value.objections} == {field}

    def test_is_refused_when_it_is_already_here(self, db, at):
        given.supplier("carla", at=at)
        data = given.supplier_data("Otra vez", given.NUMBERS["carla"])

        with pytest.raises(Refused, match="already_registered"):
            services.register_supplier(actor=given.actor(people.person("dario")), data=data, at=at)


class TestVisibility:
    def test_the_table_and_the_queryset_agree(self, asked, beto, at):
        active = given.supplier("carla", at=at)
        everybody = [
            given.actor(people.person("fabio")),
            given.actor(people.person("carla"), active),
            beto,
            given.desk(at=at),
        ]

        for actor in everybody:
            seen = set(Account.objects.visible_to(actor))
            assert seen == {a for a in (asked, active) if POLICY.verdict(actor, Act.VIEW, a)}
        assert set(Account.objects.visible_to(everybody[0])) == {active}
