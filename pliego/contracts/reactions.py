"""What this room does when others announce."""

from pliego.awards.events import AwardMade
from pliego.contracts import services
from pliego.kernel import clock
from pliego.kernel.actors import SYSTEM
from pliego.kernel.events import Announced, on


@on(AwardMade)
def draft_the_contract(announced: Announced) -> None:
    services.draft_contract(actor=SYSTEM, award_id=announced.subject_id, at=clock.now())
