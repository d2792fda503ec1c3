"""Filling a draft from another process, section by section."""

import pytest

from pliego.kernel.objections import Denied, Refused
from pliego.tendering import sections, services
from pliego.tendering.models import Tender
from pliego.tendering.tests import given


def codes(refused):
    return {objection.code for objection in refused.value.objections}


class TestCopyFrom:
    def test_takes_what_may_be_taken_and_leaves_what_is_each_process_own(self, house, published, at):
        empty = given.empty_tender(at, house)
        common = {"actor": house.ana, "tender_id": empty.pk, "at": at, "source_code": published.code.lower()}

        copied = services.copy_from(**common)

        assert {section.code for section in copied} == {"general", "questionnaire"}
        tender = Tender.objects.get(pk=empty.pk)
        assert (tender.description, tender.value_amount) == (published.description, published.value_amount)
        assert (tender.reference, tender.budget_certificate) == (empty.reference, "")
        questionnaire = sections.get("questionnaire")
        assert questionnaire.plain(tender) == questionnaire.plain(published)
        assert not tender.schedule
        for parts, code in ((["schedule"], "not_copied"), ([], "nothing_to_copy")):
            with pytest.raises(Refused) as refused:
                services.copy_from(**common, parts=parts)
            assert codes(refused) == {code}

    def test_finds_nothing_private_of_another_entity_and_fills_only_drafts(self, house, published, draft, at):
        other = given.buyer(at, "Gobernación de Valle Lejano", "999900009")
        mine = given.empty_tender(at, other)
        told = {"actor": other.ana, "at": at}

        with pytest.raises(Refused) as refused:
            services.copy_from(tender_id=mine.pk, source_code=draft.code, **told)
        assert codes(refused) == {"unknown_process"}
        services.copy_from(tender_id=mine.pk, source_code=published.code, parts=["general"], **told)
        assert Tender.objects.get(pk=mine.pk).description == published.description
        with pytest.raises(Denied):
            services.copy_from(actor=house.ana, tender_id=published.pk, source_code=draft.code, at=at)

    def test_of_a_new_process_begins_with_it(self, house, published, at, client_for):
        from pliego.accounts.models import User

        ana = client_for(User.objects.get(pk=house.ana.user_id), house.account)
        typed = {"title": "Otra compra", "reference": "MC-900-2026", "method": "minima_cuantia", "plan_lines": ""}
        typed |= {"plan_justification": "No estaba en el plan"}

        wrong = ana.post("/escritorio/procesos/nuevo/", {**typed, "source_code": "PLG.EXP.9"})
        right = ana.post("/escritorio/procesos/nuevo/", {**typed, "source_code": published.code})

        assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"source_code"})
        assert right.status_code == 303
        made = Tender.objects.get(reference="MC-900-2026")
        assert (made.title, made.description) == ("Otra compra", published.description)
        page = ana.get(f"/escritorio/procesos/{made.code}/copiar/", {"source": published.code})
        assert [code for code, _title in page.context["form"].fields["parts"].choices][:1] == ["general"]
        answer = ana.post(
            f"/escritorio/procesos/{made.code}/copiar/?source={published.code}", {"parts": ["questionnaire"]}
        )
        assert answer.status_code == 303
        assert made.items.count() == published.items.count()
