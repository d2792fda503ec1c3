"""Scenes 6 and 7: offers sealed here, the closing, the opening with the members' keys, the report and the award."""

import io
import time
from datetime import timedelta

from django.utils.translation import gettext as _

from pliego.bidding import sealing
from pliego.demo import papers
from pliego.demo.play.buying import VALUE, milestone
from pliego.demo.play.person import Person
from pliego.demo.play.site import Json, PlayFailed
from pliego.demo.play.world import World

PRICES = {"carla": ("3200000.00", "900000.00"), "dario": ("2900000.00", "800000.00")}
CUSTODIAN_PATIENCE = 90  # seconds


def offers(world: World) -> None:
    for name in ("carla", "dario"):
        _offer(world, world.people[name], PRICES[name])


def _offer(world: World, who: Person, prices: tuple[str, ...]) -> None:
    """Seal an offer on this side, send its parts, and present its manifest. The site never has the key."""
    process = who.get(f"{world.path}/sealing")
    files = [item for item in process["items"] if item["kind"] == "file"]
    envelope = process["envelopes"][0]
    contents = sealing.Contents(
        prices={line["key"]: price for line, price in zip(process["price_lines"], prices, strict=True)},
        attachments=[
            sealing.Attachment(
                str(item["number"]), "experiencia.pdf", io.BytesIO(papers.pdf(f"Experiencia de {who.full_name}"))
            )
            for item in files
        ],
    )

    def put(digest: str, part: bytes) -> None:
        who.stage.site.send("PUT", f"/parts/{digest}", part, who.token)

    manifest = sealing.seal(process, who.account, {envelope: contents}, put, bundle="play")
    who.sign(_("Seals and presents their offer"), "POST", f"{world.path}/bids", {"manifest": manifest})


def opening_to_award(world: World) -> None:
    stage = world.stage
    stage.wait_until(milestone(world, "bids_due") + timedelta(seconds=30))
    world.ana.do(_("Writes the closing record"), "POST", f"{world.path}/close", {})
    stage.wait_until(milestone(world, "opening") + timedelta(minutes=1))
    for member in (world.ana, world.beto):
        _give_shares(world, member)
    _open(world)
    _evaluate(world)
    _award(world)


def _give_shares(world: World, member: Person) -> None:
    locks = member.get(f"{world.path}/locks")
    shares = [{"recipient": row["recipient"], "share": sealing.unwrap(row["lock"], member.key).hex()} for row in locks]
    member.do(_("Opens their locks with their key"), "POST", f"{world.path}/shares", {"shares": shares})


def _open(world: World) -> None:
    """Open as soon as the custodian, who looks at its own copy of the log, has given its halves."""
    limit = time.monotonic() + CUSTODIAN_PATIENCE
    while True:
        try:
            world.ana.do(_("Opens the offers and publishes the list"), "POST", f"{world.path}/open", {})
        except PlayFailed as fault:
            if fault.codes != {"waiting_for_custodian"} or time.monotonic() > limit:
                raise
            time.sleep(1)
        else:
            return


def _evaluate(world: World) -> None:
    """Dario's offer is the lowest and does not comply: the law awards the lowest that does."""
    ana, path = world.ana, f"{world.path}/evaluation"
    told = ana.wait_for(path)
    items = [requirement["item"] for requirement in told["requirements"]]
    for offer in told["offers"]:
        complies = offer["supplier"] != world.dario.account
        reason = "" if complies else "La experiencia certificada es menor que la pedida."
        findings = [{"item": item, "complies": complies, "reason": reason} for item in items]
        body: Json = {"findings": findings, "explanation": "Precio explicado y sostenible."}
        words = _("Evaluates the offer of %(name)s") % {"name": offer["supplier_name"]}
        ana.do(words, "PUT", f"{path}/bids/{offer['bid']}", body)
    world.stage.wait_until(milestone(world, "report_published"))
    ana.sign(_("Publishes the evaluation report"), "POST", f"{path}/report", {})
    text = {"text": "Pedimos revisar la experiencia que certificamos."}
    number = world.dario.do(_("Makes an observation to the report"), "POST", f"{path}/observations", text)["number"]
    answer = {"answer": "Revisada: la experiencia es de 10 meses y se pidieron 12."}
    ana.do(_("Answers the observation"), "POST", f"{path}/observations/{number}/answer", answer)


def _award(world: World) -> None:
    due = max(milestone(world, "award"), milestone(world, "observations_due") + timedelta(minutes=1))
    world.stage.wait_until(due)
    reason = {"reason": "Es la oferta de menor precio que cumple lo pedido."}
    world.beto.sign(_("Accepts the lowest offer that complies"), "POST", f"{world.path}/award", reason)


def direct_award(world: World) -> None:
    world.stage.wait_until(milestone(world, "award"))
    body = {"supplier": world.carla.account, "value": VALUE, "reason": "Idoneidad y experiencia comprobadas."}
    world.beto.sign(_("Decides to contract directly"), "POST", f"{world.path}/award-directly", body)
