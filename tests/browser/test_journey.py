"""One purchase from registration to payment, in browsers, as the people of the platform would do it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import walk_buying, walk_founding, walk_offering, walk_performing
from tests.browser.conftest import Site
from tests.browser.walk import BUDGETS, World

SITE_OF_ITS_OWN = True
STEPS = (
    walk_founding.register,
    walk_founding.entity,
    walk_founding.supplier,
    walk_founding.team,
    walk_founding.plan,
    walk_buying.keys,
    walk_buying.pliego,
    walk_buying.question_and_amendment,
    walk_offering.offers,
    walk_offering.opening,
    walk_offering.evaluation,
    walk_offering.award,
    walk_performing.contract,
    walk_performing.payment,
    walk_performing.the_public,
)


@pytest.fixture
def world(site: Site, browser: Browser, tmp_path: Path, pictures: Path | None) -> Iterator[World]:
    world = World(site, browser, tmp_path, pictures)
    yield world
    world.close()


def test_a_purchase_from_registration_to_payment(world: World) -> None:
    for step in STEPS:
        step(world)

    print(world.told())
    assert world.jobs.keys() == BUDGETS.keys()
    assert not [fault for who in world.people.values() for fault in who.watched.faults]
