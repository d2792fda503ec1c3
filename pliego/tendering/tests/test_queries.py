from datetime import timedelta

import pytest

from pliego.kernel.actors import ANYONE, SYSTEM
from pliego.tendering import queries, services
from pliego.tendering.models import Tender
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.tests import given


def states(tender, at):
    """Of the sections that the publication always asks for."""
    found = queries.checklist(tender, at=at)
    return {status.code: status.state for status in found if not status.section.is_optional}


class TestChecklist:
    def test_begins_with_nothing_started(self, house, at):
        found = states(given.empty_tender(at, house), at)

        assert found.items() >= {
            "general": "in_progress", "schedule": "not_started", "questionnaire": "not_started",
            "documents": "not_started", "opening": "in_progress",
        }.items()  # fmt: skip

    def test_ends_with_everything_ready(self, draft, at):
        assert {status.state for status in queries.checklist(draft, at=at)} == {"ready", "not_needed"}

    def test_tells_errors_from_what_is_only_missing(self, draft, at):
        assert states(draft, at + timedelta(days=30))["schedule"] == "has_errors"

    def test_shows_only_the_sections_that_the_method_has(self, house, at):
        found = states(given.empty_tender(at, house, "contratacion_directa"), at)

        assert found.keys() == {"general", "schedule", "documents", "invitation"}


class TestNextSection:
    def test_goes_on_to_what_is_not_ready_then_back_to_what_was_left(self, house, at):
        tender = given.empty_tender(at, house)

        codes = [queries.next_section(tender, code, at=at).code for code in ("general", "schedule", "documents")]

        assert codes == ["schedule", "questionnaire", "general"]

    def test_is_none_when_only_the_section_itself_or_nothing_is_left(self, draft, at):
        draft.title = ""

        assert queries.next_section(draft, "general", at=at) is None
        assert queries.next_section(draft, "schedule", at=at).code == "general"


class TestAgenda:
    def test_is_in_order_and_knows_what_comes_next(self, published, at):
        lines = queries.agenda(published, at=at + timedelta(minutes=1))

        assert [line.due_at for line in lines] == sorted(line.due_at for line in lines)
        assert [line.is_past for line in lines] == [True] + [False] * (len(lines) - 1)
        assert [line for line in lines if line.is_next] == [lines[1]]

    def test_explains_each_date_with_its_article(self, published, at):
        by_code = {line.code: line for line in queries.agenda(published, at=at)}

        assert "2.2.1.2.1.5.2" in by_code["bids_due"].legal_basis


class TestTasksFor:
    def titles(self, actor, at):
        return [str(task.title) for task in queries.tasks_for(actor, at)]

    def test_asks_the_author_to_finish_and_the_approver_to_approve(self, house, draft, at):
        before = (self.titles(house.ana, at), self.titles(house.beto, at))
        services.submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)
        after = (self.titles(house.ana, at), self.titles(house.beto, at))

        assert [len(t) for t in (*before, *after)] == [1, 0, 0, 1]

    def test_asks_the_other_approver_for_an_amendment(self, house, published, at):
        given.amendment(published, at)

        assert len(self.titles(house.beto, at)) == 1
        assert self.titles(house.ana, at) == []

    def test_asks_nothing_of_strangers(self, submitted, carla, at):
        assert queries.tasks_for(carla, at) == queries.tasks_for(ANYONE, at) == []


class TestVisibility:
    @pytest.mark.django_db
    def test_agrees_with_the_policy_for_everybody_in_every_state(self, house, carla, at):
        tenders = [
            given.empty_tender(at, house), given.submitted_tender(at, house), given.published_tender(at, house),
        ]  # fmt: skip
        services.discard_draft(actor=house.ana, tender_id=given.empty_tender(at, house).pk, reason="No", at=at)
        stranger = given.buyer(at, "Otra entidad", "999900002").ana
        tenders = Tender.objects.filter(buyer=house.account)

        for actor in (house.ana, house.beto, house.elena, house.hugo, carla, stranger, ANYONE, SYSTEM):
            seen = set(Tender.objects.visible_to(actor).values_list("pk", flat=True))
            assert {t.pk for t in tenders if POLICY.verdict(actor, Act.VIEW, t)} == seen & {t.pk for t in tenders}
