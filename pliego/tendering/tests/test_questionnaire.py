from decimal import Decimal

import pytest

from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.tendering import price_changes, services
from pliego.tendering.models import PriceLoad
from pliego.tendering.price_lists import PriceRow
from pliego.tendering.snapshots import snapshot_of
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


class TestWhatAQuestionSays:
    def test_is_kept_as_far_as_its_kind_takes_it(self, save):
        everything = {
            "options": ["A", "B"], "columns": [{"title": "Año", "kind": "number"}], "row_titles": ["Hoy"],
            "lots": [3, 1], "is_required": True, "is_requirement": True, "allows_confidential": True,
            "needs_evidence": True, "weight": Decimal("12.5"),
        }  # fmt: skip
        said = {
            kind: {name for name in everything if getattr(save(kind=kind, **everything), name)}
            for kind in ("info", "text", "file", "price_list", "choices", "table")
        }

        marks = {"is_required", "is_requirement", "allows_confidential", "needs_evidence", "weight", "lots"}
        assert said == {
            "info": {"lots"},
            "text": marks,
            "file": marks - {"needs_evidence"},
            "price_list": marks - {"allows_confidential"},
            "choices": marks | {"options"},
            "table": marks | {"columns", "row_titles"},
        }

    @pytest.mark.parametrize(
        ("changes", "code", "field"),
        [
            ({"kind": "table"}, "bad_columns", "columns"),
            ({"kind": "table", "columns": [{"title": "A", "kind": "file"}]}, "unknown_cell_kind", "columns"),
            ({"kind": "table", "columns": [{"title": "A", "kind": "text"}] * 2}, "column_twice", "columns"),
            ({"kind": "table", "columns": [{"title": "A", "kind": "text"}], "row_titles": ["x", "x"]}, "row_twice",
             "row_titles"),
            ({"kind": "choices", "options": ["A"]}, "too_few_options", "options"),
            ({"kind": "acertijo"}, "unknown_kind", "kind"),
            ({"weight": Decimal(0)}, "bad_weight", "weight"),
            ({"lots": [0]}, "bad_lots", "lots"),
            ({"lots": [2, 2]}, "bad_lots", "lots"),
        ],
    )  # fmt: skip
    def test_is_refused_at_its_field(self, save, changes, code, field):
        with pytest.raises(Refused) as refused:
            save(**changes)

        assert [(o.code, o.field) for o in refused.value.objections] == [(code, field)]

    def test_is_in_the_snapshot(self, save, tender):
        save(kind="table", columns=[{"title": "Año", "kind": "number"}], weight=Decimal("2.5"), lots=[2])

        told = snapshot_of(tender)["questionnaire"][0]
        assert (told["columns"], told["weight"], told["lots"], told["needs_evidence"]) == (
            [{"title": "Año", "kind": "number"}], "2.500", [2], False,
        )  # fmt: skip


class TestOrder:
    @pytest.fixture
    def arrange(self, save, house, tender, at):
        for title in ("Uno", "Dos", "Tres"):
            save(title=title, kind="price_list" if title == "Dos" else "text")
        services.save_price_list(actor=house.ana, tender_id=tender.pk, number=2, rows=given.ROWS, at=at)
        return lambda act, **told: act(actor=house.ana, tender_id=tender.pk, at=at, **told)

    def test_changes_by_one_place_until_the_end_of_the_envelope(self, arrange, tender):
        arrange(services.move_item, number=3, by=-1)
        arrange(services.move_item, number=1, by=1)

        assert list(tender.items.values_list("title", flat=True)) == ["Tres", "Uno", "Dos"]
        for number, by in ((1, -1), (3, 1)):
            with pytest.raises(Refused, match="no_further"):
                arrange(services.move_item, number=number, by=by)

    def test_makes_room_for_a_copy_with_its_lines(self, arrange, tender):
        arrange(services.duplicate_item, number=2)

        assert list(tender.items.values_list("number", "title")) == [
            (1, "Uno"), (2, "Dos"), (3, "Dos (copia)"), (4, "Tres"),
        ]  # fmt: skip
        assert [item.price_lines.count() for item in tender.items.all()] == [0, 2, 2, 0]

    def test_is_not_for_whoever_does_not_prepare(self, arrange, house, tender, at):
        with pytest.raises(Denied):
            services.move_item(actor=house.elena, tender_id=tender.pk, number=1, by=1, at=at)
        with pytest.raises(Denied):
            services.duplicate_item(actor=house.elena, tender_id=tender.pk, number=1, at=at)


class TestPriceLoads:
    CHANGED = "Descripción;Cantidad;Unidad\nMonitor;6;unidad\nTeclado;1;unidad\n"

    @pytest.fixture
    def on(self, save, house, tender, at):
        save(kind="price_list")
        return {"actor": house.ana, "tender_id": tender.pk, "number": 1, "at": at}

    @pytest.fixture
    def seen(self, tender):
        return lambda: price_changes.fingerprint(price_changes.row_of(line) for line in tender.price_lines.all())

    def test_go_into_an_empty_list_at_once_and_wait_before_replacing_one(self, on, tender, seen):
        assert services.read_price_list(text=self.CHANGED, **on) is None
        load = services.read_price_list(text="Monitor\t7\tunidad", **on)
        assert [str(line.quantity.normalize()) for line in tender.price_lines.all()] == ["6", "1"]

        services.apply_price_load(code=load.code, seen=seen(), **on)

        kept = tender.price_lines.values_list("number", "description", "quantity")
        assert list(kept) == [(1, "Monitor", Decimal(7))]
        assert not PriceLoad.objects.exists()

    def test_are_looked_at_again_when_the_list_or_the_file_changed_meanwhile(self, on, tender, seen):
        services.read_price_list(text=self.CHANGED, **on)
        first, before = services.read_price_list(text="Monitor\t7\tunidad", **on), seen()
        second = services.read_price_list(text="Monitor\t8\tunidad", **on)
        with pytest.raises(Refused, match="load_replaced"):
            services.apply_price_load(code=first.code, seen=before, **on)
        services.save_price_list(rows=given.ROWS, **on)

        with pytest.raises(Refused, match="changed_meanwhile"):
            services.apply_price_load(code=second.code, seen=before, **on)

        services.drop_price_load(**on)
        assert tender.price_lines.count() == len(given.ROWS)

    def test_with_faults_never_touch_the_list_and_keep_what_was_pasted(self, on, tender, seen):
        load = services.read_price_list(text="Silla\tmuchas\tunidad\nMesa\t1\t", **on)

        assert ([fault["row"] for fault in load.faults], load.text[:5]) == ([1, 2], "Silla")
        with pytest.raises(Refused, match="has_faults"):
            services.apply_price_load(code=load.code, seen=seen(), **on)
        assert not tender.price_lines.exists()

    def test_go_with_the_question_and_are_not_for_whoever_does_not_prepare(self, on, house, tender):
        services.read_price_list(text="Silla\tmuchas\tunidad", **on)
        with pytest.raises(Denied):
            services.drop_price_load(**{**on, "actor": house.elena})

        services.remove_item(**on)

        assert not tender.items.exists()
