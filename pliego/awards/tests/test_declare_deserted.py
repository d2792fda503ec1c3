import pytest

from pliego.awards import services
from pliego.awards.tests import given
from pliego.evaluation.tests import given as evaluations
from pliego.kernel.objections import Denied, Refused, SignatureRequired
from pliego.ledger.models import Entry
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db


def desert(tender, at, reason="Ninguna oferta cumple los requisitos habilitantes.", actor=None):
    actor = actor or tenders.signed(tenders.people_of(tender).beto, at)
    return services.declare_deserted(actor=actor, tender_id=tender.pk, reason=reason, at=at)


class TestDeclareDeserted:
    def test_ends_a_process_in_which_nobody_complies(self, at):
        tender = evaluations.ready_to_award(at, given.CHEAP, failing=[1])

        award = desert(tender, evaluations.after_observations(tender))

        assert (award.state, award.supplier, Tender.objects.get().state) == ("deserted", None, "deserted")

    def test_ends_a_process_without_offers(self, at):
        tender = evaluations.opened_tender(at)

        desert(tender, evaluations.after_opening(tender), reason="No se presentaron ofertas.")

        assert Tender.objects.get().state == "deserted"

    def test_is_announced_with_its_reason(self, at):
        tender = evaluations.opened_tender(at)

        award = desert(tender, evaluations.after_opening(tender), reason="No se presentaron ofertas.")

        entry = Entry.objects.get(act="award.deserted")
        assert (entry, entry.content["data"]["reason"]) == (award.receipt, "No se presentaron ofertas.")

    def test_is_refused_while_somebody_complies(self, at):
        tender = evaluations.ready_to_award(at, given.CHEAP)

        with pytest.raises(Refused, match="somebody_complies"):
            desert(tender, evaluations.after_observations(tender))

    def test_is_refused_before_the_report_can_no_longer_be_observed(self, at):
        tender = evaluations.ready_to_award(at, given.CHEAP, failing=[1])

        with pytest.raises(Refused, match="observations_running"):
            desert(tender, tender.due_at("report_published"))

    def test_is_refused_without_a_reason(self, at):
        tender = evaluations.opened_tender(at)

        with pytest.raises(Refused, match="missing"):
            desert(tender, evaluations.after_opening(tender), reason=" ")

    def test_needs_a_signature(self, at):
        tender = evaluations.opened_tender(at)

        with pytest.raises(SignatureRequired):
            desert(tender, evaluations.after_opening(tender), actor=tenders.people_of(tender).beto)

    def test_is_denied_while_offers_are_received(self, at):
        with pytest.raises(Denied):
            desert(tenders.published_tender(at), at)

    def test_is_denied_to_the_evaluator(self, at):
        tender = evaluations.opened_tender(at)

        with pytest.raises(Denied):
            desert(tender, at, actor=tenders.signed(tenders.people_of(tender).ana, at))
