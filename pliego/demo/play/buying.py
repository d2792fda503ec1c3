"""Scenes 3 and 4: the annual plan, and the pliego of two people with all that the method asks for."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from pliego.demo.play.site import Json
from pliego.demo.play.world import World
from pliego.kernel.calendar import BOGOTA, calendar

VALUE = "38000000.00"
LINES = (
    {"description": "Computador portátil de 14 pulgadas", "quantity": "8", "unit": "unidad", "unspsc": "43211500"},
    {"description": "Monitor de 24 pulgadas", "quantity": "8", "unit": "unidad", "unspsc": "43211500"},
)
WORK_LINES = (
    {"description": "Placa huella en concreto", "quantity": "8", "unit": "tramo", "unspsc": "72141003"},
    {"description": "Cuneta en concreto", "quantity": "8", "unit": "tramo", "unspsc": "72141003"},
)
PRINTER: Json = {"description": "Impresora", "quantity": "2", "unit": "unidad", "unspsc": "43212100"}
LOT_VALUES = ("26000000.00", "8000000.00", "4000000.00")
GOODS: Json = {"title": "Compra de computadores", "unspsc": "43211500", "type": "goods"}
WORKS: Json = {"title": "Mejoramiento de la vía veredal", "unspsc": "72141000", "type": "works"}
SUPPORT: Json = {"title": "Apoyo profesional a la planeación", "unspsc": "80111600", "type": "professional"}
PROFESSIONAL = "servicios_profesionales"
COVER: Json = {"percent": "10", "months": 6}
RISK: Json = {
    "risk_class": "general", "source": "external", "stage": "performance", "risk_type": "economic",
    "description": "Sube el precio de los equipos", "consequence": "Mayores costos", "probability": 3, "impact": 3,
    "assigned_to": "contractor", "treatment": "Compra anticipada", "monitoring": "Cada mes",
}  # fmt: skip
QUALITY: Json = {"factors": [{"kind": "quality", "points": "100"}]}
BY_POINTS: Json = {
    "factors": [{"kind": "price", "points": "60"}, {"kind": "quality", "points": "40"}],
    "formula": "lowest",
}
# What is written in a section when the checklist of the process asks for it.
CONDITIONS: dict[str, Json] = {
    "guarantees": {"asked": "yes", "covers": [{"cover": "performance", **COVER}, {"cover": "offer", **COVER}]},
    "risks": {"risks": [RISK]},
    "shortlist": {"has_maximum": "yes", "maximum": 2},
    "auction": {
        "by": "total", "compares": "price", "margin_kind": "percent", "margin_percent": "1", "warning": 15,
        "minutes": 30, "window": 3, "extension": 3,
    },
}  # fmt: skip
CRITERIA = {"points": BY_POINTS}  # by the rule of the method


def bought(world: World) -> Json:
    """Goods where suppliers compete for them, works where a standard document is for them, the work of a person where
    somebody is contracted directly."""
    if world.standard:
        return WORKS
    return SUPPORT if "direct" in world.law.kinds else GOODS


def plan(world: World) -> None:
    ana, now = world.ana, world.stage.now().astimezone(BOGOTA)
    header = {
        "year": now.year,
        "contact_name": ana.full_name,
        "contact_email": ana.email,
        "contact_phone": "6080000000",
    }
    world.plan = ana.do(_("Opens the annual plan"), "POST", "/plans", header)["code"]
    for what in planned(world):
        ana.do(_("Writes a line of the plan"), "POST", f"/plans/{world.plan}/lines", _line(world, what))
    world.beto.sign(
        _("Publishes the annual plan"), "POST", f"/plans/{world.plan}/publish", {"reason": "Primera versión"}
    )


def planned(world: World) -> list[Json]:
    """What the plan has of the purchase: one line, or two for a process in lots, which comes from both."""
    whole = {"description": bought(world)["title"], "unspsc": [bought(world)["unspsc"]], "value": VALUE}
    if not world.lots:
        return [whole]
    printers = {"description": "Compra de impresoras", "unspsc": [PRINTER["unspsc"]], "value": LOT_VALUES[-1]}
    return [{**whole, "value": str(Decimal(VALUE) - Decimal(LOT_VALUES[-1]))}, printers]


def _line(world: World, what: Json) -> Json:
    ana, now = world.ana, world.stage.now().astimezone(BOGOTA)
    return {
        "description": what["description"],
        "unspsc": what["unspsc"],
        "start_month": now.month,
        "bids_month": now.month,
        "duration": 2,
        "duration_unit": "months",
        "method": world.method,
        "funding_source": "own",
        "total_amount": what["value"],
        "budget_amount": what["value"],
        "municipality": "73001",
        "responsible_name": ana.full_name,
        "responsible_phone": "6080000000",
        "responsible_email": ana.email,
    }


def pliego(world: World) -> None:
    ana, beto = world.ana, world.beto
    body = {
        "title": bought(world)["title"],
        "reference": f"PR-{world.stage.number}",
        "plan": world.plan,
        "plan_lines": list(range(1, len(planned(world)) + 1)),
    }
    if world.has_template:
        body["copy_from"] = _template(world)
    world.tender = ana.do(_("Opens the electronic file from what the plan says"), "POST", "/tenders", body)["code"]
    path = world.path
    ana.do(_("Completes the general information"), "PUT", f"{path}/general", _general(world))
    ana.do(_("Saves the shortest schedule that the law allows"), "PUT", f"{path}/schedule",
           {"milestones": _schedule(world)})  # fmt: skip
    budget = {"number": "CDP-2041", "amount": VALUE, "funding_source": "own"}
    ana.do(_("Records the budget certificate"), "PUT", f"{path}/budget", budget)
    if world.standard:
        _standard(world)
    if world.lots:
        _lots(world)
    if world.has_bidding:
        _questionnaire(world)
        _openers(world)
    if world.law.flags.invitations:
        for name in world.bidders if world.has_bidding else world.bidders[:1]:
            invited = {"supplier": world.people[name].account}
            ana.do(_("Invites the supplier"), "POST", f"{path}/invitations", invited)
    _conditions(world)
    if world.law.reached_by("visit"):
        _visit(world)
    _documents(world)
    ana.do(_("Sends the process for approval"), "POST", f"{path}/submit", {})
    beto.sign(_("Approves and publishes the process"), "POST", f"{path}/publish", {})


def _template(world: World) -> str:
    """The sections that such purchases repeat, in the file that another entity gave; answers the template's code."""
    sections = {**{code: CONDITIONS[code] for code in ("guarantees", "risks")}, "criteria": _criteria(world)}
    about = {"method": world.method, "method_version": world.law.version, "methods": [world.method]}
    file = {"format": "pliego-template/1", "name": "Suministro de equipos", **about, "sections": sections}
    made = world.beto.do(_("Brings the template of another entity"), "POST", "/templates/import", {"file": file})
    return str(made["code"])


