"""What this room does when others announce."""

from pliego.conditions import dividing
from pliego.kernel.events import Announced, on
from pliego.tendering.events import TenderCancelled, TenderRevoked


@on(TenderCancelled, TenderRevoked)
def cancel_the_lots(announced: Announced) -> None:
    dividing.mark_open_lots(tender_id=announced.subject_id, act="cancel", at=announced.at)
