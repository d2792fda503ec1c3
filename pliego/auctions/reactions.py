"""What auctions do when others announce."""

from pliego.auctions import services
from pliego.bidding.events import EnvelopesOpened
from pliego.kernel.events import Announced, on
from pliego.tendering.events import TenderCancelled, TenderRevoked, TenderSuspended
from pliego.tendering.models import Tender


@on(EnvelopesOpened)
def announce_the_auction(announced: Announced) -> None:
    tender = Tender.objects.get(pk=announced.subject_id)
    if "auction" in tender.rulebook.kinds:
        services.lay_out(tender_id=tender.pk, at=announced.at)


@on(TenderSuspended)
def stop_what_is_running(announced: Announced) -> None:
    services.stop_with_the_process(tender_id=announced.subject_id, reason=announced.data["reason"], at=announced.at)


@on(TenderCancelled, TenderRevoked)
def leave_it_without_effect(announced: Announced) -> None:
    services.void_auctions(tender_id=announced.subject_id, reason=announced.data["reason"], at=announced.at)
