"""What is asked of a bidder: what may be mended and until when, and a low price that was not explained."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from pliego.evaluation import asking, mending, queries, todo
from pliego.evaluation.models import Evaluation
from pliego.evaluation.tests import given
from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.methods import catalogue
from pliego.tendering.tests import given as tenders
from pliego.tendering.tests.test_pages import DESK, sent, shown

DEAR = ("1000000.00", "500000.00")  # 12,500,000, of an official budget of 40,000,000: it looks too low


def item(**changes):
    return SimpleNamespace(
        **{"title": "Certificado", "weight": None, "kind": "file", "is_requirement": True, **changes}
    )


def part(low=None, *lots):
    return SimpleNamespace(low_price=low or {}, lots=SimpleNamespace(all=lambda: [part(lot) for lot in lots]))


@pytest.mark.parametrize(
    ("kind", "asked", "assessment", "code"),
    [
        ("mend", item(), part(), None),
        ("mend", None, part(), "missing"),
        ("mend", item(weight=5), part(), "gives_points"),
        ("mend", item(kind="price_list"), part(), "is_the_price"),
        ("mend", item(is_requirement=False), part(), "no_requirement"),
        ("clarify", None, part(), None),
        ("low_price", None, part(), "not_low"),
        ("low_price", None, part({"method": "estimate"}), None),
        ("low_price", None, part(None, {}, {"method": "estimate"}), None),
        ("scold", None, part(), "unknown_kind"),
    ],
)
def test_what_may_be_asked(kind, asked, assessment, code):
    assert [o.code for o in mending.cannot_be_asked(kind, asked, assessment)] == ([code] if code else [])


@pytest.mark.parametrize(
    ("method", "kind", "hours", "code"),
    [
        ("licitacion_publica", "mend", 48, None),  # the last instant of the term itself is within it
        ("licitacion_publica", "mend", 49, "due_too_late"),
        ("licitacion_publica", "clarify", 49, None),
        ("licitacion_publica", "mend", 0, "due_in_the_past"),
        ("subasta_inversa", "mend", 49, "due_too_late"),  # until the event of the auction
        ("minima_cuantia", "mend", 49, None),  # its file sets no last moment
    ],
)
def test_until_when_it_may_be_mended(at, method, kind, hours, code):
    tender = SimpleNamespace(rulebook=catalogue.get(method), due_at=lambda code: at + timedelta(hours=48))
    evaluation = SimpleNamespace(tender=tender, observations_due_at=None)

    found = [o.code for o in mending.due_is_wrong(evaluation, kind, at + timedelta(hours=hours), at)]

    assert found == ([code] if code else [])


def reported_of(method, state="reported"):
    tender = SimpleNamespace(rulebook=catalogue.get(method))
    return SimpleNamespace(state=state, last_report=SimpleNamespace(ranking=[]), tender=tender)


def test_a_low_price_that_an_auction_ended_with_changes_no_report(at):
    common = {"kind": "low_price", "decided_at": None, "answered_at": at, "ends_at": at}

    found = mending.cannot_be_decided(SimpleNamespace(**common, evaluation=reported_of("subasta_inversa")), False, at)

    assert found is None


@pytest.mark.parametrize(
    ("answered", "accepted", "hours", "state", "code"),
    [
        (True, True, 0, "reported", None),
        (True, False, 0, "assessing", None),
        (True, False, 0, "reported", "reopen_first"),  # it would change an order that is public
        (False, False, 1, "assessing", "still_running"),
        (False, False, 0, "assessing", None),
        (False, True, 0, "assessing", "not_answered"),
    ],
)
def test_when_it_is_decided(at, answered, accepted, *, hours, state, code):
    request = SimpleNamespace(
        kind="low_price", decided_at=None, answered_at=at if answered else None,
        ends_at=at + timedelta(hours=hours), evaluation=reported_of("minima_cuantia", state),
    )  # fmt: skip

    found = mending.cannot_be_decided(request, accepted, at)

    assert (found and found.code) == code


@pytest.mark.django_db
def test_a_low_price_that_was_not_explained_does_not_comply(at):
    evaluation = given.evaluation(at, DEAR, DEAR)
    tender, carla = evaluation.tender, tenders.supplier(at, "carla")
    first, second = given.codes(evaluation)
    ana, when = tenders.people_of(tender).ana, given.after_opening(tender)
    due = when + timedelta(hours=2)
    common = {"tender_id": tender.pk, "at": when}
    ask = {"bid": first, "kind": "low_price", "text": "Explique el precio.", "due": due, **common}

    for who, why in ((tenders.people_of(tender).beto, Denied), (carla, Unknown)):
        with pytest.raises(why):
            asking.ask_bidder(actor=who, **ask)
    made = asking.ask_bidder(actor=ana, **ask)
    asking.ask_bidder(actor=ana, **{**ask, "kind": "mend", "item": 1})
    assert Entry.objects.get(code=made.receipt.code).content["data"]["bid"] == first
    with pytest.raises(Denied):
        asking.answer_request(actor=tenders.supplier(at, "dario"), number=1, text="Yo", **common)
    with pytest.raises(Refused, match="still_running"):
        asking.decide_request(actor=ana, number=1, accepted=False, reason="No", **common)
    answered = asking.answer_request(actor=carla, number=1, text="Es barato.", document=tenders.pdf(), **common)
    assert answered.document.audience == "public"
    with pytest.raises(Refused, match="already_done"):
        asking.answer_request(actor=carla, number=1, text="Otra vez", **common)
    with pytest.raises(Refused, match="too_late"):
        asking.answer_request(actor=carla, number=2, text="Tarde", tender_id=tender.pk, at=due)
    with pytest.raises(Refused, match="not_answered"):
        asking.decide_request(actor=ana, number=2, accepted=True, reason="Sí", tender_id=tender.pk, at=due)
    given.assessed(evaluation)
    with pytest.raises(Refused, match="request_open"):
        given.reported(evaluation)

    asking.decide_request(actor=ana, number=1, accepted=False, reason="No da cuenta de sus costos.", **common)
    given.assessed(Evaluation.objects.get(pk=evaluation.pk))

    report = given.reported(Evaluation.objects.get(pk=evaluation.pk))
    assert [(row["bid"], row["complies"]) for row in report.ranking] == [(second, True), (first, False)]
    assert report.ranking[1]["reasons"] == ["El precio artificialmente bajo no se explicó: No da cuenta de sus costos."]
    assert [ranked.code for ranked in queries.order_of(evaluation)] == [second]


@pytest.mark.django_db
def test_it_is_asked_answered_and_decided_page_by_page(at, client_for):
    def browser(actor):
        return client_for(tenders.User.objects.get(pk=actor.user_id), tenders.Account.objects.get(pk=actor.account_id))

    evaluation = given.evaluation(at, DEAR)
    tender, [bid] = evaluation.tender, given.codes(evaluation)
    one, public = f"{DESK}{tender.code}/evaluacion/", f"/procesos/{tender.code}/requerimientos/"
    when = given.after_opening(tender)
    with clock.fixed(when):
        ana, carla = browser(tenders.people_of(tender).ana), browser(tenders.supplier(at, "carla"))
        said = {"kind": "mend", "text": "Falta la firma.", "due": shown(when + timedelta(hours=2))}
        wrong = sent(ana, f"{one}ofertas/{bid}/requerir/", item="2", **said)
        assert (wrong.status_code, "no se subsana" in wrong.content.decode()) == (422, True)
        assert sent(ana, f"{one}ofertas/{bid}/requerir/", item="1", **said).status_code == 303
        [task] = todo.tasks_for(tenders.supplier(at, "carla"), when)
        assert (task.url, task.due_at) == (f"{public}1/", when.replace(second=0) + timedelta(hours=2))
        assert f"{public}1/" in carla.get(public).content.decode()
        assert sent(carla, f"{public}1/", text="Va firmado.").status_code == 303
        assert sent(ana, f"{one}requerimientos/1/", accepted="yes", reason="Está firmado.").status_code == 303
        page = carla.get(public).content.decode()
        desk = ana.get(one).content.decode()

    assert all(text in page for text in ("Falta la firma.", "Va firmado.", "Está firmado."))
    assert "Requerimientos a los proponentes" in desk
