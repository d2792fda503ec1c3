"""From the offers to the award in browsers, as the law of the method has it: two openings, a tie, a price agreed.

The browser does each thing once. What is the same again, and what other members and bidders do, goes through the API.
"""

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pyrage
from playwright.sync_api import expect

from pliego.codelists.words import fold
from pliego.demo import keys
from pliego.demo.cast import BY_NAME
from pliego.demo.play import offering
from pliego.demo.play.person import Guest, Person
from pliego.kernel.calendar import BOGOTA
from pliego.methods.law import Method
from tests.browser import walk_offering
from tests.browser.walk import Walker
from tests.browser.walk_families import SUPPLIERS, Family, Steps, take

MINUTE = timedelta(minutes=1)
ALONE, OTHER, AGREED, RIVAL = "40", "36", "38", "20"  # points of the quality: ana, gloria, both; and of another offer
FIRST = "abrir/"  # the act of the first opening; those of the others end with their moment
NOBODY = "Revisados los documentos, ninguno de los dos acredita este factor."


def decides(law: Method) -> bool:
    """Whether the walk goes on to the award: the others end with the closing, or have nothing to compare."""
    return law.evaluation.rule in {"points", "quality_then_price"}


def opens_twice(law: Method) -> bool:
    return decides(law) and len(law.openings) > 1


def calls(law: Method) -> bool:
    return decides(law) and law.openings[-1].by_call


def reports_prices(law: Method) -> bool:
    return opens_twice(law) and not calls(law)


def ties(law: Method) -> bool:
    """Where chance says who offers: the one who stays in a browser has an equal among the others."""
    return decides(law) and law.draw is not None


# ---- the same people over the API ------------------------------------------------------------------------------------


def by_api(world: Family, name: str) -> Person:
    """Somebody of the cast, who enters by their link of the practice room."""
    known, full_name = world.guests, BY_NAME[name].full_name
    if name not in known:
        room = world.api.download("/demo/").decode()
        links = dict(re.findall(r'<h3>([^<]+)</h3>.*?action="([^"]+)"', room, re.DOTALL))
        known[name] = Guest(world.stage, full_name, links[full_name])
    known[name].stage = world.stage
    return known[name]


def evaluation_path(world: Family) -> str:
    return f"/tenders/{world.tender}/evaluation"


def shown_bid(world: Family) -> str:
    """The offer that was sealed in a browser, and is assessed in one."""
    name = fold(SUPPLIERS[world.bidder].legal_name)
    offers = by_api(world, "ana").get(evaluation_path(world))["offers"]
    return next(offer["bid"] for offer in offers if name in fold(offer["supplier_name"]))


# ---- offers and the closing ------------------------------------------------------------------------------------------


def offers(world: Family) -> None:
    """One who may, in their browser; in a process with lots two of them, each for those it wants."""
    prices = () if "information" in world.law.kinds else walk_offering.PRICES[world.bidder]
    with world.job("submit offer"):
        walk_offering.offer(world, getattr(world, world.bidder), prices, tuple(world.lots))
    if "information" in world.law.kinds:
        said = getattr(world, world.bidder).page.locator("main").inner_text()
        assert not re.search(r"\boferta", said, re.IGNORECASE), said
    if world.lots:
        with world.job("submit offer", "dario"):
            walk_offering.offer(world, world.dario, walk_offering.PRICES["dario"][:1], (1,))


def rivals(world: Family) -> None:
    """Somebody else offers: for as much, where there is to be a tie. And who will evaluate is appointed."""
    if not world.lots:
        who, prices = by_api(world, "dario"), walk_offering.PRICES["dario"]
        if ties(world.law):
            who, prices = world.played.people["otra"], walk_offering.PRICES[world.bidder]
            staying = world.api.api("GET", f"/tenders/{world.tender}/draw")["staying"]
            who.act_for(next(account for account in world.crowd if account in staying))
        world.played.tender = world.tender
        offering.offer(world.played, who, tuple(f"{price}.00" for price in prices), ())
    act = {"act_number": "Resolución 118", "act_on": f"{world.stage.now().astimezone(BOGOTA):%Y-%m-%d}"}
    roles = (("ana", "president"), ("gloria", "technical"))
    members = [{"person": by_api(world, name).code, "role": role} for name, role in roles]
    by_api(world, "beto").sign("", "POST", f"/tenders/{world.tender}/panel", {**act, "evaluators": members})


