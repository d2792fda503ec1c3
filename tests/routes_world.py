"""The world that every route is asked about: one of each thing, in the state in which its acts belong."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from pliego.accounts.models import User
from pliego.accounts.tests import given as people
from pliego.auctions.tests import given as auctions
from pliego.authority import approving, library
from pliego.authority.rules import StepData
from pliego.authority.tests import given as authority
from pliego.awards.tests import given as awards
from pliego.bidding.tests import given as bids
from pliego.bidding.tests.test_reserves import opened_with_a_secret
from pliego.blueprints import services as blueprints
from pliego.blueprints.tests import given as templates
from pliego.breaches import services as breaching
from pliego.breaches.tests import given as breaches
from pliego.bulk import services as bulk
from pliego.consortia import services as consortia
from pliego.contracts.tests import given as contracts
from pliego.correspondence import services as messages
from pliego.enquiries import services as enquiries
from pliego.evaluation import asking
from pliego.evaluation.tests import given as evaluations
from pliego.execution.tests import given as payments
from pliego.hearings import services as held
from pliego.hearings.tests import given as hearings
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
from tests.routes import body_of

ROLES = ["anyone", "fabio", "carla", "vera", "ana", "beto", "elena", "gloria", "hugo", "mallory", "ines"]
# Which of the world's processes and contracts a route is asked about: the one in whose state the act belongs.
DRAFTING = (
    r"paa/|datos|equipo|cronograma|miembros|documentos|cuestionario|enviar|descartar|copiar|acuerdos|presupuesto"
    r"|variantes|visita|mipyme|pagos|garantias|riesgos|criterios-de-precio"
)
DRAFTING_API = (
    r"plan-lines|general|team|schedule|items|documents|budget|opening\b|submit|discard|checklist|openers|copy"
)
SPECIAL = r"procesos/<str:code>/(lotes|publicidad|criterios)/"
AMENDING = r"adenda|amendments"
RESUMING = r"reanudar|resum(e|ption)$"
INVITING = r"invitados|invitations|invited$"
APPROVING = r"^escritorio/procesos/<str:code>/(publicar|devolver)/|^api/v1/tenders/{code}/(publish|return)$"
EVALUATING = r"evaluacion|informe|evaluation|(award(-lots)?|desert)$|adjudicar|desierto"
CONTRACT_PARTS = r"contra(tos|cts)/[^/]*/(secciones|sections|anexos|annexes)"
PERFORMING = (
    r"contra(tos|cts)/.*(facturas|plan-de-pagos|liquidacion|terminar|entregas|invoice|payment-plan|settlement|comp"
    r"|execution-plan|receptions|deliveries)"
)
SITTING = r"evaluadores/|audiencias/|/panel|impediments|/hearings"
LISTING = r"procesos/<str:code>/lista/"
AUCTIONING = r"procesos/<str:code>/subasta/|/auctions"
AUCTION_TERMS = r"subasta/terminos/"
REQUESTING = r"requerimientos/|evaluation/requests"
RESERVING = r"/reserv(as|es)"
OPENED = r"apertura/(acta/)?<|tenders/{code}/(room|minutes)"
REPORTED = r"procesos/<str:code>/informe/"


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
        self.auctioned = tenders.empty_tender(at, buyer, method="subasta_inversa")
        self.sent = tenders.submitted_tender(at, buyer)
        tenders.amendment(self.tender, at)
        self.suspended = tenders.suspended_tender(at, buyer)
        self.evaluated = evaluations.evaluation(at).tender
        auctions.laid_over(self.evaluated, at)
        asked = {"bid": self.evaluated.bids.get().code, "kind": "clarify", "text": "¿Incluye el transporte?"}
        due = at + timedelta(days=90)
        asking.ask_bidder(actor=buyer.ana, tender_id=self.evaluated.pk, due=due, at=at, **asked)
        self.reported = evaluations.ready_to_award(at)
        self.kept, self.secret, _number = opened_with_a_secret(at)
        house = contracts.house(at)
        self.drafted, self.offered = (
            contracts.annexed(contracts.drafted(at, house), house, at),
            contracts.sent(at, house),
        )
        self.accepted = contracts.accepted(at, house)
        self.several = contracts.loaded(house, awards.direct_tender(at), at)
        self.contract = contracts.submitted_guarantee(contracts.signed_contract(at, house), house, at).contract
        self.invoice = payments.sent_invoice(contracts.running(at, house), house, at)
        payments.followed(self.invoice.contract, house, at)
        self.modified, self.asked = contracts.running(at, house), contracts.running(at, house)
        contracts.drafted_modification(house, self.modified, at, "general")
        contracts.sent_modification(house, self.asked, at, "assignment")
        self.mandates = mandates_of(buyer, self.plan, at)
        self.visited = self._visited(buyer, carla, at)
        self.breach = breaches.cited(at, house)
        due = at + timedelta(days=3)
        told = {"contract_id": self.breach.contract_id, "text": "Entregue", "due_at": due, "at": at}
        breaching.demand_compliance(actor=house.gloria, **told)
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
        client.force_login(user, backend="pliego.accounts.sessions.Backend")
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
            (r"/incumplimientos/|/breaches|/compliance-calls", {"code": self.breach.contract.code, "number": 1}),
            (r"/incumplimientos/", {"path": "descargos"}),
            *self.mandates,
            (r"cuenta/historial/|/me/history/", {"code": "00000000-0000-4000-8000-000000000000"}),
            (r"price-lines|precios|^procesos/<str:code>/cuestionario/<int:number>/$", {"number": 2}),
            (
                r"procesos/<str:code>/contratos/|tenders/{code}/contract",
                {"code": self.several.tender.code, "load": self.several.code, "form": "csv"},
            ),
            (r"contract-loads/", {"code": self.several.code}),
            (CONTRACT_PARTS, {"code": self.drafted.code, "part": "performance", "path": "ejecucion", "number": 1}),
            (r"contra(tos|cts)/[^/]*/(documentos|papers)", {"code": self.offered.code}),
            (r"sections/|presencia/", {"code": self.draft.code, "part": "general"}),
            (r"evaluadores/<int|panel/{|recusals$", {"code": self.visited.code, "number": 2}),
            (SITTING, {"code": self.visited.code, "occasion": "visit", "path": "asistir", "form": "ics"}),
            (SITTING, {"number": 1, "intervention": 1, "attendance": 1}),
            (AUCTION_TERMS, {"code": self.auctioned.code}),
            (AUCTIONING, {"code": self.evaluated.code, "lot": 0, "path": "entrar", "training": 1}),
            (REQUESTING, {"code": self.evaluated.code}),
            (RESERVING, {"code": self.kept.code}),
            (OPENED, {"code": self.kept.code, "bid": self.secret.code, "moment": "opening", "name": "0000.age"}),
            (OPENED, {"recipient": self.secret.envelopes.first().recipient}),
            (REPORTED, {"code": self.reported.code}),
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
                r"contra(tos|cts)/.*modifica.*/(aceptar|asumir|rechazar|devolver|accept|take-over|reject|rework)",
                {"code": self.asked.code, "number": 1},
            ),
            (r"contra(tos|cts)/.*modifica(ciones|tions)/", {"code": self.modified.code, "number": 1}),
            (PERFORMING, {"code": self.invoice.contract.code, "invoice_code": self.invoice.code}),
            (r"contratos/|contracts/", {"code": self.contract.code, "invoice_code": self.invoice.code}),
            (r"^(api/v1/invoices|pagos)/", {"code": self.invoice.code}),
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
