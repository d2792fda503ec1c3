"""People of the tests of this room."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from pliego.accounts.models import User
from pliego.kernel import clock
from pliego.kernel.actors import Actor
from pliego.tendering.models import Tender
from pliego.tendering.tests import given


@pytest.fixture
def house(db: None, at: datetime) -> given.Buyer:
    return given.buyer(at)


@pytest.fixture
def carla(db: None, at: datetime) -> Actor:
    return given.supplier(at)


@pytest.fixture
def submitted(house: given.Buyer, at: datetime) -> Tender:
    return given.submitted_tender(at, house)


@pytest.fixture
def published(house: given.Buyer, at: datetime) -> Tender:
    return given.published_tender(at, house)


@pytest.fixture
def held(at: datetime) -> Iterator[datetime]:
    """The same moment for every thread."""
    clock.hold(at)
    yield at
    clock.hold(None)


@pytest.fixture
def browser(client_for: Any) -> Callable[[Actor], Any]:
    """Somebody's browser, in the account for which they act."""

    def of(actor: Actor) -> Any:
        return client_for(User.objects.get(pk=actor.user_id), given.Account.objects.get(pk=actor.account_id))

    return of


@pytest.fixture
def api(browser: Any) -> Callable[[Actor], Any]:
    """`api(actor)(verb, path, **body)` answers (status, body)."""

    def of(actor: Actor) -> Any:
        def call(verb: str, path: str, /, **body: Any) -> tuple[int, Any]:
            answer = browser(actor).generic(verb, f"/api/v1{path}", json.dumps(body), content_type="application/json")
            return answer.status_code, answer.json()

        return call

    return of
