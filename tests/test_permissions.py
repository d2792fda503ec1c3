"""Every route × every role: what each person gets when they ask for it and when they try to change it.

The verdicts stand in permissions.csv beside this file, one line a route and method, one column a person, and are read
like any other table: a new route without a line fails, and so does a changed verdict. After reviewing what changed,
`PLIEGO_WRITE_VERDICTS=1 make test ARGS=tests/test_permissions.py` writes the table anew.

yes: they may (a form, a result, or a refusal about the content) · no: 403 · none: 404, it does not exist for them ·
door: sent to sign in · never: no such method
"""

import csv
import json
import os
from collections import Counter
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from ninja.openapi.schema import OpenAPISchema

from pliego.accounts import sessions, signing
from pliego.kernel import clock
from pliego.tendering.models import Tender
from tests.routes import TABLE, all_routes, openapi
from tests.routes_world import ROLES, World

VERDICTS = {200: "yes", 201: "yes", 204: "yes", 303: "yes", 304: "yes", 400: "yes", 409: "yes", 415: "yes", 422: "yes"}
VERDICTS |= {202: "yes", 401: "door", 403: "no", 404: "none", 405: "never", 411: "yes", 412: "yes"}


def signed_now(client: Client) -> None:
    """The person of that browser has just given their factors, so that a binding act is asked about its policy; their
    session was seen in this minute."""
    if settings.SESSION_COOKIE_NAME in client.cookies:
        session = client.session
        evidence = {"method": "totp", "evidence": {}, "proved_by": "", "signed_at": clock.now().isoformat()}
        now = session[sessions.BEGAN] = session[sessions.SEEN] = clock.real_now().isoformat()
        session[signing.SESSION_KEY] = {**evidence, "at": now}
        session.save()


def ask(client: Client, method: str, path: str, body: Any) -> tuple[str, int]:
    """The verdict, and the status it comes from. Nothing of what was done stays."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        sent = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        try:
            response = getattr(client, method.lower())(path, **sent)
        except Exception as error:
            raise AssertionError(f"{method} {path}") from error
        if getattr(response, "streaming", False):
            list(response)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    if response.status_code == 302:
        return "door" if response["Location"].startswith("/ingresar/") else "yes", 302
    assert response.status_code in VERDICTS, f"{method} {path} answered {response.status_code}"
    return VERDICTS[response.status_code], response.status_code


Found = dict[tuple[str, str], dict[str, tuple[str, int]]]
PARTS = 2  # so that a run with several workers need not wait for one of them


def observed(world: World, routes: list[tuple[str, str]]) -> Found:
    found = {}
    for place, (route, method) in enumerate(routes):
        if place % 50 == 0:
            for client in world.clients.values():
                signed_now(client)
        path = world.path(route)
        body = world.body(route, method) if route.startswith("api/") and method != "GET" else None
        found[route, method] = {name: ask(world.clients[name], method, path, body) for name in ROLES}
    return found


def only_refused(found: Found) -> list[str]:
    """Operations of the API that answered 422 to whoever may use them: of these the table shows the policy less well,
    because the refusal may come from the example and not from what the person did."""
    shown = []
    for (route, method), answers in found.items():
        allowed = {status for verdict, status in answers.values() if verdict == "yes"}
        if route.startswith("api/") and method != "GET" and allowed == {422}:
            shown.append(f"{method} /{route}")
    return shown


def written() -> dict[tuple[str, str], dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row.pop("route"), row.pop("method")): row for row in csv.DictReader(file)}


def write(found: dict[tuple[str, str], dict[str, str]]) -> None:
    """Put these lines in the table, and take out those of routes that are no more."""
    every = set(all_routes())
    lines = {key: row for key, row in (written() | found).items() if key in every}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["route", "method", *ROLES])
        table.writerows([*key, *lines[key].values()] for key in sorted(lines))


@pytest.mark.slow
@pytest.mark.django_db
class TestPermissions:
    @pytest.mark.parametrize("part", range(PARTS))
    def test_every_route_answers_every_role_as_the_table_says(self, part, at, capsys):
        world = World(at)
        states = {t.state for t in Tender.objects.all()}
        assert states >= {"draft", "submitted", "published", "opened"}
        routes = all_routes()[part::PARTS]
        answers = observed(world, routes)
        found = {key: {name: verdict for name, (verdict, _status) in row.items()} for key, row in answers.items()}
        if os.environ.get("PLIEGO_WRITE_VERDICTS"):
            write(found)

        with capsys.disabled():
            refused = only_refused(answers)
            print(
                f"\npermissions, part {part + 1} of {PARTS}: {len(found)} routes and methods; of the API answered 422"
            )
            print(f"to whoever may use them: {len(refused)}", *refused, sep="\n  ")
        known = written()
        assert found == {key: known.get(key) for key in routes}


def test_the_table_of_permissions_is_whole(capsys):
    known = written()
    verdicts = Counter(verdict for row in known.values() for verdict in row.values())
    with capsys.disabled():
        print(
            f"\npermissions: {len(known)} routes and methods × {len(ROLES)} roles = {verdicts.total()}:", dict(verdicts)
        )
    assert set(known) == set(all_routes())


class TestOpenApi:
    def test_each_name_is_one_body_and_each_operation_has_its_own_name(self, monkeypatch):
        """Two rooms that give one name to different bodies would make the page describe one of them wrongly."""
        seen: dict[str, Any] = {}
        clashes: set[str] = set()
        add = OpenAPISchema.add_schema_definitions

        def watched(document: OpenAPISchema, definitions: dict[str, Any]) -> None:
            clashes.update(name for name, body in definitions.items() if seen.setdefault(name, body) != body)
            add(document, definitions)

        monkeypatch.setattr(OpenAPISchema, "add_schema_definitions", watched)
        openapi.cache_clear()

        paths = openapi()["paths"]

        assert not clashes
        names = Counter(operation["operationId"] for methods in paths.values() for operation in methods.values())
        assert [name for name, times in names.items() if times > 1] == []
