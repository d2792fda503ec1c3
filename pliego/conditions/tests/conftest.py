"""People and processes of the tests of this room."""

import pytest

from pliego.accounts.models import User
from pliego.tendering.tests import given


@pytest.fixture
def house(db, at):
    return given.buyer(at)


@pytest.fixture
def draft(house, at):
    """A draft with nothing missing, of a method that has lots and takes requests of small firms."""
    return given.draft_tender(at, house, method="seleccion_abreviada_menor_cuantia")


@pytest.fixture
def desk(house, client_for):
    """Ana at her desk."""
    return client_for(User.objects.get(pk=house.ana.user_id), house.account)
