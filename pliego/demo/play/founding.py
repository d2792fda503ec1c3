"""Scenes 1 and 2: people register; an entity is activated by the service desk; suppliers register; a team gathers."""

from django.utils.translation import gettext as _

from pliego.demo.play.person import Guest, Person
from pliego.demo.play.site import Json
from pliego.demo.play.world import World, invented_nit

CAST = (
    ("ana", "Ana Mora Prepara"),
    ("beto", "Beto Rincón Aprueba"),
    ("carla", "Carla Vega Ofrece"),
    ("dario", "Darío Cruz Ofrece"),
    ("gloria", "Gloria Niño Supervisa"),
    ("hugo", "Hugo Leal Paga"),
)
TEAM = (
    ("ana", ["preparer", "evaluator"]),
    ("gloria", ["supervisor"]),
    ("hugo", ["treasurer"]),
)
TOWN = {
    "order": "territorial",
    "branch": "executive",
    "sector": "public_service",
    "entity_type": "municipality",
}
# The entity that the law names where only one may use a method.
AGENCY = {
    "order": "national",
    "branch": "executive",
    "sector": "planning",
    "entity_type": "central_purchasing_body",
}
PAPERS = ("structure_act", "appointment_act", "administrator_authorisation", "tax_register")


def people(world: World) -> None:
    world.stage.working_hours()
    for name, full_name in CAST:
        world.people[name] = Person(world.stage, name, full_name).register()


def accounts(world: World) -> None:
    _entity(world)
    supplier(world, "carla", "Suministros del Páramo")
    supplier(world, "dario", "Comercial Río Claro")
    _team(world)


def _entity(world: World) -> None:
    beto, number = world.beto, world.stage.number
    body: Json = {
        "nit": invented_nit(),
        "legal_name": f"{'Agencia de Compras' if world.law.only_for else 'Alcaldía'} de Práctica {number}",
        "short_name": f"Práctica {number}",
        "kind": "state_entity",
        **(AGENCY if world.law.only_for else TOWN),
        "municipality": "73001",
        "address": "Calle 1 # 2-34",
        "phone": "6080000000",
        "email": f"contratacion.{number}@pliego.example",
        "notification_email": f"avisos.{number}@pliego.example",
        "documents": {paper: beto.upload(f"{paper} {number}", paper) for paper in PAPERS},
    }
    asked = beto.do(_("Registers the entity and asks for its activation"), "POST", "/entities", body)
    world.entity = asked["code"]
    ines = Guest(world.stage, "Inés Roa Atiende", world.desk_link())
    ines.do(_("The service desk takes the request"), "POST", f"/accounts/{world.entity}/take", {})
    checked: Json = {"rest_is_right": True}
    ines.do(_("The service desk checks every item and document"), "POST", f"/accounts/{world.entity}/review", checked)
    ines.do(_("The service desk activates the entity"), "POST", f"/accounts/{world.entity}/activate", {})
    beto.act_for(world.entity)


def supplier(world: World, name: str, firm: str) -> None:
    who, number = world.people[name], world.stage.number
    body: Json = {
        "kind": "sas",
        "nit": invented_nit(),
        "legal_name": f"{firm} {number} SAS",
        "municipality": "11001",
        "phone": "6010000000",
        "email": who.email,
        "notification_email": who.email,
        "representative_name": who.full_name,
        "representative_document_type": "CC",
        "representative_document_number": "1000000",
    }
    who.act_for(who.do(_("Registers the supplier %(name)s") % {"name": firm}, "POST", "/suppliers", body)["code"])


def _team(world: World) -> None:
    people_of = f"/accounts/{world.entity}/people"
    beto = world.beto
    beto.do(
        _("Takes the role of authorising officer"),
        "POST",
        f"{people_of}/{beto.code}/roles",
        {"roles": ["administrator", "approver"]},
    )
    for name, roles in TEAM:
        who = world.people[name]
        who.do(_("Asks for access to the entity"), "POST", people_of, {"note": "Para el proceso de práctica"})
        beto.do(
            _("Accepts %(name)s with their roles") % {"name": who.full_name},
            "POST",
            f"{people_of}/{who.code}/accept",
            {"roles": roles},
        )
        who.act_for(world.entity)
