from decimal import Decimal

import pytest

from pliego.kernel.objections import Refused, Unknown
from pliego.tendering import services
from pliego.tendering.price_lists import PriceRow
from pliego.tendering.tests import given


@pytest.fixture
def tender(house, at):
    return given.empty_tender(at, house)


@pytest.fixture
def save(house, tender, at):
    def save_item(**changes):
        fields = {"envelope": "offer", "kind": "file", "title": "Certificado"} | changes
        return services.save_item(actor=house.ana, tender_id=tender.pk, at=at, **fields)

    return save_item


class TestSaveItem:
    def test_numbers_the_questions_in_order(self, save, tender):
        save(title="Uno")
        save(title="Dos")

        assert list(tender.items.values_list("number", "title")) == [(1, "Uno"), (2, "Dos")]

    def test_changes_the_question_with_that_number(self, save, tender):
        save(title="Uno")

        save(number=1, title="Otra", kind="text", is_required=False)

        assert list(tender.items.values_list("title", "kind", "is_required")) == [("Otra", "text", False)]

    def test_never_requires_an_informative_text(self, save):
        item = save(kind="info", is_required=True, is_requirement=True)

        assert (item.is_required, item.is_requirement) == (False, False)

    def test_is_refused_with_everything_that_is_wrong(self, save):
        with pytest.raises(Refused) as refused:
            save(envelope="bajo la mesa", kind="choice", options=["Sí", "Sí"])

        assert [o.code for o in refused.value.objections] == ["unknown_envelope", "too_few_options"]

    def test_is_refused_when_a_price_list_with_lines_would_lose_them(self, save, house, tender, at):
        save(kind="price_list")
        services.save_price_list(actor=house.ana, tender_id=tender.pk, number=1, rows=given.ROWS, at=at)

        with pytest.raises(Refused, match="has_lines"):
            save(number=1, kind="text")


class TestRemoveItem:
    def test_closes_the_gap(self, save, house, tender, at):
        save(title="Uno")
        save(title="Dos")
        save(title="Tres")

        services.remove_item(actor=house.ana, tender_id=tender.pk, number=2, at=at)

        assert list(tender.items.values_list("number", "title")) == [(1, "Uno"), (2, "Tres")]

    def test_does_not_exist_twice(self, house, tender, at):
        with pytest.raises(Unknown):
            services.remove_item(actor=house.ana, tender_id=tender.pk, number=7, at=at)


class TestSavePriceList:
    def test_replaces_the_lines(self, save, house, tender, at):
        item = save(kind="price_list")
        services.save_price_list(actor=house.ana, tender_id=tender.pk, number=1, rows=given.ROWS, at=at)

        rows = [PriceRow("Teclado", Decimal("3.5"), "caja", "43211700", Decimal("1000"))]
        services.save_price_list(actor=house.ana, tender_id=tender.pk, number=1, rows=rows, at=at)

        kept = item.price_lines.values_list("number", "description", "quantity", "unit", "unspsc")
        assert list(kept) == [(1, "Teclado", Decimal("3.5000"), "caja", "43211700")]

    def test_keeps_five_thousand_lines_with_few_queries(self, save, house, tender, at, django_assert_max_num_queries):
        item = save(kind="price_list")
        rows = [PriceRow(f"Bien {n}", Decimal(n), "unidad") for n in range(1, 5001)]

        with django_assert_max_num_queries(25):
            services.save_price_list(actor=house.ana, tender_id=tender.pk, number=1, rows=rows, at=at)

        assert item.price_lines.count() == 5000

    def test_is_refused_for_another_kind_of_question(self, save, house, tender, at):
        save(kind="text")

        with pytest.raises(Refused, match="not_a_price_list"):
            services.save_price_list(actor=house.ana, tender_id=tender.pk, number=1, rows=given.ROWS, at=at)

    def test_is_refused_without_lines(self, save, house, tender, at):
        save(kind="price_list")

        with pytest.raises(Refused, match="wrong_number_of_lines"):
            services.save_price_list(actor=house.ana, tender_id=tender.pk, number=1, rows=[], at=at)
