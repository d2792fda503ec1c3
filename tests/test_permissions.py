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
from http.cookies import SimpleCookie
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver
from ninja.openapi.schema import OpenAPISchema

from pliego.accounts import signing
from pliego.accounts.models import User
from pliego.accounts.tests import given as people
from pliego.authority import approving, library
from pliego.authority.rules import StepData
from pliego.authority.tests import given as authority
from pliego.bidding.tests import given as bids
from pliego.blueprints import services as blueprints
from pliego.blueprints.tests import given as templates
from pliego.bulk import services as bulk
from pliego.consortia import services as consortia
from pliego.contracts.tests import given as contracts
from pliego.correspondence import services as messages
from pliego.enquiries import services as enquiries
from pliego.evaluation.tests import given as evaluations
from pliego.execution.tests import given as payments
from pliego.hearings import services as held
from pliego.hearings.tests import given as hearings
from pliego.kernel import clock
from pliego.ledger.models import Entry
from pliego.panels import services as panels
from pliego.panels.rules import MemberIn
from pliego.parties import applications, changes, invites
from pliego.parties.tests import given as parties
from pliego.planning.tests import given as plans
from pliego.teams import services as teams
from pliego.teams.rules import MemberData, TeamData
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders

TABLE = Path(__file__).with_name("permissions.csv")
ROLES = ["anyone", "fabio", "carla", "vera", "ana", "beto", "elena", "gloria", "hugo", "mallory", "ines"]
VERDICTS = {200: "yes", 201: "yes", 204: "yes", 303: "yes", 304: "yes", 400: "yes", 409: "yes", 415: "yes", 422: "yes"}
VERDICTS |= {202: "yes", 401: "door", 403: "no", 404: "none", 405: "never", 411: "yes", 412: "yes"}


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


# Which of the world's processes and contracts a route is asked about: the one in whose state the act belongs.
DRAFTING = (
    r"paa/|datos|equipo|cronograma|miembros|documentos|cuestionario|enviar|descartar|copiar|acuerdos|presupuesto"
    r"|visita|mipyme|pagos|garantias|riesgos|criterios-de-precio"
)
DRAFTING_API = r"plan-line|general|team|schedule|items|documents|budget|opening\b|submit|discard|checklist|openers|copy"
SITTING = r"evaluadores/|audiencias/|/panel|impediments|/hearings"
SPECIAL = r"procesos/<str:code>/(lotes|publicidad|criterios)/"
LISTING = r"procesos/<str:code>/lista/"
AMENDING = r"adenda|amendments"
RESUMING = r"reanudar|resum(e|ption)$"
INVITING = r"invitados|invitations|invited$"
APPROVING = r"^escritorio/procesos/<str:code>/(publicar|devolver)/|^api/v1/tenders/{code}/(publish|return)$"
EVALUATING = r"evaluacion|informe|evaluation|(award(-lots)?|desert)$|adjudicar|desierto"
PERFORMING = r"contra(tos|cts)/.*(facturas|plan-de-pagos|liquidacion|terminar|invoice|payment-plan|settlement|comp)"


