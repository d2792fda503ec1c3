"""Accounts and the cast, made by the services of this room.

`cast()` gives everybody at once: ana, beto, elena, gloria, hugo of the entity; carla and dario of two suppliers; fabio
of nobody; ines of the service desk. Each is an Actor that has signed (practice signature); `.person(name)` is the User.
"""

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from pliego.accounts.models import User
from pliego.accounts.tests import given as people
from pliego.codelists.services import load_starter
from pliego.kernel import clock
from pliego.kernel.actors import Actor, Signature
from pliego.kernel.identifiers import check_digit
from pliego.parties import access, queries, rules, services
from pliego.parties import desk as service_desk
from pliego.parties.models import Account, Membership
from pliego.web.fields import Upload
from tests.furnishing import furnished

TEAM = {
    "beto": ["administrator", "approver"],
    "ana": ["preparer", "evaluator"],
    "elena": ["control"],
    "gloria": ["supervisor", "evaluator"],
    "hugo": ["treasurer"],
}


def nit(number: int | str) -> str:
    """A number with its check digit; those of 9999xxxxx belong to nobody."""
    return f"{number}-{check_digit(str(number))}"


def pdf(words: str = "documento de prueba") -> bytes:
    """The smallest real PDF that says something."""
    text = f"BT /F1 12 Tf 40 100 Td ({words.encode('ascii', 'replace').decode()}) Tj ET".encode()
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n" % len(text) + text + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, 2)
    for number, body in enumerate(bodies, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj" % number + body + b"endobj\n")
    start = out.tell()
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.write(b"xref\n0 6\n0000000000 65535 f \n" + table)
    out.write(b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def upload(name: str = "documento.pdf", content: bytes | None = None) -> Upload:
    return Upload(file=SimpleUploadedFile(name, content or pdf(name)))


def actor(user: User, account: Account | None = None, *, signed: bool = True) -> Actor:
    """The person acting for the account, having signed a moment ago."""
    signature = Signature("demo", clock.now(), {"practice": True}) if signed else None
    return queries.actor_for(user=user, account_id=account.pk if account else None, signature=signature)


def entity_data(**changes: object) -> rules.EntityData:
    """The form of an invented entity, complete."""
    told = {
        "nit": nit("999900001"),
        "legal_name": "Alcaldía de Valle Sereno",
        "short_name": "Valle Sereno",
        "kind": "state_entity",
        "order": "territorial",
        "branch": "executive",
        "sector": "public_service",
        "entity_type": "municipality",
        "municipality": "73001",
        "address": "Calle 1 # 2-34",
        "phone": "6080000000",
        "email": "contratacion@vallesereno.example",
        "notification_email": "avisos@vallesereno.example",
    }
    return rules.EntityData(**{**told, **changes})  # type: ignore[arg-type]


def papers(kind: str = "state_entity") -> dict[str, Upload]:
    return {paper.field: upload(f"{paper.field}.pdf") for paper in rules.papers_for(kind)}


@furnished
def requested_entity(founder: str = "beto", *, at: datetime | None = None, **changes: object) -> Account:
    """An entity whose activation the desk has not yet decided."""
    at = at or clock.now()
    load_starter()
    return services.register_entity(
        actor=actor(people.person(founder, at=at)), data=entity_data(**changes), papers=papers(), at=at
    )


@furnished
def entity(name: str = "Alcaldía de Valle Sereno", number: str = "999900001", *, at: datetime | None = None) -> Account:
    """An active entity with its team (TEAM). The same number gives the same entity."""
    at = at or clock.now()
    if found := Account.objects.filter(organization__number=number, is_buyer=True).first():
        return found
    account = requested_entity(at=at, nit=nit(number), legal_name=name)
    activated(account, at=at)
    for member, roles in TEAM.items():
        join(account, member, roles, by="beto", at=at)
    account.refresh_from_db()
    return account


def activated(account: Account, *, at: datetime) -> Account:
    """The account, checked whole and opened by the desk."""
    service_desk.review(actor=desk(at=at), account_id=account.pk, verdicts={}, rest_is_right=True, at=at)
    return service_desk.activate(actor=desk(at=at), account_id=account.pk, at=at)


def join(account: Account, name: str, roles: list[str], *, by: str, at: datetime | None = None) -> Membership:
    """The person in the account with exactly these roles, accepted by `by`."""
    at = at or clock.now()
    user, boss = people.person(name, at=at), actor(people.person(by, at=at), account)
    place = Membership.objects.filter(user=user, account=account).first()
    if place is None:
        place = access.request_access(actor=actor(user), account_id=account.pk, at=at)
    give = access.accept_access if place.state == "pending" else access.set_roles
    place = give(actor=boss, membership_id=place.pk, roles=roles, at=at)
    return confirmed(place, at=at)


def confirmed(place: Membership, *, at: datetime) -> Membership:
    """The place, its administration confirmed by a second person where it was proposed."""
    if appointment := place.appointments.filter(state="proposed").first():
        second = access.second_people(appointment, place).select_related("user").first()
        by = actor(second.user, place.account) if second else desk(at=at)
        access.confirm_administrator(actor=by, appointment_id=appointment.pk, at=at)
        place.refresh_from_db()
    return place


def supplier_data(name: str, number: str, **changes: object) -> rules.SupplierData:
    told = {
        "kind": "sas",
        "nit": nit(number),
        "legal_name": f"{name} SAS",
        "municipality": "11001",
        "phone": "6010000000",
        "notification_email": f"ofertas@{name.lower().replace(' ', '')}.example",
        "representative_name": f"{name} Representante",
        "representative_document_type": "CC",
        "representative_document_number": "1000000",
    }
    return rules.SupplierData(**{**told, **changes})  # type: ignore[arg-type]


NUMBERS = {"carla": "999910001", "dario": "999910002"}
FIRMS = {"carla": "Suministros del Páramo", "dario": "Comercial Río Claro"}


@furnished
def supplier(name: str = "carla", *, at: datetime | None = None) -> Account:
    """The active supplier account of that person, who represents it. The same name gives the same account."""
    at = at or clock.now()
    load_starter()
    number = NUMBERS.get(name) or str(999_920_000 + sum(ord(c) * 31**i for i, c in enumerate(name)) % 9_999)
    if found := Account.objects.filter(organization__number=number, is_supplier=True).first():
        return found
    firm = FIRMS.get(name, f"Empresa de {name.title()}")
    return services.register_supplier(actor=actor(people.person(name, at=at)), data=supplier_data(firm, number), at=at)


@furnished
def desk(name: str = "ines", *, at: datetime | None = None) -> Actor:
    """Somebody of the service desk."""
    user = people.person(name, at=at or clock.now())
    if "desk" not in user.platform_roles:
        user.platform_roles = [*user.platform_roles, "desk"]
        user.save(update_fields=["platform_roles"])
    return actor(user)


@dataclass(frozen=True)
class Cast:
    """Everybody of a small country, as actors that have signed."""

    entity: Account
    first_supplier: Account
    second_supplier: Account
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        found = vars(self).get("actors", {}).get(name)  # not yet there while it is put back from a pickle
        if found is None:
            raise AttributeError(name)
        return found

    @staticmethod
    def person(name: str) -> User:
        return User.objects.get(email=f"{name}@pliego.example")


@furnished
def cast(*, at: datetime | None = None) -> Cast:
    at = at or clock.now()
    buyer, first, second = entity(at=at), supplier("carla", at=at), supplier("dario", at=at)
    actors = {name: actor(people.person(name, at=at), buyer) for name in TEAM}
    actors["carla"] = actor(people.person("carla", at=at), first)
    actors["dario"] = actor(people.person("dario", at=at), second)
    actors["fabio"] = actor(people.person("fabio", second_factor=False, at=at))
    actors["ines"] = desk(at=at)
    return Cast(entity=buyer, first_supplier=first, second_supplier=second, actors=actors)
