"""`visible_to` and Act.VIEW say the same of every kind of person and evaluation."""

import pytest

from pliego.evaluation.models import Evaluation
from pliego.evaluation.policy import POLICY, Act
from pliego.evaluation.tests import given
from pliego.kernel.actors import ANYONE, SYSTEM
from pliego.tendering.tests import given as tenders


@pytest.mark.django_db
@pytest.mark.parametrize("reported", [False, True])
def test_the_query_and_the_policy_agree(at, reported):
    evaluation = given.assessed(given.evaluation(at))
    if reported:
        given.reported(evaluation)
    evaluation.refresh_from_db()
    people = tenders.people_of(evaluation.tender)
    actors = [ANYONE, SYSTEM, people.ana, people.beto, people.elena, given.observer(at)]

    seen = [Evaluation.objects.visible_to(actor).filter(pk=evaluation.pk).exists() for actor in actors]

    assert seen == [bool(POLICY.verdict(actor, Act.VIEW, evaluation)) for actor in actors]
    assert all(seen) is reported
