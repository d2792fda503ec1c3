"""What each kind of reader sees of an account."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from pliego.directory import queries
from pliego.directory.policy import POLICY, Act
from pliego.directory.tests import given
from pliego.kernel.actors import ANYONE
from pliego.kernel.objections import Unknown
from pliego.parties.models import Account
from pliego.parties.tests import given as parties
from pliego.suppliers.models import BankAccount, Experience, Profile

pytestmark = pytest.mark.django_db
DOCUMENT = "52000111"


@pytest.fixture
def lucia(at):
    """A natural person who sells."""
    own = {"kind": "natural_person", "nit": "", "document_type": "CC", "document_number": DOCUMENT}
    return given.firm("Pérez Gómez Lucía", DOCUMENT, at=at, by="lucia", **own)


@pytest.fixture
def cast(at):
    return parties.cast(at=at)


class TestANaturalPerson:
    def test_keeps_their_document_from_everybody(self, lucia):
        page = Client().get(f"/directorio/{lucia.code}/").content.decode()
        data = Client().get(f"/api/v1/directory/{lucia.code}").json()

        assert lucia.name in page
        assert lucia.organization.number not in page
        assert lucia.phone not in page
        assert data["document"] == ""

    def test_shows_its_end_and_their_phone_to_who_buys(self, lucia, cast):
        seen = queries.profile_of(actor=cast.ana, code=lucia.code, at=lucia.created_at)

        number = lucia.organization.number
        assert seen.document == "•" * (len(number) - 3) + number[-3:]
        assert "phone" in {fact.field for fact in seen.facts}

    def test_is_whole_for_themselves(self, lucia):
        assert (
            queries.profile_of(actor=given.of(lucia), code=lucia.code, at=lucia.created_at).document
            == lucia.organization.number
        )

    def test_is_as_closed_to_other_suppliers_as_to_strangers(self, lucia, cast):
        for actor in (ANYONE, cast.carla, cast.fabio):
            seen = queries.profile_of(actor=actor, code=lucia.code, at=lucia.created_at)
            assert (seen.document, seen.sees_contact, seen.says.sees_capacity) == ("", False, False)


class TestACompany:
    def test_shows_its_experience_only_to_who_buys(self, cast, client_for):
        firm = cast.first_supplier
        Profile.objects.create(account=firm, description="Papelería de la región", updated_at=firm.created_at)
        Experience.objects.create(
            account=firm, number=1, client="Hospital del Norte", title="Dotación", amount=Decimal(5_000_000),
            starts_on=date(2024, 1, 1), ends_on=date(2024, 6, 1),
        )  # fmt: skip
        url = f"/directorio/{firm.code}/"
        open_page = Client().get(url).content.decode()
        buyers = client_for(cast.person("ana"), cast.entity).get(url).content.decode()
        rivals = client_for(cast.person("dario"), cast.second_supplier).get(url).content.decode()

        assert "Papelería de la región" in open_page
        assert firm.nit in open_page
        assert ["Hospital del Norte" in page for page in (open_page, rivals, buyers)] == [False, False, True]

    def test_shows_its_bank_account_to_nobody(self, cast, client_for):
        firm = cast.first_supplier
        BankAccount.objects.create(
            account=firm, bank="Banco del Río", kind="savings", number="00011122233", holder=firm.name,
            updated_at=firm.created_at,
        )  # fmt: skip
        for name, account in (("ana", cast.entity), ("carla", firm), ("ines", None)):
            client = client_for(cast.person(name), account)
            said = (
                client.get(f"/directorio/{firm.code}/").content + client.get(f"/api/v1/directory/{firm.code}").content
            )
            assert b"00011122233" not in said
            assert "Banco del Río".encode() not in said

    def test_leads_to_its_processes(self, cast):
        assert f"/procesos/?entidad={cast.entity.organization.number}" in (
            Client().get(f"/directorio/{cast.entity.code}/").content.decode()
        )


class TestDocuments:
    def test_are_shown_to_whom_their_audience_names(self, cast):
        from pliego.documents import services as documents
        from pliego.parties.models import AccountPaper

        firm, at = cast.first_supplier, cast.first_supplier.created_at
        for audience in ("public", "buyers", "desk"):
            document = documents.store(
                actor=cast.carla, content=parties.upload(f"{audience}.pdf").file, name=f"{audience}.pdf",
                kind="tax_register", file=firm.file, audience=audience, at=at,
            )  # fmt: skip
            AccountPaper.objects.create(account=firm, kind=audience, document=document, audience=audience, added_at=at)

        def seen(actor):
            return {paper.kind for paper in queries.profile_of(actor=actor, code=firm.code, at=at).papers}

        assert seen(ANYONE) == seen(cast.fabio) == seen(cast.dario) == {"public"}
        assert seen(cast.ana) == {"public", "buyers"}
        assert seen(cast.carla) == {"public", "buyers", "desk"}
        assert seen(cast.ines) == {"public", "buyers", "desk"}


class TestAnAccountThatIsNotActive:
    def test_is_in_no_directory(self, at):
        account = parties.requested_entity(at=at)

        assert Client().get(f"/directorio/{account.code}/").status_code == 404
        with pytest.raises(Unknown):
            queries.profile_of(actor=ANYONE, code=account.code, at=at)


def test_the_table_says_who_sees_more(cast):
    firm = Account.objects.get(pk=cast.first_supplier.pk)
    allowed = {name: POLICY.verdict(actor, Act.SEE_CONTACT, firm).allowed for name, actor in cast.actors.items()}

    assert {name for name, may in allowed.items() if may} == {"ana", "beto", "elena", "gloria", "hugo", "carla", "ines"}
    assert not POLICY.verdict(ANYONE, Act.SEE_CONTACT, firm).allowed
