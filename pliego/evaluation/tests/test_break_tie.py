import pytest

from pliego.evaluation import queries, scoring, services
from pliego.evaluation.ladder import Step
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


def climbed(*favoured, evidence="Certificados, folios 3 a 9.", until=None):
    """A step for each of those, and then nobody has the factor, as far as `until`."""
    steps = [Step(rung, tuple(codes), evidence) for rung, codes in enumerate(favoured, 1)]
    return steps + [Step(rung, (), "Ninguna lo acredita.") for rung in range(len(steps) + 1, (until or 0) + 1)]


def decide(evaluation, *steps, actor=None):
    tender = evaluation.tender
    steps = steps or climbed((), (), (), (), (), (), (), given.codes(evaluation)[1:])
    return services.break_tie(
        actor=actor or tenders.people_of(tender).ana,
        tender_id=tender.pk,
        steps=list(steps),
        at=tender.due_at("report_published"),
    )


class TestBreakTie:
    def test_puts_first_whom_the_first_deciding_factor_favours(self, tied):
        first, second = given.codes(tied)

        decision = decide(tied)

        assert [(r.code, r.rank, r.tied_with) for r in queries.order_of(tied)] == [(second, 1, ()), (first, 2, ())]
        assert [step["favoured"] for step in decision.steps] == [[]] * 7 + [[second]]
        entry = Entry.objects.get(act="evaluation.tie_broken")
        assert (entry, entry.content["data"]["legal_basis"]) == (decision.receipt, "Ley 2069 de 2020, art. 35, num. 8")

    def test_draws_after_all_of_them_with_the_hash_of_the_published_report(self, tied):
        decision = decide(tied, *climbed(until=11))

        seed = Entry.objects.get(act="evaluation.report_published").leaf_hex
        drawn = scoring.drawn(given.codes(tied), seed)
        assert (decision.rung, decision.seed, decision.bids) == (12, seed, drawn)

    def test_is_refused_out_of_order_without_evidence_for_others_or_before_it_is_decided(self, tied):
        code = given.codes(tied)[0]
        for steps, why in (
            ([Step(8, (code,), "Mipyme")], "rung_skipped"),
            ([Step(13, (code,), "Nada")], "rung_skipped"),
            (climbed((), (code,), evidence=" "), "evidence_missing"),
            (climbed(("PLG.OFE.9",)), "not_tied"),
            (climbed(until=10), "still_tied"),
        ):
            with pytest.raises(Refused, match=why):
                decide(tied, *steps)

    def test_is_refused_without_a_tie(self, at):
        evaluation = given.assessed(given.evaluation(at))
        given.reported(evaluation)

        with pytest.raises(Refused, match="no_tie"):
            decide(evaluation)

    def test_is_denied_to_suppliers(self, at, tied):
        with pytest.raises(Denied):
            decide(tied, actor=given.observer(at))
