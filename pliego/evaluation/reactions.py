"""What the evaluation does when others announce."""

from pliego.bidding.events import BidsOpened, EnvelopesOpened
from pliego.evaluation.services import start_evaluation, take_prices
from pliego.kernel.events import Announced, on


@on(BidsOpened)
def lay_out_the_evaluation(announced: Announced) -> None:
    start_evaluation(tender_id=announced.subject_id, at=announced.at)


@on(EnvelopesOpened)
def take_the_prices_that_were_sealed(announced: Announced) -> None:
    take_prices(tender_id=announced.subject_id, at=announced.at)
