from datetime import timedelta
from decimal import Decimal

import pytest

from pliego.auctions import recording
from pliego.auctions.rules import SETTLING
from pliego.auctions.tests import given as auctions
from pliego.awards import letters, queries, services
from pliego.awards.models import Award
from pliego.awards.tests import given
from pliego.bidding.tests import given as bids
from pliego.documents import blobs
from pliego.evaluation import asking, recount
from pliego.evaluation import services as evaluation_services
from pliego.evaluation.ladder import Step
from pliego.evaluation.models import Evaluation
from pliego.evaluation.tests import envelopes
from pliego.evaluation.tests import given as evaluations
from pliego.kernel.objections import Denied, Refused, SignatureRequired
from pliego.ledger.models import Entry
from pliego.methods import catalogue
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db
CHEAP, DEAR = given.CHEAP, given.DEAR


def codes(tender) -> list[str]:
    return evaluations.codes(Evaluation.objects.get(tender=tender))


def refusal(refused) -> list[str]:
    return [objection.code for objection in refused.value.objections]


CALLED = {
    "minima_cuantia": "Comunicación de aceptación de la oferta",  # Ley 1474 de 2011, art. 94
    "licitacion_publica": "Acto de adjudicación",
    "subasta_inversa": "Acto de adjudicación",
    "contratacion_directa": "Decisión de contratar",
}


@pytest.mark.parametrize(("method", "word"), CALLED.items())
def test_the_decision_is_called_as_the_law_of_its_method_calls_it(method, word):
    law = next(law for law in catalogue.every() if law.code == method)

    assert letters.called(Tender(method=law.code, method_version=law.version)).es == word


class TestBeforeAnAuction:
    """Decreto 1082 de 2015, art. 2.2.1.2.1.2.2: with one offer that complies there is no auction."""

    def decided(self, tender, **what):
        at = tender.schedule["auction"] + timedelta(hours=1)
        beto = tenders.signed(tenders.people_of(tender).beto, at)
        return services.award_tender(actor=beto, tender_id=tender.pk, at=at, **what)

    def test_the_only_offer_that_complies_is_awarded_once_its_price_is_open(self, at):
        tender = envelopes.receiving(at, envelopes.AUCTION)
        carla, dario = (bid.code for bid in envelopes.offered(tender, "carla", "dario"))
        envelopes.reported(envelopes.first_opened(tender), failing=[dario])
        assert all(map(recount.is_right, tender.evaluation.last_report.record["parts"]))
        with pytest.raises(Refused) as refused:
            self.decided(tender)
        assert refusal(refused) == ["price_is_sealed"]
        envelopes.keys_given(tender)
        opened = envelopes.opened_at(tender, "auction")
        evaluation_services.take_prices(tender_id=tender.pk, at=opened.schedule["auction"])

        award = self.decided(tender)

        assert (award.bid.code, award.value_amount) == (carla, Decimal(12_500_000))

    def test_two_that_comply_wait_for_the_minutes_of_their_auction_and_its_prices_decide(self, at):
        auction = auctions.announced(at)
        auctions.bid(auction, "carla", "10000000.00", auction.starts_at)
        with pytest.raises(Refused) as refused:
            self.decided(auction.tender)
        over = auction.ends_at + SETTLING
        beto = auctions.beto(auction, over)
        recording.record_auction(actor=beto, tender_id=auction.tender_id, at=over)

        award = self.decided(auction.tender)

        assert refusal(refused) == ["auction_not_recorded"]
        assert award.supplier == auctions.now(auction).best.account
        assert award.value_amount == Decimal(10_000_000)
        assert services.evaluation_of(auction.tender).state == "finished"

    def test_a_low_price_that_an_auction_ended_with_is_explained_or_goes_to_the_next(self, at):
        """Carla ends with 10,000,000 and dario with 11,000,000, below 80 % of the 40,000,000 of the budget."""
        auction = auctions.announced(at)
        auctions.bid(auction, "carla", "10000000.00", auction.starts_at)
        tender, over = auction.tender, auction.ends_at + SETTLING
        carla, dario = (row.code for row in tender.bids.order_by("received_at"))
        due, ana = over + timedelta(hours=1), tenders.people_of(tender).ana
        common = {"actor": ana, "tender_id": tender.pk}
        ask = {"bid": carla, "kind": "low_price", "text": "Explique el precio final.", "due": due, "at": over, **common}
        with pytest.raises(Refused) as early:
            asking.ask_bidder(**ask)
        recording.record_auction(actor=auctions.beto(auction, over), tender_id=tender.pk, at=over)
        flags = dict(tender.evaluation.assessments.values_list("bid__code", "low_price__threshold"))
        asking.ask_bidder(**ask)
        beto = tenders.signed(tenders.people_of(tender).beto, due)
        with pytest.raises(Refused) as waiting:
            services.award_tender(actor=beto, tender_id=tender.pk, at=due)

        asking.decide_request(number=1, accepted=False, reason="No respondió.", at=due, **common)
        award = services.award_tender(actor=beto, tender_id=tender.pk, at=due)

        assert (refusal(early), refusal(waiting)) == (["auction_not_recorded"], ["request_open"])
        assert flags == {carla: "32000000.00", dario: "32000000.00"}
        assert (award.bid.code, award.value_amount) == (dario, Decimal(11_000_000))


