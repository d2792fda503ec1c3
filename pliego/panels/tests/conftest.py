"""People and processes of the tests of this room."""

import pytest

from pliego.accounts import signing as accounts
from pliego.enquiries.tests.conftest import api, browser, carla, held, house, published
from pliego.kernel import clock
from pliego.panels import services
from pliego.panels.rules import MemberIn
from pliego.tendering.tests import given

__all__ = ["api", "browser", "carla", "held", "house", "published"]
OUTSIDER = MemberIn(
    role="financial",
    name="Nora de Afuera",
    document_type="CC",
    document_number="1010101010",
    email="nora@pliego.example",
)


@pytest.fixture
def appointed(house, at):
    """`appointed(tender, "ana")`: those people of the entity, by beto; the last one from outside if `outside`."""

    def of(tender, *names, outside=False, when=None, **more):
        when = when or at
        told = [MemberIn(role="technical", person=getattr(house, name).user_code) for name in names]
        return services.appoint_members(
            actor=given.signed(more.pop("actor", house.beto), when),
            tender_id=tender.pk,
            act_number=more.pop("act_number", "Resolución 12"),
            act_on=more.pop("act_on", when.date()),
            members=[*told, OUTSIDER] if outside else told,
            at=when,
            **more,
        )

    return of


@pytest.fixture
def signing(browser):
    """The browser of somebody who has just given their second factor."""

    def of(actor):
        client = browser(actor)
        session, now = client.session, clock.real_now().isoformat()
        session[accounts.SESSION_KEY] = {"method": "totp", "signed_at": now, "evidence": {}, "at": now}
        session.save()
        return client

    return of