def _standard(world: World) -> None:
    """The standard document that the process is made with: it fills what it fixes."""
    assert world.standard is not None
    said = {"standard": "yes", "standard_document": world.standard.key}
    content = {"covered": "no", "peace": "no", "ruling_t302": "no", **said}
    words = _("Chooses the standard document of the law")
    world.ana.do(words, "PUT", f"{world.path}/sections/agreements", {"content": content})


def _criteria(world: World) -> Json:
    return CRITERIA.get(world.law.evaluation.rule, QUALITY)


def _schedule(world: World) -> Json:
    """The proposal of the site; where chance may decide who stays, with a day for it and the rest a week later."""
    law, path = world.law, f"{world.path}/schedule/proposal"
    proposed: Json = world.ana.get(path)["milestones"]
    if law.draw is None:
        return proposed
    later: Json = world.ana.get(path, start=(world.stage.now() + timedelta(days=7)).isoformat())["milestones"]
    codes = [milestone.code for milestone in law.milestones]
    after = codes[codes.index(law.draw.held_at) + 1 :]
    before = datetime.fromisoformat(proposed[codes[codes.index(law.draw.held_at) - 1]])
    held = calendar.at(calendar.add(calendar.day_of(before), 1), law.milestone(law.draw.held_at).proposed_time.hour)
    return {**proposed, law.draw.held_at: held.isoformat(), **{code: later[code] for code in after if code in later}}


def _general(world: World) -> Json:
    grounds = [causal.code for causal in world.law.causals]
    body: Json = {
        "title": bought(world)["title"],
        "description": f"{bought(world)['title']} para la entidad de práctica",
        "unspsc_main": bought(world)["unspsc"],
        "contract_type": bought(world)["type"],
        "value_amount": VALUE,
        "duration": 2,
        "duration_unit": "months",
        "delivery_municipality": "73001",
        "delivery_address": "Calle 1 # 2-34",
    }
    return {**body, "causal": PROFESSIONAL if PROFESSIONAL in grounds else grounds[0]} if grounds else body


