"""A modification of a signed contract: what it may change, who binds whom, and what stays of it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from pliego.authority.rules import StepData
from pliego.authority.tests import given as authority
from pliego.contracts import changes, modifying, services
from pliego.contracts.models import Contract, ContractVersion, Modification
from pliego.contracts.modifying import ModificationData
from pliego.contracts.tests import given
from pliego.contracts.tests.given import signed
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry
from pliego.tendering.tests import given as tendering

pytestmark = pytest.mark.django_db


def codes(refused: Any) -> set[str]:
    return {objection.code for objection in refused.value.objections}


@pytest.fixture
def contract(house: Any, at: datetime) -> Contract:
    return given.running(at, house)


class TestPublish:
    def test_an_addition_raises_the_value_and_the_money_reserved(
        self, house: Any, contract: Contract, at: datetime
    ) -> None:
        made = given.published_modification(house, contract, at, ends_on=contract.ends_on + timedelta(days=15))

        after = Contract.objects.get(pk=contract.pk)
        assert after.value_amount == contract.value_amount + Decimal("1000000")
        assert (after.budget_commitment, after.budget_commitment_amount) == ("RP-88, RP-99", after.value_amount)
        assert (after.ends_on, made.days, made.amount) == (
            contract.ends_on + timedelta(days=15),
            15,
            Decimal("1000000"),
        )
        assert made.changes["value_amount"] == {"old": "39850000.50", "new": "40850000.50"}

    @pytest.mark.parametrize(("kind", "field"), [("extension", "ends_on"), ("general", "payment_terms")])
    def test_changes_what_its_kind_changes_and_nothing_else(
        self, house: Any, contract: Contract, at: datetime, kind: str, field: str
    ) -> None:
        made = given.published_modification(house, contract, at, kind)

        before, after = contract, Contract.objects.get(pk=contract.pk)
        assert [name for name in changes.FIELDS if getattr(before, name) != getattr(after, name)] == [field]
        assert set(made.changes) == {field}

    def test_a_reduction_lowers_the_value(self, house: Any, contract: Contract, at: datetime) -> None:
        given.published_modification(house, contract, at, "reduction")

        assert Contract.objects.get(pk=contract.pk).value_amount == contract.value_amount - Decimal("1000000")

    def test_keeps_each_version_of_the_contract(self, house: Any, contract: Contract, at: datetime) -> None:
        given.published_modification(house, contract, at)
        given.published_modification(house, contract, at + timedelta(days=1), "general")

        kept = [(v.number, v.snapshot["value_amount"], v.snapshot["payment_terms"]) for v in contract.versions.all()]
        assert kept == [
            (1, "39850000.50", ""),
            (2, "40850000.50", ""),
            (3, "40850000.50", "Dos pagos iguales"),
        ]
        with pytest.raises(IntegrityError), transaction.atomic():
            ContractVersion.objects.filter(number=1).update(snapshot={})

    def test_is_public_with_all_that_came_before(self, house: Any, contract: Contract, at: datetime) -> None:
        made = given.accepted_modification(house, contract, at)
        hidden = set(Entry.objects.filter(act__startswith="modification.").values_list("act", "is_public"))
        modifying.publish_modification(actor=signed(house.beto, at), modification_id=made.pk, at=at)

        entries = Entry.objects.filter(act__startswith="modification.")
        assert hidden == {("modification.sent", False), ("modification.accepted", False)}
        assert entries.filter(act="modification.published").get().content["data"]["changes"] == made.changes
        assert {entry.disclosed_at is not None or entry.is_public for entry in entries} == {True}
        made.refresh_from_db()
        assert (made.document.audience, made.version) == ("public", 2)

    def test_is_not_of_whoever_wrote_it(self, house: Any, contract: Contract, at: datetime) -> None:
        made = modifying.draft_modification(actor=house.beto, contract_id=contract.pk, kind="general", at=at)
        data = ModificationData(reason="Ajuste", clauses="Otra", needs_supplier=False)
        told: dict[str, Any] = {"modification_id": made.pk, "at": at}
        modifying.edit_modification(actor=house.beto, data=data, document=tendering.pdf(), **told)

        with pytest.raises(Denied):
            modifying.publish_modification(actor=signed(house.beto, at), **told)

    def test_asks_for_a_signature(self, house: Any, contract: Contract, at: datetime) -> None:
        made = given.sent_modification(house, contract, at)
        with pytest.raises(SignatureRequired):
            modifying.accept_modification(actor=house.carla, modification_id=made.pk, at=at)
        modifying.accept_modification(actor=signed(house.carla, at), modification_id=made.pk, at=at)

        with pytest.raises(SignatureRequired):
            modifying.publish_modification(actor=house.beto, modification_id=made.pk, at=at)

    def test_of_one_that_is_unilateral_needs_no_supplier(self, house: Any, contract: Contract, at: datetime) -> None:
        made = given.drafted_modification(house, contract, at, "general", needs_supplier=False)
        with pytest.raises(Refused) as refused:
            modifying.send_modification(actor=house.ana, modification_id=made.pk, at=at)

        done = modifying.publish_modification(actor=signed(house.beto, at), modification_id=made.pk, at=at)

        assert (codes(refused), done.state) == ({"unilateral"}, "published")

    def test_of_one_that_the_supplier_must_accept_waits_for_them(
        self, house: Any, contract: Contract, at: datetime
    ) -> None:
        made = given.drafted_modification(house, contract, at)

        with pytest.raises(Refused) as refused:
            modifying.publish_modification(actor=signed(house.beto, at), modification_id=made.pk, at=at)

        assert codes(refused) == {"supplier_missing"}

    def test_is_refused_when_the_contract_changed_meanwhile(self, house: Any, at: datetime) -> None:
        contract = given.signed_contract(at, house)
        made = given.accepted_modification(house, contract, at, "general")
        Contract.objects.filter(pk=contract.pk).update(payment_terms="Otra cosa")

        with pytest.raises(Refused) as refused:
            modifying.publish_modification(actor=signed(house.beto, at), modification_id=made.pk, at=at)

        assert codes(refused) == {"contract_changed"}

    def test_the_database_refuses_one_that_nobody_accepted(self, house: Any, contract: Contract, at: datetime) -> None:
        made = given.sent_modification(house, contract, at)

        with pytest.raises(IntegrityError), transaction.atomic():
            Modification.objects.filter(pk=made.pk).update(state="accepted")


class TestSend:
    def test_tells_everything_that_is_missing_at_once(self, house: Any, contract: Contract, at: datetime) -> None:
        made = modifying.draft_modification(actor=house.ana, contract_id=contract.pk, kind="addition", at=at)

        with pytest.raises(Refused) as refused:
            modifying.send_modification(actor=house.ana, modification_id=made.pk, at=at)

        assert codes(refused) == {"reason_missing", "document_missing", "amount_missing", "budget_commitment_missing"}

    def test_shows_the_supplier_what_it_did_not_know(self, house: Any, contract: Contract, at: datetime) -> None:
        made = given.drafted_modification(house, contract, at)
        seen = [Modification.objects.visible_to(house.carla).exists()]
        modifying.send_modification(actor=house.ana, modification_id=made.pk, at=at)

        assert [*seen, Modification.objects.visible_to(house.carla).exists()] == [False, True]
        with pytest.raises(Unknown):
            modifying.reject_modification(
                actor=tendering.supplier(at, "dario"), modification_id=made.pk, reason="No", at=at
            )

    def test_waits_for_the_approval_of_the_account(self, house: Any, contract: Contract, at: datetime) -> None:
        from pliego.authority import approving

        authority.flow(signed(house.beto, at), at, StepData("Revisa", authority.code("hugo")), kind="modification")
        made = given.drafted_modification(house, contract, at)
        with pytest.raises(Refused) as refused:
            modifying.send_modification(actor=house.ana, modification_id=made.pk, at=at)
        asked = approving.start_approval(actor=house.ana, kind="modification", subject=made.code, at=at)
        approving.approve_step(actor=house.hugo, approval_id=asked.pk, step=1, at=at)

        done = modifying.send_modification(actor=house.ana, modification_id=made.pk, at=at)

        assert (codes(refused), done.state) == ({"approval_missing"}, "sent")

    def test_of_a_unilateral_one_is_approved_too(self, house: Any, contract: Contract, at: datetime) -> None:
        from pliego.authority import approving

        authority.flow(signed(house.beto, at), at, StepData("Revisa", authority.code("hugo")), kind="modification")
        made = given.drafted_modification(house, contract, at, "general", needs_supplier=False)
        with pytest.raises(Refused) as refused:
            modifying.publish_modification(actor=signed(house.beto, at), modification_id=made.pk, at=at)
        asked = approving.start_approval(actor=house.ana, kind="modification", subject=made.code, at=at)
        approving.approve_step(actor=house.hugo, approval_id=asked.pk, step=1, at=at)

        done = modifying.publish_modification(actor=signed(house.beto, at), modification_id=made.pk, at=at)

        assert (codes(refused), done.state) == ({"approval_missing"}, "published")


class TestReject:
    def test_gives_it_back_with_the_reason(self, house: Any, contract: Contract, at: datetime) -> None:
        made = given.sent_modification(house, contract, at)
        modifying.reject_modification(actor=house.carla, modification_id=made.pk, reason=" No alcanza ", at=at)
        modifying.rework_modification(actor=house.ana, modification_id=made.pk, at=at)

        made.refresh_from_db()
        assert (made.state, made.rejected_reason) == ("draft", "No alcanza")
        assert Contract.objects.get(pk=contract.pk).value_amount == contract.value_amount

    def test_needs_a_reason(self, house: Any, contract: Contract, at: datetime) -> None:
        made = given.sent_modification(house, contract, at)

        with pytest.raises(Refused, match="reason_missing"):
            modifying.reject_modification(actor=house.carla, modification_id=made.pk, reason=" ", at=at)

    def test_what_was_accepted_and_taken_back_is_accepted_again(
        self, house: Any, contract: Contract, at: datetime
    ) -> None:
        made = given.accepted_modification(house, contract, at)
        done = modifying.rework_modification(actor=house.ana, modification_id=made.pk, at=at)

        assert (done.state, done.decided_at) == ("draft", None)


class TestDraft:
    def test_is_one_at_a_time(self, house: Any, contract: Contract, at: datetime) -> None:
        made = given.drafted_modification(house, contract, at)
        with pytest.raises(Refused, match="one_at_a_time"):
            given.drafted_modification(house, contract, at)
        modifying.discard_modification(actor=house.ana, modification_id=made.pk, at=at)

        assert given.drafted_modification(house, contract, at).number == 2

    def test_is_of_a_contract_that_is_signed_or_running(self, house: Any, contract: Contract, at: datetime) -> None:
        unsigned = given.accepted(at, house)
        services.complete_contract(
            actor=house.gloria, contract_id=contract.pk, completed_on=at.date(), at=at + timedelta(hours=1)
        )

        for one in (unsigned, contract):
            with pytest.raises(Denied):
                given.drafted_modification(house, one, at)

    def test_is_refused_with_a_kind_that_does_not_exist(self, house: Any, contract: Contract, at: datetime) -> None:
        with pytest.raises(Refused, match="unknown_kind"):
            modifying.draft_modification(actor=house.ana, contract_id=contract.pk, kind="novation", at=at)

    def test_is_denied_to_the_supplier_and_to_control(self, house: Any, contract: Contract, at: datetime) -> None:
        for actor in (house.carla, house.elena):
            with pytest.raises(Denied):
                modifying.draft_modification(actor=actor, contract_id=contract.pk, kind="general", at=at)

    def test_takes_only_what_its_kind_may_change(self, house: Any, contract: Contract, at: datetime) -> None:
        made = given.drafted_modification(house, contract, at, "general", amount=Decimal(5), ends_on=date(2030, 1, 1))

        assert (set(made.changes), made.amount, made.days) == ({"payment_terms"}, None, None)

    def test_an_end_must_be_later_than_the_one_it_has(self, house: Any, contract: Contract, at: datetime) -> None:
        with pytest.raises(Refused, match="end_too_soon"):
            given.drafted_modification(house, contract, at, "extension", ends_on=contract.ends_on - timedelta(days=1))

    def test_a_contract_that_has_not_started_has_no_end_to_move(self, house: Any, at: datetime) -> None:
        contract = given.signed_contract(at, house)

        with pytest.raises(Refused, match="not_started"):
            given.drafted_modification(house, contract, at, "extension", ends_on=date(2027, 1, 1))


class TestLimit:
    """Ley 80 de 1993, art. 40, par.: half of the initial value, in minimum wages."""

    def test_half_of_the_value_may_be_added_and_not_a_cent_more(
        self, house: Any, contract: Contract, at: datetime
    ) -> None:
        half = Decimal("19925000.25")
        with pytest.raises(Refused) as refused:
            given.sent_modification(house, contract, at, amount=half + Decimal("0.01"))
        modifying.discard_modification(actor=house.ana, modification_id=Modification.objects.get().pk, at=at)

        assert codes(refused) == {"addition_too_large"}
        assert "Ley 80 de 1993, art. 40" in refused.value.objections[0].legal_basis
        assert "19.925.000,25" in str(refused.value.objections[0])
        assert given.sent_modification(house, contract, at, amount=half).state == "sent"

    def test_counts_every_addition_together(self, house: Any, contract: Contract, at: datetime) -> None:
        given.published_modification(house, contract, at, amount=Decimal("19000000"))
        given.published_modification(house, contract, at, "reduction", amount=Decimal("19000000"))

        with pytest.raises(Refused, match="addition_too_large"):
            given.sent_modification(house, contract, at, amount=Decimal("1000000"))

    def test_is_measured_in_the_wages_of_each_year(self, house: Any, contract: Contract, at: datetime) -> None:
        """A contract of 2025 may grow in 2026 by more pesos than half of its own: wages grew too."""
        Contract.objects.filter(pk=contract.pk).update(signed_at=datetime(2025, 6, 2, 9, tzinfo=BOGOTA))
        half_of_then = contract.value_amount / 2 / 1_423_500 * 1_750_905
        below, above = (half_of_then.quantize(Decimal("0.01")) + Decimal(cents) / 100 for cents in (-1, 1))
        with pytest.raises(Refused, match="addition_too_large"):
            given.sent_modification(house, contract, at, amount=above)
        modifying.discard_modification(actor=house.ana, modification_id=Modification.objects.get().pk, at=at)

        assert given.sent_modification(house, contract, at, amount=below).state == "sent"

    def test_is_not_of_the_supervision_of_works(self, house: Any, contract: Contract, at: datetime) -> None:
        Contract.objects.filter(pk=contract.pk).update(contract_type="supervision")

        assert given.sent_modification(house, contract, at, amount=contract.value_amount).state == "sent"

    def test_is_refused_while_the_wage_of_the_year_is_unknown(
        self, house: Any, contract: Contract, at: datetime
    ) -> None:
        Contract.objects.filter(pk=contract.pk).update(signed_at=datetime(2009, 6, 2, 9, tzinfo=BOGOTA))

        with pytest.raises(Refused, match="wage_unknown"):
            given.sent_modification(house, contract, at)

    def test_counts_a_year_that_is_not_decreed_yet_in_the_last_wages(self) -> None:
        last = max(changes.minimum_wages())
        known, later, before = (changes.in_wages(Decimal(10**9), date(year, 5, 1)) for year in (last, last + 2, 1900))

        assert (known, before) == (later, None)

    def test_wages_are_dated_and_cited(self) -> None:
        import tomllib

        rows = tomllib.loads(changes.WAGES.read_text())["year"]

        assert all(row["legal_basis"].startswith("Decreto ") for row in rows)
        assert {year: int(changes.minimum_wages()[year]) for year in (2025, 2026)} == {2025: 1423500, 2026: 1750905}


class TestPagesAndApi:
    def test_go_from_the_kind_to_the_publication(
        self, house: Any, contract: Contract, at: datetime, client_for: Any
    ) -> None:
        from pliego.accounts.tests import given as people

        def client(name: str, account: Any) -> Any:
            made = client_for(people.person(name), account)
            session = made.session
            session["opened_by"] = "demo"  # so that acts are signed with the practice signature
            session.save()
            return made

        one = f"/escritorio/contratos/{contract.code}/"
        ana, beto = client("ana", contract.buyer), client("beto", contract.buyer)
        carla = client("carla", contract.supplier)
        began = ana.post(one + "modificaciones/nueva/", {"kind": "addition"})
        mine = one + "modificaciones/1/"
        page = ana.get(mine + "editar/").content.decode()
        typed = {
            "amount": "1.000.000",
            "budget_commitment": "RP-9",
            "reason": "Más equipos",
            "needs_supplier": "on",
            "document": tendering.pdf().file,
        }
        steps = [
            (ana, "editar/", typed), (ana, "enviar/", {}), (carla, "rechazar/", {"reason": "Falta plazo"}),
            (ana, "devolver/", {}), (ana, "enviar/", {}), (carla, "aceptar/", {"firma-demo": "on"}),
            (beto, "publicar/", {"firma-demo": "on"}),
        ]  # fmt: skip
        answers = [(path, who.post(mine + path, data).status_code) for who, path, data in steps]

        assert began.url == mine + "editar/"
        assert 'name="object"' not in page
        assert answers == [(path, 303) for _who, path, _data in steps]
        assert "40.850.000,50" in beto.get(mine).content.decode()
        assert "Adición" in beto.get(one).content.decode()

    def test_show_why_a_button_is_off(self, house: Any, contract: Contract, at: datetime, client_for: Any) -> None:
        from pliego.accounts.tests import given as people

        modifying.draft_modification(actor=house.ana, contract_id=contract.pk, kind="extension", at=at)
        ana = client_for(people.person("ana"), contract.buyer)

        page = ana.get(f"/escritorio/contratos/{contract.code}/modificaciones/1/").content.decode()

        assert "Escriba la nueva fecha final." in page
        assert 'aria-disabled="true"' in page

    def test_over_the_api_are_the_same(self, house: Any, contract: Contract, at: datetime, client_for: Any) -> None:
        from pliego.accounts.tests import given as people

        ana = client_for(people.person("ana"), contract.buyer)
        all_of_them = f"/api/v1/contracts/{contract.code}/modifications"
        told = {"content_type": "application/json"}

        made = ana.post(all_of_them, {"kind": "general"}, **told)
        edited = ana.put(f"{all_of_them}/1", {"reason": "Ajuste", "payment_terms": "Otra"}, **told)
        refused = ana.post(f"{all_of_them}/1/send", **told)
        unknown = ana.put(f"{all_of_them}/1", {"color": "rojo"}, **told)

        assert (made.status_code, edited.json()["changes"]) == (201, {"payment_terms": {"old": "", "new": "Otra"}})
        assert (refused.status_code, unknown.status_code) == (422, 422)
        assert [row["number"] for row in ana.get(all_of_them).json()] == [1]