class World:
    """An entity with a plan; processes in draft, sent for approval, receiving offers, and under evaluation; contracts
    in draft, sent, accepted, signed and running, with an invoice; two suppliers; and a stranger entity."""

    def __init__(self, at: Any) -> None:
        self.tender = tenders.published_tender(at)
        buyer = tenders.people_of(self.tender)
        carla = tenders.supplier(at)
        self.enquiry = enquiries.ask_enquiry(actor=carla, tender_id=self.tender.pk, text="¿Dónde se entrega?", at=at)
        words = messages.Words("Para todos", "Aviso")
        messages.write_message(actor=buyer.ana, tender_id=self.tender.pk, group="public", words=words, at=at)
        messages.open_case(actor=carla, tender_id=self.tender.pk, words=words, at=at)
        self.bid = bids.submitted_bid(self.tender, carla, at)
        self.plan = plans.plan(buyer.ana, at)
        self.load = plans.load(buyer.ana, self.plan, at)
        self.known_plan = plans.republished_plan(buyer.ana, tenders.signed(buyer.beto, at), at, year=at.year + 1)
        self.draft = tenders.draft_tender(at, buyer)
        of_draft = {"actor": buyer.ana, "tender_id": self.draft.pk, "number": 2, "at": at}
        tenders.services.read_price_list(text="Monitor\t7\tunidad", **of_draft)
        self.direct = tenders.draft_tender(at, buyer, method="contratacion_directa", invited=carla)
        self.special = tenders.draft_tender(at, buyer, method="regimen_especial_con_ofertas")
        self.listing = tenders.empty_tender(at, buyer, method="concurso_meritos_precalificacion")
        self.sent = tenders.submitted_tender(at, buyer)
        tenders.amendment(self.tender, at)
        self.suspended = tenders.suspended_tender(at, buyer)
        self.evaluated = evaluations.evaluation(at).tender
        house = contracts.house(at)
        self.drafted, self.offered = contracts.drafted(at, house), contracts.sent(at, house)
        self.accepted = contracts.accepted(at, house)
        self.contract = contracts.submitted_guarantee(contracts.signed_contract(at, house), house, at).contract
        self.invoice = payments.sent_invoice(contracts.running(at, house), house, at)
        self.modified, self.asked = contracts.running(at, house), contracts.running(at, house)
        contracts.drafted_modification(house, self.modified, at, "general")
        contracts.sent_modification(house, self.asked, at, "general")
        self.mandates = mandates_of(buyer, self.plan, at)
        self.visited = self._visited(buyer, carla, at)
        other = parties.entity("Gobernación de Valle Lejano", "999900009", at=at)
        parties.join(other, "mallory", ["approver", "preparer", "administrator"], by="beto", at=at)
        vera = parties.supplier("dario", at=at)
        parties.desk(at=at)
        accounts = dict.fromkeys(("ana", "beto", "elena", "gloria", "hugo"), self.tender.buyer)
        accounts |= {"carla": self.bid.supplier, "vera": vera, "mallory": other}
        emails = {"vera": "dario"}
        self.factor = Authenticator.objects.filter(user_id=buyer.beto.user_id).values_list("pk", flat=True).first()
        self.named = {
            "account": self.tender.buyer.code,
            "source": self.tender.code,
            "tender": self.tender.code,
            "supplier": self.bid.supplier.code,
            "plan": self.plan.code,
            "person": buyer_code(buyer.hugo),
            "supervisor": buyer_code(buyer.gloria),
            "milestones": {code: due.isoformat() for code, due in self.draft.schedule.items()},
            "manifest": {},
            "installments": [{"title": "Pago único", "amount": str(self.invoice.contract.value_amount)}],
            "budget_commitment_amount": str(self.accepted.value_amount),
            "members": [
                {"person": buyer_code(buyer.ana), "capacity": "preparer"},
                {"person": buyer_code(buyer.beto), "capacity": "authorising_officer"},
            ],
        }
        self.clients = {
            name: self._client(people.person(emails.get(name, name), at=at), accounts.get(name))
            for name in ROLES
            if name != "anyone"
        }
        self.clients["anyone"] = Client(raise_request_exception=False)
        self.own_things = self._own_things(buyer, carla, at)
        self.receipt = Entry.objects.filter(file=self.tender.ocid, act="tender.published").get()
        self.member = people.person("hugo", at=at)

    def _visited(self, buyer: Any, carla: Any, at: Any) -> Tender:
        """A process whose visit is in session, with ana and hugo to evaluate it; carla recused ana."""
        session = hearings.in_session(at, buyer)
        told = {"tender_id": session.tender_id, "at": at}
        seats = [MemberIn("technical", person.user_code) for person in (buyer.ana, buyer.hugo)]
        beto = tenders.signed(buyer.beto, at)
        panels.appoint_members(actor=beto, act_number="1", act_on=at.date(), members=seats, **told)
        panels.recuse_member(actor=carla, number=1, reason="Es socia", **told)
        on = {"tender_id": session.tender_id, "number": 1, "at": session.begun_at}
        held.attend(actor=carla, **on)
        held.speak(actor=carla, text="¿Hay luz?", is_question=True, **on)
        return session.tender

    def _own_things(self, buyer: Any, carla: Any, at: Any) -> list[tuple[str, dict[str, object]]]:
        """What the entity and the first supplier keep to themselves, by the routes that name it."""
        fabio = parties.actor(people.person("fabio", at=at))
        form = applications.start(actor=fabio, nit=parties.nit("999940001"), legal_name="Otra", at=at)
        beto, entity_id = buyer.beto, self.tender.buyer_id
        sell = changes.ask_to_sell(actor=beto, account_id=entity_id, reason="Imprenta", at=at)
        told = {"account_id": entity_id, "email": "x@pliego.example", "roles": ["control"], "at": at}
        invite = invites.invite(actor=beto, **told)
        group = consortia.put_together(actor=carla, kind="consortium", name="Consorcio", at=at)
        rows = BytesIO(b"correo,roles\ne@x.example,control\n")
        batch = bulk.read(actor=beto, kind="people", content=rows, name="a.csv", at=at)
        return [
            (r"^entidades/registro/", {"code": form.code, "slug": "contacto"}),
            (r"^mesa/cambios/", {"code": sell.code}),
            (r"^escritorio/equipo/invitaciones/", {"code": invite.code}),
            (r"^(consorcios|api/v1/plural-bidders)/", {"code": group.code}),
            (r"^cargas-masivas/archivos/|^api/v1/batches/", {"code": batch.code, "kind": "people"}),
            (r"^cargas-masivas/", {"slug": "personas"}),
            (r"^cuenta/registros/", {"kind": "tax_register"}),
            (r"^api/v1/suppliers/", {"code": self.bid.supplier.code}),
        ]

    @staticmethod
    def _client(user: Any, account: Any) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        if account is not None:
            session = client.session
            session["account_id"] = account.pk
            session.save()
        return client

    def body(self, route: str, method: str) -> Any:
        """The operation's own example, with this world's names in it."""
        return renamed(body_of(route, method), self.named)

    def path(self, route: str) -> str:
        """The route with this world's codes in it."""
        document = self.tender.documents.select_related("document").first()
        draft = {"code": self.draft.code, "document": self.draft.documents.first().document.code}
        entity, year = self.tender.buyer, self.plan.year
        places: list[tuple[str, dict[str, object]]] = [
            *self.own_things,
            *self.mandates,
            (r"cuenta/historial/|/me/history/", {"code": "00000000-0000-4000-8000-000000000000"}),
            (r"price-lines|precios|^procesos/<str:code>/cuestionario/<int:number>/$", {"number": 2}),
            (r"sections/|presencia/", {"code": self.draft.code, "part": "general"}),
            (r"evaluadores/<int|panel/{|recusals$", {"code": self.visited.code, "number": 2}),
            (SITTING, {"code": self.visited.code, "occasion": "visit", "path": "asistir", "form": "ics"}),
            (SITTING, {"number": 1, "intervention": 1, "attendance": 1}),
            (AMENDING, {"code": self.tender.code}),
            (RESUMING, {"code": self.suspended.code}),
            (SPECIAL, {"code": self.special.code}),
            (LISTING, {"code": self.listing.code}),
            (INVITING, {"code": self.direct.code, "supplier": self.bid.supplier.code}),
            (rf"^escritorio/procesos/<str:code>/({DRAFTING})|^api/v1/tenders/{{code}}/({DRAFTING_API})", draft),
            (APPROVING, {"code": self.sent.code}),
            (r"^(escritorio/contratos|api/v1/contracts)/[^/]*/?(editar/|enviar/|send)?$", {"code": self.drafted.code}),
            (
                r"^(escritorio/contratos|api/v1/contracts)/[^/]*/(aceptar/|rechazar/|accept|reject)$",
                {"code": self.offered.code},
            ),
            (
                r"^(escritorio/contratos|api/v1/contracts)/[^/]*/(firmar/|modificar/|sign|rework)$",
                {"code": self.accepted.code},
            ),
            (r"contra(tos|cts)/.*modifica(ciones|tions)/nueva|modifications$", {"code": self.contract.code}),
            (
                r"contra(tos|cts)/.*modifica.*/(aceptar|rechazar|devolver|accept|reject|rework)",
                {"code": self.asked.code, "number": 1},
            ),
            (r"contra(tos|cts)/.*modifica(ciones|tions)/", {"code": self.modified.code, "number": 1}),
            (PERFORMING, {"code": self.invoice.contract.code, "invoice_code": self.invoice.code}),
            (r"contratos/|contracts/", {"code": self.contract.code, "invoice_code": self.invoice.code}),
            (r"^api/v1/invoices/", {"code": self.invoice.code}),
            (EVALUATING, {"code": self.evaluated.code, "bid": self.evaluated.bids.order_by("pk").first().code}),
            (r"^bitacora/tile", {"level": 0, "n": 0, "width": 1}),
            (r"^(recibos|api/v1/ledger)/", {"code": self.receipt.code}),
            (r"^api/v1/accounts/|^(mesa|acceso|cuenta/registros|entidades/corregir)/", {"code": entity.code}),
            (r"^paa/", {"code": entity.code, "year": year + 1, "version": 2, "before": 1}),
            (
                r"^api/v1/plans/{code}/(versions|progress|deviations)",
                {"code": self.known_plan.code, "number": 2, "before": 1},
            ),
            (r"^escritorio/paa/.*/cargas/|^api/v1/plan-loads/", {"year": year, "code": self.load.code}),
            (r"^escritorio/paa/", {"year": year, "number": 1}),
            (r"^api/v1/plans/", {"code": self.plan.code, "number": 1}),
            (r"^(documentos|api/v1/documents)/", {"code": document.document.code}),
            (r"^api/v1/bids/", {"code": self.bid.code}),
            (r"^entidades/", {"number": entity.organization.number}),
            (r"^proveedores/", {"number": self.bid.supplier.organization.number}),
            (r"^ocds/", {"ocid": self.tender.ocid, "release_id": f"{self.tender.ocid}-1"}),
            (r"^api/v1/processes/|^procesos/<str:identifier>", {"identifier": self.tender.code}),
            (r"", {"code": self.tender.code, "number": 1, "lot": 1, "document": document.document.code}),
            (r"", {"person": self.member.code, "supplier": self.bid.supplier.code, "bid": self.bid.code}),
            (
                r"",
                {
                    "slug": "comprador",
                    "name": "nada",
                    "key": "nota:1",
                    "token": "x",
                    "factor_id": self.factor,
                    "form": "csv",
                },
            ),
            (r"", {"sha256": "0" * 64}),
        ]
        values: dict[str, object] = {}
        for shape, found in places:
            if re.search(shape, route):
                values = {**found, **values}  # the first place that names a parameter wins
        route = re.sub(r"^\^|\$$", "", route)
        route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", route)
        return "/" + re.sub(r"[<{](?:\w+:)?(\w+)[>}]", lambda name: str(values.get(name[1], "nada")), route)


