from datetime import timedelta

import pytest

from pliego.evaluation import services
from pliego.evaluation.models import Evaluation
from pliego.evaluation.tests import given
from pliego.kernel.actors import ANYONE
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.tendering import services as tendering
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def report(at):
    return given.reported(given.assessed(given.evaluation(at)))


def observe(report, actor, at=None, text="El precio del segundo no suma."):
    at = at or report.published_at
    return services.observe_report(actor=actor, tender_id=report.evaluation.tender_id, text=text, at=at)


def answer(report, actor, number=1, text="Se revisó y está bien."):
    return services.answer_observation(
        actor=actor, tender_id=report.evaluation.tender_id, number=number, answer=text, at=report.published_at
    )


class TestObserveReport:
    def test_is_public_at_once(self, at, report):
        olga = given.observer(at)

        observation = observe(report, olga)

        entry = Entry.objects.get(act="evaluation.report_observed")
        assert (entry, entry.is_public) == (observation.receipt, True)
        assert (observation.number, observation.author_name) == (1, olga.account_name)

    def test_is_on_time_until_the_last_instant(self, at, report):
        assert observe(report, given.observer(at), report.observations_due_at - INSTANT).pk

    def test_is_late_at_the_instant_of_the_deadline(self, at, report):
        with pytest.raises(Refused, match="too_late"):
            observe(report, given.observer(at), report.observations_due_at)

    def test_is_refused_when_empty(self, at, report):
        with pytest.raises(Refused, match="missing"):
            observe(report, given.observer(at), text="  ")

    def test_is_denied_to_who_has_not_signed_in(self, report):
        with pytest.raises(Denied):
            observe(report, ANYONE)

    def test_is_denied_to_the_buyer(self, report):
        with pytest.raises(Denied):
            observe(report, tenders.people_of(report.evaluation.tender).elena)

    def test_is_unknown_before_the_report(self, at):
        evaluation = given.evaluation(at)

        with pytest.raises(Unknown):
            services.observe_report(actor=given.observer(at), tender_id=evaluation.tender_id, text="Algo", at=at)


class TestAnswerObservation:
    def test_is_public_with_the_question(self, at, report):
        observe(report, given.observer(at))

        answered = answer(report, tenders.people_of(report.evaluation.tender).ana)

        entry = Entry.objects.get(act="evaluation.observation_answered")
        assert (entry, entry.content["data"]["answer"]) == (answered.receipt, "Se revisó y está bien.")

    def test_is_given_once(self, at, report):
        observe(report, given.observer(at))
        ana = tenders.people_of(report.evaluation.tender).ana
        answer(report, ana)

        with pytest.raises(Refused, match="already_done"):
            answer(report, ana)

    def test_is_refused_when_empty(self, at, report):
        observe(report, given.observer(at))

        with pytest.raises(Refused, match="missing"):
            answer(report, tenders.people_of(report.evaluation.tender).ana, text="")

    def test_of_nothing_is_unknown(self, report):
        with pytest.raises(Unknown):
            answer(report, tenders.people_of(report.evaluation.tender).ana, number=7)

    def test_is_denied_to_suppliers(self, at, report):
        observe(report, given.observer(at))

        with pytest.raises(Denied):
            answer(report, given.observer(at))


def test_the_term_for_observations_does_not_run_while_the_process_is_suspended(at, report):
    tender, olga = report.evaluation.tender, given.observer(at)
    beto, due = tenders.signed(tenders.people_of(tender).beto, at), report.observations_due_at
    stop = report.published_at + timedelta(hours=1)
    halted = {"reason": "Auto", "legal_basis": "Auto 12", "planned_on": due.date() + timedelta(days=9)}

    tendering.suspend_tender(actor=beto, tender_id=tender.pk, at=stop, **halted)
    with pytest.raises(Denied, match="suspendido"):
        observe(report, olga, stop)
    tendering.resume_tender(actor=beto, tender_id=tender.pk, reason="Cesó", at=stop + timedelta(days=7))

    evaluation = Evaluation.objects.get(pk=report.evaluation_id)
    assert (evaluation.observations_due_at, evaluation.tender.state) == (calendar.later(due, 5), "opened")
    assert observe(report, olga, calendar.later(due, 5) - INSTANT).number == 1
