"""Envelopes that open at several moments: each in its own time, by those who may, and the others never."""

from datetime import timedelta

import pytest

from pliego.bidding import closing, disclosed, moments, opening, sealing, shamir
from pliego.bidding.models import Envelope, Opening
from pliego.bidding.tests import given as bids
from pliego.bidding.tests.stages import api_for, listed_over_the_api, over_the_api
from pliego.evaluation import queries, services
from pliego.evaluation.tests import given
from pliego.evaluation.tests.envelopes import (
    AUCTION,
    LISTED,
    MERIT,
    WORKS,
    called,
    first_opened,
    keys_given,
    later,
    offered,
    opened_at,
    receiving,
    reported,
    seals,
)
from pliego.kernel import clock
from pliego.kernel.events import title_of
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry
from pliego.tendering.models import Tender
from pliego.tendering.snapshots import LEDGER, opening_of
from pliego.tendering.tests import given as tenders
from pliego.tendering.tests.test_pages import DESK, sent, shown, signature
from tests.racing import together

pytestmark = pytest.mark.usefixtures("people_are_found_once")


def codes(refused) -> set[str]:
    return {objection.code for objection in refused.value.objections}


class TestTheSecondEnvelope:
    def test_opens_in_the_award_hearing_with_keys_of_its_own(self, at, db):
        tender = receiving(at, WORKS)
        replaced, *standing = offered(tender, "carla", "carla", "dario")
        evaluation = first_opened(tender)

        assert set(map(frozenset, seals(tender).values())) == {frozenset({"first"}), frozenset()}
        assert {(row.price_is_sealed, row.price_amount) for row in evaluation.assessments.all()} == {(True, None)}
        assert not disclosed.opened_bids(tender)[0].has_price
        people, early = tenders.people_of(tender), tender.schedule["award"] - timedelta(microseconds=1)
        shares = bids.member_shares(tender, people.ana.user_id)
        for act, who, what in (
            (opening.open_bids, people.beto, {"moment": "award"}),
            (closing.release_custodian_half, bids.SYSTEM, {"halves": bids.custodian_halves(tender)}),
            (closing.release_share, people.ana, {"shares": shares}),
        ):
            with pytest.raises(Refused) as refused:
                act(actor=who, tender_id=tender.pk, at=early, **what)
            assert codes(refused) == {"too_early", "act_missing"}
        reported(evaluation)
        until = evaluation.reports.get().observations_due_at
        turn = moments.turn_now(bids.as_it_is(tender))
        assert [o.code for o in moments.acts_are_missing(turn, until - timedelta(seconds=1))] == [
            "observations_running"
        ]
        assert list(moments.acts_are_missing(turn, until)) == []
        services.reopen_evaluation(actor=people.ana, tender_id=tender.pk, reason="Hubo un error", at=until)
        assert [o.code for o in moments.acts_are_missing(turn, until)] == ["act_missing"]
        reported(evaluation)
        with pytest.raises(Refused) as refused:
            opened_at(tender, "award")
        assert codes(refused) == {"waiting_for_members", "waiting_for_custodian"}
        keys_given(tender)

        done = opened_at(tender, "award")

        assert (done.state, done.stage) == ("opened", "award")
        assert [seals(tender)[bid.code] for bid in standing] == [{"first", "second"}] * 2
        assert seals(tender)[replaced.code] == set()
        services.take_prices(tender_id=tender.pk, at=done.schedule["award"])
        assert [row.price_amount for row in queries.assessments_of(evaluation)] == [12_500_000, 11_000_000]
        assert sorted(Opening.objects.values_list("moment", "entry__act")) == [
            ("award", "bids.envelopes_opened"), ("opening", "bids.opened"),
        ]  # fmt: skip
        opened_at(tender, "award", done.schedule["award"])
        assert Opening.objects.count() == 2

    def test_stays_shut_before_what_was_released_for_the_first(self, at, db):
        """Members together with the platform: everything that was ever given for the first opens nothing else."""
        tender = receiving(at, WORKS)
        [bid] = offered(tender, "carla")
        first_opened(tender)

        first, second = bid.envelopes.order_by("pk")
        half = bytes.fromhex(first.custodian_half or Envelope.objects.get(pk=first.pk).custodian_half)
        own = {str(r.member.number): bytes.fromhex(r.share) for r in first.released.select_related("member")}
        with pytest.raises(sealing.BadShare, match="piece_is_not_the_promised_one"):
            sealing.recover(second.header, own, half)
        # Nor with the members' own keys, which open their locks of the second whenever they like: one half is missing.
        people = tenders.people_of(tender)
        theirs = {
            str(seat.number): sealing.unwrap(second.header["locks"][seat.number - 1], tenders.IDENTITIES[seat.user_id])
            for seat in tender.opening_members.filter(user_id__in=[people.ana.user_id, people.beto.user_id])
        }
        made = bytes(a ^ b for a, b in zip(shamir.combine(list(theirs.values())), half, strict=True))
        assert str(bids.sealing.opening.agefiles.identity_of(made).to_public()) != second.recipient
        with pytest.raises(sealing.BadShare, match="piece_is_not_the_promised_one"):
            sealing.recover(second.header, theirs, half)

    def test_that_does_not_open_is_blamed_and_stops_no_other(self, at, db):
        tender = receiving(at, WORKS)
        when = tender.schedule["bids_due"] - timedelta(minutes=5)
        offered(tender, "carla")
        dario = tenders.supplier(when, "dario")
        manifest = bids.sealed(tender, dario, when)
        manifest["envelopes"][1]["header"]["custodian"]["commit"] = "0" * 64
        bids.services.submit_bid(actor=tenders.signed(dario, when), tender_id=tender.pk, manifest=manifest, at=when)
        reported(first_opened(tender))
        key = tenders.CUSTODIAN[tender.custodian_number]
        halves = []
        for envelope in closing.envelopes_to_open(bids.as_it_is(tender)):
            try:
                piece = {"half": sealing.unwrap(envelope.header["custodian"], key).hex()}
            except sealing.BadShare as fault:
                piece = {"file_key": fault.file_key}
            halves.append({"recipient": envelope.recipient, **piece})
        closing.release_custodian_half(actor=bids.SYSTEM, tender_id=tender.pk, halves=halves, at=later(tender))
        people = tenders.people_of(tender)
        bids.released_shares(tender, people.ana, people.beto)

        opened_at(tender, "award")

        assert sorted(tender.bids.values_list("state", "fault__why")) == [
            ("opened", None), ("unopenable", "lock_breaks_its_promise"),
        ]  # fmt: skip