def test_in_a_sale_the_highest_price_wins_and_its_ties_are_decided_by_the_rule_of_the_pliego(at):
    """10 and 5 units, of a least price of 40,000,000: 44,500,000 twice, and 35,500,000, which is below."""
    tender = envelopes.receiving(at, "enajenacion_sobre_cerrado")
    when = tender.schedule["bids_due"] - timedelta(minutes=30)
    high, low = ("4000000.00", "900000.00"), ("3200000.00", "700000.00")
    carla, dario, pablo = (
        bids.submitted_bid(tender, tenders.supplier(when, name), at=when, prices=prices).code
        for name, prices in (("carla", high), ("dario", high), ("pablo", low))
    )
    evaluation = evaluations.assessed(envelopes.first_opened(tender))
    report = evaluations.reported(evaluation)
    told = {row["bid"]: (row["rank"], row["complies"], row["reasons"]) for row in report.ranking}
    decided_at = evaluations.after_observations(tender)
    beto = tenders.signed(tenders.people_of(tender).beto, decided_at)
    with pytest.raises(Refused, match="tie"):
        services.award_tender(actor=beto, tender_id=tender.pk, at=decided_at)
    ana, steps = (
        tenders.people_of(tender).ana,
        [Step(1, (dario,), "Pliego, numeral 4.2: quien ofertó primero.")],
    )
    decision = evaluation_services.break_tie(actor=ana, tender_id=tender.pk, steps=steps, at=decided_at)

    award = services.award_tender(actor=beto, tender_id=tender.pk, at=decided_at)

    assert told[pablo] == (None, False, ["El precio es menor que el precio mínimo de venta."])
    assert {carla: told[carla][0], dario: told[dario][0]} == {carla: 1, dario: 1}
    assert all(map(recount.is_right, report.record["parts"]))
    assert (decision.ladder, decision.rung, decision.bids) == ("own_rules", 1, [dario, carla])
    assert (award.bid.code, award.value_amount) == (dario, Decimal(44_500_000))


