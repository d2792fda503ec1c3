from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from pliego.accounts.models import User
from pliego.contracts.tests import given
from pliego.kernel.actors import Actor
from pliego.parties.models import Account


@pytest.fixture
def house(db: None, at: datetime) -> given.House:
    return given.house(at)


@pytest.fixture
def visitor(client_for: Callable[..., Any]) -> Callable[[Actor], Any]:
    """`visitor(actor)`: the session of that person acting for that account."""

    def make(actor: Actor) -> Any:
        return client_for(User.objects.get(pk=actor.user_id), Account.objects.get(pk=actor.account_id))

    return make
