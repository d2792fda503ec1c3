"""`visible_to` and Act.VIEW say the same of every kind of person and decision."""

import pytest
from django.db import IntegrityError, transaction

from pliego.awards.models import Award
from pliego.awards.policy import POLICY, Act
from pliego.awards.tests import given
from pliego.kernel.actors import ANYONE, SYSTEM
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db


def draft(at):
    tender = given.direct_tender(at)
    return Award.objects.create(
        code="PLG.ADJ.1", tender=tender, decided_by_id=tenders.people_of(tender).beto.user_id, decided_at=at
    )


@pytest.mark.parametrize("make", [draft, given.awarded_directly])
def test_the_query_and_the_policy_agree(at, make):
    award = make(at)
    people = tenders.people_of(award.tender)
    actors = [ANYONE, SYSTEM, people.ana, people.beto, people.elena, tenders.supplier(at)]

    seen = [Award.objects.visible_to(actor).filter(pk=award.pk).exists() for actor in actors]

    assert seen == [bool(POLICY.verdict(actor, Act.VIEW, award)) for actor in actors]


def test_a_process_is_decided_once_even_when_two_decide_at_a_time(at):
    award = given.awarded_directly(at)
    second = Award.objects.create(
        code="PLG.ADJ.2", tender=award.tender, decided_by_id=award.decided_by_id, decided_at=at
    )

    with pytest.raises(IntegrityError, match="one_decision"), transaction.atomic():
        Award.objects.filter(pk=second.pk).update(
            state="made", supplier=award.supplier, value_amount=1, document=award.document
        )
