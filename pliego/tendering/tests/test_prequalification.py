"""Who applies, what is decided on each, and the list: by the services and by the pages without JavaScript."""

import json
import re
from datetime import timedelta

import pytest
from django.core.management import call_command

from pliego.documents.models import Document
from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused
from pliego.ledger.models import Entry
from pliego.ledger.tests import given as log
from pliego.tendering import services
from pliego.tendering.models import Candidacy, Draw, Tender
from pliego.tendering.tests import given
from pliego.tendering.tests.test_pages import DESK, sent, signature
from tests.racing import together

METHOD = "concurso_meritos_precalificacion"


def codes(refused) -> set[str]:
    return {objection.code for objection in refused.value.objections}


def applied(tender: Tender, name: str, at) -> Candidacy:
    papers = [given.pdf(f"{name}.pdf")]
    return services.apply_for_list(
        actor=given.supplier(at, name), tender_id=tender.pk, statement="", papers=papers, at=at
    )


def browser_of(client_for, actor):
    return client_for(given.User.objects.get(pk=actor.user_id), given.Account.objects.get(pk=actor.account_id))


@pytest.fixture
def tender(house, at):
    return given.published_tender(at, house, method=METHOD)


def test_goes_from_the_candidacies_to_the_list_in_its_order(tender, house, at):
    due, when = tender.schedule["prequalification_due"], tender.schedule["prequalification_report"]
    hearing = tender.schedule["prequalification_hearing"]
    last = due - timedelta(microseconds=1)
    report = {"actor": house.ana, "tender_id": tender.pk}
    listing = {"actor": given.signed(house.beto, hearing), "tender_id": tender.pk}
    judging = {"actor": house.ana, "tender_id": tender.pk, "number": 1, "is_listed": True, "reasons": ""}

    first = applied(tender, "carla", last)
    applied(tender, "dario", last)
    for act, code in (
        (lambda: applied(tender, "pablo", due), "too_late"),
        (lambda: applied(tender, "carla", last), "already_done"),
        (lambda: services.judge_candidacy(**judging, at=last), "too_early"),
        (lambda: services.report_prequalification(**report, at=when), "candidacy_undecided"),
        (lambda: services.judge_candidacy(**{**judging, "is_listed": False}, at=when), "missing"),
        (lambda: services.make_list(**listing, at=when), "report_missing"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert code in codes(refused)
    with pytest.raises(Denied):
        services.judge_candidacy(**{**judging, "actor": given.supplier(at, "carla")}, at=when)
    assert {paper.audience for paper in first.documents.all()} == {"participants"}
    assert first.receipt
    assert not first.receipt.is_disclosed

    services.judge_candidacy(**judging, at=when)
    services.judge_candidacy(**{**judging, "number": 2, "is_listed": False, "reasons": "Sin experiencia"}, at=when)
    services.report_prequalification(**report, at=when)
    assert {paper.audience for paper in Document.objects.filter(pk__in=first.documents.all())} == {"public"}
    tender.refresh_from_db()
    assert not tender.admits("listed", first.supplier_id)
    with pytest.raises(Refused) as refused:
        services.make_list(**listing, at=hearing - timedelta(microseconds=1))
    assert codes(refused) == {"too_early"}

    made = services.make_list(**listing, at=hearing)

    told = [(row["supplier_code"], row["is_listed"]) for row in made.record["candidacies"]]
    assert told == [(first.supplier.code, True), (tender.candidacies.get(number=2).supplier.code, False)]
    assert [tender.admits("listed", row.supplier_id) for row in tender.candidacies.all()] == [True, False]
    with pytest.raises(Refused, match="already_done"):
        services.judge_candidacy(**judging, at=hearing)


def test_does_not_go_on_without_somebody_on_its_list(tender, house):
    hearing = tender.schedule["prequalification_hearing"]
    with pytest.raises(Refused, match="list_missing"):
        _next_stage(tender, house)
    services.report_prequalification(actor=house.ana, tender_id=tender.pk, at=hearing)
    services.make_list(actor=given.signed(house.beto, hearing), tender_id=tender.pk, at=hearing)

    with pytest.raises(Refused, match="nobody_listed"):
        _next_stage(tender, house)


def test_draws_among_those_that_qualify_where_the_notice_has_a_maximum(house, at, tmp_path, client, client_for):
    draft = given.draft_tender(at, house, method=METHOD)
    common = {"actor": house.ana, "tender_id": draft.pk}
    services.save_section(part="shortlist", content={"has_maximum": "yes", "maximum": 2}, at=at, **common)
    services.submit_for_approval(at=at, **common)
    tender = services.publish_tender(actor=given.signed(house.beto, at), tender_id=draft.pk, at=at)
    due, hearing = tender.schedule["prequalification_due"], tender.schedule["prequalification_hearing"]
    rows = [applied(tender, name, due - timedelta(minutes=1)) for name in ("carla", "dario", "pablo", "rosa")]
    for row in rows:
        fit = {"is_listed": row != rows[3], "reasons": "" if row != rows[3] else "Sin experiencia"}
        services.judge_candidacy(number=row.number, at=due, **fit, **common)
    beto = {"actor": given.signed(house.beto, hearing), "tender_id": tender.pk, "at": hearing}
    with pytest.raises(Refused) as refused:
        services.announce_list_draw(at=due, **common)
    assert codes(refused) == {"report_missing", "too_early"}
    services.report_prequalification(at=tender.schedule["prequalification_report"], **common)
    for act, asked, code in (
        (services.make_list, beto, "draw_missing"),
        (services.hold_draw, {**common, "at": hearing}, "draw_not_announced"),
    ):
        with pytest.raises(Refused) as refused:
            act(**asked)
        assert codes(refused) == {code}
    with clock.fixed(hearing):
        log.sealed()  # a head that everybody knew before the announcement is no seed

    ana, desk = browser_of(client_for, house.ana), f"{DESK}{tender.code}/precalificacion/"
    with clock.fixed(hearing + timedelta(seconds=1)):
        assert "Anunciar el sorteo" in ana.get(desk).content.decode()
        assert sent(ana, f"{desk}sorteo/").status_code == 303
        assert "Realizar el sorteo" in ana.get(desk).content.decode()

    later = {**common, "at": hearing + timedelta(minutes=1)}
    for act, more, code in (
        (services.hold_draw, {}, "no_seed_yet"),
        (services.judge_candidacy, {"number": 1, "is_listed": False, "reasons": "Otra"}, "already_done"),
        (services.announce_list_draw, {}, "already_done"),
    ):
        with pytest.raises(Refused) as refused:
            act(**later, **more)
        assert code in codes(refused)
    with clock.fixed(hearing + timedelta(seconds=30)):
        log.sealed()
    with clock.fixed(later["at"]):
        assert sent(ana, f"{DESK}{tender.code}/sorteo/").headers["Location"].endswith("/precalificacion/")
    drawn = Draw.objects.get().record
    services.make_list(**{**beto, "at": hearing + timedelta(minutes=2)})

    assert sorted(drawn["interested"]) == sorted(row.supplier.code for row in rows[:3])
    assert (drawn["stay"], len(drawn["staying"])) == (2, 2)
    assert [tender.admits("listed", row.supplier_id) for row in rows] == [
        row.supplier.code in drawn["staying"] for row in rows
    ]
    file = tmp_path / "sorteo.json"
    file.write_text(json.dumps(client.get(f"/api/v1/tenders/{tender.code}/draw").json()))
    call_command("sorteo", "recompute", str(file))
    page = client.get(f"/procesos/{tender.code}/precalificados/").content.decode()
    assert page.count("No: el sorteo lo dejó por fuera") == 1
    assert drawn["seed"] in page


def test_has_no_draw_when_no_more_qualify_than_the_list_may_have(tender, house):
    hearing = tender.schedule["prequalification_hearing"]

    with pytest.raises(Refused) as refused:
        services.announce_list_draw(actor=house.ana, tender_id=tender.pk, at=hearing)

    assert codes(refused) == {"report_missing", "no_draw"}


def _next_stage(tender: Tender, house) -> None:
    at = tender.schedule["draft_published"]
    common = {"tender_id": tender.pk, "at": at}
    if not tender.amendments.filter(state="draft").exists():
        services.draft_amendment(actor=house.ana, reason="Sigue", milestones={}, stage="draft", **common)
    services.publish_amendment(actor=given.signed(house.beto, at), **common)


def test_is_walked_page_by_page(tender, house, at, client_for, client):
    def browser(actor):
        return browser_of(client_for, actor)

    carla, desk = given.supplier(at), f"{DESK}{tender.code}/precalificacion/"
    with clock.fixed(tender.schedule["prequalification_due"] - timedelta(minutes=5)):
        page = f"/procesos/{tender.code}/precalificacion/"
        answer = sent(browser(carla), page, statement="Cumplimos", paper_1=given.pdf("experiencia.pdf").file)
        assert answer.status_code == 303, re.findall(r"error-message[^<]*<[^>]*>[^<]*", answer.content.decode())
    with clock.fixed(tender.schedule["prequalification_report"]):
        ana = browser(house.ana)
        assert "experiencia.pdf" in ana.get(desk).content.decode()
        assert sent(ana, f"{desk}1/", is_listed="no", reasons="").status_code == 422
        assert sent(ana, f"{desk}1/", is_listed="yes", reasons="").status_code == 303
        assert sent(ana, f"{desk}informe/").status_code == 303
    with clock.fixed(tender.schedule["prequalification_hearing"]):
        beto = browser(house.beto)
        assert sent(beto, f"{desk}lista/", **signature(house.beto)).status_code == 303
        assert beto.get(f"{desk}lista/").status_code == 403

    public = client.get(f"/procesos/{tender.code}/precalificados/").content.decode()
    assert tender.candidacies.get().supplier.name in public
    assert "Lista de quienes pueden ofertar" in public


def test_races_to_one_list(house, at, transactional_db):
    tender = given.published_tender(at, house, method=METHOD)
    hearing = tender.schedule["prequalification_hearing"]
    services.report_prequalification(actor=house.ana, tender_id=tender.pk, at=hearing)
    beto = given.signed(house.beto, hearing)

    results = together(*[lambda: services.make_list(actor=beto, tender_id=tender.pk, at=hearing) for _a in range(3)])

    assert sorted(isinstance(result, set) for result in results) == [False, True, True]
    assert Entry.objects.filter(act="tender.list_made").count() == 1
