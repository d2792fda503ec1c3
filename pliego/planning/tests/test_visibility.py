"""`visible_to` and Act.VIEW say the same of every kind of person and plan."""

import pytest

from pliego.kernel.actors import ANYONE, SYSTEM
from pliego.planning.models import Plan
from pliego.planning.policy import POLICY, Act
from pliego.planning.tests import given

PEOPLE = ["ana", "beto", "elena", "gloria", "carla", "fabio", "ines"]


@pytest.mark.parametrize("published", [False, True])
def test_the_query_and_the_policy_agree(cast, at, published):
    make = (lambda: given.published_plan(cast.ana, cast.beto, at)) if published else (lambda: given.plan(cast.ana, at))
    plan = make()
    actors = [ANYONE, SYSTEM, *(getattr(cast, name) for name in PEOPLE)]

    seen = [Plan.objects.visible_to(actor).filter(pk=plan.pk).exists() for actor in actors]

    assert seen == [bool(POLICY.verdict(actor, Act.VIEW, plan)) for actor in actors]
    assert all(seen) is published