def _questionnaire(world: World) -> None:
    """A requirement in the first envelope, and the prices where the method has them."""
    ana, items, law = world.ana, f"{world.path}/items", world.law
    if world.standard:
        _lines_of_the_standard(world)
        return
    requirement: Json = {"envelope": law.envelopes[0].code, "kind": "file", "title": "Certificado de experiencia"}
    ana.do(_("Asks about the experience"), "POST", items, {**requirement, "is_requirement": True})
    if "information" in law.kinds:
        return
    priced = next(envelope.code for envelope in law.envelopes if envelope.holds in {"all", "price"})
    prices: Json = {"envelope": priced, "kind": "price_list", "title": "Lista de precios"}
    by_lot = [({**prices, "lots": [lot]}, [line]) for lot, line in zip(world.lots, (*LINES, PRINTER), strict=False)]
    for asked, lines in by_lot or [(prices, list(LINES))]:
        number = ana.do(_("Adds the price list"), "POST", items, asked)["number"]
        ana.do(_("Writes the lines of the list"), "PUT", f"{items}/{number}/price-lines", {"lines": lines})


def _lines_of_the_standard(world: World) -> None:
    """The questions are those of the document; the lines of its price list are the entity's."""
    asked = world.ana.get(f"{world.path}/sections/questionnaire")["content"]["items"]
    number = next(item["question"]["number"] for item in asked if item["question"]["kind"] == "price_list")
    lines = {"lines": list(WORK_LINES)}
    world.ana.do(_("Writes the lines of the list"), "PUT", f"{world.path}/items/{number}/price-lines", lines)


def _lots(world: World) -> None:
    """Three lots, for any of which one may offer."""
    lines = zip(world.lots, (*LINES, PRINTER), LOT_VALUES, strict=True)
    lots = [{"number": number, "title": line["description"], "value": value} for number, line, value in lines]
    body = {"content": {"lots": lots, "offered": "any"}}
    world.ana.do(_("Divides the process into lots"), "PUT", f"{world.path}/sections/lots", body)


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


def _missing(world: World) -> dict[str, list[Json]]:
    """What the checklist of the process objects to in each section."""
    sections = world.ana.get(f"{world.path}/checklist")["sections"]
    return {section["code"]: section["objections"] for section in sections if section["objections"]}


def _conditions(world: World) -> None:
    written = {**CONDITIONS, "criteria": _criteria(world)}
    if world.standard:
        written["guarantees"] = {"asked": "yes", "covers": _covers(world)}
    for code in _missing(world).keys() & written.keys():
        words = _("Writes the section %(section)s") % {"section": code}
        world.ana.do(words, "PUT", f"{world.path}/sections/{code}", {"content": written[code]})


def _covers(world: World) -> list[Json]:
    """The covers of the standard document as it fixes them, and the rest of each."""
    found = world.ana.get(f"{world.path}/sections/guarantees")["content"]["covers"]
    return [{**COVER, **{name: said for name, said in cover.items() if said}} for cover in found]


def _visit(world: World) -> None:
    """A visit to the place, which nobody must have made: before the last observations."""
    due = datetime.fromisoformat(world.now["milestones"]["enquiries_due"])
    content: Json = {
        "allowed": "yes",
        "held_at": (due - timedelta(hours=2)).isoformat(),
        "municipality": "73001",
        "meeting_point": "Portería de la alcaldía",
        "mandatory": "no",
        "contact": "Secretaría General, 608 000 0000",
    }
    world.ana.do(_("Writes the visit to the place"), "PUT", f"{world.path}/sections/visit", {"content": content})


def _documents(world: World) -> None:
    """What the method asks for, as its own checklist tells it."""
    for objection in _missing(world).get("documents", []):
        attach(world, objection["field"], "documents")


def attach(world: World, kind: str, place: str) -> None:
    """A document of that kind, in the pliego or in the act that is being written."""
    upload = world.ana.upload(f"{kind} {world.stage.number}", "tender_document")
    words = _("Attaches the document %(kind)s") % {"kind": kind}
    world.ana.do(words, "POST", f"{world.path}/{place}", {"upload": upload, "kind": kind})


def milestone(world: World, code: str) -> datetime:
    told: dict[str, Any] = world.stage.site.api("GET", world.path)["milestones"]
    return datetime.fromisoformat(told[code])
