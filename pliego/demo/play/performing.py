"""Scenes 10 to 12: the contract, its payment and its end, and what anybody can then see and verify."""

import re
import time
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from pliego.demo.play.buying import milestone
from pliego.demo.play.person import WORKER_PATIENCE
from pliego.demo.play.site import Json, PlayFailed
from pliego.demo.play.world import World
from pliego.kernel.calendar import BOGOTA, calendar

CONTRACT = re.compile(r"PLG\.CTO\.\d+")


def today(world: World) -> date:
    return world.stage.now().astimezone(BOGOTA).date()


def next_working_day(world: World) -> None:
    world.stage.wait_until(calendar.at(calendar.add(today(world), 1), 9))


def _named(tasks: list[Json]) -> str:
    found = (CONTRACT.search(f"{task['url']} {task['subject']}") for task in tasks)
    return next((match[0] for match in found if match), "")


def contract(world: World) -> None:
    """Drafted by the platform from the award; completed by ana, accepted by the supplier, signed by beto, insured."""
    ana, beto, carla = world.ana, world.beto, world.carla
    world.contract = _named(ana.wait_for("/tasks", lambda tasks: bool(_named(tasks))))
    path = f"/contracts/{world.contract}"
    covers = ["performance"] if world.has_bidding else []
    body: Json = {"number": f"CTO-{world.stage.number}", "covers": covers, "payment_terms": "Dos pagos iguales."}
    ana.do(_("Completes the contract"), "PATCH", path, body)
    ana.do(_("Sends the contract to the supplier"), "POST", f"{path}/send", {})
    carla.sign(_("Accepts the contract"), "POST", f"{path}/accept", {})
    world.stage.wait_until(milestone(world, "contract_signed"))
    value = ana.get(path)["value_amount"]
    money = {"budget_commitment": "RP-3310", "budget_commitment_amount": str(value)}
    beto.sign(_("Signs the contract"), "POST", f"{path}/sign", money)
    for cover in covers:
        _guarantee(world, path, cover, Decimal(value))
    start = {"supervisor": world.gloria.code, "starts_on": today(world).isoformat()}
    beto.do(_("Approves the start and names the supervisor"), "POST", f"{path}/start", start)


def _guarantee(world: World, path: str, cover: str, value: Decimal) -> None:
    starts = today(world)
    body = {
        "cover": cover,
        "policy_number": f"POL-{world.stage.number}",
        "insurer": "Aseguradora de Práctica",
        "amount": str((value / 10).quantize(Decimal("0.01"))),
        "starts_on": starts.isoformat(),
        "ends_on": (starts + timedelta(days=540)).isoformat(),
        "upload": world.carla.upload(f"Póliza {world.stage.number}", "guarantee"),
    }
    sent = world.carla.do(_("Delivers the guarantee"), "POST", f"{path}/guarantees", body)
    number = sent["guarantee"]["number"]
    world.beto.do(_("Approves the guarantee"), "POST", f"{path}/guarantees/{number}/approve", {})


def payment(world: World) -> None:
    """Two instalments; the first invoice is returned once; then the settlement and the end of the file."""
    ana, gloria = world.ana, world.gloria
    path = f"/contracts/{world.contract}"
    value = Decimal(ana.get(path)["value_amount"])
    half = (value / 2).quantize(Decimal("0.01"))
    parts = [{"title": "Primer pago", "amount": str(half)}, {"title": "Segundo pago", "amount": str(value - half)}]
    ana.do(_("Fixes the payment plan"), "PUT", f"{path}/payment-plan", {"installments": parts})
    next_working_day(world)
    returned = _invoice(world, 1, "FE-1", half)
    reason = {"reason": "La factura no nombra el acta de entrega."}
    gloria.do(_("Returns the invoice with its reason"), "POST", f"/invoices/{returned}/return", reason)
    for number, amount in ((1, half), (2, value - half)):
        _paid(world, _invoice(world, number, f"FE-{number + 1}", amount))
        next_working_day(world)
    done = {"completed_on": today(world).isoformat()}
    gloria.do(_("Receives everything and ends the performance"), "POST", f"{path}/complete", done)
    if ana.get(path)["has_settlement"]:
        _settlement(world, path)
    world.beto.do(_("Closes the file"), "POST", f"{path}/close", {})
    ana.wait_for(world.path, lambda tender: tender["state"] == "finished")


def _invoice(world: World, installment: int, number: str, amount: Decimal) -> str:
    body = {
        "number": number,
        "issued_on": today(world).isoformat(),
        "amount": str(amount),
        "installment_number": installment,
        "upload": world.carla.upload(f"Factura {number} {world.stage.number}", "invoice"),
    }
    sent: Json = world.carla.do(
        _("Sends the invoice %(number)s") % {"number": number}, "POST", f"/contracts/{world.contract}/invoices", body
    )
    return str(sent["invoice"]["code"])


def _paid(world: World, invoice: str) -> None:
    world.gloria.do(_("Approves the invoice"), "POST", f"/invoices/{invoice}/approve", {})
    proof = world.hugo.upload(f"Comprobante {invoice}", "payment_proof")
    paid = {"paid_on": today(world).isoformat(), "proof": proof}
    world.hugo.do(_("Marks the invoice as paid"), "POST", f"/invoices/{invoice}/pay", paid)


def _settlement(world: World, path: str) -> None:
    words = {"statement": "Las partes se declaran a paz y salvo por todo concepto."}
    world.ana.do(_("Prepares the settlement"), "PUT", f"{path}/settlement", words)
    world.beto.sign(_("Signs the settlement"), "POST", f"{path}/settlement/sign", {})
    world.carla.sign(_("Accepts the settlement"), "POST", f"{path}/settlement/accept", {})


def the_public(world: World) -> None:
    """Somebody without an account reads the page, and takes a receipt and the whole file home."""
    site = world.stage.site
    site.download(f"/procesos/{world.tender}/")
    world.stage.told(_("Anybody"), _("Reads the public page of the process"), {})
    world.folder.mkdir(parents=True, exist_ok=True)
    world.receipt_path = world.folder / f"{world.stage.public_receipt}.json"
    world.receipt_path.write_bytes(_when_logged(world, f"/recibos/{world.stage.public_receipt}.json"))
    world.stage.told(_("Anybody"), _("Downloads the receipt %(code)s") % {"code": world.stage.public_receipt}, {})
    world.zip_path = world.folder / f"{world.tender}.zip"
    world.zip_path.write_bytes(_when_logged(world, f"/procesos/{world.tender}/expediente.zip"))
    world.stage.told(_("Anybody"), _("Downloads the whole file"), {})


def _when_logged(world: World, path: str) -> bytes:
    """A file that exists once the log's signer has signed over it."""
    limit = time.monotonic() + WORKER_PATIENCE
    while True:
        try:
            return world.stage.site.download(path)
        except PlayFailed:
            if time.monotonic() > limit:
                raise
            time.sleep(1)
