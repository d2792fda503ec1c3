from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from pliego.accounts.models import User
from pliego.contracts.tests import given as contracts
from pliego.kernel.actors import Actor
from pliego.parties.models import Account
from pliego.siif.practice import PCI


@pytest.fixture
def house(db: None, at: datetime) -> contracts.House:
    """The entity of the cast, of the national order and in SIIF."""
    made = contracts.house(at)
    Account.objects.filter(pk=made.ana.account_id).update(order="national", in_siif=True, pci=PCI)
    return made


@pytest.fixture
def visitor(client_for: Callable[..., Any]) -> Callable[[Actor], Any]:
    """`visitor(actor)`: the session of that person acting for that account."""

    def make(actor: Actor) -> Any:
        return client_for(User.objects.get(pk=actor.user_id), Account.objects.get(pk=actor.account_id))

    return make
