"""The one page of all conditions: rows that grow, pasted rows, faults at their cell, the addendum."""

import pytest

from pliego.conditions.forms import ConditionForm
from pliego.conditions.lots import LOTS
from pliego.kernel.objections import Refused
from pliego.tendering import queries, sections, services
from pliego.tendering.models import Tender
from pliego.tendering.tests import given


@pytest.fixture
def address(draft):
    return f"/escritorio/procesos/{draft.code}/lotes/"


def lots(tender):
    return Tender.objects.get(pk=tender.pk).kept_section("lots").get("lots", [])


def typed(*rows, **others):
    return {
        **{f"lots-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()},
        **others,
    }


A = {"title": "Portátiles", "value": "$ 25.000.000", "unspsc": "43211503", "place": "ibague (tolima)"}
B = {"title": "Monitores", "value": "15.000.000"}


class TestPage:
    def test_saves_the_rows_that_have_something_and_numbers_them(self, draft, desk, address):
        answer = desk.post(address, typed(A, {"title": "", "value": ""}, B))

        assert answer.status_code == 303
        assert [(lot["number"], lot["title"], lot["value"], lot["place"]) for lot in lots(draft)] == [
            (1, "Portátiles", "25000000", "73001"),
            (2, "Monitores", "15000000", ""),
        ]
        assert Tender.objects.get(pk=draft.pk).lot_numbers == [1, 2]
        page = desk.get(address).content.decode()
        assert 'value="Ibagué (Tolima)"' in page
        assert 'name="lots-3-title"' in page  # two empty rows more
        kept = ConditionForm(condition=LOTS, kept=["lots-7-title"])  # a saved draft that had grown
        assert "lots-9-title" in kept.fields

    def test_gives_more_rows_and_keeps_all_that_was_typed(self, draft, desk, address):
        answer = desk.post(address, typed(A, {"value": "mucho"}, accion="filas:lots"))

        page = answer.content.decode()
        assert answer.status_code == 200
        assert not answer.context["form"].errors
        assert 'value="$ 25.000.000"' in page
        assert 'value="mucho"' in page
        assert 'name="lots-6-title"' in page
        assert lots(draft) == []

    def test_says_at_the_cell_what_is_wrong_and_of_which_row(self, draft, desk, address):
        answer = desk.post(address, typed({}, A, {"value": "mucho"}, {"unspsc": "1"}))

        form = answer.context["form"]
        assert answer.status_code == 422
        assert set(form.errors) == {"lots-2-value"}  # the form's own faults first
        assert form.summary[0][1].startswith("Valor estimado, Lote 3: ")
        again = desk.post(address, typed({}, A, {"value": "1"}, {"unspsc": "1"}))
        assert set(again.context["form"].errors) >= {"lots-2-title", "lots-3-title", "lots-3-unspsc"}

    def test_takes_rows_out_whatever_they_say(self, draft, desk, address):
        desk.post(address, typed(A, B, {"title": "Otro"}))

        answer = desk.post(address, typed(A, B, {"value": "mucho", "quitar": "on"}))

        assert answer.status_code == 303
        assert [lot["title"] for lot in lots(draft)] == ["Portátiles", "Monitores"]

    def test_pastes_many_rows_and_edits_them_as_text(self, draft, desk, address):
        rows = "\n".join(f"{n}\tLote de prueba {n}\t\t400000" for n in range(1, 101))

        assert desk.post(address, {"lots-pegar": rows}).status_code == 303
        assert len(lots(draft)) == 100

        page = desk.get(address)
        assert page.context["form"]["lots-pegar"].value().count("\n") == 101
        wrong = desk.post(address, {"lots-pegar": "1\tA\t\tmucho\n2\t" + "x" * 300})
        assert [str(error).partition(":")[0] for error in wrong.context["form"].errors["lots-pegar"]] == [
            "Fila 1, Valor estimado",
            "Fila 2, Nombre del lote",
        ]

    def test_refuses_what_it_does_not_know(self, desk, address):
        assert desk.post(address, typed(A, B, sorpresa="1")).status_code == 422


class TestApi:
    def test_refuses_the_same_at_the_same_place_and_keeps_the_same(self, draft, desk):
        address, sent = f"/api/v1/tenders/{draft.code}/sections/lots", {"content_type": "application/json"}
        lot = {"number": 1, "title": "A", "value": "1"}

        unknown = desk.put(address, {"content": {"lots": [{**lot, "colour": "red"}]}}, **sent)
        wrong = desk.put(address, {"content": {"lots": [lot, {"number": 2, "value": "-1"}]}}, **sent)
        right = desk.put(address, {"content": {"lots": [lot, {**lot, "number": 2}]}}, **sent)

        assert (unknown.status_code, wrong.status_code, right.status_code) == (422, 422, 200)
        assert "colour" in unknown.content.decode()
        assert "lots-1-title" in wrong.content.decode()
        assert "lots-1-value" in wrong.content.decode()
        assert [one["title"] for one in desk.get(address).json()["content"]["lots"]] == ["A", "A"]


class TestMoneyOfSeveralCertificates:
    def test_covers_the_value_together_with_the_main_one(self, house, draft, at):
        common = {"actor": house.ana, "tender_id": draft.pk, "at": at}
        budget = {"number": "CDP-77", "amount": 15_000_000, "funding_source": "own"}
        more = {"destination": "functioning", "certificates": [{"number": "CDP-78", "amount": "25000000"}]}

        with pytest.raises(Refused, match="budget_too_small"):
            services.save_budget(**budget, **common)
        services.save_section(part="money", content=more, **common)
        services.save_budget(**budget, **common)

        assert not queries.checklist(Tender.objects.get(pk=draft.pk), at=at)[0].objections

    def test_is_judged_with_those_that_the_same_addendum_adds(self, house, draft, at):
        common = {"actor": house.ana, "tender_id": draft.pk, "at": at}
        beto = {"actor": given.signed(house.beto, at), "tender_id": draft.pk, "at": at}
        services.submit_for_approval(**common)
        services.publish_tender(**beto)
        general = sections.get("general").plain(Tender.objects.get(pk=draft.pk))
        more = {"destination": "functioning", "certificates": [{"number": "CDP-78", "amount": "25000000"}]}
        lower = {"part": "general", "content": {**general, "amount": "15000000"}}
        services.draft_amendment(reason="Otro certificado", milestones={}, **common)

        with pytest.raises(Refused, match="budget_too_small"):
            services.save_section(**lower, **common)
        services.save_section(part="money", content=more, **common)
        services.save_section(**lower, **common)
        services.publish_amendment(**beto)
        tender = Tender.objects.get(pk=draft.pk)
        assert tender.budget_certificate_amount + tender.other_budget == tender.value_amount

        services.draft_amendment(reason="Sin el otro", milestones={}, **common)
        services.save_section(part="money", content={"destination": "functioning"}, **common)
        with pytest.raises(Refused, match="budget_too_small"):
            services.publish_amendment(**beto)
