from datetime import timedelta

import pytest

from pliego.bidding.tests import given as bids
from pliego.documents import blobs
from pliego.evaluation import queries, services
from pliego.evaluation.states import EVALUATION
from pliego.evaluation.tests import given
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused, SignatureRequired
from pliego.ledger.models import Entry
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db
CHEAP, DEAR = ("900000.00", "500000.00"), ("1000000.00", "500000.00")


def publish(evaluation, actor=None, at=None, **told):
    tender = evaluation.tender
    at = at or tender.due_at("report_published")
    actor = actor or given.signed(tenders.people_of(tender).ana, at)
    return services.publish_report(actor=actor, tender_id=tender.pk, at=at, **told)


class TestPublishReport:
    def test_orders_the_offers_that_comply_by_price(self, at):
        evaluation = given.evaluation(at, DEAR, CHEAP, ("800000.00", "500000.00"))
        given.assessed(evaluation, failing=given.codes(evaluation)[2:])

        report = publish(evaluation)

        first, second, third = given.codes(evaluation)
        assert [(row["bid"], row["rank"], row["complies"]) for row in report.ranking] == [
            (second, 1, True),
            (first, 2, True),
            (third, None, False),
        ]
        assert report.ranking[2]["reasons"] == ["Certificado de existencia: El certificado está vencido."]

    def test_makes_the_evaluation_public(self, at):
        evaluation = given.assessed(given.evaluation(at))

        publish(evaluation)

        evaluation.refresh_from_db()
        assert (evaluation.state, evaluation.first_reported_at) == (
            "reported",
            evaluation.tender.due_at("report_published"),
        )

    def test_is_announced_with_its_document(self, at):
        report = publish(given.assessed(given.evaluation(at)))

        entry = Entry.objects.get(act="evaluation.report_published")
        assert (entry, entry.documents) == (report.receipt, [report.document.sha256])
        assert entry.content["data"]["ranking"] == report.ranking

    def test_is_a_public_pdf(self, at):
        report = publish(given.assessed(given.evaluation(at, DEAR, CHEAP)))

        with blobs.open(report.document.sha256) as content:
            assert content.read(5) == b"%PDF-"
        assert report.document.audience == "public"

    def test_gives_the_scheduled_term_for_observations(self, at):
        evaluation = given.assessed(given.evaluation(at))

        assert publish(evaluation).observations_due_at == evaluation.tender.due_at("observations_due")

    def test_lengthens_the_term_when_it_is_published_late(self, at):
        evaluation = given.assessed(given.evaluation(at))
        late = evaluation.tender.due_at("observations_due") - timedelta(hours=2)

        due = publish(evaluation, at=late).observations_due_at

        assert calendar.day_of(due) == calendar.add(calendar.day_of(late), 1)

    def test_is_refused_with_less_than_the_term_of_the_law(self, at):
        evaluation = given.assessed(given.evaluation(at))
        published = evaluation.tender.due_at("report_published")

        with pytest.raises(Refused) as refused:
            publish(evaluation, observations_due=published + timedelta(hours=3))

        (objection,) = refused.value.objections
        assert (objection.code, objection.field) == ("observations_due_too_soon", "observations_due")
        assert objection.legal_basis.startswith("Decreto 1082")

    def test_is_refused_with_a_term_in_the_past(self, at):
        with pytest.raises(Refused, match="due_in_the_past"):
            publish(given.assessed(given.evaluation(at)), observations_due=at)

    def test_is_refused_while_an_offer_waits(self, at):
        evaluation = given.evaluation(at, DEAR, CHEAP)

        with pytest.raises(Refused) as refused:
            publish(evaluation)

        assert [o.code for o in refused.value.objections] == ["bid_not_assessed"] * 2

    def test_needs_a_signature(self, at):
        evaluation = given.assessed(given.evaluation(at))

        with pytest.raises(SignatureRequired):
            publish(evaluation, actor=tenders.people_of(evaluation.tender).ana)

    def test_is_denied_to_the_approver(self, at):
        evaluation = given.assessed(given.evaluation(at))

        with pytest.raises(Denied):
            publish(evaluation, actor=given.signed(tenders.people_of(evaluation.tender).beto, at))