def mandates_of(buyer: tenders.Buyer, plan: Any, at: Any) -> list[tuple[str, dict[str, object]]]:
    """One of each thing that the configuration of an account keeps, by the routes that name it."""
    beto = tenders.signed(buyer.beto, at)
    profile, group = authority.profile(beto, at), authority.group(beto, at, ["gloria", "hugo"])
    delegation = authority.delegation(beto, "gloria", at)
    item = library.add_to_library(actor=beto, title="Acto general", document=parties.upload(), at=at)
    template = blueprints.import_blueprint(actor=beto, content=templates.FILE, at=at)
    authority.flow(beto, at, StepData("Visto bueno", buyer_code(buyer.hugo)), kind="plan")
    member = MemberData(person=buyer_code(buyer.ana))
    team = teams.save_team(actor=beto, data=TeamData("Compras", members=(member,)), scope="process", at=at)
    approving.start_approval(actor=buyer.ana, kind="plan", subject=plan.code, at=at)
    act: dict[str, object] = {"kind": "plan", "subject": plan.code}
    return [
        (r"cuenta/perfiles/|/profiles/", {"code": profile.code}),
        (r"cuenta/grupos/|/groups/", {"code": group.code}),
        (
            r"cuenta/equipos/|/teams/|/team-switches/",
            {"code": team.code, "scope": "process", "who": member.who, "flow": "publication"},
        ),
        (r"cuenta/delegaciones/|/delegations/", {"code": delegation.code}),
        (r"cuenta/biblioteca/", {"code": item.code}),
        (r"^(escritorio/plantillas|api/v1/templates)/", {"code": template.code, "number": 1}),
        (r"cuenta/unidades/|/units/", {"reference": "PRINCIPAL"}),
        (r"cuenta/flujos/|approval-flows/|aprobaciones/|approvals/", act),
        (r"/segregation/", {"rule": "evaluator_awards"}),
    ]


def buyer_code(actor: Any) -> str:
    return User.objects.get(pk=actor.user_id).code


def renamed(body: Any, named: dict[str, Any]) -> Any:
    if isinstance(body, list):
        return [renamed(one, named) for one in body]
    if isinstance(body, dict):
        return {name: named[name] if name in named else renamed(value, named) for name, value in body.items()}
    return body


def signed_now(client: Client) -> None:
    """The person of that browser has just given their factors, so that a binding act is asked about its policy."""
    if settings.SESSION_COOKIE_NAME in client.cookies:
        session = client.session
        evidence = {"method": "totp", "evidence": {}, "proved_by": "", "signed_at": clock.now().isoformat()}
        session[signing.SESSION_KEY] = {**evidence, "at": clock.real_now().isoformat()}
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


PARTS = 4  # so that a run with several workers need not wait for one of them


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
