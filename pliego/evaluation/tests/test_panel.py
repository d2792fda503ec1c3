"""Where somebody was appointed to evaluate, only they do, once they have declared."""

import pytest

from pliego.evaluation import services as evaluation
from pliego.evaluation.tests import given as evaluations
from pliego.kernel.objections import Denied, Refused
from pliego.panels import gates, services
from pliego.panels.tests.conftest import appointed, browser, house
from pliego.tendering.tests import given

__all__ = ["appointed", "browser", "house"]
signed = given.signed


def test_only_who_was_appointed_and_declared_against_the_bidders_evaluates_and_reports(appointed, house, browser, at):
    made = evaluations.evaluation(at)
    tender, when = made.tender, evaluations.after_opening(made.tender)
    lina = given.joined(house.account, "lina", ["evaluator"], at)
    ana, own = house.ana, {"tender_id": tender.pk, "at": when}
    findings = evaluations.findings(tender)
    assess = {"bid": evaluations.codes(made)[0], "findings": findings, **own}
    evaluation.assess_bid(actor=lina, **assess)  # nobody is appointed: whoever has the role
    appointed(tender, "ana", "hugo", when=when)

    with pytest.raises(Denied, match="solo evalúan"):
        evaluation.assess_bid(actor=lina, **assess)
    with pytest.raises(Denied, match="Declare primero"):
        evaluation.assess_bid(actor=ana, **assess)
    page = browser(ana).get(f"/escritorio/procesos/{tender.code}/evaluacion/").content.decode()
    assert "Declare primero" in page
    assert evaluations.codes(made)[0] not in page
    services.declare_interests(actor=signed(ana, when), number=1, has_conflict=False, **own)
    evaluation.assess_bid(actor=ana, **assess)
    missing = list(gates.panel_is_not_ready(made, when))
    assert [(o.code, house.hugo.name in str(o.sentence)) for o in missing] == [("declaration_missing", True)]
    with pytest.raises(Refused, match="declaration_missing"):
        evaluation.publish_report(actor=signed(ana, when), **own)
    services.declare_interests(actor=signed(house.hugo, when), number=2, has_conflict=False, **own)
    assert evaluation.publish_report(actor=signed(ana, when), **own).number == 1
