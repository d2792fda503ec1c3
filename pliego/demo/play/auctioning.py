"""Scene 8: the auction. Each enters with their second factor; one signs with a key of their own, the other one anew."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from cryptography.hazmat.primitives.asymmetric import ec
from django.utils.translation import gettext as _

from pliego.auctions import signing
from pliego.auctions.rules import SETTLING
from pliego.demo.play.person import Person
from pliego.demo.play.site import Json
from pliego.demo.play.world import World

LOT = 0  # the process as a whole
ROUNDS = 2


def auction(world: World) -> None:
    """Those who comply improve the best price in turn; the first one has the last word."""
    path = f"{world.path}/auctions/{LOT}"
    told = world.ana.wait_for(path)
    first, second = (world.people[name] for name in world.bidders[:2])
    sign = _entered(world, first, path)
    second.sign(_("Enters the auction"), "POST", f"{path}/enter", {})
    world.stage.wait_until(datetime.fromisoformat(told["starts_at"]))
    for _round in range(ROUNDS):
        second.sign(_("Improves the best price"), "POST", f"{path}/bids", _bid(second, path))
        first.do(_("Improves it with the key of their entry"), "POST", f"{path}/bids", sign(_bid(first, path)))
    world.stage.wait_until(datetime.fromisoformat(world.ana.get(path)["ends_at"]) + SETTLING + timedelta(seconds=1))
    note = {"note": "La subasta se hizo sin novedades."}
    world.beto.sign(_("Signs the minutes of the auction"), "POST", f"{path}/record", note)


def _entered(world: World, who: Person, path: str) -> Callable[[Json], Json]:
    """A key made on this side, registered with the entry; answers what signs a bid with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    body = {"public_key": signing.exported(key.public_key())}
    who.step_up()
    session = who.do(_("Enters the auction with a key of their own"), "POST", f"{path}/enter", body)["session"]

    def sign(bid: Json) -> Json:
        amount = Decimal(bid["amount"])
        told = signing.message(tender=world.tender, lot=None, session=session, key=bid["key"], amount=amount, prices={})
        return {**bid, "session": session, "signature": signing.signed(key, told)}

    return sign


def _bid(who: Person, path: str) -> Json:
    """The price that goes first by the margin, as the site says it."""
    return {"key": secrets.token_hex(8), "amount": who.get(path)["own"]["to_reach"]}