@pytest.mark.parametrize(("method", "moment"), [(WORKS, "award"), (AUCTION, "auction")])
def test_the_price_of_an_offer_that_does_not_comply_stays_sealed_for_ever(at, db, client, method, moment):
    tender = receiving(at, method)
    carla, dario = (bid.code for bid in offered(tender, "carla", "dario"))
    evaluation = first_opened(tender)
    reported(evaluation, failing=[dario])
    keys_given(tender)

    done = opened_at(tender, moment)

    first, second = (envelope.code for envelope in done.rulebook.envelopes)
    assert seals(tender) == {carla: {first, second}, dario: {first}}
    told = Entry.objects.get(act="bids.envelopes_opened").content["data"]
    assert [row["bid"] for row in told["bids"]] == [carla]
    assert [(row["bid"], row["supplier_name"]) for row in told["sealed_for_ever"]] == [
        (dario, tender.bids.get(code=dario).supplier.name)
    ]
    assert list(closing.envelopes_to_open(bids.as_it_is(tender))) == []
    [listed] = [o for o in client.get(f"/api/v1/tenders/{tender.code}/openings").json() if o["moment"] == moment]
    assert listed["sealed_for_ever"] == [dario]
    assert "sobres cerrados" in client.get(f"/procesos/{tender.code}/oferentes/").content.decode()
    services.take_prices(tender_id=tender.pk, at=done.schedule[moment])
    assert [row.price_amount for row in queries.assessments_of(evaluation)] == [12_500_000, None]