def closing(world: Family) -> None:
    """The term passes; from then on nobody offers, and Ana writes the record."""
    ana = world.ana
    world.stage.wait_until(world.milestone("bids_due") + timedelta(seconds=30))
    ana.go(world.room)
    take(ana, f"{world.room}apertura/")
    if (close := ana.page.locator(f'main a[href$="{world.room}apertura/cerrar/"]')).count():  # else the worker did
        close.click()
        ana.press()


# ---- openings --------------------------------------------------------------------------------------------------------


def opening(world: Family) -> None:
    """The envelopes of the first moment; then the members of the committee know the bidders, and declare."""
    opened(world, world.law.openings[0].moment, FIRST)
    for name in ("ana", "gloria"):
        path = f"/tenders/{world.tender}/panel/declarations"
        by_api(world, name).sign("", "POST", path, {"has_conflict": False})


def opened(world: Family, moment: str, act: str) -> None:
    """Two members bring their keys, the custodian gives its halves, and Ana opens and signs the minutes."""
    ana, room = world.ana, f"{world.room}apertura/"
    world.stage.wait_until(world.milestone(moment) + MINUTE)
    with world.job("open envelopes", moment):
        for name in ("ana", "beto"):
            bring_key(world, name, room, is_shown=bool(world.lots) and act == FIRST)
        by_api(world, "ana").wait_for(f"/tenders/{world.tender}/room", lambda told: told["phase"] == "ready")
        ana.go(room)
        take(ana, f"{room}{act}").press()
        ana.go(room)
        take(ana, f"{room}acta/{moment}/").fill(note="Asistió la veeduría.").sign().press()


def bring_key(world: Family, name: str, room: str, *, is_shown: bool) -> None:
    """The key that the demo country made for them: its file, in their browser, where that is shown."""
    file = world.site.var / "demo" / "llaves" / f"{name}.age"
    if is_shown:
        who = getattr(world, name)
        who.key = file
        return walk_offering.give_shares(who, room, keys.PASSPHRASE)
    member = by_api(world, name)
    if member.key is None:
        clear = pyrage.passphrase.decrypt(file.read_bytes(), keys.PASSPHRASE).decode()
        member.key = pyrage.x25519.Identity.from_str(clear.split()[-1])
    world.played.tender = world.tender
    return offering.give_shares(world.played, member)


def hearing(world: Family) -> None:
    """Ana begins it at its hour and Carla comes; it is closed when all is decided."""
    ana, carla, path = world.ana, world.carla, f"/procesos/{world.tender}/audiencias/1/"
    told = {"occasion": world.law.openings[-1].moment, "place": "Sala de juntas", "how": "Puede asistir quien quiera."}
    by_api(world, "ana").call("POST", f"/tenders/{world.tender}/hearings", told)
    world.stage.wait_until(world.milestone(told["occasion"]))
    ana.go(path)
    take(ana, f"{path}comenzar/").press()
    carla.go(path)
    take(carla, f"{path}asistir/").press()


def second_opening(world: Family) -> None:
    """In the hearing the prices of those who comply; or that of the first of the order, whom the entity calls."""
    moment = world.law.openings[-1].moment
    if calls(world.law):
        desk(world, world.beto, "llamar/").sign().press()
    opened(world, moment, f"abrir/{moment}/")


# ---- the evaluation --------------------------------------------------------------------------------------------------


