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
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver

from pliego.accounts.tests import given as people
from pliego.bidding.tests import given as bids
from pliego.contracts.tests import given as contracts
from pliego.evaluation.tests import given as evaluations
from pliego.execution.tests import given as payments
from pliego.ledger.models import Entry
from pliego.parties.tests import given as parties
from pliego.planning.tests import given as plans
from pliego.tendering import services as tendering
from pliego.tendering.tests import given as tenders

TABLE = Path(__file__).with_name("permissions.csv")
ROLES = ["anyone", "fabio", "carla", "vera", "ana", "beto", "elena", "gloria", "hugo", "mallory", "ines"]
VERDICTS = {200: "yes", 201: "yes", 204: "yes", 303: "yes", 304: "yes", 400: "yes", 409: "yes", 415: "yes", 422: "yes"}
VERDICTS |= {401: "door", 403: "no", 404: "none", 405: "never", 411: "yes", 412: "yes"}


def page_routes(patterns: list, prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from page_routes(pattern.url_patterns, path)
        elif not path.startswith("api/v1/"):
            yield path


def api_routes() -> Iterator[tuple[str, str]]:
    for path, methods in openapi()["paths"].items():
        for method in methods:
            yield path.lstrip("/"), method.upper()


@cache
def openapi() -> dict[str, Any]:
    from pliego.config.api import api

    return api.get_openapi_schema()


def body_of(route: str, method: str) -> Any:
    """The body that the operation's own examples make, so that the answer is about the person and not the form."""
    operation = openapi()["paths"]["/" + route][method.lower()]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return example(content["schema"]) if content else {}


def example(schema: dict[str, Any]) -> Any:  # noqa: PLR0911 - one line a kind
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return example(openapi()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    if "default" in schema:
        return schema["default"]
    if options := schema.get("anyOf") or schema.get("allOf"):
        return example(options[0])
    match schema.get("type"):
        case "object":
            known, required = schema.get("properties", {}), schema.get("required", ())
            return {name: example(one) for name, one in known.items() if name in required or "examples" in one}
        case "array":
            return [example(schema["items"])] if schema.get("minItems", 1) else []
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case "boolean":
            return True
    if "enum" in schema:
        return schema["enum"][0]
    text = {"date-time": "2026-03-20T15:00:00-05:00", "date": "2026-03-20"}.get(schema.get("format", ""), "100000")
    return text.ljust(schema.get("minLength", 0), "0")[: schema.get("maxLength", 100)]


def all_routes() -> list[tuple[str, str]]:
    pages = dict.fromkeys(page_routes(get_resolver().url_patterns))
    return sorted({(path, method) for path in pages for method in ("GET", "POST")} | set(api_routes()))


class World:
    """An entity with a plan, a process that receives offers, one under evaluation, one with its contract and an
    invoice; two suppliers; and a stranger entity."""

    def __init__(self, at: Any) -> None:
        self.tender = tenders.published_tender(at)
        buyer = tenders.people_of(self.tender)
        carla = tenders.supplier(at)
        self.enquiry = tendering.ask_enquiry(actor=carla, tender_id=self.tender.pk, text="¿Dónde se entrega?", at=at)
        self.bid = bids.submitted_bid(self.tender, carla, at)
        self.plan = plans.plan(buyer.ana, at)
        self.evaluated = evaluations.evaluation(at).tender
        house = contracts.house(at)
        self.contract = contracts.submitted_guarantee(contracts.signed_contract(at, house), house, at).contract
        self.invoice = payments.sent_invoice(contracts.running(at, house), house, at)
        other = parties.entity("Gobernación de Valle Lejano", "999900009", at=at)
        parties.join(other, "mallory", ["approver", "preparer", "administrator"], by="beto", at=at)
        vera = parties.supplier("dario", at=at)
        parties.desk(at=at)
        accounts = dict.fromkeys(("ana", "beto", "elena", "gloria", "hugo"), self.tender.buyer)
        accounts |= {"carla": self.bid.supplier, "vera": vera, "mallory": other}
        emails = {"vera": "dario"}
        self.clients = {
            name: self._client(people.person(emails.get(name, name), at=at), accounts.get(name))
            for name in ROLES
            if name != "anyone"
        }
        self.clients["anyone"] = Client(raise_request_exception=False)
        self.receipt = Entry.objects.filter(file=self.tender.ocid, act="tender.published").get()
        self.member = people.person("hugo", at=at)

    @staticmethod
    def _client(user: Any, account: Any) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        if account is not None:
            session = client.session
            session["account_id"] = account.pk
            session.save()
        return client

    def path(self, route: str) -> str:
        """The route with this world's codes in it."""
        document = self.tender.documents.select_related("document").first()
        entity, year = self.tender.buyer, self.plan.year
        places: list[tuple[str, dict[str, object]]] = [
            (r"cuenta/historial/|/me/history/", {"code": "00000000-0000-4000-8000-000000000000"}),
            (r"contratos/|contracts/", {"code": self.contract.code, "invoice_code": self.invoice.code}),
            (r"^escritorio/contratos/.*invoice", {"code": self.invoice.contract.code}),
            (r"^api/v1/invoices/", {"code": self.invoice.code}),
            (r"evaluacion|informe|evaluation", {"code": self.evaluated.code}),
            (r"^bitacora/tile", {"level": 0, "n": 0, "width": 1}),
            (r"^(recibos|api/v1/ledger)/", {"code": self.receipt.code}),
            (r"^api/v1/accounts/|^(mesa|acceso|cuenta/registros|entidades/corregir)/", {"code": entity.code}),
            (r"^paa/", {"code": entity.code, "year": year, "version": 1}),
            (r"^escritorio/paa/", {"year": year, "number": 1}),
            (r"^api/v1/plans/", {"code": self.plan.code, "number": 1}),
            (r"^(documentos|api/v1/documents)/", {"code": document.document.code}),
            (r"^api/v1/bids/", {"code": self.bid.code}),
            (r"^entidades/", {"number": entity.organization.number}),
            (r"^proveedores/", {"number": self.bid.supplier.organization.number}),
            (r"^ocds/", {"ocid": self.tender.ocid, "release_id": f"{self.tender.ocid}-1"}),
            (r"^api/v1/processes/|^procesos/<str:identifier>", {"identifier": self.tender.code}),
            (r"", {"code": self.tender.code, "number": 1, "document": document.document.code}),
            (r"", {"person": self.member.code, "supplier": self.bid.supplier.code, "bid": self.bid.code}),
            (r"", {"slug": "comprador", "name": "nada", "key": "nota:1", "token": "x", "factor_id": 1, "form": "csv"}),
            (r"", {"sha256": "0" * 64}),
        ]
        values: dict[str, object] = {}
        for shape, found in places:
            if re.search(shape, route):
                values = {**found, **values}  # the first place that names a parameter wins
        route = re.sub(r"^\^|\$$", "", route)
        route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", route)
        return "/" + re.sub(r"[<{](?:\w+:)?(\w+)[>}]", lambda name: str(values[name[1]]), route)


def ask(client: Client, method: str, path: str, body: Any) -> tuple[str, int]:
    """The verdict, and the status it comes from. Nothing of what was done stays."""
    with transaction.atomic():
        sent = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        try:
            response = getattr(client, method.lower())(path, **sent)
        except Exception as error:
            raise AssertionError(f"{method} {path}") from error
        if getattr(response, "streaming", False):
            list(response)
        transaction.set_rollback(True)
    if response.status_code == 302:
        return "door" if response["Location"].startswith("/ingresar/") else "yes", 302
    assert response.status_code in VERDICTS, f"{method} {path} answered {response.status_code}"
    return VERDICTS[response.status_code], response.status_code


Found = dict[tuple[str, str], dict[str, tuple[str, int]]]


def observed(world: World) -> Found:
    found = {}
    for route, method in all_routes():
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
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["route", "method", *ROLES])
        table.writerows([route, method, *verdicts.values()] for (route, method), verdicts in found.items())


@pytest.mark.slow
@pytest.mark.django_db
class TestPermissions:
    def test_every_route_answers_every_role_as_the_table_says(self, at, capsys):
        answers = observed(World(at))
        found = {key: {name: verdict for name, (verdict, _status) in row.items()} for key, row in answers.items()}
        if os.environ.get("PLIEGO_WRITE_VERDICTS"):
            write(found)

        verdicts = Counter(verdict for row in found.values() for verdict in row.values())
        with capsys.disabled():
            print(
                f"\npermissions: {len(found)} routes and methods × {len(ROLES)} roles = {verdicts.total()}:",
                dict(verdicts),
            )
            refused = only_refused(answers)
            print(f"operations that answer 422 to whoever may use them: {len(refused)}", *refused, sep="\n  ")
        assert found == written()
