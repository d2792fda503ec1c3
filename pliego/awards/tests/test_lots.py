"""A process with lots is decided lot by lot: some are void, the others go each to its own first place."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from pliego.accounts.models import User
from pliego.authority import approving
from pliego.authority.rules import StepData
from pliego.authority.tests import given as authority
from pliego.awards import by_lot, queries, services
from pliego.awards.by_lot import LotDecision
from pliego.awards.models import Award
from pliego.awards.tests import given
from pliego.awards.tests.given import CARLA, DARIO
from pliego.awards.tests.given import NOBODY as nobody
from pliego.awards.tests.given import award_lots as award
from pliego.conditions.models import Lot
from pliego.evaluation import queries as evaluation_queries
from pliego.evaluation import services as evaluation_services
from pliego.evaluation.ladder import Step
from pliego.evaluation.tests import given as evaluations
from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused, SignatureRequired
from pliego.ledger.models import Entry
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders


def beto(tender, at):
    return tenders.signed(tenders.people_of(tender).beto, at)


def void(tender, at, actor=None, **said):
    told = {"lot": 3, "cause": "no_offers", "reason": "Nadie ofertó por él.", **said}
    return by_lot.declare_lot_void(actor=actor or beto(tender, at), tender_id=tender.pk, at=at, **told)


def reported(at, *offers, **rules):
    """The process once its report can no longer be observed, and that moment."""
    tender = given.divided_tender(at, *offers, **rules)
    return tender, evaluations.after_observations(tender)


def states(tender):
    return list(tender.lots.values_list("state", flat=True))


@pytest.mark.django_db
class TestDeclareLotVoid:
    def test_ends_one_lot_at_once_for_everybody_and_the_process_goes_on(self, at, client_for):
        tender = evaluations.divided(at, CARLA).tender
        when = evaluations.after_opening(tender)

        made = void(tender, when)

        assert (made.state, made.lot, states(tender)) == ("deserted", 3, ["open", "open", "void"])
        assert Tender.objects.get(pk=tender.pk).state == "opened"
        entry = Entry.objects.get(act="award.lot_deserted")
        assert (entry, entry.content["data"]["cause"], entry.is_disclosed) == (made.receipt, "no_offers", True)
        page = client_for().get(f"/procesos/{tender.code}/").content.decode()
        assert "Nadie ofertó por él" in page
        assert [row["state"] for row in client_for().get(f"/api/v1/tenders/{tender.code}/lots").json()] == states(
            tender
        )
        with pytest.raises(Refused, match="lot_decided"):
            void(tender, when)

    def test_is_refused(self, at):
        tender = evaluations.divided(at, CARLA).tender
        when, people = evaluations.after_opening(tender), tenders.people_of(tender)

        for told, found in (
            ({"lot": 1}, "has_offers"),
            ({"lot": 1, "cause": "none_complies"}, "no_report"),
            ({"cause": "none_complies"}, "no_offers"),
            ({"cause": "porque sí"}, "missing"),
            ({"reason": " "}, "missing"),
        ):
            with pytest.raises(Refused, match=found):
                void(tender, when, **told)
        with pytest.raises(Denied):
            void(tender, when, actor=tenders.signed(people.ana, when))
        with pytest.raises(SignatureRequired):
            void(tender, when, actor=people.beto)
        assert states(tender) == ["open", "open", "open"]

    def test_waits_for_the_approval_of_exactly_that_lot_where_the_account_has_a_flow(self, at):
        tender = evaluations.divided(at, CARLA).tender
        when, people = evaluations.after_opening(tender), tenders.people_of(tender)
        authority.flow(beto(tender, when), when, StepData("Visto bueno", authority.code("hugo")), kind="award")
        with pytest.raises(Refused, match="approval_missing"):
            void(tender, when)
        told = {"kind": "award", "subject": tender.code, "at": when}
        asked = approving.start_approval(actor=people.ana, option="desert:3", **told)
        approving.approve_step(actor=people.hugo, approval_id=asked.pk, step=1, at=when)

        with pytest.raises(Refused, match="approval_of_another_option"):
            void(tender, when, lot=2, cause="none_complies")
        void(tender, when)

        assert states(tender) == ["open", "open", "void"]


@pytest.mark.django_db
class TestAwardLots:
    def test_gives_each_lot_to_its_own_first_place_and_one_contract_to_each_supplier(self, at):
        tender, when = reported(at, CARLA, DARIO, most_awarded=1)
        ranking = evaluation_queries.orders_of(tender.evaluation)
        carlas, darios = evaluations.codes(tender.evaluation)
        assert {lot: [r.code for r in order] for lot, order in ranking.items()} == {
            1: [darios, carlas],
            2: [carlas, darios],
            3: [],
        }
        void(tender, when)

        first, second = award(tender, LotDecision(lot=1), LotDecision(lot=2, bid=carlas))

        assert [(a.bid.code, a.value_amount) for a in (first, second)] == [
            (darios, Decimal("14000000.00")),
            (carlas, Decimal("10000000.00")),
        ]
        assert (states(tender), Tender.objects.get(pk=tender.pk).state) == (["awarded", "awarded", "void"], "awarded")

    def test_is_refused(self, at):
        tender, when = reported(at, CARLA, DARIO, most_awarded=1)
        carlas, darios = evaluations.codes(tender.evaluation)
        one, two = LotDecision(lot=1), LotDecision(lot=2)

        for decisions, found in (
            ((one, two), "lot_missing"),
            ((one, two, LotDecision(lot=3)), "none_complies"),
            ((one, two, nobody, LotDecision(lot=4)), "unknown_lot"),
            ((one, one, two, nobody), "lot_twice"),
            ((LotDecision(lot=1, bid=carlas), two, nobody), "not_the_lowest"),
            ((one, LotDecision(lot=2, bid=darios, reason="Mejor"), nobody), "too_many_lots"),
            ((LotDecision(lot=1, cause="none_complies", reason="No"), two, nobody), "somebody_complies"),
        ):
            with pytest.raises(Refused, match=found):
                award(tender, *decisions)
        with pytest.raises(Refused, match="by_lots"):
            services.award_tender(actor=beto(tender, when), tender_id=tender.pk, at=when)
        void(tender, when)
        with pytest.raises(Refused, match="lot_decided"):
            award(tender, one, two, LotDecision(lot=3))
        assert Award.objects.filter(state="made").count() == 0

    def test_of_an_offer_for_more_lots_than_allowed_or_that_lacks_the_papers_of_a_lot(self, at):
        """Only what is of the lot keeps an offer from it; a choice that the pliego does not let keeps it from all."""
        evaluation = evaluations.divided(at, CARLA, ((2,), ("900000.00",)), offered="some", most_offered=1)
        tender, when = evaluation.tender, evaluations.after_opening(evaluation.tender)

        evaluations.assessed(evaluation)

        assert [a.complies for a in evaluation.assessments.order_by("pk")] == [False, True]
        reasons = [row.reasons for row in evaluation_queries.ranking_of(evaluation) if row.lot == 1]
        assert reasons == [["El pliego permite ofertar por máximo 1 lotes y esta es por 2."]]
        told = {"actor": tenders.people_of(tender).ana, "tender_id": tender.pk, "at": when}
        told |= {"bid": evaluations.codes(evaluation)[1], "findings": evaluations.findings(tender)}
        with pytest.raises(Refused, match="unknown_item"):
            evaluation_services.assess_bid(**told)

    def test_falls_with_the_whole_process_when_nobody_is_left(self, at):
        tender, when = reported(at, ((1,), ("1500000.00",)), failing=[1])
        void(tender, when)
        void(tender, when, lot=2)
        with pytest.raises(Refused, match="last_lot"):
            void(tender, when, lot=1, cause="none_complies", reason="No cumple.")

        services.declare_deserted(actor=beto(tender, when), tender_id=tender.pk, reason="Ninguna cumple.", at=when)

        assert (states(tender), Tender.objects.get(pk=tender.pk).state) == (["void"] * 3, "deserted")

    def test_decides_a_tie_in_its_own_lot(self, at):
        tender, when = reported(at, CARLA, ((2,), ("1000000.00",)))
        carlas, darios = evaluations.codes(tender.evaluation)
        assert evaluation_queries.tie_of(tender.evaluation, None) == (2, sorted([carlas, darios]))
        with pytest.raises(Refused, match="tie"):
            award(tender, LotDecision(lot=1), LotDecision(lot=2), nobody)

        ana = tenders.signed(tenders.people_of(tender).ana, when)
        steps = [Step(1, (darios,), "Solo esta ofrece bienes nacionales")]
        evaluation_services.break_tie(actor=ana, tender_id=tender.pk, at=when, steps=steps)

        assert [a.bid.code for a in award(tender, LotDecision(lot=1), LotDecision(lot=2), nobody)[:2]] == [
            carlas,
            darios,
        ]


@pytest.mark.django_db
def test_pages_show_the_lots_and_decide_them(at, client_for):
    tender, when = reported(at, CARLA, DARIO, most_awarded=1)
    desk = client_for(User.objects.get(pk=tenders.people_of(tender).beto.user_id), tender.buyer)
    home = f"/escritorio/procesos/{tender.code}/adjudicar/"
    with clock.fixed(when):
        listed = desk.get(home, follow=True).content.decode()
        alone = desk.get(f"/escritorio/procesos/{tender.code}/desierto/3/").content.decode()
        form = desk.get(f"{home}lotes/decidir/").content.decode()
        chosen = {"lot-1": queries.lots_of(tender)[0].options[0][0], "lot-2": "", "firma-demo": "on"}
        wrong = desk.post(f"{home}lotes/decidir/", chosen)

    assert "Lote 3: Impresoras" in listed
    assert "Declarar desierto el lote 3" in alone
    assert "Desierto: nadie ofertó por él" in form
    assert (wrong.status_code, "lot-2" in wrong.context["form"].errors) == (422, True)


@pytest.mark.django_db(transaction=True)
def test_a_lot_declared_void_twice_at_once_is_void_once(at):
    tender = evaluations.divided(at, CARLA).tender
    when, together = evaluations.after_opening(tender), Barrier(2)
    actor = beto(tender, when)

    def decide(reason):
        try:
            with clock.fixed(when):
                together.wait(timeout=20)
                void(tender, when, reason=reason, actor=actor)
            return "made"
        except Refused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(decide, ("Uno", "Dos")))

    assert answers == ["made", "refused"]
    assert (Award.objects.count(), Lot.objects.filter(state="void").count()) == (1, 1)
