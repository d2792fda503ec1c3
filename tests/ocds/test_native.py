"""Every release and record of a native process is valid, at each of its stages."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from pliego.awards.tests import given as awards
from pliego.bidding.tests import given as bids
from pliego.breaches.tests import given as breaches
from pliego.conditions.tests import given as conditions
from pliego.contracts import modifying
from pliego.contracts import services as agreements
from pliego.contracts.loading import services as loading
from pliego.contracts.tests import given as contracts
from pliego.enquiries import services as enquiries
from pliego.execution import services as execution
from pliego.execution.deliveries import DeliveryData
from pliego.execution.tests import given as executions
from pliego.kernel.calendar import calendar
from pliego.planning.tests import given as plans
from pliego.publication.models import Release
from pliego.tendering import services as tendering
from pliego.tendering.tests import given as tenders
from tests import shared

pytest.importorskip("libcoveocds", reason="libcoveocds is a development dependency: OCDS packages are not checked")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning:libcove"),
]


def test_packages_of_a_process_are_valid_at_every_stage(at, run_reactions):
    from tests.ocds.offline import faults

    material = shared.path("ocds")
    tender = tenders.published_tender(at)
    enquiries.ask_enquiry(actor=tenders.supplier(at), tender_id=tender.pk, text="¿De qué color?", at=at)
    bids.submitted_bid(tender)
    run_reactions()
    client = Client()
    assert faults(client.get(f"/ocds/api/v1/records/{tender.ocid}").json(), material) == {}

    enquiries.answer_enquiry(
        actor=tenders.people_of(tender).ana, tender_id=tender.pk, number=1, answer="De cualquiera.", at=at
    )
    bids.closed_tender(tender)
    bids.opened_tender(tender)
    run_reactions()

    record = client.get(f"/ocds/api/v1/records/{tender.ocid}").json()
    releases = client.get("/ocds/api/v1/releases?limit=500").json()
    assert len(releases["releases"]) == Release.objects.count()
    assert faults(record, material) == {}
    assert faults(releases, material) == {}
    compiled = record["records"][0]["compiledRelease"]
    assert compiled["bids"]["details"]
    assert compiled["tender"]["awardCriteria"] == "priceOnly"


def test_packages_of_a_process_in_lots_are_valid(at, run_reactions):
    from tests.ocds.offline import faults

    house = tenders.buyer(at)
    draft = conditions.divide(tenders.draft_tender(at, house, method="seleccion_abreviada_menor_cuantia"), at)
    lines = plans.line(description="Computadores"), plans.line(description="Impresoras")
    plan = plans.published_plan(house.ana, tenders.signed(house.beto, at), at, *lines)
    chosen = list(plan.lines.values_list("pk", flat=True))
    tendering.choose_plan_lines(actor=house.ana, tender_id=draft.pk, line_ids=chosen, at=at)
    tendering.submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)
    tendering.publish_tender(actor=tenders.signed(house.beto, at), tender_id=draft.pk, at=at)
    run_reactions()

    record = Client().get(f"/ocds/api/v1/records/{draft.ocid}").json()

    compiled = record["records"][0]["compiledRelease"]
    assert faults(record, shared.path("ocds")) == {}
    assert [lot["id"] for lot in compiled["tender"]["lots"]] == ["1", "2", "3"]
    assert compiled["planning"]["rationale"] == "Computadores; Impresoras"
    assert [row["id"] for row in compiled["planning"]["documents"]] == [f"{plan.code}-1", f"{plan.code}-2"]


def test_packages_of_an_awarded_process_are_valid(at, run_reactions):
    from tests.ocds.offline import faults

    material = shared.path("ocds")
    award = awards.awarded(at, ["1000000.00", "500000.00"], ["900000.00", "400000.00"])
    run_reactions()

    record = Client().get(f"/ocds/api/v1/records/{award.tender.ocid}").json()

    compiled = record["records"][0]["compiledRelease"]
    assert faults(record, material) == {}
    assert {row["status"] for row in compiled["bids"]["details"]} == {"valid"}
    assert compiled["awards"][0]["relatedBid"] == award.bid.code
    assert "award" in {release["tag"][0] for release in record["records"][0]["releases"]}


def test_packages_of_a_direct_award_are_valid(at, run_reactions):
    from tests.ocds.offline import faults

    award = awards.awarded_directly(at)
    run_reactions()

    record = Client().get(f"/ocds/api/v1/records/{award.tender.ocid}").json()
    assert faults(record, shared.path("ocds")) == {}
    assert record["records"][0]["compiledRelease"]["tender"]["procurementMethod"] == "direct"


def test_packages_of_a_followed_paid_and_sanctioned_contract_are_valid(at, run_reactions):
    from tests.ocds.offline import faults

    of = contracts.house(at)
    contract = executions.followed(contracts.running(at, of, covers=("performance",)), of, at)
    first = executions.planned(contract, of, at).installments.first()
    received = DeliveryData("", calendar.day_of(at), Decimal(50))
    execution.receive_delivery(actor=of.gloria, contract_id=contract.pk, number=1, received=received, remarks="", at=at)
    executions.paid_invoice(contract, of, at, amount=first.amount, installment_number=1, delivery_number=1)
    breaches.imposed(of, contract, at, {"penalty": Decimal(1_000_000)})
    run_reactions()

    record = Client().get(f"/ocds/api/v1/records/{contract.code}").json()
    compiled = record["records"][0]["compiledRelease"]["contracts"][0]["implementation"]
    assert faults(record, shared.path("ocds")) == {}
    assert [row["value"]["amount"] for row in compiled["transactions"]] == [float(first.amount)]
    assert [(row["id"], row["type"], row["status"]) for row in compiled["milestones"]] == [
        ("delivery-1", "delivery", "met"), ("delivery-2", "delivery", "scheduled"),
        ("payment-1", "financing", "met"), ("payment-2", "financing", "scheduled"),
    ]  # fmt: skip
    (failure,) = compiled["performanceFailures"]
    assert (failure["id"], failure["penaltyPaid"]) == (f"{contract.code}-1-penalty", False)
    assert {"contract", "implementationUpdate"} <= {row["tag"][0] for row in record["records"][0]["releases"]}

    day, told = calendar.day_of(at), {"contract_id": contract.pk, "at": at}
    agreements.complete_contract(actor=of.gloria, completed_on=day, **told)
    executions.signed_settlement(contract, of, at)
    execution.accept_settlement(actor=tenders.signed(of.carla, at), **told)
    execution.close_file(actor=of.beto, **told)
    run_reactions()

    record = Client().get(f"/ocds/api/v1/records/{contract.code}").json()
    ended = record["records"][0]["compiledRelease"]["contracts"][0]
    done, paid = ended["implementation"], Decimal(str(ended["implementation"]["finalValue"]["amount"]))
    assert faults(record, shared.path("ocds")) == {}
    assert (ended["status"], done["endDate"][:10], paid) == ("terminated", day.isoformat(), first.amount)
    assert [row["documentType"] for row in ended["documents"][1:]] == ["completionCertificate"] * 2
    assert record["records"][0]["releases"][-1]["tag"] == ["contractTermination"]


def test_packages_of_a_process_whose_contracts_were_loaded_are_valid(at, run_reactions):
    from tests.ocds.offline import faults

    of = contracts.house(at)
    load = contracts.loaded(of, awards.direct_tender(at), at)
    loading.apply(actor=of.ana, load_id=load.pk, at=at, sends=True)
    loading.carry_out(load_id=load.pk)
    contract = load.rows.get().contract
    agreements.accept_contract(actor=tenders.signed(of.carla, at), contract_id=contract.pk, at=at)
    money = {"budget_commitment": "RP-1", "budget_commitment_amount": contract.value_amount}
    agreements.sign_contract(actor=tenders.signed(of.beto, at), contract_id=contract.pk, at=at, **money)
    run_reactions()

    record = Client().get(f"/ocds/api/v1/records/{contract.tender.ocid}").json()
    compiled = record["records"][0]["compiledRelease"]
    assert faults(record, shared.path("ocds")) == {}
    assert [row["awardID"] for row in compiled["contracts"]] == [row["id"] for row in compiled["awards"]]
    assert contract.title in Client().get(f"/contratos/{contract.code}/").content.decode()


def test_packages_of_a_modified_contract_are_valid_and_tell_what_changed(at, run_reactions):
    from tests.ocds.offline import faults

    of = contracts.house(at)
    contract = contracts.running(at, of)
    made = contracts.published_modification(of, contract, at)
    kinds = ("suspension", "resumption", "assignment")
    others = [
        contracts.published_modification(of, contract, at + timedelta(days=n), kind)
        for n, kind in enumerate(kinds, start=1)
    ]
    alone = {"needs_supplier": False, "cause": "public_service"}
    ended = contracts.drafted_modification(of, contract, at + timedelta(days=4), "termination", **alone)
    beto = tenders.signed(of.beto, at + timedelta(days=4))
    modifying.publish_modification(actor=beto, modification_id=ended.pk, at=at + timedelta(days=4))
    others.append(ended)
    run_reactions()

    record = Client().get(f"/ocds/api/v1/records/{contract.tender.ocid}").json()

    compiled = record["records"][0]["compiledRelease"]["contracts"][0]
    assert faults(record, shared.path("ocds")) == {}
    assert compiled["value"]["amount"] == 40850000.5
    told = [(row["id"], row["rationale"]) for row in compiled["amendments"]]
    assert told == [(one.code, one.reason) for one in (made, *others)]
    for row, word in zip(
        compiled["amendments"][1:], ("Suspensión", "Reanudación", "Cesión", "Terminación"), strict=True
    ):
        assert row["description"].startswith(word)
    assert "SUMINISTROS DEL PARAMO SAS → COMERCIAL RIO CLARO SAS" in compiled["amendments"][3]["description"]
    assert "39850000.50 → 40850000.50" in compiled["amendments"][0]["description"]
    assert "contractAmendment" in {release["tag"][0] for release in record["records"][0]["releases"]}


def test_packages_of_a_process_that_stops_and_goes_on_are_valid_at_each_act(at, run_reactions):
    from tests.ocds.offline import faults

    tender, material = tenders.published_tender(at), shared.path("ocds")
    people = tenders.people_of(tender)
    common = {"actor": tenders.signed(people.beto, at), "tender_id": tender.pk, "at": at + timedelta(minutes=5)}
    halted = {"reason": "Auto", "legal_basis": "Auto 12", "planned_on": at.date() + timedelta(days=7)}
    defect = {
        "actor": people.ana,
        "tender_id": tender.pk,
        "at": at,
        "defect": "Faltó la hora",
        "reason": "Se da de nuevo",
    }
    told = []
    for act in (
        lambda: tendering.suspend_tender(**common, **halted),
        lambda: tendering.resume_tender(reason="Cesó", **common),
        lambda: (
            tendering.draft_correction(milestones={"contract_signed": calendar.at(date(2026, 4, 1), 9)}, **defect),
            tendering.publish_amendment(**common),
        ),
        lambda: tendering.revoke_tender(ground="unjust_harm", reason="Daño", **common),
    ):
        act()
        run_reactions()
        record = Client().get(f"/ocds/api/v1/records/{tender.ocid}").json()
        assert faults(record, material) == {}
        compiled = record["records"][0]["compiledRelease"]["tender"]
        told.append((compiled["status"], [row["status"] for row in compiled["milestones"] if "status" in row]))

    met = ["met", "met"]
    assert told == [("active", ["met", "scheduled"]), ("active", met), ("active", met), ("cancelled", [*met, "met"])]
    assert compiled["milestones"][-1]["id"] == "revoked"
    assert compiled["amendments"][0]["description"] == "Reanudación"
    assert compiled["amendments"][1]["description"] == "Saneamiento: Faltó la hora"
