from decimal import Decimal

import pytest

from pliego.codelists import queries
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.tendering.models import Tender
from pliego.tendering.services import save_general
from pliego.tendering.tests import given


class TestSaveGeneral:
    def test_keeps_what_was_written(self, house, at):
        tender = given.empty_tender(at, house)

        save_general(actor=house.ana, tender_id=tender.pk, data=given.general(title="Otro nombre"), at=at)

        kept = Tender.objects.get(pk=tender.pk)
        assert (kept.title, kept.value_amount) == ("Otro nombre", Decimal("40000000"))

    def test_lets_a_draft_be_incomplete(self, house, at):
        tender = given.empty_tender(at, house)

        save_general(actor=house.ana, tender_id=tender.pk, data=given.general(description="", unspsc_main=""), at=at)

        assert Tender.objects.get(pk=tender.pk).description == ""

    def test_tells_everything_that_is_wrong_at_once(self, house, at):
        tender = given.empty_tender(at, house)
        data = given.general(
            title="", unspsc_main="9999", value_amount=Decimal(0), duration_unit="", delivery_municipality="00000",
            causal="amistad",
        )  # fmt: skip

        with pytest.raises(Refused) as refused:
            save_general(actor=house.ana, tender_id=tender.pk, data=data, at=at)

        assert {o.field for o in refused.value.objections} == {
            "title", "unspsc_main", "value_amount", "duration_unit", "delivery_municipality", "causal",
        }  # fmt: skip

    def test_refuses_a_code_that_the_official_list_lacks_once_it_is_loaded(self, house, at, monkeypatch):
        tender = given.empty_tender(at, house)
        monkeypatch.setattr(queries, "has_whole_unspsc", lambda: True)

        with pytest.raises(Refused, match="unknown_unspsc"):
            save_general(actor=house.ana, tender_id=tender.pk, data=given.general(unspsc_main="99999900"), at=at)

    @pytest.mark.parametrize("code", ["43000000", "43210000"])
    def test_refuses_a_code_that_is_too_general(self, house, at, code):
        tender = given.empty_tender(at, house)

        with pytest.raises(Refused, match="unspsc_too_general"):
            save_general(actor=house.ana, tender_id=tender.pk, data=given.general(unspsc_main=code), at=at)

    def test_writes_down_who_wrote(self, house, at):
        tender = given.empty_tender(at, house)
        other = given.joined(house.account, "irene", ["preparer"], at)

        save_general(actor=other, tender_id=tender.pk, data=given.general(), at=at)

        assert Tender.objects.get(pk=tender.pk).authors == [house.ana.user_id, other.user_id]

    def test_is_denied_once_it_was_sent_for_approval(self, house, submitted, at):
        with pytest.raises(Denied):
            save_general(actor=house.ana, tender_id=submitted.pk, data=given.general(), at=at)

    def test_does_not_exist_for_another_entity(self, house, at):
        tender, other = given.empty_tender(at, house), given.buyer(at, "Otra entidad", "999900002")

        with pytest.raises(Unknown):
            save_general(actor=other.ana, tender_id=tender.pk, data=given.general(), at=at)