class TestCallingAnOffer:
    def test_opens_its_price_and_no_other_in_the_order_of_the_report(self, at, db):
        tender = receiving(at, MERIT)
        acts = ["bids.opened", "evaluation.report_published"]
        assert opening_of(tender)["envelopes"] == [
            {"envelope": "technical", "at": "opening", "after": [], "by_call": False, "of_fit": False},
            {"envelope": "price", "at": "price_opened", "after": acts, "by_call": True, "of_fit": False},
        ]
        assert all(title_of(act) != act for act in LEDGER.values())
        carla, dario, pablo = (bid.code for bid in offered(tender, "carla", "dario", "pablo"))
        evaluation = first_opened(tender)
        given.assessed(evaluation, failing=[pablo])
        with pytest.raises(Refused, match="scores_missing"):
            given.reported(evaluation)
        reported(evaluation, dario, carla, failing=[pablo])
        ranking = evaluation.reports.get().ranking
        assert [(row["bid"], row["rank"]) for row in ranking] == [(dario, 1), (carla, 2), (pablo, None)]

        when, hour = tender.schedule["report_published"], tender.schedule["price_opened"]
        people = tenders.people_of(tender)
        for who in (people.ana, people.elena, tenders.supplier(hour, "carla")):
            with pytest.raises(Denied):
                services.call_bid(actor=tenders.signed(who, hour), tender_id=tender.pk, bid=dario, at=hour)
        for bid, moment, code in ((carla, hour, "out_of_order"), (dario, when, "observations_running")):
            with pytest.raises(Refused) as refused:
                called(tender, bid, moment)
            assert codes(refused) == {code}
        with pytest.raises(Refused) as refused:
            opened_at(tender, "price_opened", hour)
        assert codes(refused) == {"nobody_called"}
        called(tender, dario, hour)
        assert called(tender, dario, hour).place == 1
        with pytest.raises(Refused) as refused:
            called(tender, carla, hour, "No hubo acuerdo")
        assert codes(refused) == {"call_is_open"}
        keys_given(tender)
        opened_at(tender, "price_opened")

        assert (seals(tender)[dario], seals(tender)[carla]) == ({"technical", "price"}, {"technical"})
        services.take_prices(tender_id=tender.pk, at=hour)
        prices = {row.bid.code: row.price_amount for row in queries.assessments_of(evaluation)}
        assert prices == {carla: None, dario: 11_000_000, pablo: None}
        with pytest.raises(Refused) as refused:
            called(tender, carla, hour)
        assert codes(refused) == {"missing"}
        called(tender, carla, hour, "No hubo acuerdo con el primero")
        keys_given(tender)
        opened_at(tender, "price_opened")
        assert (seals(tender)[carla], seals(tender)[pablo]) == ({"technical", "price"}, {"technical"})
        with pytest.raises(Refused) as refused:
            called(tender, pablo, hour, "No hubo acuerdo")
        assert codes(refused) == {"nobody_left"}

    def test_and_its_opening_race_to_one_result(self, at, transactional_db):
        tender = receiving(at, MERIT)
        [bid] = offered(tender, "carla")
        reported(first_opened(tender), bid.code)
        hour = tender.schedule["price_opened"]

        calls = together(*[lambda: called(tender, bid.code, hour).pk for _again in range(3)])
        keys_given(tender)
        results = together(*[lambda: opened_at(tender, "price_opened", hour).state for _again in range(3)])

        assert len(set(calls)) == 1
        assert results == ["opened"] * 3
        acts = list(Entry.objects.filter(file=tender.ocid).values_list("act", flat=True))
        assert (acts.count("bids.called"), acts.count("bids.envelopes_opened")) == (1, 1)


