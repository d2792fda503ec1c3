"""Offers for some lots: the choice is sealed, only what is of those lots is asked, and the opening tells them."""

import pytest

from pliego.bidding import bundles, disclosed, rules, sealing, services
from pliego.bidding.models import Bid
from pliego.bidding.tests import given
from pliego.conditions.tests.given import divided_tender, lots
from pliego.kernel.objections import Refused
from pliego.ledger.models import Entry
from pliego.tendering import sections
from pliego.tendering import services as tendering
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders
from pliego.tendering.tests.given import signed

PRICES = ("1500000.00", "1000000.00", "700000.00")


def codes(objection):
    return objection.code if objection else ""


@pytest.mark.parametrize(
    ("chosen", "least", "most", "found"),
    [
        ((), 1, 3, "no_lot"),
        ((2,), 1, 3, ""),
        ((1, 2, 3), 1, 3, ""),
        ((1, 2, 3), 1, 2, "too_many_lots"),
        ((1, 2), 3, 3, "too_few_lots"),
        ((1, 2, 3), 3, 3, ""),
    ],
)
def test_an_offer_is_for_as_many_lots_as_the_pliego_lets_it(chosen, least, most, found):
    assert codes(rules.lots_are_wrong(chosen, least, most)) == found


PROCESS = {
    "lots": [{"number": 1}, {"number": 2}],
    "lots_least": 1,
    "lots_most": 1,
    "items": [
        {"number": 1, "lots": [], "kind": "text", "title": "De todos", "required": True, "envelope": "oferta"},
        {"number": 2, "lots": [1], "kind": "text", "title": "Del primero", "required": True, "envelope": "oferta"},
        {"number": 3, "lots": [2], "kind": "price_list", "title": "Precios", "required": True, "envelope": "oferta"},
    ],
    "price_lines": [{"key": "1", "item": 3, "number": 1}],
}


class TestTheFileRoad:
    @pytest.mark.parametrize(("said", "found"), [([], "no_lot"), ([3], "unknown_lot"), ("1", "unknown_lot"),
                                                 ([1, 2], "too_many_lots")])  # fmt: skip
    def test_refuses_a_choice_that_the_pliego_does_not_let(self, said, found):
        with pytest.raises(Refused, match=found):
            bundles.lots_of(PROCESS, {"lots": said})

    @pytest.mark.parametrize(
        ("chosen", "lacking"),
        [([1], ["1. De todos", "2. Del primero"]), ([2], ["1. De todos", "1"])],
    )
    def test_asks_only_what_is_of_the_whole_and_of_the_chosen_lots(self, chosen, lacking):
        asked = bundles.for_the_lots(PROCESS, bundles.lots_of(PROCESS, {"lots": chosen}))

        assert bundles.missing(asked, {"answers": {}, "prices": {}, "files": {}}) == lacking


@pytest.mark.django_db
class TestSealed:
    def test_lots_are_nowhere_in_clear_before_the_opening_which_tells_them_to_everybody(self, at, client_for):
        tender = divided_tender(at)
        carla, dario = tenders.supplier(at, "carla"), tenders.supplier(at, "dario")
        manifest = given.sealed(tender, carla, at, lots=(1, 2), prices=PRICES)
        bid = services.submit_bid(actor=signed(carla, at), tender_id=tender.pk, manifest=manifest, at=at)
        given.submitted_bid(tender, dario, at=at, lots=(2,), prices=PRICES[1:])

        told = [row["item"] for envelope in manifest["envelopes"] for row in envelope["files"]]
        submitted = Entry.objects.filter(act="bid.submitted").first()
        assert set(told) == {""}
        assert Bid.objects.get(pk=bid.pk).lots == []
        assert "lots" not in submitted.content["data"]

        given.opened_tender(tender)

        carlas, darios = disclosed.opened_bids(tender)
        assert (carlas.lots, darios.lots) == ((1, 2), (2,))
        assert {lot: [str(unit) for _key, _n, unit in lines] for lot, lines in carlas.lot_lines.items()} == {
            1: ["1500000.00"],
            2: ["1000000.00"],
        }
        assert [each.bidders for each in disclosed.offered_lots(tender, [carlas, darios])][2] == []
        listed = Entry.objects.get(act="bids.opened").content["data"]["bids"]
        assert [row["lots"] for row in listed] == [[1, 2], [2]]
        page = client_for().get(f"/procesos/{tender.code}/oferentes/").content.decode()
        answers = client_for().get(f"/procesos/{tender.code}/oferentes/{darios.code}/").content.decode()
        assert "Nadie ofertó por él" in page
        assert "Certificado del fabricante" not in answers
        assert client_for().get(f"/api/v1/tenders/{tender.code}/bids").json()[0]["lots"] == [1, 2]

    def test_an_offer_that_names_the_question_of_a_file_in_clear_is_refused(self, at):
        tender, carla = divided_tender(at), tenders.supplier(at)
        manifest = given.sealed(tender, carla, at, lots=(1,), prices=PRICES)
        manifest["envelopes"][0]["files"][1]["item"] = "5"

        with pytest.raises(Refused, match="tells_the_lots"):
            services.submit_bid(actor=signed(carla, at), tender_id=tender.pk, manifest=manifest, at=at)

    def test_a_lot_taken_out_by_an_amendment_voids_the_offer_until_confirmed_and_counts_no_more(self, at):
        tender, carla = divided_tender(at), tenders.supplier(at)
        bid = given.submitted_bid(tender, carla, at=at, lots=(1, 3), prices=PRICES)
        people, when = tenders.people_of(tender), tender.schedule["amendments_due"]
        when = when.replace(hour=when.hour - 2)
        common = {"actor": people.ana, "tender_id": tender.pk, "at": when}
        tenders.amendment(tender, when)
        two = lots(("20000000", "20000000"))
        with pytest.raises(Refused, match="lot_is_named"):
            tendering.save_section(part="lots", content=two, **common)
        questions = sections.get("questionnaire").plain(tender)
        left = [part for part in questions["items"] if part["question"]["lots"] != [3]]
        tendering.save_section(part="questionnaire", content={"items": left}, **common)
        tendering.save_section(part="lots", content=two, **common)

        tendering.publish_amendment(actor=signed(people.beto, when), tender_id=tender.pk, at=when)

        assert Bid.objects.select_related("tender").get(pk=bid.pk).is_unconfirmed
        assert list(tender.lots.values_list("number", "state")) == [(1, "open"), (2, "open"), (3, "cancelled")]
        services.confirm_bid(actor=signed(carla, when), bid_id=bid.pk, at=when)
        given.opened_tender(Tender.objects.get(pk=tender.pk))
        assert Bid.objects.get(pk=bid.pk).lots == [1]


def test_the_browser_seals_the_lots_as_the_house_does():
    asked = sealing.Contents(lots=(3, 1))
    header = dict.fromkeys(("process", "supplier", "envelope", "recipient"), "x")

    assert sealing.making.answers_of(header, asked, [])["lots"] == [1, 3]
    assert "lots" not in sealing.making.answers_of(header, sealing.Contents(), [])
