"""Nobody takes part in two offers of one process: alone and as a member, or as a member of two."""

import pytest

from pliego.bidding import services
from pliego.bidding.models import Bid
from pliego.bidding.tests import given
from pliego.consortia.tests import given as plural
from pliego.kernel.objections import Refused
from pliego.parties.tests import given as parties
from pliego.tendering.tests import given as tenders
from tests.racing import together


def its_actor(group):
    return parties.actor(group.representative, group.account, signed=False)


def refusal(tender, actor, at):
    manifest = given.sealed(tender, actor, at)
    with pytest.raises(Refused) as refused:
        services.submit_bid(actor=tenders.signed(actor, at), tender_id=tender.pk, manifest=manifest, at=at)
    return [(objection.code, str(objection.sentence)) for objection in refused.value.objections]


def test_a_member_who_offers_alone_is_refused_and_a_group_with_a_member_that_did_too(tender, carla, dario, at):
    group = plural.active(at)
    theirs = given.submitted_bid(tender, its_actor(group))

    ((code, sentence),) = refusal(tender, carla, at)

    assert (code, carla.account_name in sentence, theirs.code in sentence) == ("in_two_offers", True, False)
    services.withdraw_bid(actor=tenders.signed(its_actor(group), at), bid_id=theirs.pk, at=at)
    given.submitted_bid(tender, dario)
    ((code, sentence),) = refusal(tender, its_actor(group), at)
    assert (code, dario.account_name in sentence, carla.account_name in sentence) == ("in_two_offers", True, False)
    given.submitted_bid(tender, carla)  # who is in no other offer is not stopped
    assert Bid.objects.filter(tender=tender, state="submitted").count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_group_and_its_member_at_the_same_moment_are_one_offer(at):
    tender, group = given.published_tender(at), plural.active(at)
    actors = [its_actor(group), tenders.supplier(at, "dario")]
    told = [(tenders.signed(actor, at), given.sealed(tender, actor, at)) for actor in actors]

    outcomes = together(
        *(
            lambda actor=actor, manifest=manifest: services.submit_bid(
                actor=actor, tender_id=tender.pk, manifest=manifest, at=at
            )
            for actor, manifest in told
        )
    )

    assert sorted(isinstance(outcome, Bid) for outcome in outcomes) == [False, True]
    assert {"in_two_offers"} in outcomes
