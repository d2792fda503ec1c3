from decimal import Decimal

import pytest

from pliego.kernel.objections import Denied, Refused
from pliego.parties.models import Account
from pliego.planning.models import Plan, PlanLine
from pliego.tendering.forms import NewTenderForm
from pliego.tendering.services import create_tender
from pliego.tendering.tests import given


def line_of(house, at, **changes):
    plan = Plan.objects.create(
        code="PLG.PAA.1", account=house.account, year=2026, prepared_by_id=house.ana.user_id, created_at=at
    )
    fields = {
        "unspsc": ["43211500", "43211700"], "description": "Computadores", "duration": 3, "method": "minima_cuantia",
        "funding_source": "own", "total_amount": Decimal("41000000"), "published_in": 1, "unit": house.unit,
    } | changes  # fmt: skip
    return PlanLine.objects.create(plan=plan, number=1, updated_at=at, **fields)


class TestCreateTender:
    def test_opens_an_electronic_file_with_its_own_code(self, house, at):
        tender = create_tender(actor=house.ana, title="Papel", reference="MC-1", method="minima_cuantia", at=at)

        assert tender.state == "draft"
        assert tender.ocid == f"ocds-pl1ego-{tender.code}"
        assert (tender.method, tender.method_version) == ("minima_cuantia", "2026-01")
        assert tender.authors == [house.ana.user_id]

    def test_takes_from_the_line_of_the_plan_what_it_already_says(self, house, at):
        line = line_of(house, at)

        tender = create_tender(actor=house.ana, title="Papel", reference="MC-1", plan_line_ids=[line.pk], at=at)

        assert tender.method == "minima_cuantia"
        assert (tender.unspsc_main, tender.unspsc_additional) == ("43211500", ["43211700"])
        assert (tender.value_amount, tender.duration, tender.funding_source) == (Decimal("41000000"), 3, "own")
        assert (tender.unit, tender.delivery_municipality) == (house.unit, "73001")

    def test_proposes_two_people_of_the_entity_and_the_escrow_to_open(self, house, at):
        tender = create_tender(actor=house.ana, title="Papel", reference="MC-1", method="minima_cuantia", at=at)

        seats = list(tender.opening_members.values_list("capacity", flat=True))
        assert seats == ["preparer", "authorising_officer", "escrow"]
        assert tender.opening_threshold == 2

    def test_seats_nobody_where_the_method_receives_no_offers(self, house, at):
        tender = create_tender(actor=house.ana, title="Papel", reference="CD-1", method="contratacion_directa", at=at)

        assert not tender.opening_members.exists()

    def test_is_refused_when_the_line_is_not_published(self, house, at):
        line = line_of(house, at, published_in=None)

        with pytest.raises(Refused, match="unknown_plan_line"):
            create_tender(actor=house.ana, title="Papel", reference="MC-1", plan_line_ids=[line.pk], at=at)

    def test_is_refused_with_a_line_of_another_entity(self, house, at):
        line = line_of(given.buyer(at, "Otra entidad", "999900002"), at)

        with pytest.raises(Refused, match="unknown_plan_line"):
            create_tender(actor=house.ana, title="Papel", reference="MC-1", plan_line_ids=[line.pk], at=at)

    def test_is_refused_with_a_method_that_does_not_exist(self, house, at):
        with pytest.raises(Refused, match="unknown_method"):
            create_tender(actor=house.ana, title="Papel", reference="MC-1", method="a_dedo", at=at)

    def test_is_refused_when_the_reference_is_taken(self, house, at):
        create_tender(actor=house.ana, title="Papel", reference="MC-1", method="minima_cuantia", at=at)

        with pytest.raises(Refused, match="reference_taken"):
            create_tender(actor=house.ana, title="Tinta", reference="MC-1", method="minima_cuantia", at=at)

    @pytest.mark.parametrize("who", ["beto", "elena", "hugo"])
    def test_is_denied_to_whoever_does_not_prepare(self, house, at, who):
        with pytest.raises(Denied):
            create_tender(actor=getattr(house, who), title="Papel", reference="MC-1", method="minima_cuantia", at=at)

    def test_is_denied_to_suppliers(self, carla, at):
        with pytest.raises(Denied):
            create_tender(actor=carla, title="Papel", reference="MC-1", method="minima_cuantia", at=at)

    def test_keeps_a_method_for_the_entity_that_the_law_names(self, at, house):
        told = {"actor": house.ana, "title": "Acuerdo", "method": "licitacion_acuerdo_marco", "at": at}

        with pytest.raises(Refused, match="method_for_others") as refused:
            create_tender(reference="AM-1", **told)
        [objection] = refused.value.objections
        assert (objection.field, "art. 2.2.1.2.1.2.7" in objection.legal_basis) == ("method", True)
        assert "licitacion_acuerdo_marco" not in offered(house, at)

        Account.objects.filter(pk=house.account.pk).update(entity_type="central_purchasing_body")
        assert create_tender(reference="AM-1", **told).method == "licitacion_acuerdo_marco"
        assert "licitacion_acuerdo_marco" in offered(house, at)


def offered(house, at) -> set[str]:
    """The methods of the form with which a process is created."""
    form = NewTenderForm(account_id=house.account.pk, on=at.date())
    return {code for code, _title in form.fields["method"].choices}
