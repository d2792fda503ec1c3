from decimal import Decimal

import pytest

from pliego.awards import queries, services
from pliego.awards.tests import given
from pliego.kernel.objections import Denied, Refused, SignatureRequired
from pliego.ledger.models import Entry
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db
VALUE = Decimal("30000000")


def award(tender, at, *, value=VALUE, supplier=None, actor=None, **told):
    actor = actor or tenders.signed(tenders.people_of(tender).beto, at)
    supplier = supplier or tender.invitations.select_related("supplier").get().supplier.code
    return services.award_directly(actor=actor, tender_id=tender.pk, supplier=supplier, value=value, at=at, **told)


def on_ground(tender, causal):
    """The same process as if it had been drafted on another ground."""
    Tender.objects.filter(pk=tender.pk).update(causal=causal)
    return tender


class TestAwardDirectly:
    def test_contracts_with_the_invited_supplier(self, at):
        award = given.awarded_directly(at)

        assert (award.state, award.bid, award.value_amount) == ("made", None, VALUE)
        assert Tender.objects.get().state == "awarded"

    def test_is_announced_with_the_ground_of_the_law(self, at):
        award = given.awarded_directly(at)

        entry = Entry.objects.get(act="award.made")
        assert entry == award.receipt
        assert "lit. h" in entry.content["data"]["legal_basis"]

    def test_keeps_the_act_of_justification_public(self, at):
        tender = on_ground(given.direct_tender(at), "sin_pluralidad")

        made = award(tender, at, justification=tenders.pdf("acto.pdf"))

        assert len(made.receipt.documents) == 2

    @pytest.mark.parametrize("causal", ["sin_pluralidad", "urgencia_manifiesta"])
    def test_is_refused_without_the_act_that_the_ground_asks_for(self, at, causal):
        tender = on_ground(given.direct_tender(at), causal)

        with pytest.raises(Refused, match="justification_missing"):
            award(tender, at)

    def test_is_refused_for_who_was_not_invited(self, at):
        other = tenders.supplier(at, "dario")

        with pytest.raises(Refused, match="not_invited"):
            award(given.direct_tender(at), at, supplier=other.account_code)

    @pytest.mark.parametrize(
        ("value", "codes"),
        [
            (Decimal(0), ["not_positive"]),
            (Decimal("40000000.01"), ["above_budget", "above_certificate"]),
        ],
    )
    def test_is_refused_for_a_wrong_value(self, at, value, codes):
        with pytest.raises(Refused) as refused:
            award(given.direct_tender(at), at, value=value)

        assert [o.code for o in refused.value.objections] == codes

    def test_is_refused_where_there_are_offers(self, at):
        tender = tenders.published_tender(at)

        with pytest.raises(Refused, match="has_bidding"):
            award(tender, at, supplier=tenders.supplier(at).account_code)

    def test_needs_a_signature(self, at):
        tender = given.direct_tender(at)

        with pytest.raises(SignatureRequired):
            award(tender, at, actor=tenders.people_of(tender).beto)

    def test_is_denied_to_the_preparer(self, at):
        tender = given.direct_tender(at)

        with pytest.raises(Denied):
            award(tender, at, actor=tenders.signed(tenders.people_of(tender).ana, at))

    def test_waits_for_the_approver(self, at):
        tender = given.direct_tender(at)

        tasks = queries.tasks_for(tenders.people_of(tender).beto, at)

        assert [task.url for task in tasks] == [f"/escritorio/procesos/{tender.code}/contratar/"]
