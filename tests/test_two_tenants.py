"""Everything of one account, asked for by another: it does not exist.

Each object that account A keeps to itself (documents, drafts, plans not yet published, registration, people,
invitations, its changes, its plural bidders in the making, its files of many rows, its interests, its configuration,
its cases) is
asked for by people of B, of another entity, by somebody without account and by a visitor: on every page and operation
whose address names it, to read and to change.
"""

import csv
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from pliego.accounts.tests import given as people
from pliego.authority import approving, library
from pliego.authority.rules import StepData
from pliego.authority.tests import given as authority
from pliego.blueprints import services as blueprints
from pliego.blueprints.tests import given as templates
from pliego.bulk import services as bulk
from pliego.consortia.tests import given as plural
from pliego.correspondence import services as messages
from pliego.directory import services as directory
from pliego.directory.rules import InterestData
from pliego.documents.models import Document
from pliego.ledger.models import Entry
from pliego.panels import services as panels
from pliego.panels.rules import MemberIn
from pliego.parties import access, applications, changes, invites
from pliego.parties.models import Account, Membership
from pliego.parties.tests import given as parties
from pliego.planning.tests import given as plans
from pliego.siif import services as siif
from pliego.suppliers import services as suppliers
from pliego.teams import services as teams
from pliego.teams.rules import MemberData, TeamData
from pliego.tendering.tests import given as tenders
from tests.routes import TABLE, api_routes, body_of, page_routes

STRANGERS = ("anyone", "fabio", "vera", "mallory")  # in permissions.csv: of no account, or of others
# What answers a stranger with 403 though the address names something of another, and why that is right.
KNOWN_TO_ALL = {
    r"api/v1/tenders/\{code\}/|(escritorio/)?procesos/<str:code>/|ofertas/<str:code>/": (
        "the process is public; a draft is 404 (the crawl below)"
    ),
    r"api/v1/custodian/tenders/": "the process is public, and only the custodian's own key gets further",
    r"(api/v1/contracts/\{code\}|escritorio/contratos/<str:code>)/": "the contract is public from its signature on",
    r"api/v1/suppliers/\{code\}/": "the profile is public; nothing of what it keeps is looked at before the refusal",
    r"api/v1/accounts/\{code\}/people$": "asking for a place in a public account: whoever has not signed in is told to",
    r"api/v1/me/": "one's own things, by somebody who has not signed in",
    r"mesa/(accesos|personas|reposiciones|suspensiones|uniones)/": "the desk's: refused before anything is looked up",
    r"cargas-masivas/<slug:slug>/": "names a kind of file, not a file",
    r"(api/v1/parts/|\^ofertas/partes/)": "names bytes that the person sends themselves",
    r"escritorio/perfil/experiencia/": "a number within one's own account",
    r"escritorio/invitar/<str:supplier>/": "the profile is public; what is refused is the act of an official",
}


@pytest.fixture
def world(db, at):
    return World(at)


