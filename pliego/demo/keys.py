"""The keys of the demo country: the members' opening keys, kept as files that any age tool reads, and the custodian's.

The passphrase is printed with the links: these keys protect nothing but practice.
"""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import pyrage
from django.conf import settings

from pliego.bidding import services
from pliego.bidding.custodian import Custodian, write_whole
from pliego.kernel.actors import SYSTEM, Actor
from pliego.tendering.models import CustodianKey, OpeningKey

PASSPHRASE = "llave de práctica"  # noqa: S105 - it is printed, on purpose
CUSTODIAN_KEYS = 10


def folder() -> Path:
    return Path(settings.PLIEGO_VAR) / "demo" / "llaves"


def of_member(name: str, actor: Actor, at: datetime) -> Path:
    """The member's key file; the key is made and proved, as on the page, if they had none."""
    path = folder() / f"{name}.age"
    if OpeningKey.objects.filter(user_id=actor.user_id or 0, is_active=True).exists() and path.exists():
        return path
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    clear = f"# public key: {recipient}\n{identity}\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, pyrage.passphrase.encrypt(clear.encode(), PASSPHRASE))
    sealed, ticket = services.challenge(actor=actor, recipient=recipient)
    answer = pyrage.decrypt(sealed.encode(), [identity]).decode()
    services.register_opening_key(actor=actor, recipient=recipient, answer=answer, ticket=ticket, at=at)
    return path


def identity_of(name: str) -> Any:
    """The member's key, opened with the passphrase."""
    return _opened((folder() / f"{name}.age").read_bytes())


@lru_cache(maxsize=32)
def _opened(file: bytes) -> Any:
    """A passphrase takes more than a second to try, on purpose: once for each file is enough."""
    clear = pyrage.passphrase.decrypt(file, PASSPHRASE).decode()
    words = [word for word in clear.split() if word.startswith("AGE-SECRET-KEY-1")]
    return pyrage.x25519.Identity.from_str(words[0])


def custodian() -> Custodian:
    """The custodian of this installation, for its keys only: it is not asked to talk to anybody."""
    return Custodian(Path(settings.PLIEGO_CUSTODIAN_DIR), cast("Any", None), is_practice=True)


def announce_custodian(at: datetime) -> None:
    """Announce the first keys of the custodian, so that a process can be published before it has started."""
    if CustodianKey.objects.free().exists():
        return
    made, first = custodian(), CustodianKey.objects.count() + 1
    numbers = range(first, first + CUSTODIAN_KEYS)
    services.announce_custodian_keys(
        actor=SYSTEM, keys=[(number, str(made.identity(number).to_public())) for number in numbers], at=at
    )
