import pytest
from django.db import DatabaseError, transaction

from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry
from pliego.planning import queries, rules, services
from pliego.planning.models import PlanVersion
from pliego.planning.tests import given


class TestPublishPlan:
    def test_makes_the_first_version_public(self, cast, at):
        plan = given.published_plan(cast.ana, cast.beto, at, given.line(), given.line(description="Aseo"))

        version = plan.versions.get()

        assert (plan.state, plan.version, plan.published_at) == ("published", 1, at)
        assert (version.lines_count, version.total_amount) == (2, 40_000_000)
        assert [line["description"] for line in version.snapshot["lines"]] == ["Suministro de papelería", "Aseo"]

    def test_is_announced_in_the_file_of_the_account(self, cast, at):
        plan = given.published_plan(cast.ana, cast.beto, at)

        entry = Entry.objects.get(act="plan.published")

        assert entry == plan.receipt
        assert (entry.file, entry.is_public) == (cast.entity.file, True)
        assert {name: entry.content["data"][name] for name in ("code", "year", "version", "lines", "total")} == {
            "code": plan.code,
            "year": 2026,
            "version": 1,
            "lines": 1,
            "total": "20000000.00",
        }

    def test_publishes_changes_as_another_version(self, cast, at):
        plan = given.published_plan(cast.ana, cast.beto, at, given.line(), given.line())
        services.edit_line(actor=cast.ana, plan_id=plan.pk, number=1, line=given.line(duration=9), at=at)
        services.drop_line(actor=cast.ana, plan_id=plan.pk, number=2, at=at)
        services.add_line(actor=cast.ana, plan_id=plan.pk, line=given.line(), at=at)

        services.publish_plan(actor=cast.beto, plan_id=plan.pk, reason="Actualización de julio", at=at)

        new, old = plan.versions.all()
        assert [line["number"] for line in old.snapshot["lines"]] == [1, 2]
        assert [(line["number"], line["duration"]) for line in new.snapshot["lines"]] == [(1, 9), (3, 2)]
        assert new.reason == "Actualización de julio"

    def test_is_refused_when_there_is_nothing_in_it(self, cast, at):
        plan = services.create_plan(actor=cast.ana, year=2026, header=given.header(), at=at)

        with pytest.raises(Refused, match="plan_is_empty"):
            services.publish_plan(actor=cast.beto, plan_id=plan.pk, at=at)

    def test_tells_every_incomplete_line_at_once(self, cast, at):
        bare = rules.Line(description="Por precisar")
        plan = given.plan(cast.ana, at, bare, given.line(), bare)

        with pytest.raises(Refused) as refused:
            services.publish_plan(actor=cast.beto, plan_id=plan.pk, at=at)

        assert [(o.code, o.field) for o in refused.value.objections] == [
            ("line_incomplete", "line_1"),
            ("line_incomplete", "line_3"),
        ]

    def test_asks_less_of_a_need_without_a_solution(self, cast, at):
        need = rules.Line(description="Mejorar la atención en los barrios", kind="need", unspsc=("93141500",))

        plan = given.published_plan(cast.ana, cast.beto, at, need)

        assert plan.version == 1

    def test_is_denied_when_nothing_has_changed(self, cast, at):
        plan = given.published_plan(cast.ana, cast.beto, at)

        with pytest.raises(Denied):
            services.publish_plan(actor=cast.beto, plan_id=plan.pk, at=at)

    def test_is_denied_to_the_preparer(self, cast, at):
        plan = given.plan(cast.ana, at)

        with pytest.raises(Denied):
            services.publish_plan(actor=cast.ana, plan_id=plan.pk, at=at)

    def test_is_unknown_to_strangers(self, cast, at):
        plan = given.plan(cast.ana, at)

        with pytest.raises(Unknown):
            services.publish_plan(actor=cast.dario, plan_id=plan.pk, at=at)

    def test_needs_a_signature(self, cast, at):
        plan = given.plan(cast.ana, at)

        with pytest.raises(SignatureRequired):
            services.publish_plan(actor=cast.beto.with_signature(None), plan_id=plan.pk, at=at)

    def test_keeps_versions_for_ever(self, cast, at):
        given.published_plan(cast.ana, cast.beto, at)

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            PlanVersion.objects.update(reason="otra")


class TestLinesFor:
    def test_gives_published_lines_of_the_same_method_and_class(self, cast, at):
        lines = (
            given.line(),
            given.line(method="contratacion_directa"),
            given.line(unspsc=("43211500",)),
            given.line(unspsc=("80111600", "44121618")),
        )
        plan = given.published_plan(cast.ana, cast.beto, at, *lines)
        services.add_line(actor=cast.ana, plan_id=plan.pk, line=given.line(), at=at)

        found = queries.lines_for(account_id=cast.entity.pk, method="minima_cuantia", unspsc=["44121600"])

        assert [line.number for line in found] == [1, 4]

    def test_gives_nothing_of_another_entity(self, cast, at):
        given.published_plan(cast.ana, cast.beto, at)

        assert list(queries.lines_for(account_id=cast.first_supplier.pk)) == []


class TestTasks:
    def test_tell_the_approver_to_publish(self, cast, at):
        given.plan(cast.ana, at)

        assert [task.url for task in queries.tasks_for(cast.beto, at)][-1] == "/escritorio/paa/2026/publicar/"

    def test_tell_the_preparer_to_complete_a_draft(self, cast, at):
        given.plan(cast.ana, at)

        assert [task.url for task in queries.tasks_for(cast.ana, at)][-1] == "/escritorio/paa/2026/"

    @pytest.mark.parametrize("who", ["elena", "carla", "fabio"])
    def test_tell_others_nothing(self, cast, at, who):
        given.plan(cast.ana, at)

        assert queries.tasks_for(getattr(cast, who), at) == []

    def test_end_with_the_publication(self, cast, at):
        given.published_plan(cast.ana, cast.beto, at)

        assert queries.tasks_for(cast.beto, at) == []
