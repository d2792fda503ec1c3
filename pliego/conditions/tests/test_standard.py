"""Standard documents in the pliego: chosen, filled, kept by every road that writes, and asked for by the law."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from pliego.conditions import agreements
from pliego.conditions.conditions import Condition
from pliego.conditions.tests import plain
from pliego.kernel.objections import Refused
from pliego.methods import catalogue, standards
from pliego.tendering import kinds, sections, services, standard
from pliego.tendering.models import Tender
from pliego.tendering.services.questioning import ItemData
from pliego.tendering.tests import given

SAID = {"covered": "no", "standard": "no", "peace": "no", "ruling_t302": "no"}
FOUR = {**SAID, "standard": "yes", "standard_document": "obra_publica_transporte/4"}


class TestEveryDocument:
    @pytest.mark.parametrize("one", standards.every(), ids=lambda one: one.key)
    def test_fixes_what_the_pliego_has_with_values_that_it_takes(self, one):
        for code in one.methods:
            method = catalogue.get(code)
            about = plain.of(code, kind=one.contract_types[0])
            for part in {fix.section for fix in one.fix}:
                section = sections.get(part)
                assert isinstance(section, Condition)
                fields = {known.name for known in section.parts}
                assert {fix.field for fix in one.fixes(part)} <= fields
                content = standards.filled(one, part, sections.plain(section.typed({})), method)
                assert list(section.wrong(about, section.typed(content))) == []
            for asked in one.question:
                assert asked.kind in kinds.KINDS
                assert asked.says.keys() <= ItemData.__dataclass_fields__.keys()
                assert standards.envelope_of(asked, method)

    @pytest.mark.parametrize("one", standards.every(), ids=lambda one: one.key)
    def test_says_by_which_act_and_whether_it_was_read(self, one):
        assert one.act.startswith("Resolución ")
        assert one.act_advice


def works(at, **said):
    return SimpleNamespace(**{
        "rulebook": catalogue.get("licitacion_obra_publica", version="2018-01"), "contract_type": "works",
        "unspsc_main": "72141000", "unspsc_additional": [], "is_public": False, **said,
    })  # fmt: skip


class TestWhatTheLawAsksFor:
    @pytest.mark.parametrize(
        ("content", "about", "codes"),
        [
            (SAID, {}, ["standard_missing"]),
            (FOUR, {}, []),
            ({**FOUR, "standard_document": "obra_publica_transporte/3"}, {}, ["standard_out_of_force"]),
            (SAID, {"unspsc_main": "72121400"}, []),
            (SAID, {"is_public": True}, []),
            ({**FOUR, "standard_document": "other"}, {"unspsc_main": "72121400"}, ["missing"]),
        ],
    )
    def test_stops_the_publication_only_where_it_is_sure(self, at, content, about, codes):
        typed = agreements.AGREEMENTS.typed(content)

        assert [o.code for o in agreements.lacks(works(at, **about), typed, at)] == codes

    def test_is_told_where_it_is_not_sure(self, at):
        told = agreements.notes(works(at, unspsc_main="72121400"), agreements.AGREEMENTS.typed(SAID), at)

        assert any("Resolución 465 de 2024" in str(sentence) for sentence in told)

    def test_is_not_another_method_s_document(self, at):
        typed = agreements.AGREEMENTS.typed({**FOUR, "standard_document": "minima_cuantia_transporte/1"})

        assert [o.field for o in agreements.is_wrong(works(at), typed)] == ["standard_document"]


def refused(act, **told):
    with pytest.raises(Refused) as found:
        act(**told)
    objections = [o for o in found.value.objections if o.code == "standard_document"]
    assert objections, found.value.objections
    return objections


class TestTheDocumentOfAProcess:
    def test_fills_and_is_kept_by_every_road_until_it_is_taken_out(self, house, at):
        tender = given.empty_tender(at, house, method="licitacion_obra_publica")
        common = {"actor": house.ana, "tender_id": tender.pk, "at": at}
        services.save_section(part="agreements", content=FOUR, **common)

        tender = Tender.objects.get(pk=tender.pk)
        now = {part: sections.get(part).plain(tender) for part in ("criteria", "guarantees", "questionnaire")}
        assert (now["criteria"]["formula"], now["guarantees"]["covers"][0]["percent"]) == ("drawn", "10")
        assert [s.code for s in sections.of(tender) if standard.breaches(tender, s.code, now.get(s.code, {}))
                and s.code in now] == []  # fmt: skip

        for part, change in (("criteria", {"formula": "lowest"}), ("guarantees", {"asked": "no", "covers": []})):
            wrong = refused(services.save_section, part=part, content={**now[part], **change}, **common)
            assert "Resolución 465 de 2024" in str(wrong[0].sentence)
        first = {"number": 1, "envelope": "first", "title": "Otra carta"}
        refused(services.save_item, kind="file", **first, **common)
        refused(services.remove_item, number=1, **common)
        refused(services.duplicate_item, number=1, **common)
        asked = {"envelope": "first", "kind": "file", "title": "Visita previa", "is_requirement": True}
        refused(services.add_item, **asked, **common)
        services.add_item(envelope="first", kind="info", title="Lea los formatos", **common)
        services.save_price_list(number=tender.items.get(kind="price_list").number, rows=given.ROWS, **common)
        other = given.empty_tender(at, house, method="licitacion_obra_publica")
        told = {"actor": house.ana, "tender_id": other.pk, "at": at}
        services.save_section(part="criteria", content=given.BY_POINTS, **told)
        refused(services.copy_from, source_code=other.code, parts=["criteria"], **common)
        assert sections.get("criteria").plain(Tender.objects.get(pk=tender.pk)) == now["criteria"]

        services.save_section(part="agreements", content=SAID, **common)
        assert sections.get("criteria").plain(Tender.objects.get(pk=tender.pk)) == now["criteria"]
        services.remove_item(number=1, **common)
        services.save_section(part="criteria", content=given.BY_POINTS, **common)

    def test_may_be_mended_step_by_step_and_the_publication_asks_for_all_of_it(self, house, at):
        tender = given.empty_tender(at, house)
        common = {"actor": house.ana, "tender_id": tender.pk, "at": at}
        for title in ("Una", "Otra"):
            services.save_item(envelope="offer", kind="text", title=title, **common)
        chosen = {**SAID, "standard": "yes", "standard_document": "minima_cuantia_transporte/1"}
        services.save_section(part="agreements", content=chosen, **common)

        tender = Tender.objects.get(pk=tender.pk)
        lacking = sections.get("questionnaire").lacks(tender, at)
        assert [o.code for o in lacking].count("standard_document") == 2
        services.remove_item(number=tender.items.get(title="Una").number, **common)
        lacking = sections.get("questionnaire").lacks(Tender.objects.get(pk=tender.pk), at)
        assert [o.code for o in lacking].count("standard_document") == 1

    def test_stays_in_a_public_process_and_no_addendum_leaves_it(self, house, at, client_for):
        from pliego.accounts.models import User

        draft = given.draft_tender(at, house)
        common = {"actor": house.ana, "tender_id": draft.pk, "at": at}
        for number in range(draft.items.count(), 0, -1):
            services.remove_item(number=number, **common)
        chosen = {**SAID, "standard": "yes", "standard_document": "minima_cuantia_transporte/1"}
        services.save_section(part="agreements", content=chosen, **common)
        tender = Tender.objects.get(pk=draft.pk)
        prices = tender.items.get(kind="price_list")
        services.save_price_list(number=prices.number, rows=given.ROWS, **common)
        cover = {"cover": "performance", "percent": "15", "months": 6}
        services.save_section(part="guarantees", content={"asked": "yes", "covers": [cover]}, **common)
        services.submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)
        services.publish_tender(actor=given.signed(house.beto, at), tender_id=draft.pk, at=at)
        services.draft_amendment(reason="Otra garantía", milestones={}, **common)

        wrong = refused(services.save_section, part="agreements", content=SAID, **common)
        assert wrong[0].field == "standard_document"
        much = {"asked": "yes", "covers": [{**cover, "percent": "25"}]}
        assert refused(services.save_section, part="guarantees", content=much, **common)[0].field == "covers-0-percent"
        services.save_section(
            part="guarantees", content={"asked": "yes", "covers": [{**cover, "percent": "20"}]}, **common
        )
        ana = client_for(User.objects.get(pk=house.ana.user_id), house.account)
        for path in ("garantias/", "cuestionario/", ""):
            page = ana.get(f"/escritorio/procesos/{draft.code}/{path}").content.decode()
            assert "Resolución 094 de 2020" in page, path
        asked = ana.get(f"/escritorio/procesos/{draft.code}/cuestionario/").content.decode()
        assert asked.count("nadie la cambia") == tender.items.count()
        assert not any(f"/{button}/" in asked for button in ("retirar", "subir", "bajar", "duplicar"))
        assert f"/cuestionario/{prices.number}/precios/" in asked  # the document leaves the lines to the entity
        snapshot = draft.versions.get().snapshot
        assert snapshot["conditions"]["agreements"]["standard_document"] == "minima_cuantia_transporte/1"
        assert Decimal(snapshot["conditions"]["guarantees"]["covers"][0]["percent"]) == 15
