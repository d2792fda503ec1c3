"""A process of any method in browsers, from a line of the annual plan to where offers are received.

One script for all methods, as `pliego.demo.play` has it: whether there is a step, and what is done in it, is asked of
the law of the method, and from section to section it goes where the site leads.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from playwright.sync_api import expect

from pliego.codelists.words import fold
from pliego.conditions.contents import CONDITIONS
from pliego.demo.cast import FIRMS
from pliego.demo.play import buying, founding, staging
from pliego.demo.play.person import Person
from pliego.demo.play.person import Stage as Part
from pliego.demo.play.world import World as Played
from pliego.kernel.calendar import BOGOTA, calendar
from pliego.methods import catalogue
from pliego.methods.law import Method, Stage
from tests.browser import walk_buying
from tests.browser.conftest import look
from tests.browser.walk import Walker, World

VALUE = "38.000.000"
PATIENCE = 90  # seconds, for what the signer of the log does a moment later
SUPPLIERS = {FIRMS[firm].founder: FIRMS[firm] for firm in ("paramo", "rioclaro")}
WRITTEN = {condition.path: condition.code for condition in CONDITIONS}
COPIED = ("guarantees", "risks", "criteria")


@dataclass
class Family(World):
    """The people of one process after another. `earlier` are those before, by how their offers are evaluated."""

    method: str = ""
    earlier: dict[str, str] = field(default_factory=dict)
    bidder: str = ""
    has_asked: bool = False
    crowd: list[str] = field(default_factory=list)  # the accounts of whoever else is interested
    guests: dict[str, Person] = field(default_factory=dict)  # the cast over the API, for what is not to be shown
    played: Played = field(init=False)
    standard: ClassVar[None] = None  # none of these processes is made with a standard document
    counts_each: ClassVar[bool] = True

    def begin(self, method: str) -> None:
        """A process of that method, in office hours, with a number of its own."""
        self.stage = Part(self.api, lambda _act: None)
        self.played = Played(self.stage, method, str, self.folder)
        self.method, self.tender, self.bidder, self.has_asked, self.jobs = method, "", "carla", False, {}
        self.stage.working_hours()

    @property
    def law(self) -> Method:
        return catalogue.get(self.method)

    @property
    def lots(self) -> dict[int, str]:
        """The value of each lot of the one process that is divided."""
        return {1: "30.000.000", 2: "8.000.000"} if self.method == "licitacion_obra_publica" else {}

    @property
    def room(self) -> str:
        return f"/escritorio/procesos/{self.tender}/"

    @property
    def page(self) -> str:
        """What everybody sees."""
        return f"/procesos/{self.tender}/"

    @property
    def now(self) -> Any:
        return self.api.api("GET", f"/tenders/{self.tender}")

    @property
    def stage_now(self) -> Stage:
        return self.law.stage(self.now["stage"])

    def wait_for(self, stage: Stage, acts: frozenset[str]) -> None:
        """Let those milestones of the stage pass."""
        planned = self.now["milestones"]
        for code in stage.milestones:
            if code in planned and self.law.milestone(code).act in acts:
                self.stage.wait_until(self.milestone(code))


def take(who: Walker, path: str) -> Walker:
    """The link of the page that leads there: a page without it is a fault."""
    link = who.page.locator(f'main a[href$="{path}"]:visible').first
    expect(link, f"{who.page.url} leads to {path}").to_be_visible()
    who.world.passed(who.name, who.path)
    with who.page.expect_navigation():
        link.click()
    who.page.wait_for_load_state("load")
    return who.arrived()


# ---- the annual plan and the pliego ----------------------------------------------------------------------------------


def plan(world: Family) -> None:
    """Ana writes the line of this purchase in the plan of the year, and Beto publishes the version that has it."""
    ana, beto, now = world.ana, world.beto, world.stage.now().astimezone(BOGOTA)
    plan, bought = f"/escritorio/paa/{now.year}/", buying.bought(world)
    ana.go("/escritorio/paa/")
    if not ana.page.locator(f'main a[href$="{plan}"]').count():
        contact = {"contact_name": "Ana Mora", "contact_email": "ana@pliego.example", "contact_phone": "6080000000"}
        ana.on("/escritorio/paa/nuevo/", year=now.year, **contact)
    ana.on(
        f"{plan}lineas/nueva/",
        description=f"{bought['title']} {world.stage.number}",
        unspsc=bought["unspsc"],
        start_month=now.month,
        bids_month=now.month,
        duration=2,
        duration_unit="months",
        method=world.method,
        funding_source="own",
        total_amount=VALUE,
        budget_amount=VALUE,
        responsible_name="Ana Mora Prepara",
    )
    beto.signing(f"{plan}publicar/", reason=f"Compra {world.stage.number}")


def pliego(world: Family) -> None:
    """Ana takes the line, writes the sections to which the site leads her, and sends them; Beto publishes."""
    ana, beto = world.ana, world.beto
    ana.go("/escritorio/procesos/nuevo/")
    line = ana.page.locator('[name="plan_lines"] option', has_text=world.stage.number).get_attribute("value")
    title = f"{buying.bought(world)['title']} {world.stage.number}"
    ana.fill(title=title, reference=f"FA-{world.stage.number}", plan_lines=line).press()
    found = re.search(r"PLG\.EXP\.\d+", ana.page.url)
    assert found, ana.page.url
    world.tender = found[0]
    seen: list[str] = []
    while (section := ana.path.removeprefix(world.room)) != "enviar/":
        assert section not in seen, f"the site leads back to {section}: {ana.page.locator('main').inner_text()}"
        seen.append(section)
        SECTIONS.get(section, condition)(world)
    ana.press()
    beto.go("/escritorio/")
    take(beto, f"{world.room}publicar/").sign().press()
    world.earlier[world.law.evaluation.rule] = world.tender


def general(world: Family) -> None:
    ana, bought = world.ana, buying.bought(world)
    typed = {
        "description": bought["title"],
        "contract_type": bought["type"],
        "duration": 2,
        "duration_unit": "months",
        "delivery_municipality": "73001",
        "delivery_address": "Calle 1 # 2-34",
        "number": "CDP-2041",
        "amount": VALUE,
        "funding_source": "own",
    }
    expect(ana.page.locator('[name="value_amount"]')).to_have_value(re.compile(VALUE))  # the plan said it
    grounds = [causal.code for causal in world.law.causals]
    if grounds:
        typed["causal"] = buying.PROFESSIONAL if buying.PROFESSIONAL in grounds else grounds[0]
    ana.fill(**typed).press()


def schedule(world: Family) -> None:
    """As the site proposes it; where chance may decide who stays, with a day for it: what comes later moves alone."""
    ana, rule = world.ana, world.law.draw
    if rule is not None:
        before = world.law.milestones[[m.code for m in world.law.milestones].index(rule.held_at) - 1]
        due = datetime.strptime(ana.page.input_value(f'[name="{before.code}"]'), "%d/%m/%Y %H:%M")
        held = calendar.at(calendar.add(due.date(), 1), world.law.milestone(rule.held_at).proposed_time.hour)
        ana.fill(**{rule.held_at: f"{held:%d/%m/%Y %H:%M}"}).page.keyboard.press("Tab")
        expect(ana.page.locator("#movido li").first).to_be_visible()
    ana.press("Guardar y seguir")


def questionnaire(world: Family) -> None:
    """A requirement in the first envelope, and the prices in theirs, where the method has them."""
    ana, envelopes = world.ana, world.law.envelopes
    if world.lots:
        divided(world)
    priced = next((envelope.code for envelope in envelopes if envelope.holds in {"all", "price"}), "")
    place = (lambda code: {"envelope": code}) if len(envelopes) > 1 else (lambda code: {})
    ana.fill(**place(envelopes[0].code), kind="file", title="Certificado de experiencia", is_requirement=True).press()
    lines = walk_buying.ROWS.splitlines(keepends=True)
    listed = [({"lots": lot}, [line]) for lot, line in zip(world.lots, lines, strict=False)] or [({}, lines)]
    for of_lot, rows in listed if "information" not in world.law.kinds else ():
        ana.fill(**place(priced), **of_lot, kind="price_list", title="Lista de precios", text="".join(rows)).press()
        ana.sees("1 línea" if of_lot else "2 líneas")
    ana.follow("Seguir:")


def divided(world: Family) -> None:
    """The section of the lots, to which nothing leads: a process is divided only when the entity wants it."""
    lots = [{"number": number, "title": f"Grupo {number}", "value": value} for number, value in world.lots.items()]
    world.ana.go(f"{world.room}lotes/")
    world.ana.fill(**flat({"offered": "any", "lots": lots})).press("Guardar y seguir")
    world.ana.go(f"{world.room}cuestionario/")


def documents(world: Family) -> None:
    ana = world.ana
    places = ana.page.locator('main input[type=file][name^="falta_"]').evaluate_all("all => all.map(e => e.name)")
    ana.fill(**{place: world.paper(f"{place} {world.stage.number}") for place in places}).press()
    ana.follow("Seguir:")


def invitation(world: Family) -> None:
    world.ana.fill(supplier=SUPPLIERS["carla"].number).press()
    world.ana.follow("Seguir:")


def condition(world: Family) -> None:
    """A section of plain data: copied from an earlier process that has it, or written."""
    ana, code = world.ana, WRITTEN[world.ana.path.removeprefix(world.room)]
    source = world.earlier.get(world.law.evaluation.rule)
    if code in COPIED and source:
        return copied(world, source)
    told = buying.CONDITIONS.get(code) or buying.CRITERIA.get(world.law.evaluation.rule, buying.QUALITY)
    ana.fill(**flat(told)).press("Guardar y seguir")
    return None


def copied(world: Family, source: str) -> None:
    """What the other process says in those sections, and then on from where the site leads."""
    ana = world.ana
    ana.go(world.room)
    take(ana, f"{world.room}copiar/")
    with ana.page.expect_navigation():
        ana.fill(source=source).page.get_by_role("button", name="Ver qué se puede copiar").click()
    for box in ana.page.locator('main [name="parts"]').all():
        box.set_checked(box.get_attribute("value") in COPIED)
    ana.form = None
    ana.press()
    ana.go(f"{world.room}cronograma/")
    ana.press("Guardar y seguir")


def flat(content: dict[str, Any]) -> dict[str, Any]:
    """A content as its form names it: the rows of a table by their place."""
    found = {name: value for name, value in content.items() if not isinstance(value, list)}
    for name, rows in content.items():
        if isinstance(rows, list):
            for place, row in enumerate(rows):
                found |= {f"{name}-{place}-{column}": value for column, value in row.items()}
    return found


SECTIONS: dict[str, Callable[[Family], None]] = {
    "datos/": general,
    "cronograma/": schedule,
    "cuestionario/": questionnaire,
    "documentos/": documents,
    "invitados/": invitation,
}


# ---- from stage to stage ---------------------------------------------------------------------------------------------


def stages(world: Family) -> None:
    """Each stage that an act opens, until offers are received, or until nothing follows."""
    while True:
        stage = world.stage_now
        if world.law.reached_by("ask", stage) and not world.has_asked:
            question(world)
        DONE.get(stage.kind, lambda world, stage: None)(world, stage)
        open_now = [s for s in world.law.stages_to_open(stage.code) if s.ends != "cancelled"]
        if stage.is_bidding or not open_now:
            break
        opened(world, stage, next((s for s in open_now if s.kind == "draw"), open_now[0]))
    if world.law.amendments and stage.is_bidding:
        amendment(world, stage)


def question(world: Family) -> None:
    carla, ana = world.carla, world.ana
    carla.go(world.page)
    take(carla, f"{world.page}preguntar/").fill(text="¿Se acepta la entrega en dos partes?").press()
    ana.go(f"{world.room}observaciones/")
    ana.follow("Responder").fill(answer="Sí, la mitad a los quince días.").press()
    world.has_asked = True


def opened(world: Family, stage: Stage, following: Stage) -> None:
    """Ana writes the act with the documents that the method wants in it; Beto publishes it."""
    world.wait_for(stage, staging.TERMS)
    world.wait_for(following, frozenset({"advance"}))
    ana, entry = world.ana, world.law.reached_by("advance", following)
    ana.go(world.room)
    take(ana, f"{world.room}adenda/escribir/")
    ana.fill(reason=f"Comienza la etapa: {following.title.es}", stage=following.code).press()
    if entry:
        bring(world, entry.code)
    approve(world)
    assert world.now["stage"] == following.code


def bring(world: Family, moment: str) -> None:
    for document in world.law.documents:
        if document.moment == moment and document.is_required and not document.generated:
            paper = world.paper(f"{document.code} {world.stage.number}")
            take(world.ana, f"{world.room}adenda/documento/").fill(kind=document.code, content=paper).press()


def approve(world: Family, *shown: str) -> None:
    """Beto reads what it changes, before and after, and signs."""
    beto = world.beto
    beto.go(world.room)
    take(beto, f"{world.room}adenda/")
    for words in shown:
        beto.sees(words)
    if shown and world.pictures:
        look(beto.page, "adenda-antes-y-despues", world.pictures)
    beto.sign().press()


def amendment(world: Family, stage: Stage) -> None:
    """Where a hearing was held, its minutes; and a later end of the term."""
    hearings = [code for code in stage.milestones if world.law.milestone(code).is_hearing]
    if not hearings:
        return
    world.wait_for(stage, frozenset({"hold"}))
    before = world.milestone("bids_due").astimezone(BOGOTA)
    later = before + timedelta(minutes=15)
    ana = world.ana
    ana.go(world.room)
    take(ana, f"{world.room}adenda/escribir/")
    ana.fill(reason="Se amplía el plazo para ofertar", bids_due=f"{later:%d/%m/%Y %H:%M}").press()
    for code in hearings:
        bring(world, code)
    approve(world, f"{before:%H:%M}", f"{later:%H:%M}")
    assert world.milestone("bids_due") == later


def interest(world: Family, stage: Stage) -> None:
    """Two in their browsers, and so many more through the API that chance must decide, where the method foresees it."""
    for name in SUPPLIERS:
        who = getattr(world, name)
        who.go(world.page)
        take(who, f"{world.page}interes/").press()
        who.sees("Recibo")
    if world.law.draw:
        crowd(world, world.law.draw.more_than + 1 - len(SUPPLIERS))


def crowd(world: Family, how_many: int) -> None:
    """One person with so many firms."""
    who = world.played.people["otra"] = Person(world.stage, "otra", "Otra Persona de Práctica").register()
    for number in range(how_many):
        founding.supplier(world.played, "otra", f"Interesados {number}")
        world.crowd.append(who.account)
        who.call("POST", f"/tenders/{world.tender}/interests", {})


def draw(world: Family, stage: Stage) -> None:
    """Held as soon as the log has signed a head after the term: before that the page says why not, and to try again."""
    world.wait_for(stage, frozenset({"draw"}))
    ana, until = world.ana, time.monotonic() + PATIENCE
    ana.go(world.room)
    take(ana, f"{world.room}interesados/")
    take(ana, f"{world.room}sorteo/")
    while ana.path.endswith("sorteo/"):
        with ana.page.expect_navigation():
            ana.page.get_by_role("button", name="Realizar el sorteo").click()
        assert time.monotonic() < until, ana.page.locator("main").inner_text()
    staying = ana.page.locator("main tbody tr", has=ana.page.get_by_role("cell", name="Sí", exact=True))
    assert staying.count() == world.law.draw.stay_at_least
    world.bidder = next(n for n, firm in SUPPLIERS.items() if staying.filter(has_text=fold(firm.legal_name)).count())


def prequalification(world: Family, stage: Stage) -> None:
    """Both apply in their browsers; all that qualify fit on the list, so there is nothing to draw."""
    ana, beto = world.ana, world.beto
    for name in SUPPLIERS:
        who = getattr(world, name)
        who.go(world.page)
        take(who, f"{world.page}precalificacion/")
        who.fill(statement="Cumplimos los requisitos.", paper_1=world.paper(f"Experiencia de {name}")).press()
        who.sees("Recibo")
    world.wait_for(stage, frozenset({"apply"}))
    room = f"{world.room}precalificacion/"
    ana.go(world.room)
    take(ana, room)
    for number in range(1, len(SUPPLIERS) + 1):
        take(ana, f"{room}{number}/").fill(is_listed="yes").press()
    world.wait_for(stage, frozenset({"report"}))
    ana.go(room)
    take(ana, f"{room}informe/").press()
    world.wait_for(stage, frozenset({"list"}))
    beto.go(room)
    take(beto, f"{room}lista/").sign().press()


DONE: dict[str, Callable[[Family, Stage], None]] = {
    "interest": interest,
    "draw": draw,
    "prequalification": prequalification,
}


Step = Callable[[Family], None]
Steps = tuple[tuple[Step, Callable[[Method], bool]], ...]
STEPS: Steps = (
    (plan, lambda law: True),
    (pliego, lambda law: True),
    (stages, lambda law: "direct" not in law.kinds),
)