def scores_given(ana, path, bid, points="20"):
    """The points of the only factor that is judged, alone and agreed."""
    told = ana("GET", f"{path}/evaluation")["factors"]
    scores = [{"factor": factor["number"], "points": points} for factor in told if factor["is_judged"]]
    for what in ("scores", "agreed-scores"):
        ana("PUT", f"{path}/evaluation/bids/{bid}/{what}", scores=scores)


class TestOverTheApi:
    @pytest.fixture
    def api(self, client_for):
        return api_for(client_for)

    @pytest.fixture
    def house(self, db, at):
        return tenders.buyer(at)

    def begun(self, api, house, at, method, *listed) -> Tender:
        """Published and led to its offers over the API."""
        tender = tenders.published_tender(at, house, method=method)
        path = f"/tenders/{tender.code}"
        while told := api(house.ana)("GET", path)["next_stages"]:
            tender = Tender.objects.get(pk=tender.pk)
            if tender.stage_now.kind == "prequalification":
                listed_over_the_api(api, house, tender, *listed)
            entry = tender.rulebook.reached_by("advance", tender.rulebook.stage(told[0]))
            with clock.fixed(tender.schedule[entry.code]):
                over_the_api(api, house, tender, told[0])
        return Tender.objects.get(pk=tender.pk)

    def test_works_go_until_the_second_envelope_is_open_in_the_hearing(self, api, house, at, client, run_reactions):
        tender = self.begun(api, house, at, WORKS)
        [bid] = offered(tender, "carla")
        path = f"/tenders/{tender.code}"
        with clock.fixed(bids.ready_to_open(tender)):
            ana, beto = api(house.ana), api(house.beto)
            beto("POST", f"{path}/open")
            run_reactions()
            items = [item.number for item in queries.requirements_of(tender)]
            findings = [{"item": number, "complies": True} for number in items]
            ana("PUT", f"{path}/evaluation/bids/{bid.code}", findings=findings)
            scores_given(ana, path, bid.code)
        with clock.fixed(tender.schedule["report_published"]):
            ana = api(house.ana)
            ana.step_up()
            assert ana("POST", f"{path}/evaluation/report")["number"] == 1
        assert [(o["moment"], bool(o["receipt"])) for o in ana("GET", f"{path}/openings")] == [
            ("opening", True), ("award", False),
        ]  # fmt: skip
        keys_given(tender)
        with clock.fixed(tender.schedule["award"]):
            public = client.get(f"/procesos/{tender.code}/oferentes/").content.decode()
            assert "12.500.000" not in public
            ana, beto = api(house.ana), api(house.beto)
            done = beto("POST", f"{path}/openings/award")
            run_reactions()
            assert beto("POST", f"{path}/openings/award")["receipt"] == done["receipt"]
            assert ana("GET", f"{path}/evaluation")["offers"][0]["price"] == "12500000.00"
            assert ana("GET", path)["state"] == "opened"
            beto.step_up()
            with pytest.raises(AssertionError, match="prices_not_reported"):
                beto("POST", f"{path}/award")
            ana.step_up()
            assert ana("POST", f"{path}/evaluation/price-report")["number"] == 2
            again = ana("GET", f"{path}/evaluation")["reports"][1]["ranking"][0]
            assert (again["rank"], again["points"]) == (1, "80")  # 60 of the only price, 20 of its quality
        with clock.fixed(tender.schedule["award"] + timedelta(hours=1)):
            beto = api(house.beto)
            beto.step_up()
            assert beto("POST", f"{path}/award")["bid"] == bid.code

        assert (done["moment"], done["envelopes"], bool(done["receipt"])) == ("award", ["second"], True)
        assert "12.500.000" in client.get(f"/procesos/{tender.code}/oferentes/").content.decode()

    def test_a_contest_goes_until_the_price_of_the_called_offer_is_open(self, api, house, at, client, run_reactions):
        suppliers = [tenders.supplier(at, name) for name in ("carla", "dario")]
        tender = self.begun(api, house, at, LISTED, *suppliers)
        path, late = f"/tenders/{tender.code}", tender.schedule["bids_due"] - timedelta(minutes=5)
        with pytest.raises(Denied, match="list"):
            bids.submitted_bid(tender, tenders.supplier(at, "pablo"), at=late)
        first, second = (bid.code for bid in offered(tender, "carla", "dario"))
        with clock.fixed(bids.ready_to_open(tender)):
            ana, beto = api(house.ana), api(house.beto)
            beto("POST", f"{path}/open")
            run_reactions()
            items = [item.number for item in queries.requirements_of(tender)]
            for bid in (first, second):
                findings = [{"item": number, "complies": True} for number in items]
                ana("PUT", f"{path}/evaluation/bids/{bid}", findings=findings)
                scores_given(ana, path, bid, "90" if bid == second else "80")
        with clock.fixed(tender.schedule["report_published"]):
            ana = api(house.ana)
            ana.step_up()
            ana("POST", f"{path}/evaluation/report")
        with clock.fixed(tender.schedule["price_opened"]):
            ana, beto = api(house.ana), api(house.beto)
            beto.step_up()
            assert beto("POST", f"{path}/evaluation/calls", bid=second)["place"] == 1
            keys_given(tender)
            done = beto("POST", f"{path}/openings/price_opened", bid=second)
            run_reactions()
            prices = {row["bid"]: row["price"] for row in ana("GET", f"{path}/evaluation")["offers"]}

        assert (done["bid"], done["moment"]) == (second, "price_opened")
        assert prices == {first: "", second: "11000000.00"}
        totals = {row["bid"]: row["total"] for row in client.get(f"/api/v1{path}/bids").json()}
        assert totals == {first: "", second: "11000000.00"}
        page = client.get(f"/procesos/{tender.code}/oferentes/").content.decode()
        assert "11.000.000" in page
        assert "12.500.000" not in page