class TestAwardTender:
    def test_accepts_the_lowest_offer_that_complies(self, at):
        tender = evaluations.ready_to_award(at, DEAR, CHEAP, ("1.00", "1.00"), failing=[3])

        award = given.award(tender)

        assert (award.state, award.bid.code, award.value_amount) == ("made", codes(tender)[1], Decimal(11_500_000))
        assert Tender.objects.get().state == "awarded"
        assert Evaluation.objects.get().state == "finished"

    def test_is_announced_with_its_letter(self, at):
        award = given.awarded(at)

        entry = Entry.objects.get(act="award.made")
        assert (entry, entry.subject_id, entry.documents) == (award.receipt, award.pk, [award.document.sha256])
        assert {name: entry.content["data"][name] for name in ("award", "supplier", "value", "currency")} == {
            "award": award.code,
            "supplier": award.supplier.code,
            "value": "11500000.00",
            "currency": "COP",
        }

    def test_writes_a_public_letter(self, at):
        award = given.awarded(at)

        with blobs.open(award.document.sha256) as content:
            assert content.read(5) == b"%PDF-"
        assert (award.document.audience, award.document.kind) == ("public", "award")

    def test_takes_the_next_one_with_reasons(self, at):
        tender = evaluations.ready_to_award(at, DEAR, CHEAP)

        award = given.award(tender, bid=codes(tender)[0], reason="El primero retiró su oferta por escrito.")

        assert award.bid.code == codes(tender)[0]

    def test_is_refused_for_the_next_one_without_reasons(self, at):
        tender = evaluations.ready_to_award(at, DEAR, CHEAP)

        with pytest.raises(Refused) as refused:
            given.award(tender, bid=codes(tender)[0])

        assert refusal(refused) == ["not_the_lowest"]

    def test_is_refused_for_one_that_does_not_comply(self, at):
        tender = evaluations.ready_to_award(at, DEAR, CHEAP, failing=[2])

        with pytest.raises(Refused) as refused:
            given.award(tender, bid=codes(tender)[1], reason="Porque sí.")

        assert refusal(refused) == ["does_not_comply"]

    def test_is_refused_when_none_complies(self, at):
        tender = evaluations.ready_to_award(at, DEAR, failing=[1])

        with pytest.raises(Refused) as refused:
            given.award(tender)

        assert refusal(refused) == ["none_complies"]

    def test_is_refused_one_instant_before_the_observations_end(self, at):
        tender = evaluations.ready_to_award(at, CHEAP)
        early = evaluations.after_observations(tender) - timedelta(microseconds=1)
        beto = tenders.signed(tenders.people_of(tender).beto, early)

        with pytest.raises(Refused) as refused:
            services.award_tender(actor=beto, tender_id=tender.pk, at=early)

        assert refusal(refused) == ["observations_running"]

    def test_is_refused_before_the_report(self, at):
        tender = evaluations.assessed(evaluations.evaluation(at)).tender
        beto = tenders.signed(tenders.people_of(tender).beto, at)

        with pytest.raises(Refused) as refused:
            services.award_tender(actor=beto, tender_id=tender.pk, at=at + timedelta(days=60))

        assert refusal(refused) == ["no_report"]

    def test_is_refused_while_an_observation_has_no_answer(self, at):
        tender = evaluations.ready_to_award(at, CHEAP)
        moment = tender.due_at("report_published")
        olga = evaluations.observer(at)
        evaluation_services.observe_report(actor=olga, tender_id=tender.pk, text="No suma.", at=moment)

        with pytest.raises(Refused) as refused:
            given.award(tender)

        assert refusal(refused) == ["observation_unanswered"]

    def test_is_refused_while_the_first_place_is_tied(self, at):
        tender = evaluations.ready_to_award(at, CHEAP, CHEAP, DEAR)

        with pytest.raises(Refused) as refused:
            given.award(tender)

        assert refusal(refused) == ["tie"]

    def test_happens_once(self, at):
        award = given.awarded(at)

        with pytest.raises(Denied):
            given.award(award.tender)

        assert Award.objects.count() == 1

    def test_needs_a_signature(self, at):
        tender = evaluations.ready_to_award(at, CHEAP)

        with pytest.raises(SignatureRequired):
            services.award_tender(
                actor=tenders.people_of(tender).beto,
                tender_id=tender.pk,
                at=evaluations.after_observations(tender),
            )

    @pytest.mark.parametrize("who", ["ana", "elena"])
    def test_is_denied_to_those_who_do_not_decide(self, at, who):
        tender = evaluations.ready_to_award(at, CHEAP)
        actor = tenders.signed(getattr(tenders.people_of(tender), who), at)

        with pytest.raises(Denied):
            services.award_tender(actor=actor, tender_id=tender.pk, at=evaluations.after_observations(tender))

    def test_is_denied_to_suppliers(self, at):
        tender = evaluations.ready_to_award(at, CHEAP)

        with pytest.raises(Denied):
            services.award_tender(
                actor=tenders.signed(tenders.supplier(at), at),
                tender_id=tender.pk,
                at=evaluations.after_observations(tender),
            )


class TestTasks:
    def test_tell_the_approver_when_a_process_may_be_decided(self, at):
        tender = evaluations.ready_to_award(at, CHEAP)
        beto, due = tenders.people_of(tender).beto, evaluations.after_observations(tender)

        early = queries.tasks_for(beto, due - timedelta(microseconds=1))
        ready = queries.tasks_for(beto, due)

        assert early == []
        assert [task.url for task in ready] == [f"/escritorio/procesos/{tender.code}/adjudicar/"]

    def test_are_not_for_others(self, at):
        tender = evaluations.ready_to_award(at, CHEAP)

        assert queries.tasks_for(tenders.people_of(tender).ana, evaluations.after_observations(tender)) == []
