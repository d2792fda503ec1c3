"""What the evaluation does when others announce."""

from pliego.bidding.events import BidsOpened
from pliego.evaluation.services import start_evaluation
from pliego.kernel.events import Announced, on


@on(BidsOpened)
def lay_out_the_evaluation(announced: Announced) -> None:
    start_evaluation(tender_id=announced.subject_id, at=announced.at)