def test_a_contest_is_walked_page_by_page(at, db, client_for):
    def browser(actor):
        return client_for(tenders.User.objects.get(pk=actor.user_id), tenders.Account.objects.get(pk=actor.account_id))

    tender = receiving(at, MERIT)
    carla, dario = (bid.code for bid in offered(tender, "carla", "dario"))
    given.assessed(first_opened(tender))
    people, one = tenders.people_of(tender), f"{DESK}{tender.code}/"
    with clock.fixed(tender.schedule["report_published"]):
        ana = browser(people.ana)
        due = ana.get(f"{one}evaluacion/informe/").context["form"].initial["observations_due"]
        for bid, points in ((carla, "80"), (dario, "90,5")):
            for page, reason in (("puntajes", ""), ("consenso", "")):
                path = f"{one}evaluacion/ofertas/{bid}/{page}/"
                wrong = sent(ana, path, points_1="101", reason_1=reason)
                assert (wrong.status_code, "de 0 a 100" in wrong.content.decode()) == (422, True)
                assert sent(ana, path, points_1=points, reason_1=reason).status_code == 303
        said = {"observations_due": shown(due), **signature(people.ana)}
        assert sent(ana, f"{one}evaluacion/informe/", **said).status_code == 303
    with clock.fixed(tender.schedule["price_opened"]):
        beto = browser(people.beto)
        assert sent(beto, f"{one}evaluacion/llamar/", bid=dario, **signature(people.beto)).status_code == 303
        room = beto.get(f"{one}apertura/").content.decode()
        assert "0 de 1" in room
        keys_given(tender)
        assert sent(beto, f"{one}apertura/abrir/price_opened/").status_code == 303
        done = beto.get(f"{one}apertura/")

    assert [turn.is_done for turn in done.context["turns"]] == [True, True]
    assert seals(tender) == {carla: {"technical"}, dario: {"technical", "price"}}
