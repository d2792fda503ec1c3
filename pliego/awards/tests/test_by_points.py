"""An evaluation by points, from each member's scores to the award."""

import json
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal

import pytest

from pliego.authority.cases import source_of
from pliego.awards import by_lot
from pliego.awards import queries as decisions
from pliego.awards import services as awards
from pliego.awards.by_lot import LotDecision
from pliego.awards.tests.given import NOBODY
from pliego.bidding.tests import given as bids
from pliego.bidding.tests.stages import opened
from pliego.conditions.tests import plain
from pliego.conditions.tests.given import divided_tender
from pliego.documents import blobs
from pliego.evaluation import judging, queries, records, recount, services, weighing
from pliego.evaluation.ladder import Step
from pliego.evaluation.rules import FindingIn, ScoreIn
from pliego.evaluation.tests import given
from pliego.evaluation.tests.envelopes import (
    MERIT,
    WORKS,
    called,
    first_opened,
    keys_given,
    offered,
    opened_at,
    receiving,
)
from pliego.evaluation.tests.envelopes import reported as merit_reported
from pliego.kernel.objections import Denied, Refused
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db
PUBLIC = "licitacion_publica"


def codes(refused) -> list[str]:
    return [objection.code for objection in refused.value.objections]


@pytest.fixture
def tender(at) -> Tender:
    return opened(tenders.published_tender(at, method=PUBLIC), "offers")


def scores(points, reason="", factor=2) -> list[ScoreIn]:
    return [ScoreIn(factor, Decimal(points), reason)]


