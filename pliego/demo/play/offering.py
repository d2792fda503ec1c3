"""Scenes 6, 7 and 9: offers sealed here, the closing, the opening with the members' keys, the report, the award."""

import io
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from pliego.bidding import sealing
from pliego.bidding.bundles import for_the_lots
from pliego.demo import papers
from pliego.demo.play.buying import VALUE, milestone
from pliego.demo.play.person import Person, patiently
from pliego.demo.play.site import Json
from pliego.demo.play.staging import declare
from pliego.demo.play.world import World

PRICES = (("3200000.00", "900000.00"), ("2900000.00", "800000.00"))
SALE_PRICES = (("4000000.00", "900000.00"), ("4100000.00", "950000.00"))  # above the value of the process
CUSTODIAN_PATIENCE = 90  # seconds


CHOICES = ((1, 2), (1,))  # the lots for which each offers: nobody for the last one


def offers(world: World) -> None:
    priced = SALE_PRICES if world.law.evaluation.rule == "highest_bid" else PRICES
    for name, prices, lots in zip(world.bidders, priced, CHOICES, strict=True):
        offer(world, world.people[name], prices, lots if world.lots else ())


def offer(world: World, who: Person, prices: tuple[str, ...], lots: tuple[int, ...]) -> None:
    """Seal an offer on this side, send its parts, and present its manifest. The site never has the key."""
    process = for_the_lots(who.get(f"{world.path}/sealing"), lots)
    priced = dict(zip((line["key"] for line in process["price_lines"]), prices, strict=False))
    holds = {envelope.code: envelope.holds for envelope in world.law.envelopes}
    contents = {
        envelope: sealing.Contents(
            prices=priced if holds[envelope] in {"all", "price"} else {},
            attachments=[
                sealing.Attachment(
                    str(item["number"]), "experiencia.pdf", io.BytesIO(papers.pdf(f"Experiencia de {who.full_name}"))
                )
                for item in process["items"]
                if item["kind"] == "file" and item["required"] and item["envelope"] == envelope
            ],
            lots=lots,
        )
        for envelope in process["envelopes"]
    }

    def put(digest: str, part: bytes) -> None:
        who.stage.site.send("PUT", f"/parts/{digest}", part, who.token)

    manifest = sealing.seal(process, who.account, contents, put, bundle="play")
    who.sign(_("Seals and presents their offer"), "POST", f"{world.path}/bids", {"manifest": manifest})


def openings(world: World) -> None:
    """The closing record, and each moment of the method at which envelopes are opened, after the report that it asks
    for. What is only information ends here."""
    stage, law = world.stage, world.law
    stage.wait_until(milestone(world, "bids_due") + timedelta(seconds=30))
    world.ana.do(_("Writes the closing record"), "POST", f"{world.path}/close", {})
    for opening in law.openings:
        body: Json = {}
        if "report" in opening.after:
            _evaluate(world)
            stage.wait_until(milestone(world, "observations_due") + timedelta(minutes=1))
            body = {"bid": _call(world)} if opening.by_call else {}
        stage.wait_until(milestone(world, opening.moment) + timedelta(minutes=1))
        for member in (world.ana, world.beto):
            give_shares(world, member)
        _open(world, f"openings/{opening.moment}" if opening.after else "open", body)
        words = _("Signs the minutes of the opening")
        world.ana.sign(words, "POST", f"{world.path}/minutes", {"moment": opening.moment, **body})
        if not opening.after and law.panel:
            declare(world)  # again: the bidders are known
    if world.lots:
        _declare_void(world, world.lots[-1])
    if "information" in law.kinds:
        world.beto.sign(_("Ends the request for information"), "POST", f"{world.path}/conclude", {})


def _declare_void(world: World, lot: int) -> None:
    """The lot for which nobody offered; the others go on."""
    words = _("Declares the lot %(n)s void") % {"n": lot}
    reason = {"cause": "no_offers", "reason": "Vencido el plazo, ninguna oferta es por este lote."}
    world.beto.sign(words, "POST", f"{world.path}/lots/{lot}/desert", reason)


def give_shares(world: World, member: Person) -> None:
    locks = member.get(f"{world.path}/locks")
    shares = [{"recipient": row["recipient"], "share": sealing.unwrap(row["lock"], member.key).hex()} for row in locks]
    member.do(_("Opens their locks with their key"), "POST", f"{world.path}/shares", {"shares": shares})


def _open(world: World, path: str, body: Json) -> None:
    """Open as soon as the custodian, who looks at its own copy of the log, has given its halves."""
    words, path = _("Opens the offers and publishes the list"), f"{world.path}/{path}"
    patiently(lambda: world.ana.do(words, "POST", path, body), "waiting_for_custodian", CUSTODIAN_PATIENCE)


def _call(world: World) -> str:
    """The first of the order of eligibility."""
    ranking = world.ana.get(f"{world.path}/evaluation")["reports"][-1]["ranking"]
    bid = next(str(row["bid"]) for row in ranking if row["rank"] == 1)
    world.beto.sign(_("Calls the first of the order"), "POST", f"{world.path}/evaluation/calls", {"bid": bid})
    return bid


