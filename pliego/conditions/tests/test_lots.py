"""The lots after the publication: what an amendment and the end of the process make of them."""

import pytest

from pliego.conditions.dividing import division_of
from pliego.conditions.tests import given
from pliego.kernel.objections import Refused
from pliego.tendering import services
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db


def states(tender):
    return list(tender.lots.values_list("state", flat=True))


class TestLots:
    def test_fall_with_a_process_that_is_cancelled(self, at, run_reactions):
        tender = given.divided_tender(at)
        beto = tenders.signed(tenders.people_of(tender).beto, at)
        assert (division_of(tender).numbers, division_of(tender).most) == ([1, 2, 3], 3)

        services.cancel_tender(
            actor=beto, tender_id=tender.pk, at=at, reason="No hay dinero", legal_basis="Resolución 1 de 2026"
        )
        run_reactions()

        assert states(tender) == ["cancelled"] * 3

    def test_are_not_published_with_a_list_of_no_lot_nor_with_a_lot_without_prices(self, at):
        tender = tenders.draft_tender(at)
        told = {"actor": tenders.people_of(tender).ana, "tender_id": tender.pk, "at": at}
        services.save_section(part="lots", content=given.lots(), **told)

        with pytest.raises(Refused) as refused:
            services.submit_for_approval(**told)

        assert sorted(o.code for o in refused.value.objections) == [
            "lot_without_prices",
            "lot_without_prices",
            "lot_without_prices",
            "price_list_of_no_lot",
        ]

    def test_of_a_draft_are_written_anew_each_time(self, at):
        tender = given.divide(tenders.draft_tender(at), at)
        told = {"actor": tenders.people_of(tender).ana, "tender_id": tender.pk, "at": at}

        services.save_section(part="lots", content=given.lots(("30000000", "10000000")), **told)

        assert list(Tender.objects.get().lots.values_list("number", "value_amount")) == [
            (1, 30_000_000),
            (2, 10_000_000),
        ]
