"""Two contracts from their draft to their payments and their end, in browsers: works with all that may happen to them,
and services by the month with a natural person."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import walk_contracts, walk_monthly
from tests.browser.conftest import copied
from tests.browser.walk_contracts import Contracted
from tests.test_journeys import faults_of


@pytest.fixture
def world(furnished: Path, browser: Browser, tmp_path: Path, pictures: Path | None) -> Iterator[Contracted]:
    """On a site of its own: the clock goes on by months, to a year whose minimum wage nobody knows yet."""
    with copied(furnished) as site:
        world = Contracted(site, browser, tmp_path, pictures, axe=pictures is not None)  # as in test_families.py
        yield world
        world.close()
    faults = [fault for who in world.people.values() for fault in who.watched.faults]
    assert not faults, "\n".join(faults)


def walk(world: Contracted, steps: Sequence[Callable[[Contracted], None]]) -> None:
    """Step by step; after each, the open data of the process are what the standard asks."""
    for step in steps:
        step(world)
        if world.ocid:
            assert faults_of(json.loads(world.api.download(f"/ocds/api/v1/records/{world.ocid}"))) == {}
    print(world.told())


def test_a_works_contract_goes_from_its_draft_to_the_end_of_its_file(world: Contracted) -> None:
    walk(world, walk_contracts.STEPS)


def test_a_natural_person_is_paid_by_the_month_through_a_chain_of_four(world: Contracted) -> None:
    walk(world, walk_monthly.STEPS)