class World:
    """A: an entity with a draft of everything, and a supplier with its own; B: a supplier and an entity of others."""

    def __init__(self, at):
        cast = self.cast = parties.cast(at=at)
        self.draft = tenders.draft_tender(at)
        self.public = tenders.published_tender(at)
        words = messages.Words("Solo para la entidad", "Visita")
        messages.open_case(actor=cast.carla, tender_id=self.public.pk, words=words, at=at)
        ana = {"members": [MemberIn("technical", cast.ana.user_code)], "act_number": "1", "act_on": at.date()}
        beto, told = tenders.signed(cast.beto, at), {"tender_id": self.public.pk, "at": at}
        panels.appoint_members(actor=beto, **ana, **told)
        panels.recuse_member(actor=cast.carla, number=1, reason="Es socia", **told)
        self.plan = plans.plan(cast.ana, at)
        self.load = plans.load(cast.ana, self.plan, at)
        self.form = applications.start(actor=cast.fabio, nit=parties.nit("999940001"), legal_name="Otra", at=at)
        applications.attach(actor=cast.fabio, code=self.form.code, field="tax_register", sent=parties.upload(), at=at)
        self.waiting = parties.requested_entity("ana", at=at, nit=parties.nit("999940002"), legal_name="Personería")
        own = {"actor": cast.beto, "account_id": cast.entity.pk, "at": at}
        self.invite = invites.invite(email="x@pliego.example", roles=["control"], **own)
        self.change = changes.ask_to_sell(reason="Imprenta", **own)
        self.group = plural.draft(at)
        rows = io.BytesIO(b"correo,roles\ne@x.example,control\n")
        self.batch = bulk.read(actor=cast.beto, kind="people", content=rows, name="a.csv", at=at)
        Account.objects.filter(pk=cast.entity.pk).update(order="national", in_siif=True, pci="29-04-00")
        rows = io.BytesIO(b"CDP,Fecha,Valor\n1,20/01/2026,5\n")
        self.siif = siif.load_list(actor=cast.ana, kind="certificate", content=rows, name="cdp.csv", at=at)
        told = TeamData("Compras", members=(MemberData(person=cast.person("ana").code),))
        self.crew = teams.save_team(actor=cast.beto, data=told, scope="process", at=at)
        suppliers.save_bank_account(
            actor=cast.carla, account_id=cast.first_supplier.pk, bank="B", kind="savings", number="12345678",
            holder="C", proof=parties.upload("banco.pdf"), at=at,
        )  # fmt: skip
        self.interest = directory.create_interest(actor=cast.carla, data=InterestData("Equipos", ["4321"]), at=at)
        self.configure(at)
        stranger_firm = parties.supplier("eva", at=at)
        other = self.other_entity = parties.entity("Gobernación de Valle Lejano", "999900009", at=at)
        parties.join(other, "mallory", ["administrator", "approver", "preparer"], by="beto", at=at)
        parties.join(cast.entity, "rita", ["control"], by="beto", at=at)
        self.propose_administrator(at)
        self.strangers = {
            "a supplier": client_of(people.person("eva"), stranger_firm),
            "another entity": client_of(people.person("mallory"), other),
            "no account": client_of(people.person("luz")),
            "a visitor": Client(),
        }

    def configure(self, at):
        """One of each thing that the configuration of an account keeps."""
        beto = tenders.signed(self.cast.beto, at)
        self.profile, self.circle = authority.profile(beto, at), authority.group(beto, at, ["gloria", "hugo"])
        self.delegation = authority.delegation(beto, "gloria", at)
        self.item = library.add_to_library(actor=beto, title="Acto general", document=parties.upload(), at=at)
        self.template = blueprints.import_blueprint(actor=beto, content=templates.FILE, at=at)
        authority.flow(beto, at, StepData("Visto bueno", self.cast.person("hugo").code), kind="plan")
        approving.start_approval(actor=self.cast.ana, kind="plan", subject=self.plan.code, at=at)

    def propose_administrator(self, at):
        """Rita is proposed by Beto; nobody has confirmed it."""
        place = Membership.objects.get(account=self.cast.entity, user=self.cast.person("rita"))
        access.set_roles(actor=self.cast.beto, membership_id=place.pk, roles=["control", "administrator"], at=at)

    def kept(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(kind, shape of the addresses that name it, the names) of everything that A keeps to itself."""
        account, rita, plan = self.cast.entity.code, self.cast.person("rita").code, self.plan
        private = Document.objects.exclude(audience__in=["public", "buyers"])
        for document in private.exclude(account_id=self.other_entity.pk):
            yield "document", r"documentos/<|api/v1/documents/", {"code": document.code}
        paper = self.draft.documents.first()
        told = {"document": paper.document.code if paper else "nada", "supplier": self.cast.first_supplier.code}
        drafting = r"api/v1/tenders/\{|procesos/<|escritorio/procesos/<str:code>/|ofertas/<"
        yield "draft of a process", drafting, {**told, "identifier": self.draft.code, "code": self.draft.code}
        written = r"procesos/<str:code>/(casos|mensajes)/<|api/v1/tenders/\{code\}/(cases|messages)/\{"
        yield "case with its message", written, {"code": self.public.code, "number": 1}
        recused = r"escritorio/procesos/<str:code>/evaluadores/impedimentos/|api/v1/tenders/\{code\}/impediments/\{"
        yield "impediment", recused, {"code": self.public.code, "number": 1}
        yield "plan not published", r"paa/<|api/v1/plans/\{", {"code": plan.code, "year": plan.year, "number": 1}
        yield "plan not published", r"paa/<", {"code": account, "year": plan.year, "version": 1}
        yield "file of lines", r"escritorio/paa/<int:year>/cargas/|api/v1/plan-loads/", {
            "code": self.load.code, "year": plan.year,
        }  # fmt: skip
        yield "registration form", r"entidades/registro/", {"code": self.form.code, "slug": "contacto"}
        for code in (account, self.waiting.code):
            names = {"code": code, "person": rita, "kind": "tax_register"}
            yield "own account", r"cuenta/registros/<|entidades/corregir/|mesa/(cuentas|administradores)/", names
            yield "own account", r"api/v1/accounts/\{code\}/(?!people$)", names
        yield "own account", r"api/v1/accounts/\{code\}$", {"code": self.waiting.code}
        yield "own account", r"(entidades|directorio|acceso)/<str:\w+>/$", {
            "number": self.waiting.organization.number, "code": self.waiting.code,
        }  # fmt: skip
        yield "place", r"escritorio/equipo/<", {"person": rita}
        yield "invitation", r"escritorio/equipo/invitaciones/", {"code": self.invite.code}
        yield "change", r"mesa/cambios/", {"code": self.change.code}
        yield "plural bidder", r"consorcios/<|api/v1/plural-bidders/\{|directorio/<|proveedores/<", {
            "code": self.group.code, "number": self.group.code,
        }  # fmt: skip
        yield "file of rows", r"cargas-masivas/archivos/|api/v1/batches/\{", {"code": self.batch.code}
        yield "list of SIIF", r"escritorio/cuenta/siif/cargas/|api/v1/siif/lists/\{", {"code": self.siif.code}
        yield "interest", r"escritorio/intereses/<|api/v1/interests/\{", {"code": self.interest.code}
        yield "profile", r"escritorio/cuenta/perfiles/<|api/v1/profiles/\{", {"code": self.profile.code}
        yield "group", r"escritorio/cuenta/grupos/<|api/v1/groups/\{", {"code": self.circle.code}
        crew = {"code": self.crew.code, "who": self.cast.person("ana").code, "flow": "publication"}
        yield "team", r"escritorio/cuenta/equipos/<|api/v1/teams/\{", crew
        yield "delegation", r"escritorio/cuenta/delegaciones/<|api/v1/delegations/\{", {"code": self.delegation.code}
        yield "library", r"escritorio/cuenta/biblioteca/<", {"code": self.item.code}
        yield "template", r"escritorio/plantillas/<|api/v1/templates/\{", {"code": self.template.code}
        yield "approval", r"escritorio/aprobaciones/|api/v1/approvals/", {"kind": "plan", "subject": plan.code}

    def requests(self) -> list[tuple[str, str, str, Any]]:
        """(kind, method, path, body): every page and operation whose address names one of those."""
        pages = {(route, method) for route in page_routes(get_resolver().url_patterns) for method in ("GET", "POST")}
        operations, found = set(api_routes()), {}
        for kind, shape, names in self.kept():
            for route, method in sorted(pages | operations):
                told = {
                    "level": 0,
                    "number": 1,
                    "version": 1,
                    "before": 0,
                    "lot": 1,
                    "bid": "nada",
                    "form": "xlsx",
                    **names,
                }
                wanted = set(re.findall(r"[<{](?:\w+:)?(\w+)[>}]", route))
                if wanted and re.match(shape, route) and wanted <= told.keys():
                    path = "/" + re.sub(r"[<{](?:\w+:)?(\w+)[>}]", lambda name, told=told: str(told[name[1]]), route)
                    sends = route.startswith("api/") and method != "GET"
                    found[kind, method, path] = body_of(route, method) if sends else None
        return [(*key, body) for key, body in sorted(found.items(), key=lambda pair: pair[0])]


def client_of(person, account=None) -> Client:
    client = Client()
    client.force_login(person, backend="pliego.accounts.sessions.Backend")
    if account is not None:
        session = client.session
        session["account_id"] = account.pk
        session.save()
    return client


def ask(client: Client, method: str, path: str, body: Any) -> str:
    """The status; `door` for who is sent to sign in."""
    sent = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
    answer = getattr(client, method.lower())(path, **sent)
    if answer.status_code == 302 and answer["Location"].startswith("/ingresar/"):
        return "door"
    return str(answer.status_code)


@pytest.mark.slow
def test_what_is_of_one_account_does_not_exist_for_another(world, capsys):
    asked, answers, not_hidden, requests = Counter(), Counter(), [], world.requests()
    before = Entry.objects.count()
    for who, client in world.strangers.items():
        hidden = {"404", "405"} | ({"door", "401"} if who == "a visitor" else set())  # 405: no such method for anybody
        for kind, method, path, body in requests:
            status = ask(client, method, path, body)
            asked[kind] += 1
            answers[f"{status} to {'a visitor' if who == 'a visitor' else 'the others'}"] += 1
            if status not in hidden:
                not_hidden.append((who, status, method, path))
    with capsys.disabled():
        told = f"{len(requests)} reads and changes of {len(asked)} kinds of objects × {len(world.strangers)} strangers"
        sys.stdout.write(
            f"\ntwo tenants: {told} = {asked.total()} requests; answers {dict(sorted(answers.items()))};"
            f" by kind {dict(asked)}\n"
        )

    assert not not_hidden
    assert Entry.objects.count() == before


def test_who_is_told_403_knows_of_the_thing_already(capsys):
    """The table of permissions, for strangers: 403 only where KNOWN_TO_ALL says why it is not 404."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if re.search(r"[<{(]", row["route"])]
    refused = [row for row in rows if "no" in {row[name] for name in STRANGERS}]
    reasons = {f"{row['method']} {row['route']}": reason_of(row["route"]) for row in refused}
    with capsys.disabled():
        sys.stdout.write(f"\ntwo tenants, of {len(rows)} routes that name something, 403 to strangers in:\n")
        for reason, times in Counter(reasons.values()).most_common():
            sys.stdout.write(f"  {times} because {reason or 'NOTHING'}\n")

    assert [route for route, reason in reasons.items() if not reason] == []
    assert set(reasons.values()) == set(KNOWN_TO_ALL.values())


def reason_of(route: str) -> str:
    return next((reason for shape, reason in KNOWN_TO_ALL.items() if re.match(shape, route)), "")


def test_its_own_people_do_find_it(world):
    """The crawl above means nothing if the paths were wrong for everybody."""
    client = client_of(world.cast.person("beto"), world.cast.entity)
    own = [
        f"/cuenta/registros/{world.cast.entity.code}/", f"/escritorio/procesos/{world.draft.code}/",
        f"/cargas-masivas/archivos/{world.batch.code}/",
        f"/escritorio/equipo/invitaciones/{world.invite.code}/retirar/",
        f"/escritorio/cuenta/perfiles/{world.profile.code}/", f"/escritorio/cuenta/grupos/{world.circle.code}/",
        f"/escritorio/equipo/{world.cast.person('rita').code}/", f"/api/v1/accounts/{world.cast.entity.code}/people",
    ]  # fmt: skip

    assert {path: client.get(path).status_code for path in own} == dict.fromkeys(own, 200)
    assert world.invite.expires_at > world.invite.invited_at + timedelta(days=1)
