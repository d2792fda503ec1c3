"""Every public act of a process becomes a release and a fresher search row."""

from importlib import import_module
from importlib.util import find_spec

from django.utils.translation import gettext_lazy as _

from pliego.execution import pages
from pliego.kernel.events import Announced, Event, on
from pliego.publication import services
from pliego.settlements.policy import POLICY as ENDINGS
from pliego.settlements.policy import Act as EndingAct

# The page of a contract leads its parties to the file as they see it.
FILE = _("The whole file (ZIP)")
pages.MORE.append(pages.Offer(ENDINGS, EndingAct.VIEW, FILE, "publication:own_contract_zip", kind="secondary"))

# The room of an act says what it adds; the acts that begin or end something say it themselves.
TAG_OF_ROOM = {
    "tendering": "tenderUpdate",
    "conditions": "tenderUpdate",
    "enquiries": "tenderUpdate",
    "bidding": "tenderUpdate",
    "evaluation": "tenderUpdate",
    "auctions": "tenderUpdate",
    "awards": "awardUpdate",
    "contracts": "contractUpdate",
    "execution": "implementationUpdate",
    "breaches": "implementationUpdate",
    "settlements": "implementationUpdate",
}
TAG_OF_ACT = {
    "tender.published": "tender",
    "tender.amended": "tenderAmendment",
    "tender.stage_opened": "tenderAmendment",
    "tender.corrected": "tenderAmendment",
    "tender.resumed": "tenderAmendment",
    "tender.cancelled": "tenderCancellation",
    "tender.revoked": "tenderCancellation",
    "award.made": "award",
    "award.deserted": "award",
    "award.lot_deserted": "award",
    "contract.signed": "contract",
    "modification.published": "contractAmendment",
    "contract.settled": "contractTermination",
    "contract.closed": "contractTermination",
    "settlement_resolution.firm": "contractTermination",
    "settlement_ruling.registered": "contractTermination",
}


def rooms_events() -> list[type[Event]]:
    """The public events of the rooms that make a process."""
    rooms = [f"pliego.{room}.events" for room in TAG_OF_ROOM]
    for name in rooms:
        if find_spec(name):
            import_module(name)
    return [event for event in Event.registry.values() if event.public and event.__module__ in rooms]


def tag_of(code: str) -> str:
    room = Event.registry[code].__module__.split(".")[1]
    return TAG_OF_ACT.get(code) or TAG_OF_ROOM[room]


@on(*rooms_events())
def publish_the_act(announced: Announced) -> None:
    services.publish_act(file=announced.file, entry_id=announced.entry_id, tag=tag_of(announced.code), at=announced.at)
