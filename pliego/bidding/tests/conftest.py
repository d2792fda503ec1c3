"""A process that receives offers, and the people around it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pliego.accounts.models import User
from pliego.bidding.tests import given
from pliego.parties.models import Account
from pliego.tendering.tests import given as tenders


@pytest.fixture
def tender(db: Any, at: Any) -> Any:
    return given.published_tender(at)


@pytest.fixture
def people(tender: Any) -> Any:
    return tenders.people_of(tender)


@pytest.fixture
def carla(tender: Any, at: Any) -> Any:
    return tenders.signed(tenders.supplier(at, "carla"), at)


@pytest.fixture
def dario(tender: Any, at: Any) -> Any:
    return tenders.signed(tenders.supplier(at, "dario"), at)


@pytest.fixture
def browse(client_for: Any) -> Any:
    """A session of the person behind an actor, for the account for which they act."""

    def make(actor: Any) -> Any:
        account = Account.objects.get(pk=actor.account_id) if actor.account_id else None
        client = client_for(User.objects.get(pk=actor.user_id), account)
        session = client.session
        session["opened_by"] = "demo"  # a practice session may sign with the practice signature
        session.save()
        return client

    return make


@pytest.fixture
def visit(browser: Browser, client_for: Any, live_server: Any, settings: Any) -> Iterator[Any]:
    """A page of a browser in which that person is signed in; at another address of the server if one is given."""
    contexts = []

    def make(actor: Any, at: str = "", script: bool = True) -> Page:
        account = Account.objects.get(pk=actor.account_id) if actor.account_id else None
        client = client_for(User.objects.get(pk=actor.user_id), account)
        session = client.session
        session["opened_by"] = "demo"
        session.save()
        context = browser.new_context(
            base_url=at or live_server.url, locale="es-CO", accept_downloads=True, java_script_enabled=script
        )
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        context.add_cookies([{**cookie, "url": at or live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.faults = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))
        page.on(
            "console", lambda said: page.faults.append(said.text) if "Content Security Policy" in said.text else None
        )
        return page

    yield make
    for context in contexts:
        context.close()