def desk(world: Family, who: Walker, page: str) -> Walker:
    """From the desk of the evaluation to one of its pages."""
    hub = f"{world.room}evaluacion/"
    if who.path != hub:
        who.go(hub)
    until = time.monotonic() + 60
    while not who.page.locator(f'main a[href$="{hub}{page}"]').count() and time.monotonic() < until:
        time.sleep(1)  # what was just done may wait for the worker
        who.page.reload()
    return take(who, f"{hub}{page}")


def mending(world: Family) -> None:
    """The bidder is asked for a document that they did not bring, and brings it in time."""
    ana, bidder, bid = world.ana, getattr(world, world.bidder), shown_bid(world)
    answering = f"/procesos/{world.tender}/requerimientos/1/"
    with world.job("ask"):
        desk(world, ana, f"ofertas/{bid}/requerir/")
        requirement = ana.page.locator('main [name="item"] option').nth(1).get_attribute("value")
        ana.fill(kind="mend", item=requirement, text="El certificado no dice las fechas: tráigalo completo.").press()
    bidder.go("/escritorio/")
    with world.job("answer"):
        take(bidder, answering)
        bidder.fill(text="Lo adjuntamos completo.", document=world.paper("Certificado completo")).press()
        ana.page.reload()
        desk(world, ana, "requerimientos/1/").fill(accepted="yes", reason="Tiene las fechas pedidas.").press()


def assessment(world: Family) -> None:
    """Ana assesses and scores one offer here, alone and then with what both agreed."""
    ana, bid = world.ana, shown_bid(world)
    told = by_api(world, "ana").get(evaluation_path(world))
    judged = [factor["number"] for factor in told["factors"] if factor["is_judged"]]
    for offer in told["offers"]:
        if offer["bid"] != bid:
            assess(world, offer["bid"], told["requirements"])
            points = AGREED if ties(world.law) else RIVAL
            score(world, offer["bid"], judged, {"ana": points, "gloria": points, "agreed": points})
    with world.job("evaluate and award"):
        desk(world, ana, f"ofertas/{bid}/")
        names = ana.page.locator("main [name^=item_]").evaluate_all("all => [...new Set(all.map(e => e.name))]")
        if ana.page.locator("main [name=explanation]").count():
            names_of_low: dict[str, Any] = {"explanation": "Precio explicado y sostenible."}
            ana.fill(**names_of_low)
        ana.fill(**dict.fromkeys(names, "yes")).press()
        desk(world, ana, f"ofertas/{bid}/puntajes/").fill(**{f"points_{n}": ALONE for n in judged}).press()
        score(world, bid, judged, {"gloria": OTHER})
        desk(world, ana, f"ofertas/{bid}/consenso/")
        ana.sees(OTHER)  # what the other member thought
        reasons = {f"reason_{n}": "La metodología no detalla los plazos." for n in judged}
        ana.fill(**{f"points_{n}": AGREED for n in judged}, **reasons).press()


def assess(world: Family, bid: str, requirements: list[dict[str, Any]]) -> None:
    findings = [{"item": asked["item"], "complies": True} for asked in requirements]
    body = {"findings": findings, "explanation": "Precio explicado y sostenible."}
    by_api(world, "ana").call("PUT", f"{evaluation_path(world)}/bids/{bid}", body)


def score(world: Family, bid: str, factors: list[int], given: dict[str, str]) -> None:
    """What each member gives alone, and what is then agreed."""
    for who, points in given.items():
        scores = {"scores": [{"factor": factor, "points": points} for factor in factors]}
        page, name = ("agreed-scores", "ana") if who == "agreed" else ("scores", who)
        by_api(world, name).call("PUT", f"{evaluation_path(world)}/bids/{bid}/{page}", scores)


def report(world: Family) -> None:
    """Published at its hour, and open to observations until the end of their term."""
    world.stage.wait_until(world.milestone("report_published"))
    with world.job("evaluate and award"):
        desk(world, world.ana, "informe/").sign().press()
    world.stage.wait_until(world.milestone("observations_due") + MINUTE)


