"""From the minutes of an auction by lots, or from a sale, to the contract."""

from datetime import timedelta
from decimal import Decimal

import pytest

from pliego.accounts.models import User
from pliego.auctions.models import Auction
from pliego.auctions.tests import given as auctions
from pliego.awards import by_lot
from pliego.awards import services as awards
from pliego.awards.by_lot import LotDecision
from pliego.bidding.tests import given as bids
from pliego.contracts import services
from pliego.contracts.tests import given as contracts
from pliego.evaluation.tests import envelopes
from pliego.evaluation.tests import given as evaluations
from pliego.kernel import clock
from pliego.kernel.actors import SYSTEM
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Refused
from pliego.parties.models import Account
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db


def practising(client_for, actor):
    """That person's browser, which may sign with the practice signature."""
    client = client_for(User.objects.get(pk=actor.user_id), Account.objects.get(pk=actor.account_id))
    session = client.session
    session["opened_by"] = "demo"
    session.save()
    return client


def test_each_lot_is_awarded_with_its_last_price_and_the_contract_has_the_unit_prices_that_were_bid(at, client_for):
    tender = auctions.divided(at)
    [first] = Auction.objects.filter(tender=tender)  # one alone offers for the second lot, nobody for the third
    beto = auctions.beto(first, first.ends_at)
    decided = [LotDecision(lot=1), LotDecision(lot=2), LotDecision(lot=3, cause="no_offers", reason="Nadie ofertó.")]
    on = {"actor": beto, "tender_id": tender.pk, "lots": decided, "at": tender.schedule["award"]}
    key = f"{tender.items.filter(lots=[1], kind='price_list').get().number}.1"
    with pytest.raises(Refused) as unknown:
        auctions.bid(first, "carla", None, first.starts_at, prices={"99.1": Decimal(1)})
    carla, path = practising(client_for, auctions.bidder(first, "carla")), f"/procesos/{tender.code}/subasta/"
    with clock.fixed(first.starts_at):
        assert "Subasta del lote 1" in carla.get(path).content.decode()
        shown = carla.get(f"{path}1/").content.decode()
        sent = {f"prices.{key}": "1.300.000,55", "key": "uno", "firma-demo": "on"}
        assert carla.post(f"{path}1/lance/", sent).status_code == 303
    assert f'name="prices.{key}"' in shown
    with pytest.raises(Refused) as early:
        by_lot.award_lots(**on)
    auctions.recorded(first)

    won = by_lot.award_lots(**on)

    assert [o.code for o in unknown.value.objections] == ["unknown_line"]
    assert [o.code for o in early.value.objections] == ["auction_not_recorded"]
    assert [(a.lot, a.state, a.value_amount) for a in won] == [
        (1, "made", Decimal("13000005.50")), (2, "made", Decimal("10000000.00")), (3, "deserted", None),
    ]  # fmt: skip
    assert {a.supplier for a in won if a.supplier} == {auctions.now(first).best.account}
    contract = services.draft_contract(actor=SYSTEM, award_id=won[0].pk, at=on["at"])
    lines = [(line.lot, line.unit_price_amount) for line in contract.lines.all()]
    assert lines == [(1, Decimal("1300000.55")), (2, Decimal("1000000.00"))]
    assert contract.lines_total == contract.value_amount == Decimal("23000005.50")
    assert tenders.people_of(tender).account == contract.buyer


def test_what_the_entity_sells_is_signed_and_started_without_a_budget_commitment(at, visitor):
    tender = envelopes.receiving(at, "enajenacion_sobre_cerrado")
    when = tender.schedule["bids_due"] - timedelta(minutes=30)
    bidder = tenders.supplier(when, "carla")
    bids.submitted_bid(tender, bidder, at=when, prices=("4000000.00", "900000.00"))
    evaluations.reported(evaluations.assessed(envelopes.first_opened(tender)))
    now = evaluations.after_observations(tender)
    people = tenders.people_of(tender)
    beto = tenders.signed(people.beto, now)
    won = awards.award_tender(actor=beto, tender_id=tender.pk, at=now)
    contract = services.draft_contract(actor=SYSTEM, award_id=won.pk, at=now)
    told = contracts.data(contract, number="VENTA-1", covers=[], has_settlement=False)
    services.edit_contract(actor=people.ana, contract_id=contract.pk, data=told, at=now)
    services.send_contract(actor=people.ana, contract_id=contract.pk, at=now)
    services.accept_contract(actor=tenders.signed(bidder, now), contract_id=contract.pk, at=now)

    with clock.fixed(now):
        page = visitor(people.beto).get(f"/escritorio/contratos/{contract.code}/firmar/").content.decode()
    services.sign_contract(actor=beto, contract_id=contract.pk, at=now)
    told = {"supervisor_id": people.gloria.user_id, "starts_on": calendar.day_of(now), "at": now}
    started = services.start_contract(actor=beto, contract_id=contract.pk, **told)

    assert "Firmar el contrato" in page
    assert "registro presupuestal" not in page
    assert (started.state, started.budget_commitment, started.budget_commitment_amount) == ("running", "", None)
