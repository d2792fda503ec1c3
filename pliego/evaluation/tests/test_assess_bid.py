import pytest

from pliego.evaluation import services
from pliego.evaluation.models import Finding
from pliego.evaluation.rules import FindingIn
from pliego.evaluation.tests import given
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db


def assess(evaluation, findings, actor=None, bid=None, **told):
    tender = evaluation.tender
    return services.assess_bid(
        actor=actor or tenders.people_of(tender).ana,
        tender_id=tender.pk,
        bid=bid or given.codes(evaluation)[0],
        findings=findings,
        at=given.after_opening(tender),
        **told,
    )


class TestAssessBid:
    def test_says_that_an_offer_complies(self, at):
        evaluation = given.evaluation(at)

        done = assess(evaluation, given.findings(evaluation.tender))

        assert (done.complies, done.assessed_by.full_name) == (True, "Ana De Prueba")

    def test_keeps_the_reasons_of_one_that_does_not(self, at):
        evaluation = given.evaluation(at)

        done = assess(evaluation, given.findings(evaluation.tender, complies=False))

        assert done.complies is False
        assert Finding.objects.get().reason == "El certificado está vencido."

    def test_is_announced_to_the_buyer_only(self, at):
        evaluation = given.evaluation(at)

        done = assess(evaluation, given.findings(evaluation.tender))

        entry = Entry.objects.get(act="evaluation.bid_assessed")
        assert (entry, entry.is_public, entry.file) == (done.receipt, False, evaluation.tender.ocid)

    def test_may_be_done_anew(self, at):
        evaluation = given.evaluation(at)
        assess(evaluation, given.findings(evaluation.tender, complies=False))

        done = assess(evaluation, given.findings(evaluation.tender), note="Subsanó.")

        assert (done.complies, Finding.objects.get().complies, done.note) == (True, True, "Subsanó.")

    def test_cannot_save_an_offer_whose_price_is_incomplete(self, at):
        evaluation = given.evaluation(at, ("1000000.00",))

        assert assess(evaluation, given.findings(evaluation.tender)).complies is False

    def test_is_refused_with_everything_that_is_missing(self, at):
        evaluation = given.evaluation(at)

        with pytest.raises(Refused) as refused:
            assess(evaluation, [FindingIn(99, True)])

        assert [o.code for o in refused.value.objections] == ["finding_missing", "unknown_item"]

    def test_is_refused_without_a_reason(self, at):
        evaluation = given.evaluation(at)
        (finding,) = given.findings(evaluation.tender)

        with pytest.raises(Refused, match="reason_missing"):
            assess(evaluation, [FindingIn(finding.item, False, " ")])

    def test_is_refused_twice_for_one_requirement(self, at):
        evaluation = given.evaluation(at)

        with pytest.raises(Refused, match="finding_twice"):
            assess(evaluation, given.findings(evaluation.tender) * 2)

    def test_is_denied_once_the_report_is_published(self, at):
        evaluation = given.assessed(given.evaluation(at))
        given.reported(evaluation)

        with pytest.raises(Denied):
            assess(evaluation, given.findings(evaluation.tender))

    def test_is_denied_to_the_approver(self, at):
        evaluation = given.evaluation(at)

        with pytest.raises(Denied):
            assess(evaluation, given.findings(evaluation.tender), tenders.people_of(evaluation.tender).beto)

    def test_is_unknown_to_strangers(self, at):
        evaluation = given.evaluation(at)

        with pytest.raises(Unknown):
            assess(evaluation, given.findings(evaluation.tender), given.observer(at))

    def test_of_another_offer_is_unknown(self, at):
        evaluation = given.evaluation(at)

        with pytest.raises(Unknown):
            assess(evaluation, given.findings(evaluation.tender), bid="PLG.OFE.1")