def tie(world: Family) -> None:
    """Nobody has what the first rung favours; what the second one does is proved of one of them."""
    ana = world.ana
    with world.job("evaluate and award"):
        desk(world, ana, "desempate/")
        proof = "Certificado del contador: más de la mitad de la nómina son mujeres cabeza de familia."
        ana.page.locator("main summary", has_text="2. ").click()
        ana.fill(evidence_1=NOBODY, favoured_2=[shown_bid(world)], evidence_2=proof).press()
        ana.sees("empate")


def prices(world: Family) -> None:
    """The points of the prices that the hearing opened, and the hour that it gives to observe them."""
    with world.job("evaluate and award"):
        desk(world, world.ana, "precios/").sign().press()
    last = by_api(world, "ana").get(evaluation_path(world))["reports"][-1]
    world.stage.wait_until(datetime.fromisoformat(last["observations_due_at"]) + MINUTE)


def agreement(world: Family) -> None:
    told = {"value": "32.000.000", "minutes": "Se revisó que la oferta fuera coherente y consistente."}
    world.beto.page.reload()
    with world.job("evaluate and award"):
        desk(world, world.beto, "acuerdo/").fill(**told).sign().press()


# ---- the decision ----------------------------------------------------------------------------------------------------


def award(world: Family) -> None:
    """Beto, from his tasks: to the first of the order, or each lot to its own."""
    beto = world.beto
    world.stage.wait_until(world.milestone("award"))
    beto.go("/escritorio/")
    take(beto, f"{world.room}adjudicar/")
    with world.job("evaluate and award"):
        if world.lots:
            take(beto, f"{world.room}adjudicar/lotes/decidir/").sign().press()
        else:
            beto.fill(reason="Es la mejor oferta de las que cumplen lo pedido.").sign().press()
    winner = fold(SUPPLIERS[world.bidder].legal_name)
    assert winner in fold(beto.page.locator("main").inner_text())


def hearing_closed(world: Family) -> None:
    path = f"/procesos/{world.tender}/audiencias/1/"
    world.ana.go(path)
    told = {"development": "Se abrió el segundo sobre y se leyó el orden.", "decisions": "Se adjudican los dos lotes."}
    take(world.ana, f"{path}acta/").fill(**told).sign().press()


def decision(world: Family) -> None:
    """Where nobody competes, the process ends with the decision to contract."""
    beto = world.beto
    world.stage.wait_until(world.milestone("award"))
    beto.go(world.room)
    take(beto, f"{world.room}contratar/").fill(reason="Idoneidad y experiencia comprobadas.").sign().press()


def the_public(world: Family) -> None:
    """The page and the API say that it is over, and how."""
    state, word = next(end for has, end in ENDS if has(world.law))
    assert world.now["state"] == state
    stranger = world.stranger()
    stranger.go(world.page)
    expect(stranger.page.locator("main strong", has_text=word).first).to_be_visible()
    doors = ("preguntar/", "interes/", "precalificacion/")
    assert not stranger.page.locator(", ".join(f'main a[href$="{world.page}{door}"]' for door in doors)).count()


ENDS: tuple[tuple[Callable[[Method], bool], tuple[str, str]], ...] = (
    (lambda law: "information" in law.kinds, ("closed", "Cerrada")),
    (decides, ("awarded", "Adjudicado")),
    (lambda law: law.has_bidding, ("closed", "En evaluación")),
    (lambda law: "direct" in law.kinds, ("awarded", "Adjudicado")),
    (lambda law: True, ("finished", "Terminado")),
)
STEPS: Steps = (
    (offers, lambda law: law.has_bidding),
    (rivals, decides),
    (closing, lambda law: law.has_bidding),
    (opening, decides),
    (mending, ties),
    (assessment, decides),
    (report, decides),
    (tie, ties),
    (hearing, reports_prices),
    (second_opening, opens_twice),
    (prices, reports_prices),
    (agreement, calls),
    (award, decides),
    (hearing_closed, reports_prices),
    (decision, lambda law: "direct" in law.kinds),
    (the_public, lambda law: True),
)
