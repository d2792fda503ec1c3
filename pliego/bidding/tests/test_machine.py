"""Presenting, replacing, withdrawing, retrying and closing in any order, against a model of a few lines."""

import copy
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from pliego.bidding import closing, services
from pliego.bidding.models import Bid
from pliego.bidding.tests import given
from pliego.kernel.actors import SYSTEM
from pliego.kernel.objections import Refused
from pliego.ledger.models import Entry
from pliego.tendering.tests import given as tenders

NAMES = ("carla", "dario")


class Offers(RuleBasedStateMachine):
    """`standing`: the offer of each supplier that counts. `receipts`: what each manifest got."""

    at = None  # the moment at which the world begins
    manifests = Bundle("manifests")

    @initialize()
    def begin(self):
        self.tender = given.published_tender(self.at)
        self.actors = {name: tenders.signed(tenders.supplier(self.at, name), self.at) for name in NAMES}
        self.now, self.is_closed = self.at, False
        self.standing, self.receipts, self.sent = {}, {}, 0

    @property
    def receives(self):
        return not self.is_closed and self.now < given.due(self.tender)

    def present(self, name, manifest):
        return services.submit_bid(actor=self.actors[name], tender_id=self.tender.pk, manifest=manifest, at=self.now)

    @rule(target=manifests, name=st.sampled_from(NAMES))
    def submit(self, name):
        manifest = given.sealed(self.tender, self.actors[name], self.at)
        if self.receives:
            bid = self.present(name, manifest)
            self.standing[name], self.receipts[manifest["submission"]] = bid.pk, bid.receipt_id
        else:
            with pytest.raises(Refused):
                self.present(name, manifest)
        return name, manifest

    @rule(told=manifests)
    def retry(self, told):
        name, manifest = told
        known = self.receipts.get(manifest["submission"])
        if known:
            assert self.present(name, manifest).receipt_id == known
        elif not self.receives:
            with pytest.raises(Refused):
                self.present(name, manifest)

    @rule(told=manifests)
    def retry_with_other_content(self, told):
        name, manifest = told
        other = copy.deepcopy(manifest)
        other["bundle"] = "another"
        if manifest["submission"] in self.receipts:
            with pytest.raises(Refused, match="other_content"):
                self.present(name, other)

    @rule(name=st.sampled_from(NAMES))
    def withdraw(self, name):
        bid = self.standing.get(name)
        if bid is None:
            return
        if self.receives:
            services.withdraw_bid(actor=self.actors[name], bid_id=bid, at=self.now)
            del self.standing[name]
        else:
            with pytest.raises(Refused):
                services.withdraw_bid(actor=self.actors[name], bid_id=bid, at=self.now)

    @rule(forward=st.sampled_from(["an hour", "the last moment", "the deadline", "after it"]))
    def time_passes(self, forward):
        due = given.due(self.tender)
        moment = {
            "an hour": self.now + timedelta(hours=1),
            "the last moment": given.last_moment(self.tender),
            "the deadline": due,
            "after it": given.after_close(self.tender),
        }[forward]
        self.now = max(self.now, moment)

    @rule()
    def close(self):
        if self.is_closed or self.now >= given.after_close(self.tender):
            closing.close_tender(actor=SYSTEM, tender_id=self.tender.pk, at=self.now)
            self.is_closed = True
        else:
            with pytest.raises(Refused):
                closing.close_tender(actor=SYSTEM, tender_id=self.tender.pk, at=self.now)

    @invariant()
    def the_database_is_the_model(self):
        if not hasattr(self, "tender"):
            return
        bids = Bid.objects.filter(tender=self.tender)
        assert set(bids.filter(state="submitted").values_list("pk", flat=True)) == set(self.standing.values())
        assert dict(bids.values_list("submission", "receipt_id")) == self.receipts
        acts = Entry.objects.filter(file=self.tender.ocid, act="bid.submitted")
        assert set(acts.values_list("pk", flat=True)) == set(self.receipts.values())


@pytest.mark.slow
@pytest.mark.django_db
def test_offers_in_any_order(at):
    Offers.at = at
    run_state_machine_as_test(
        Offers,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # each step is a process on a real database: shrinking would take minutes
        ),
    )
