"""Scenes 3 to 5: the annual plan, the pliego of two people, a question and an amendment."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from pliego.demo.play.site import Json
from pliego.demo.play.world import World
from pliego.kernel.calendar import BOGOTA

VALUE = "38000000.00"
LINES = (
    {"description": "Computador portátil de 14 pulgadas", "quantity": "8", "unit": "unidad", "unspsc": "43211500"},
    {"description": "Monitor de 24 pulgadas", "quantity": "8", "unit": "unidad", "unspsc": "43211500"},
)
TITLES = {"minima_cuantia": "Compra de computadores", "contratacion_directa": "Apoyo profesional a la planeación"}


def plan(world: World) -> None:
    ana, now = world.ana, world.stage.now().astimezone(BOGOTA)
    header = {
        "year": now.year,
        "contact_name": ana.full_name,
        "contact_email": ana.email,
        "contact_phone": "6080000000",
    }
    world.plan = ana.do(_("Opens the annual plan"), "POST", "/plans", header)["code"]
    line: Json = {
        "description": TITLES[world.method],
        "unspsc": ["43211500"] if world.has_bidding else ["80111600"],
        "start_month": now.month,
        "bids_month": now.month,
        "duration": 2,
        "duration_unit": "months",
        "method": world.method,
        "funding_source": "own",
        "total_amount": VALUE,
        "budget_amount": VALUE,
        "municipality": "73001",
        "responsible_name": ana.full_name,
        "responsible_phone": "6080000000",
        "responsible_email": ana.email,
    }
    ana.do(_("Writes a line of the plan"), "POST", f"/plans/{world.plan}/lines", line)
    world.beto.sign(
        _("Publishes the annual plan"), "POST", f"/plans/{world.plan}/publish", {"reason": "Primera versión"}
    )


def pliego(world: World) -> None:
    ana, beto = world.ana, world.beto
    body = {
        "title": TITLES[world.method],
        "reference": f"PR-{world.stage.number}",
        "plan": world.plan,
        "plan_line": 1,
    }
    world.tender = ana.do(_("Opens the electronic file from the line of the plan"), "POST", "/tenders", body)["code"]
    path = world.path
    ana.do(_("Completes the general information"), "PUT", f"{path}/general", _general(world))
    proposal = ana.get(f"{path}/schedule/proposal")
    ana.do(_("Saves the shortest schedule that the law allows"), "PUT", f"{path}/schedule",
           {"milestones": proposal["milestones"]})  # fmt: skip
    budget = {"number": "CDP-2041", "amount": VALUE, "funding_source": "own"}
    ana.do(_("Records the budget certificate"), "PUT", f"{path}/budget", budget)
    if world.has_bidding:
        _questionnaire(world)
        _openers(world)
    else:
        invited = {"supplier": world.carla.account}
        ana.do(_("Invites the supplier"), "POST", f"{path}/invitations", invited)
    _documents(world)
    ana.do(_("Sends the process for approval"), "POST", f"{path}/submit", {})
    beto.sign(_("Approves and publishes the process"), "POST", f"{path}/publish", {})


def _general(world: World) -> Json:
    body: Json = {
        "title": TITLES[world.method],
        "description": f"{TITLES[world.method]} para la entidad de práctica",
        "unspsc_main": "43211500" if world.has_bidding else "80111600",
        "contract_type": "goods" if world.has_bidding else "professional",
        "value_amount": VALUE,
        "duration": 2,
        "duration_unit": "months",
        "delivery_municipality": "73001",
        "delivery_address": "Calle 1 # 2-34",
    }
    return body if world.has_bidding else {**body, "causal": "servicios_profesionales"}


def _questionnaire(world: World) -> None:
    ana, items = world.ana, f"{world.path}/items"
    envelope = ana.get(world.path)["envelopes"][0]
    requirement: Json = {"envelope": envelope, "kind": "file", "title": "Certificado de experiencia"}
    prices: Json = {"envelope": envelope, "kind": "price_list", "title": "Lista de precios"}
    ana.do(_("Asks about the experience"), "POST", items, {**requirement, "is_requirement": True})
    number = ana.do(_("Adds the price list"), "POST", items, prices)["number"]
    ana.do(_("Writes the lines of the list"), "PUT", f"{items}/{number}/price-lines", {"lines": list(LINES)})


def _openers(world: World) -> None:
    ana, beto = world.ana, world.beto
    ana.make_opening_key()
    beto.make_opening_key()
    found = ana.get(f"{world.path}/openers")["people"]
    escrow = [person for person in found if person["capacity"] == "escrow" and person["has_key"]][:1]
    members = [
        {"person": ana.code, "capacity": "preparer"},
        {"person": beto.code, "capacity": "authorising_officer"},
        *({"person": person["code"], "capacity": "escrow"} for person in escrow),
    ]
    words = _("Fixes who opens the offers: 2 of %(n)s") % {"n": len(members)}
    ana.do(words, "PUT", f"{world.path}/opening", {"threshold": 2, "members": members})


def _documents(world: World) -> None:
    """What the method asks for, as its own checklist tells it."""
    ana = world.ana
    sections = ana.get(f"{world.path}/checklist")["sections"]
    missing = next(section for section in sections if section["code"] == "documents")["objections"]
    for objection in missing:
        kind = objection["field"]
        upload = ana.upload(f"{kind} {world.stage.number}", "tender_document")
        ana.do(
            _("Attaches the document %(kind)s") % {"kind": kind},
            "POST",
            f"{world.path}/documents",
            {"upload": upload, "kind": kind},
        )


def question_and_amendment(world: World) -> None:
    ana, path = world.ana, world.path
    question = {"text": "¿Los computadores deben traer sistema operativo instalado?"}
    number = world.carla.do(_("Makes an observation"), "POST", f"{path}/enquiries", question)["number"]
    answer = {"answer": "Sí, con licencia perpetua."}
    ana.do(_("Answers the observation"), "POST", f"{path}/enquiries/{number}/answer", answer)
    later = milestone(world, "bids_due") + timedelta(minutes=15)
    amendment = {"reason": "Se amplía el plazo para presentar ofertas", "milestones": {"bids_due": later.isoformat()}}
    ana.do(_("Writes an amendment that moves the deadline"), "POST", f"{path}/amendments", amendment)
    world.beto.sign(_("Approves and publishes the amendment"), "POST", f"{path}/amendments/draft/publish", {})


def milestone(world: World, code: str) -> datetime:
    told: dict[str, Any] = world.stage.site.api("GET", world.path)["milestones"]
    return datetime.fromisoformat(told[code])