def test_the_offer_with_the_most_points_wins_and_anybody_can_count_them_again(at, tender, tmp_path, client):
    """60 points the lowest price, 40 the quality; carla asks 12,500,000, dario 11,000,000 and pablo almost nothing."""
    carla, dario, pablo = (bid.code for bid in offered(tender, "carla", "dario", "pablo"))
    evaluation = given.assessed(first_opened(tender), failing=[pablo])
    people = tenders.people_of(tender)
    common = {"tender_id": tender.pk, "at": given.after_opening(tender)}

    with pytest.raises(Refused) as refused:
        given.reported(evaluation)
    assert codes(refused) == ["scores_missing", "scores_missing"]
    with pytest.raises(Denied):
        judging.score_offer(actor=people.beto, bid=carla, scores=scores("40"), **common)
    with pytest.raises(Refused) as refused:
        judging.agree_scores(actor=people.ana, bid=carla, scores=scores("40"), **common)
    assert codes(refused) == ["nobody_scored"]
    for wrong, code in (
        (scores("40.5"), "score_out_of_range"),
        (scores("1.00001"), "too_fine"),
        (scores("1", factor=1), "score_missing"),
        ([], "score_missing"),
    ):
        with pytest.raises(Refused, match=code):
            judging.score_offer(actor=people.ana, bid=carla, scores=wrong, **common)
    judging.score_offer(actor=people.ana, bid=carla, scores=scores("40"), **common)
    judging.score_offer(actor=people.ana, bid=dario, scores=scores("30"), **common)
    with pytest.raises(Refused, match="reason_missing"):
        judging.agree_scores(actor=people.ana, bid=carla, scores=scores("39.5"), **common)
    judging.agree_scores(actor=people.ana, bid=carla, scores=scores("39.5", "Falta un anexo."), **common)
    judging.agree_scores(actor=people.ana, bid=dario, scores=scores("30"), fined="Resolución 5 de 2025", **common)

    report = given.reported(evaluation)

    # carla: 60 × 11,000,000 ÷ 12,500,000 = 52.8, and 39.5; dario: 60 and 30, less 2 of 100 for the fine
    ranking = [(row["bid"], row["rank"], row.get("points"), row["complies"]) for row in report.ranking]
    assert ranking == [(carla, 1, "92.3", True), (dario, 2, "88", True), (pablo, None, None, False)]
    assert [(s["title"], s["sum"], s["points"]) for s in report.ranking[1]["scores"]] == [
        ("Precio", "60 × 11000000 ÷ 11000000", "60"),
        ("Calidad", "30 / 40", "30"),
        ("", "− 2 % × 100", "-2"),
    ]
    assert [s["reason"] for s in report.ranking[0]["scores"]] == ["", "Falta un anexo."]
    assert report.ranking[1]["scores"][2]["reason"] == "Resolución 5 de 2025"
    with blobs.open(report.document.sha256) as content:
        assert content.read(5) == b"%PDF-"
    lines = records.table_of(report).decode("utf-8-sig").splitlines()
    heads = "Lote;Puesto;Oferta;Proveedor;Precio;Cumple;Precio;Calidad;Multas;Puntos"
    assert lines[0] == f"{heads};Calidad: {people.ana.name}"
    assert lines[1].endswith("12500000.00;Sí;52.8;39.5;;92.3;40")  # ana thought 40, and 39.5 were agreed
    alone = [(one["bid"], one["member"], one["points"]) for one in report.record["members"]]
    assert alone == [(carla, people.ana.name, "40"), (dario, people.ana.name, "30")]
    page = client.get(f"/procesos/{tender.code}/informe/").content.decode()
    assert "Lo que calificó cada integrante, por su cuenta" in page

    made = tmp_path / "informe.zip"
    answer = client.get(f"/procesos/{tender.code}/informe/1/recalcular.zip")
    made.write_bytes(answer.content)
    run = subprocess.run([sys.executable, "-I", str(made)], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert f"1  {carla}  92.3" in run.stdout
    record = json.loads(json.dumps(report.record))
    record["parts"][0]["offers"][0]["given"]["2"]["points"] = "20"
    (tmp_path / "touched.json").write_text(json.dumps(record))
    assert recount.main([str(tmp_path / "touched.json")]) == 1

    late = given.after_observations(tender) + timedelta(minutes=1)
    beto = tenders.signed(people.beto, late)
    with pytest.raises(Refused, match="not_the_lowest"):
        awards.award_tender(actor=beto, tender_id=tender.pk, bid=dario, at=late)
    award = awards.award_tender(actor=beto, tender_id=tender.pk, at=late)
    assert (award.bid.code, award.value_amount) == (carla, 12_500_000)


def test_alike_in_points_are_tied_and_a_report_is_not_changed_by_a_later_score(at, tender):
    carla, dario = (bid.code for bid in offered(tender, "carla", "dario"))
    evaluation = given.scored(given.assessed(first_opened(tender)), {carla: {2: "38.2"}, dario: {2: "31"}})

    given.reported(evaluation)

    assert queries.ties_of(evaluation) == [(None, sorted([carla, dario]))]  # 52.8 + 38.2 = 60 + 31
    with pytest.raises(Denied):
        given.scored(evaluation)
    when, people = tender.schedule["report_published"], tenders.people_of(tender)
    steps = [Step(1, (dario,), "Solo dario ofrece bienes nacionales.")]
    decided = services.break_tie(actor=people.ana, tender_id=tender.pk, steps=steps, at=when)
    assert [ranked.code for ranked in queries.order_of(evaluation)] == decided.bids == [dario, carla]


def test_works_give_each_lot_to_the_most_points_and_the_one_that_nobody_meets_is_void(at):
    """carla offers for the lots 1 and 2 and lacks the certificate of the first; dario for the second; nobody for the
    third. In the second, carla asks 10,000,000 and dario 11,000,000."""
    tender = opened(divided_tender(at, method=WORKS, offered="any"), "offers")
    when = tender.schedule["bids_due"] - timedelta(minutes=30)
    carla, dario = (
        bids.submitted_bid(tender, tenders.supplier(when, name), at=when, lots=lots, prices=prices).code
        for name, lots, prices in (("carla", (1, 2), ("1500000.00", "1000000.00")), ("dario", (2,), ("1100000.00",)))
    )
    evaluation, people = given.assessed(first_opened(tender)), tenders.people_of(tender)
    found = [
        FindingIn(item.number, item.lots != [1], "" if item.lots != [1] else "No aporta el certificado.")
        for item in queries.requirements_of(tender, [1, 2])
    ]
    when = given.after_opening(tender)
    services.assess_bid(actor=people.ana, tender_id=tender.pk, bid=carla, findings=found, at=when)
    given.scored(evaluation, {carla: {2: "20"}, dario: {2: "40"}})
    first = given.reported(evaluation)
    keys_given(tender)
    hour = opened_at(tender, "award").schedule["award"]
    services.take_prices(tender_id=tender.pk, at=hour)
    beto = tenders.signed(people.beto, hour)
    lots = [LotDecision(lot=1, cause="none_complies", reason="Nadie cumple."), LotDecision(lot=2), NOBODY]
    decide = {"actor": beto, "tender_id": tender.pk, "lots": lots}
    with pytest.raises(Refused, match="prices_not_reported"):
        by_lot.award_lots(at=hour, **decide)

    second = judging.report_prices(actor=tenders.signed(people.ana, hour), tender_id=tender.pk, at=hour)
    awarded = by_lot.award_lots(at=hour + timedelta(hours=1), **decide)

    # dario: 60 × 10,000,000 ÷ 11,000,000 = 54.55, and 40; carla: 60 and 20, and in the first lot no points at all
    assert [row.get("points") for row in first.ranking] == [None] * 3
    told = [(row["lot"], row["bid"], row["rank"], row.get("points")) for row in second.ranking]
    assert told == [(1, carla, None, None), (2, dario, 1, "94.55"), (2, carla, 2, "80")]
    assert [all(map(recount.is_right, report.record["parts"])) for report in (first, second)] == [True, True]
    made = [(award.lot, award.state, award.bid and award.bid.code, award.value_amount) for award in awarded]
    assert made == [(1, "deserted", None, None), (2, "made", dario, 11_000_000), (3, "deserted", None, None)]


class TestAContest:
    """Decreto 1082 de 2015, art. 2.2.1.2.1.3.2: the price is agreed with the first, or else with the next."""

    def test_is_awarded_to_whom_the_price_was_agreed_with_for_that_price(self, at):
        tender = receiving(at, MERIT)
        carla, dario = (bid.code for bid in offered(tender, "carla", "dario"))
        evaluation = first_opened(tender)
        merit_reported(evaluation, dario, carla)
        hour = tender.schedule["price_opened"]
        beto = tenders.signed(tenders.people_of(tender).beto, hour)
        agree = {"actor": beto, "tender_id": tender.pk, "at": hour, "minutes": "Se revisó la propuesta."}

        with pytest.raises(Refused, match="nobody_called"):
            judging.agree_price(value=Decimal(1), **agree)
        for place, bid in enumerate((dario, carla)):
            called(tender, bid, hour, "No hubo acuerdo" if place else "")
            keys_given(tender)
            opened_at(tender, "price_opened")
            services.take_prices(tender_id=tender.pk, at=hour)
            with pytest.raises(Refused, match="not_agreed"):
                awards.award_tender(actor=beto, tender_id=tender.pk, at=hour)
            to_approve = dict(source_of("award").options(Tender.objects.get(pk=tender.pk)))
            shown = dict(decisions.options_of(decisions.standing_of(tender, at=hour)))
            assert (carla in to_approve, carla in shown) == (bool(place), bool(place))  # sealed until it is called
        with pytest.raises(Refused, match="above_budget"):
            judging.agree_price(value=Decimal(10**12), **agree)
        agreement = judging.agree_price(value=Decimal(12_000_000), **agree)
        to_approve = dict(source_of("award").options(Tender.objects.get(pk=tender.pk)))
        assert to_approve[carla].endswith("12.000.000")  # what was agreed, and not the price of the offer
        with pytest.raises(Refused, match="already_done"):
            judging.agree_price(value=Decimal(11_000_000), **agree)
        with pytest.raises(Refused, match=r"not_called"):
            awards.award_tender(actor=beto, tender_id=tender.pk, bid=dario, at=hour)

        award = awards.award_tender(actor=beto, tender_id=tender.pk, at=hour)

        assert (award.bid.code, award.value_amount) == (carla, 12_000_000)
        assert agreement.receipt.content["data"]["offered"] == "12500000.00"

    def test_is_void_when_it_was_agreed_with_nobody(self, at):
        tender = receiving(at, MERIT)
        [carla] = (bid.code for bid in offered(tender, "carla"))
        merit_reported(first_opened(tender), carla)
        hour = tender.schedule["price_opened"]
        beto = tenders.signed(tenders.people_of(tender).beto, hour)
        void = {"actor": beto, "tender_id": tender.pk, "reason": "No hubo acuerdo con ninguno.", "at": hour}

        with pytest.raises(Refused, match="somebody_complies"):
            awards.declare_deserted(**void)
        called(tender, carla, hour)
        keys_given(tender)
        opened_at(tender, "price_opened")

        assert awards.declare_deserted(**void).state == "deserted"


@pytest.mark.parametrize(("rate", "kind"), [(None, None), ("4012.10", "median"), ("4012.99", "lowest")])
def test_the_exchange_rate_draws_the_formula(rate, kind):
    content = {
        "factors": [{"kind": "price", "points": "60"}, {"kind": "quality", "points": "40"}],
        "formula": "drawn",
        "draw_day": "El segundo día hábil después del cierre",
    }
    tender = plain.of(PUBLIC, criteria=content)
    evaluation = type("E", (), {"tender": tender, "exchange_rate": rate and Decimal(rate)})

    formula = weighing.formula_of(evaluation)

    assert weighing.needs_rate(tender)
    assert (formula and formula.kind) == kind
