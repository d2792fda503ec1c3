"""A process of each family of methods from the annual plan to its closing or its award, in browsers: one script for
all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import walk_deciding, walk_families
from tests.browser.conftest import Site
from tests.browser.walk_families import Family

SITE_OF_ITS_OWN = True
# One of each family; mínima cuantía is walked to its payments in test_journey.py. The short ones first: the practice
# clock only goes forward.
FAMILIES = (
    "contratacion_directa",
    "regimen_especial_con_ofertas",
    "solicitud_informacion",
    "publicacion_app",
    "enajenacion_sobre_cerrado",
    "licitacion_obra_publica",
    "seleccion_abreviada_menor_cuantia",
    "concurso_meritos_precalificacion",
)


@pytest.fixture(scope="module")
def world(
    site: Site, browser: Browser, tmp_path_factory: pytest.TempPathFactory, pictures: Path | None
) -> Iterator[Family]:
    """Everybody comes in once, and stays for all."""
    world = Family(site, browser, tmp_path_factory.mktemp("papers"), pictures)
    world.axe = pictures is not None  # test_pages.py looks at each of these pages
    yield world
    world.close()
    faults = [fault for who in world.people.values() for fault in who.watched.faults]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("method", FAMILIES)
def test_a_process_goes_from_the_annual_plan_to_its_end(world: Family, method: str) -> None:
    world.begin(method)
    for step, has in (*walk_families.STEPS, *walk_deciding.STEPS):
        if has(world.law):
            step(world)

    print(world.told())
    if walk_deciding.decides(world.law):
        assert world.jobs.keys() >= {"submit offer", "open envelopes, opening", "evaluate and award"}