def _evaluate(world: World) -> None:
    """The last offer is the lowest and does not comply: the law awards the best that does. Where an auction follows,
    all comply and take part in it."""
    is_auctioned = "auction" in world.law.kinds
    ana, path, last = world.ana, f"{world.path}/evaluation", world.people[world.bidders[-1]]
    told = ana.wait_for(path)
    items = [requirement["item"] for requirement in told["requirements"]]
    complying = sorted({o["bid"] for o in told["offers"] if is_auctioned or o["supplier"] != last.account})
    for offer in told["offers"]:
        complies = offer["bid"] in complying
        reason = "" if complies else "La experiencia certificada es menor que la pedida."
        findings = [{"item": item, "complies": complies, "reason": reason} for item in items]
        body: Json = {"findings": findings, "explanation": "Precio explicado y sostenible."}
        words = _("Evaluates the offer of %(name)s") % {"name": offer["supplier_name"]}
        ana.do(words, "PUT", f"{path}/bids/{offer['bid']}", body)
    for bid in complying:
        _score(world, bid, told["factors"])
    if told["needs_rate"] and len(world.law.openings) == 1:
        _take_rate(world)
    world.stage.wait_until(milestone(world, "report_published"))
    ana.sign(_("Publishes the evaluation report"), "POST", f"{path}/report", {})
    text = {"text": "Pedimos revisar la experiencia que certificamos."}
    number = last.do(_("Makes an observation to the report"), "POST", f"{path}/observations", text)["number"]
    found = "cumple lo pedido" if is_auctioned else "es de 10 meses y se pidieron 12"
    answer = {"answer": f"Revisada: la experiencia {found}."}
    ana.do(_("Answers the observation"), "POST", f"{path}/observations/{number}/answer", answer)


def _score(world: World, bid: str, factors: list[Json]) -> None:
    """Each member alone gives points to what is judged, and then all agree on those and on the rest."""
    given = [_points(factor) for factor in factors if factor["kind"] != "price"]
    judged = [said for said in given if any(f["number"] == said["factor"] and f["is_judged"] for f in factors)]
    path = f"{world.path}/evaluation/bids/{bid}"
    names = {member["name"] for member in world.ana.get(f"{world.path}/panel")["members"]} or {world.ana.full_name}
    for who in (world.ana, world.beto) if judged else ():
        if who.full_name in names:
            who.do(_("Scores the offer, alone"), "PUT", f"{path}/scores", {"scores": judged})
    if given:
        world.ana.do(_("Writes the points that all agreed on"), "PUT", f"{path}/agreed-scores", {"scores": given})


def _points(factor: Json) -> Json:
    """All the points of the factor; of workers with a disability, as many as the law asks of such a staff."""
    if factor["kind"] == "disability":
        return {"factor": factor["number"], "staff": 40, "with_disability": 2}
    return {"factor": factor["number"], "points": factor["most"]}


def _take_rate(world: World) -> None:
    body = {"rate": "4012.25", "source": "TRM del día que dice el pliego"}
    path = f"{world.path}/evaluation/exchange-rate"
    world.ana.do(_("Writes the exchange rate that draws the formula"), "PUT", path, body)


def award(world: World) -> None:
    """To the best offer that complies; or directly, where nobody competes."""
    if not world.has_bidding:
        _award_directly(world)
        return
    law, beto = world.law, world.beto
    if not any("report" in opening.after for opening in law.openings):
        _evaluate(world)
    due = max(milestone(world, "award"), milestone(world, "observations_due") + timedelta(minutes=1))
    world.stage.wait_until(due)
    if law.evaluation.rule == "points" and len(law.openings) > 1:
        _report_prices(world)
    if any(opening.by_call for opening in law.openings):
        minutes = {"value": "32000000.00", "minutes": "Se revisó que la oferta fuera coherente y consistente."}
        path = f"{world.path}/evaluation/agreement"
        beto.sign(_("Agrees on the price with the first of the order"), "POST", path, minutes)
    if world.lots:
        lots = {"lots": [{"lot": number} for number in world.lots[:-1]]}
        beto.sign(_("Awards each lot to the first of its order"), "POST", f"{world.path}/award-lots", lots)
        return
    reason = {"reason": "Es la mejor oferta de las que cumplen lo pedido."}
    beto.sign(_("Accepts the best offer that complies"), "POST", f"{world.path}/award", reason)


def _report_prices(world: World) -> None:
    """In the hearing, once the prices are open; whoever wants observes them within the hour."""
    path = f"{world.path}/evaluation"
    if world.ana.get(path)["needs_rate"]:
        _take_rate(world)
    done = world.ana.sign(_("Publishes the evaluation of the prices"), "POST", f"{path}/price-report", {})
    world.stage.wait_until(datetime.fromisoformat(done["observations_due_at"]) + timedelta(minutes=1))


def _award_directly(world: World) -> None:
    world.stage.wait_until(milestone(world, "award"))
    body = {"supplier": world.carla.account, "value": VALUE, "reason": "Idoneidad y experiencia comprobadas."}
    world.beto.sign(_("Decides to contract directly"), "POST", f"{world.path}/award-directly", body)