class TestReopenEvaluation:
    def reopen(self, evaluation, actor=None, reason="Se aceptó la observación 1."):
        actor = actor or tenders.people_of(evaluation.tender).ana
        at = evaluation.tender.due_at("report_published")
        return services.reopen_evaluation(actor=actor, tender_id=evaluation.tender_id, reason=reason, at=at)

    def test_lets_a_second_report_follow(self, at):
        evaluation = given.assessed(given.evaluation(at, DEAR, CHEAP))
        publish(evaluation)

        self.reopen(evaluation)
        given.assessed(evaluation, failing=given.codes(evaluation)[1:])
        second = publish(evaluation)

        assert (second.number, [row["rank"] for row in second.ranking]) == (2, [1, None])

    def test_is_announced_with_its_reason(self, at):
        evaluation = given.assessed(given.evaluation(at))
        publish(evaluation)

        reopened = self.reopen(evaluation)

        assert reopened.receipt.content["data"]["reason"] == "Se aceptó la observación 1."

    def test_is_refused_without_a_reason(self, at):
        evaluation = given.assessed(given.evaluation(at))
        publish(evaluation)

        with pytest.raises(Refused, match="missing"):
            self.reopen(evaluation, reason=" ")

    def test_is_denied_before_the_report(self, at):
        with pytest.raises(Denied):
            self.reopen(given.evaluation(at))

    def test_is_denied_to_suppliers(self, at):
        evaluation = given.assessed(given.evaluation(at))
        publish(evaluation)

        with pytest.raises(Denied):
            self.reopen(evaluation, actor=given.observer(at))


class TestMatrix:
    def test_shows_each_answer_with_its_documents(self, at):
        evaluation = given.evaluation(at, DEAR, CHEAP)

        columns = queries.matrix_of(evaluation)

        assert [[(c.item.title, c.complies, len(c.documents)) for c in column.cells] for column in columns] == [
            [("Certificado de existencia", None, 1)],
            [("Certificado de existencia", None, 1)],
        ]

    def test_costs_the_same_for_any_number_of_offers(self, at, django_assert_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        one, three = given.evaluation(at, DEAR), given.evaluation(at, DEAR, CHEAP, DEAR)
        with CaptureQueriesContext(connection) as few:
            queries.matrix_of(one)

        with django_assert_num_queries(len(few)):
            queries.matrix_of(three)


class TestTasks:
    def test_follow_the_evaluation(self, at):
        evaluation = given.evaluation(at)
        ana = tenders.people_of(evaluation.tender).ana
        titles = []

        titles.append([str(task.title) for task in queries.tasks_for(ana, at)])
        given.assessed(evaluation)
        titles.append([str(task.title) for task in queries.tasks_for(ana, at)])
        publish(evaluation)
        titles.append([str(task.title) for task in queries.tasks_for(ana, at)])

        assert [len(found) for found in titles] == [1, 1, 0]
        assert titles[0] != titles[1]

    def test_are_for_evaluators(self, at):
        evaluation = given.evaluation(at)

        assert queries.tasks_for(tenders.people_of(evaluation.tender).beto, at) == []


class TestTheRuleOfTheMethod:
    def test_is_never_replaced_by_the_lowest_price(self, at):
        carla = tenders.supplier(at)
        tender = tenders.published_tender(at, method="contratacion_directa_con_ofertas", invited=carla)
        bids.submitted_bid(tender, carla)
        found = services.start_evaluation(tender_id=bids.opened_tender(tender).pk, at=given.after_opening(tender))

        objections = EVALUATION.objections(found, "report", at=given.after_opening(tender))

        assert "rule_not_computed" in {objection.code for objection in objections}
