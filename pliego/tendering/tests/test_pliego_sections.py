"""Documents, budget, opening members and invitations of the draft."""

from decimal import Decimal

import pytest

from pliego.accounts.models import User
from pliego.documents.models import Document
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.tendering import openers, services
from pliego.tendering.models import Tender
from pliego.tendering.tests import given


@pytest.fixture
def tender(house, at):
    return given.empty_tender(at, house)


@pytest.fixture
def common(house, tender, at):
    return {"actor": house.ana, "tender_id": tender.pk, "at": at}


class TestAttachDocument:
    def test_keeps_it_closed_until_the_publication(self, common, tender, carla):
        attached = services.attach_document(kind="prior_studies", content=given.pdf(), **common)

        assert (attached.kind, attached.document.audience) == ("prior_studies", "account")
        assert attached.document.file == tender.ocid
        assert not Document.objects.visible_to(carla).filter(pk=attached.document_id).exists()

    def test_takes_its_title_from_the_kind(self, common):
        attached = services.attach_document(kind="invitation", content=given.pdf(), **common)

        assert attached.title == "Invitación a participar"

    def test_is_refused_for_a_kind_that_no_pliego_has(self, common):
        with pytest.raises(Refused, match="unknown_kind"):
            services.attach_document(kind="receipt", content=given.pdf(), **common)

    def test_is_refused_for_what_is_not_what_its_name_says(self, common):
        program = given.parties.upload("estudio.pdf", b"MZ" + b"\x00" * 200)

        with pytest.raises(Refused):
            services.attach_document(kind="prior_studies", content=program, **common)

    def test_can_be_taken_back(self, common, tender):
        attached = services.attach_document(kind="annex", content=given.pdf(), **common)

        services.remove_document(document_code=attached.document.code, **common)

        assert not tender.documents.exists()

    def test_does_not_find_a_document_of_another_process(self, common):
        with pytest.raises(Unknown):
            services.remove_document(document_code="DOC-NADA", **common)


class TestSaveBudget:
    def test_keeps_the_certificate(self, common, tender):
        services.save_budget(number="CDP-1", amount=Decimal("5000"), funding_source="own", **common)

        kept = Tender.objects.get(pk=tender.pk)
        assert (kept.budget_certificate, kept.budget_certificate_amount) == ("CDP-1", Decimal("5000"))

    def test_is_refused_when_it_is_for_less_than_the_value(self, common):
        services.save_general(data=given.general(value_amount=Decimal("5001")), **common)

        with pytest.raises(Refused, match="budget_too_small") as refused:
            services.save_budget(number="CDP-1", amount=Decimal("5000"), funding_source="own", **common)

        assert refused.value.objections[0].field == "amount"


class TestChooseOpeningMembers:
    def test_seats_them_in_order(self, house, common, tender, at):
        members = [(house.beto.user_id, "authorising_officer"), (house.ana.user_id, "technical")]

        services.choose_opening_members(threshold=2, members=members, **common)

        assert list(tender.opening_members.values_list("number", "user_id")) == [
            (1, house.beto.user_id), (2, house.ana.user_id),
        ]  # fmt: skip

    def test_is_refused_with_everything_that_is_wrong(self, house, common, carla):
        members = [(carla.user_id, "friend"), (carla.user_id, "friend")]

        with pytest.raises(Refused) as refused:
            services.choose_opening_members(threshold=5, members=members, **common)

        assert {o.code for o in refused.value.objections} == {
            "member_twice", "bad_threshold", "unknown_member", "unknown_capacity",
        }  # fmt: skip

    def test_is_refused_at_its_field_when_more_are_needed_than_there_are(self, house, common):
        members = [(house.beto.user_id, "authorising_officer"), (house.ana.user_id, "technical")]

        with pytest.raises(Refused) as refused:
            services.choose_opening_members(threshold=3, members=members, **common)

        assert [(o.code, o.field) for o in refused.value.objections] == [("bad_threshold", "threshold")]

    @pytest.mark.parametrize(
        ("smmlv", "people", "code"),
        [(280, 9, "small_process"), (281, 9, "any"), (None, 9, "any"), (281, 4, "small_entity"), (281, 5, "any")],
    )
    def test_has_a_usual_size_by_the_process_and_the_entity(self, smmlv, people, code):
        value = None if smmlv is None else Decimal(smmlv) * Decimal("1750905")

        assert openers.usual(value, 2026, people).code == code

    def test_under_the_usual_size_warns_and_does_not_block(self):
        found = openers.usual(None, 2026, 9)

        assert (found.threshold, found.members) == (3, 5)
        assert [len(openers.cautions(found, t, n)) for t, n in ((3, 5), (4, 7), (2, 5), (3, 4), (2, 3), (2, 0))] == [
            0, 0, 2, 2, 3, 0,
        ]  # fmt: skip

    def test_says_so_on_its_page_and_over_the_api(self, house, common, tender, client_for):
        members = [(house.beto.user_id, "authorising_officer"), (house.ana.user_id, "technical")]
        services.choose_opening_members(threshold=2, members=members, **common)
        ana = client_for(User.objects.get(pk=house.ana.user_id), house.account)

        page = ana.get(f"/escritorio/procesos/{tender.code}/miembros/").content.decode()

        told = ana.get(f"/api/v1/tenders/{tender.code}/openers").json()
        assert (told["usual"]["threshold"], told["usual"]["members"]) == (3, 5)
        assert told["cautions"][0].startswith("Hay 2 personas: si se pierde la llave de una")
        assert told["cautions"][0] in page

    def test_is_refused_with_one_person_alone(self, house, common):
        with pytest.raises(Refused, match="too_few_members"):
            services.choose_opening_members(threshold=2, members=[(house.ana.user_id, "legal")], **common)


class TestInviteSupplier:
    @pytest.fixture
    def direct(self, house, at):
        return given.empty_tender(at, house, "contratacion_directa")

    def test_writes_a_private_act(self, house, direct, carla, at):
        services.invite_supplier(actor=house.ana, tender_id=direct.pk, supplier_code=carla.account_code, at=at)

        assert direct.invitations.get().supplier_id == carla.account_id
        assert not Entry.objects.get(file=direct.ocid, act="tender.supplier_invited").is_public

    def test_is_refused_twice(self, house, direct, carla, at):
        services.invite_supplier(actor=house.ana, tender_id=direct.pk, supplier_code=carla.account_code, at=at)

        with pytest.raises(Refused, match="already_done"):
            services.invite_supplier(actor=house.ana, tender_id=direct.pk, supplier_code=carla.account_code, at=at)

    def test_is_refused_for_an_account_that_does_not_supply(self, house, direct, at):
        with pytest.raises(Refused, match="unknown_supplier"):
            services.invite_supplier(actor=house.ana, tender_id=direct.pk, supplier_code="PLG.CTA.1", at=at)

    def test_is_refused_where_the_method_invites_nobody(self, common, carla):
        with pytest.raises(Refused, match="no_invitations"):
            services.invite_supplier(supplier_code=carla.account_code, **common)

    def test_can_be_taken_back(self, house, direct, carla, at):
        services.invite_supplier(actor=house.ana, tender_id=direct.pk, supplier_code=carla.account_code, at=at)

        services.withdraw_invitation(actor=house.ana, tender_id=direct.pk, supplier_code=carla.account_code, at=at)

        assert not direct.invitations.exists()

    def test_is_denied_to_the_approver(self, house, direct, carla, at):
        with pytest.raises(Denied):
            services.invite_supplier(actor=house.beto, tender_id=direct.pk, supplier_code=carla.account_code, at=at)
