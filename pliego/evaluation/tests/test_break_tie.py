import pytest

from pliego.evaluation import queries, scoring, services
from pliego.evaluation.tests import given
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db
SAME = ("900000.00", "500000.00")


@pytest.fixture
def tied(at):
    evaluation = given.assessed(given.evaluation(at, SAME, SAME))
    given.reported(evaluation)
    return evaluation


def decide(evaluation, *, rung=8, order=None, reason="Solo la primera acreditó ser Mipyme.", actor=None):
    tender = evaluation.tender
    order = list(reversed(given.codes(evaluation))) if order is None else order
    return services.break_tie(
        actor=actor or tenders.people_of(tender).ana,
        tender_id=tender.pk,
        rung=rung,
        order=order,
        reason=reason,
        at=tender.due_at("report_published"),
    )


class TestBreakTie:
    def test_puts_the_tied_offers_in_the_reasoned_order(self, tied):
        first, second = given.codes(tied)

        decide(tied)

        assert [(r.code, r.rank, r.tied_with) for r in queries.order_of(tied)] == [(second, 1, ()), (first, 2, ())]

    def test_is_announced_with_the_article(self, tied):
        decision = decide(tied)

        entry = Entry.objects.get(act="evaluation.tie_broken")
        assert (entry, entry.content["data"]["legal_basis"]) == (decision.receipt, "Ley 2069 de 2020, art. 35, num. 8")

    def test_draws_with_the_hash_of_the_published_report(self, tied):
        decision = decide(tied, rung=12, order=[], reason="Ningún factor anterior decidió.")

        seed = Entry.objects.get(act="evaluation.report_published").leaf_hex
        assert (decision.seed, decision.bids) == (seed, scoring.drawn(given.codes(tied), seed))

    def test_is_refused_without_a_tie(self, at):
        evaluation = given.assessed(given.evaluation(at))
        given.reported(evaluation)

        with pytest.raises(Refused, match="no_tie"):
            decide(evaluation)

    def test_is_refused_for_other_offers(self, tied):
        with pytest.raises(Refused, match="wrong_order"):
            decide(tied, order=given.codes(tied)[:1])

    def test_is_refused_for_a_factor_that_does_not_exist(self, tied):
        with pytest.raises(Refused, match="unknown_rung"):
            decide(tied, rung=13)

    def test_is_refused_without_a_reason(self, tied):
        with pytest.raises(Refused, match="missing"):
            decide(tied, reason="")

    def test_is_denied_to_suppliers(self, at, tied):
        with pytest.raises(Denied):
            decide(tied, actor=given.observer(at))
