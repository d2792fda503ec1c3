"""The deadline to the microsecond, on the database's clock, whatever the clock of the server's own machine says."""

import json
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from pliego.accounts.models import User
from pliego.bidding import services
from pliego.bidding.models import Bid
from pliego.bidding.tests import given
from pliego.kernel import clock
from pliego.kernel.objections import Refused
from pliego.tendering.tests import given as tenders

MICROSECOND = timedelta(microseconds=1)
SKEWS = [timedelta(), timedelta(hours=1), timedelta(hours=-1), timedelta(days=3), timedelta(days=-3)]


@pytest.fixture
def database_says():
    """Hold the database's own clock: its `clock_timestamp()` answers that instant in this session."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA held")

    def hold(at):
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION held.clock_timestamp() RETURNS timestamptz LANGUAGE sql"
                f" RETURN '{at.astimezone(UTC).isoformat()}'::timestamptz"
            )
            cursor.execute("SET LOCAL search_path TO held, pg_catalog, public")
        clock._calibration = None

    yield hold
    clock._calibration = None


@pytest.fixture
def machine_is_off(monkeypatch):
    """The wall clock of this server is wrong by so much; its monotonic one, which that does not move, stands still."""

    def off(by):
        now = datetime.now(UTC) + by
        wrong = type("Wrong", (datetime,), {"now": classmethod(lambda cls, tz=None: now.astimezone(tz))})
        monkeypatch.setattr(time, "time", now.timestamp)
        monkeypatch.setattr(timezone, "now", lambda: now)
        monkeypatch.setattr(clock, "datetime", wrong)
        monkeypatch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: 7.0))
        assert clock.real_now() == now

    return off


def present(actor, tender, manifest, waited=0.0):
    """Over the API, in a session of that person who has just signed, on this server; as one request that had waited."""
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id), backend="pliego.accounts.sessions.Backend")
    session, now = client.session, clock.real_now().isoformat()
    session["account_id"] = actor.account_id
    session["step_up"] = {"method": "demo", "signed_at": now, "at": now, "evidence": {}}
    session.save()
    body, path = json.dumps({"manifest": manifest}), f"/api/v1/tenders/{tender.code}/bids"
    answer = client.post(path, body, content_type="application/json", **{"pliego.waited": lambda: waited})
    return answer.status_code, answer.json()


@pytest.mark.django_db
@pytest.mark.parametrize("skew", SKEWS, ids=str)
def test_one_microsecond_before_the_deadline_is_in_and_the_deadline_is_out(at, skew, database_says, machine_is_off):
    tender, carla = given.published_tender(at), tenders.signed(tenders.supplier(at), at)
    manifests = [given.sealed(tender, carla, at) for _number in range(4)]
    due = given.due(tender)
    clock.hold(None)  # from here on the clock is the product's own
    machine_is_off(skew)

    database_says(due - MICROSECOND)
    assert present(carla, tender, manifests[0])[0] == 200
    bid = Bid.objects.get()
    assert (bid.received_at, bid.receipt.at) == (due - MICROSECOND, due - MICROSECOND)
    assert services.submit_bid(actor=carla, tender_id=tender.pk, manifest=manifests[1], at=clock.now()).receipt_id

    database_says(due)
    status, refusal = present(carla, tender, manifests[2])
    assert (status, [error["code"] for error in refusal["errors"]]) == (409, ["too_late"])
    with pytest.raises(Refused, match="too_late"):
        services.submit_bid(actor=carla, tender_id=tender.pk, manifest=manifests[2], at=clock.now())
    assert Bid.objects.count() == 2

    # what counts is when the whole request was here, not when its turn came
    database_says(due + timedelta(seconds=3) - MICROSECOND)
    assert present(carla, tender, manifests[2], waited=2.999999)[0] == 409
    assert present(carla, tender, manifests[3], waited=3.0)[0] == 200
    assert set(Bid.objects.values_list("received_at", flat=True)) == {due - MICROSECOND}
