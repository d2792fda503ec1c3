"""What stands against an act of the evaluation. Each rule takes the evaluation and the moment and changes nothing."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection


def report_is_published(evaluation: Any, at: datetime) -> Objection | None:
    """Nothing is assessed under a published report; it is reopened first, and a new report follows."""
    if evaluation.state == "assessing":
        return None
    return Objection("report_published", _("The report is published. Open the evaluation again to change it."))


def bids_are_not_assessed(evaluation: Any, at: datetime) -> Iterator[Objection]:
    """Every offer that still waits is told at once."""
    for assessment in evaluation.assessments.select_related("bid"):
        if assessment.complies is None:
            sentence = _("The offer %(code)s has not been assessed yet.") % {"code": assessment.bid.code}
            yield Objection("bid_not_assessed", sentence, assessment.bid.code)


def award_is_made(evaluation: Any, at: datetime) -> Objection | None:
    if evaluation.tender.state == "opened":
        return None
    return Objection("already_decided", _("The process has been decided: its evaluation cannot change."))
