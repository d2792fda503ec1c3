"""Scene 5: from the publication, stage by stage, as the law of the method has them, to the one that receives offers.

Nothing here is of one method: what is done in a stage follows from its kind and from the acts of its milestones.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from pliego.demo.play.buying import attach
from pliego.demo.play.founding import supplier
from pliego.demo.play.person import Person, patiently
from pliego.demo.play.site import Json
from pliego.demo.play.world import World
from pliego.kernel.calendar import calendar
from pliego.methods.law import Stage

MOST_LISTED = 2  # as the section of the list says: see buying.CONDITIONS
TERMS = frozenset({"ask", "limit", "express", "apply"})


def stages(world: World) -> None:
    """Each stage that an act opens, until offers are received, or until nothing follows."""
    while True:
        stage = world.law.stage(world.now["stage"])
        if world.law.reached_by("ask", stage):
            _question(world)
        if world.law.reached_by("limit", stage):
            _limitation(world)
        DONE.get(stage.kind, _nothing)(world, stage)
        if stage.is_bidding and _hearings(world, stage):
            _evaluators(world)
        following = _following(world, stage)
        if stage.is_bidding or following is None:
            break
        _open(world, stage, following)
    if world.law.amendments and stage.is_bidding:
        _amendment(world, stage)


def _due(world: World) -> dict[str, datetime]:
    return {code: datetime.fromisoformat(at) for code, at in world.now["milestones"].items()}


def _wait_for(world: World, stage: Stage, acts: frozenset[str]) -> None:
    """Let those milestones of the stage pass."""
    due = _due(world)
    dates = [due[code] for code in stage.milestones if code in due and world.law.milestone(code).act in acts]
    if dates:
        world.stage.wait_until(max(dates))


# ---- what is done in a stage -----------------------------------------------------------------------------------------


def _nothing(world: World, stage: Stage) -> None:
    """Its term passes, or offers come."""


def _question(world: World) -> None:
    question = {"text": "¿Los computadores deben traer sistema operativo instalado?"}
    path = f"{world.path}/enquiries"
    number = world.carla.do(_("Makes an observation"), "POST", path, question)["number"]
    answer = {"answer": "Sí, con licencia perpetua."}
    world.ana.do(_("Answers the observation"), "POST", f"{path}/{number}/answer", answer)


def _limitation(world: World) -> None:
    """Those who will offer ask that only small firms may: with enough of them the next act declares it."""
    path = f"{world.path}/limitation-requests"
    for name in world.bidders:
        asked = {"scope": "national", "declares": True}
        world.people[name].do(_("Asks to limit the process to Mipymes"), "POST", path, asked)


def _hearings(world: World, stage: Stage) -> list[str]:
    return [code for code in stage.milestones if world.law.milestone(code).is_hearing]


def _evaluators(world: World) -> None:
    """Where there is a hearing there is a committee too: it is appointed, and declares before anybody offers."""
    ana, on = world.ana, calendar.day_of(world.stage.now()).isoformat()
    body = {
        "act_number": "Resolución 118",
        "act_on": on,
        "evaluators": [{"person": ana.code, "role": "president"}, {"person": world.beto.code, "role": "legal"}],
    }
    world.beto.sign(_("Appoints who evaluates"), "POST", f"{world.path}/panel", body)
    declare(world)


def declare(world: World) -> None:
    """Each of those appointed; nobody, where nobody was."""
    names = {member["name"] for member in world.ana.get(f"{world.path}/panel")["members"]}
    for who in (world.ana, world.beto):
        if who.full_name in names:
            words = _("Declares to have no conflict of interest")
            who.sign(words, "POST", f"{world.path}/panel/declarations", {"has_conflict": False})


def _convene(world: World, code: str) -> int:
    body = {"occasion": code, "place": "Sala de juntas", "how": "Puede intervenir quien se registre."}
    number = world.ana.do(_("Calls everybody to the hearing"), "POST", f"{world.path}/hearings", body)["number"]
    return int(number)


def _hold(world: World, number: int) -> None:
    ana, carla, path = world.ana, world.carla, f"{world.path}/hearings/{number}"
    ana.do(_("Begins the hearing"), "POST", f"{path}/begin", {})
    carla.do(_("Registers her attendance"), "POST", f"{path}/attend", {})
    question = {"text": "¿Quién asume el riesgo cambiario?", "is_question": True}
    asked = carla.do(_("Asks in the hearing"), "POST", f"{path}/interventions", question)["number"]
    answer = {"answer": "El contratista, como dice la matriz."}
    ana.do(_("Answers in the hearing"), "POST", f"{path}/interventions/{asked}/answer", answer)
    minutes = {"development": "Se leyó la matriz de riesgos y se oyó a los asistentes.", "decisions": "No hay cambios."}
    ana.sign(_("Signs the minutes and closes the hearing"), "POST", f"{path}/close", minutes)


def _interest(world: World, stage: Stage) -> None:
    """Those who offer, and so many more that chance must decide, where the method foresees it."""
    interested = [world.people[name] for name in world.bidders]
    if world.law.draw:
        interested += _crowd(world, world.law.draw.more_than + 1 - len(interested))
    for who in interested:
        who.do(_("Expresses interest"), "POST", f"{world.path}/interests", {})


def _crowd(world: World, how_many: int) -> list[Person]:
    for number in range(1, how_many + 1):
        name = f"interesado{number}"
        world.people[name] = Person(world.stage, name, f"Interesado {number} de Práctica").register()
        supplier(world, name, f"Interesados {number}")
    return [world.people[f"interesado{number}"] for number in range(1, how_many + 1)]


def _draw(world: World, stage: Stage) -> None:
    _wait_for(world, stage, frozenset({"draw"}))
    _chance(world)


def _chance(world: World) -> None:
    """Two of those who stay will offer. The seed is there when the log has been signed after the announcement."""
    words, path = _("Holds the draw"), f"{world.path}/draw"
    staying = patiently(lambda: world.ana.do(words, "POST", path, {}), "no_seed_yet")["staying"]
    by_account = {who.account: name for name, who in world.people.items()}
    world.bidders = [by_account[account] for account in staying if account in by_account][:2]


def _prequalification(world: World, stage: Stage) -> None:
    """One more applies than may be on the list, so that chance decides in the hearing."""
    ana, path = world.ana, world.path
    applying = [*(world.people[name] for name in world.bidders), *_crowd(world, MOST_LISTED + 1 - len(world.bidders))]
    for who in applying:
        papers = [who.upload(f"Experiencia de {who.full_name}", "bid_document")]
        body: Json = {"statement": "Cumplimos los requisitos.", "uploads": papers}
        who.do(_("Asks to be on the list"), "POST", f"{path}/candidacies", body)
    _wait_for(world, stage, frozenset({"apply"}))
    for row in ana.get(f"{path}/candidacies"):
        words = _("Judges the application of %(name)s") % {"name": row["supplier_name"]}
        ana.do(words, "PUT", f"{path}/candidacies/{row['number']}", {"is_listed": True})
    _wait_for(world, stage, frozenset({"report"}))
    ana.do(_("Publishes the report of the prequalification"), "POST", f"{path}/prequalification/report", {})
    _wait_for(world, stage, frozenset({"list"}))
    ana.do(_("Announces the draw for the list"), "POST", f"{path}/prequalification/draw", {})
    _chance(world)
    world.beto.sign(_("Makes the list in its hearing"), "POST", f"{path}/prequalification/list", {})


DONE: dict[str, Callable[[World, Stage], None]] = {
    "interest": _interest,
    "draw": _draw,
    "prequalification": _prequalification,
}


# ---- from one stage to the next --------------------------------------------------------------------------------------


def _following(world: World, stage: Stage) -> Stage | None:
    """By the draw, where there is one to hold; never by the end that the process has when it fails."""
    open_now = [s for s in world.law.stages_to_open(stage.code) if s.ends != "cancelled"]
    return next((s for s in open_now if s.kind == "draw"), open_now[0] if open_now else None)


def _open(world: World, stage: Stage, following: Stage) -> None:
    """The act of one person that another one publishes, with the documents that the method wants in it."""
    _wait_for(world, stage, TERMS)
    _wait_for(world, following, frozenset({"advance"}))
    entry = world.law.reached_by("advance", following)
    body = {"reason": f"Comienza la etapa: {following.title.es}", "stage": following.code}
    words = {"stage": following.title}
    world.ana.do(_("Writes the act that opens “%(stage)s”") % words, "POST", f"{world.path}/amendments", body)
    if entry:
        _bring(world, entry.code)
    _declare_limitation(world)
    path = f"{world.path}/amendments/draft/publish"
    world.beto.sign(_("Approves the act: “%(stage)s” begins") % words, "POST", path, {})


def _declare_limitation(world: World) -> None:
    """The act declares the limitation that suppliers obtained, once."""
    if world.law.mipyme_limitation is None:
        return
    content = world.ana.get(f"{world.path}/sections/mipyme")["content"]
    term_ended = world.stage.now() >= _due(world)[world.law.mipyme_limitation.requested_until]
    if term_ended and content.get("limited") in {"", "no"}:
        told = world.ana.get(f"{world.path}/limitation-outcome")
        if told["is_enough"]:
            said = {"content": {"limited": "national", "basis": told["sentence"]}}
            world.ana.do(_("Declares the limitation to Mipymes"), "PUT", f"{world.path}/sections/mipyme", said)


def _bring(world: World, moment: str) -> None:
    for document in world.law.documents:
        if document.moment == moment and document.is_required and not document.generated:
            attach(world, document.code, "amendments/draft/documents")


def _amendment(world: World, stage: Stage) -> None:
    """With the minutes of the hearings that were held before it."""
    hearings = _hearings(world, stage)
    convened = [_convene(world, code) for code in hearings]
    _wait_for(world, stage, frozenset({"hold"}))
    for number in convened:
        _hold(world, number)
    later = _due(world)["bids_due"] + timedelta(minutes=15)
    body = {"reason": "Se amplía el plazo para presentar ofertas", "milestones": {"bids_due": later.isoformat()}}
    path = f"{world.path}/amendments"
    world.ana.do(_("Writes an amendment that moves the deadline"), "POST", path, body)
    for code in hearings:
        _bring(world, code)
    world.beto.sign(_("Approves and publishes the amendment"), "POST", f"{path}/draft/publish", {})
