"""The closing record of a reinforced process: which outside witnesses of the log have cosigned a head that holds it.

Guarantees: only the witnesses that the publication named count, each once. The custodian judges the same by itself,
from the log that it rebuilds (`custodian.py`); this is what the room says, and what stops the members meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from pliego.bidding.models import Closing
from pliego.kernel.objections import Objection
from pliego.ledger import witnessing


@dataclass(frozen=True)
class Signed:
    """A witness of the process, and when its first signature over the closing record came."""

    institution: str
    name: str
    at: datetime | None


def of_closing(tender: Any) -> list[Signed]:
    """Each witness of a reinforced process that is closed; none otherwise."""
    named = tender.reinforced_with.get("witnesses", []) if tender.is_reinforced else []
    closing = Closing.objects.filter(tender=tender).select_related("entry").first() if named else None
    if closing is None:
        return []
    found = witnessing.holding(closing.entry.index, [each["vkey"] for each in named])
    signed = {cosignature.witness.vkey: cosignature.received_at for cosignature in found}
    return [Signed(each["institution"], each["name"], signed.get(each["vkey"])) for each in named]


def is_missing(tender: Any) -> Iterator[Objection]:
    """Nothing is opened before enough of them have signed."""
    needed = tender.reinforced_with.get("needed", 0)
    rows = of_closing(tender)
    signed = [row.institution for row in rows if row.at is not None]
    if not rows or len(signed) >= needed:
        return
    told = {"needed": needed, "signed": len(signed), "names": ", ".join(signed) or _("nobody yet")}
    sentence = _("Waiting for witnesses: %(signed)s of %(needed)s have signed the closing record (%(names)s).")
    yield Objection("waiting_for_witnesses", sentence % told)
