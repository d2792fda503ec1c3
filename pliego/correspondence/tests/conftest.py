"""People of the tests of this room."""

import pytest

from pliego.correspondence.services import Words, open_case, write_message
from pliego.enquiries.tests.conftest import api, browser, carla, held, house, published, submitted
from pliego.tendering.tests import given

__all__ = ["api", "browser", "carla", "held", "house", "published", "submitted"]


@pytest.fixture
def dario(db, at):
    return given.supplier(at, "dario")


@pytest.fixture
def written(house, published, at):
    """`written("public")`: a message of the entity, by ana."""

    def of(group, text="La visita es a las 9.", subject="Visita al sitio", **more):
        words = Words(text, subject, more.pop("files", ()))
        return write_message(
            actor=more.pop("actor", house.ana), tender_id=published.pk, group=group, words=words, at=at, **more
        )

    return of


@pytest.fixture
def asked(carla, published, at):
    """A case of carla."""
    return open_case(actor=carla, tender_id=published.pk, words=Words("¿A qué hora?", "Visita"), at=at)
