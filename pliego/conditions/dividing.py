"""The lots of a process as the rooms above know them: for how many one may offer, and how each comes to its end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from pliego.conditions.models import Lot
from pliego.conditions.states import LOT
from pliego.kernel import clock
from pliego.kernel.objections import Unknown
from pliego.tendering.models import Tender


@dataclass(frozen=True)
class Division:
    """The lots for which offers may be, and how many of them one bidder may choose and be awarded."""

    lots: tuple[Lot, ...]
    least: int
    most: int
    most_awarded: int | None

    @property
    def numbers(self) -> list[int]:
        return [lot.number for lot in self.lots]


def division_of(tender: Tender) -> Division | None:
    """How the process is divided; None while it is one whole."""
    lots = tuple(lot for lot in tender.lots.all() if lot.state != "cancelled")
    if not lots:
        return None
    said: dict[str, Any] = tender.kept_section("lots")
    offered, count = said.get("offered", ""), len(lots)
    most = {"one": 1, "some": said.get("most_offered") or count}.get(offered, count)
    return Division(lots, count if offered == "all" else 1, min(most, count), said.get("most_awarded"))


def is_wrong(division: Division, chosen: Collection[int]) -> str:
    """What is wrong with a choice of lots, in a word; "" when nothing is."""
    return "too_few" if len(chosen) < division.least else "too_many" if len(chosen) > division.most else ""


def take_out(lot: Lot) -> None:
    """A lot that the section no longer has: forgotten in a draft, cancelled once everybody has read of it."""
    if lot.tender.is_public:
        LOT.fire(lot, "cancel", at=clock.now())
        lot.save(update_fields=["state"])
    else:
        lot.delete()


def _held(tender_id: int, number: int) -> Lot:
    lot = Lot.objects.select_for_update().filter(tender_id=tender_id, number=number).first()
    if lot is None:
        raise Unknown()
    return lot


@transaction.atomic
def mark_lot(*, tender_id: int, number: int, act: str, at: datetime) -> Lot:
    """Void or awarded: called by awards from inside its act; here only the table of states decides."""
    lot = _held(tender_id, number)
    LOT.fire(lot, act, at=at)
    lot.save(update_fields=["state"])
    return lot


@transaction.atomic
def mark_open_lots(*, tender_id: int, act: str, at: datetime) -> list[int]:
    """All that are still open: the whole process was declared void, cancelled or revoked. Repeating changes nothing."""
    numbers = list(Lot.objects.filter(tender_id=tender_id, state="open").values_list("number", flat=True))
    return [mark_lot(tender_id=tender_id, number=number, act=act, at=at).number for number in numbers]
