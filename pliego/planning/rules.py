"""What a plan and its lines must say before anybody else reads them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection

PLAN_LAW = "Decreto 1082 de 2015, art. 2.2.1.1.1.4.1"
LINE_LAW = "Decreto 1082 de 2015, art. 2.2.1.1.1.4.2"


def plan_has_no_lines(plan: Any, at: datetime) -> Objection | None:
    if plan.lines.standing().exists():
        return None
    return Objection("plan_is_empty", _("The plan has no lines. Add what the entity will buy."), "lines", PLAN_LAW)


def lines_are_incomplete(plan: Any, at: datetime) -> Iterator[Objection]:
    """Every incomplete line is told at once."""
    for line in plan.lines.standing():
        missing = [str(words) for words in missing_of(line)]
        if missing:
            sentence = _("Line %(number)s lacks: %(missing)s.") % {
                "number": line.number,
                "missing": ", ".join(missing),
            }
            yield Objection("line_incomplete", sentence, f"line_{line.number}", LINE_LAW)


def missing_of(line: Any) -> Iterator[Any]:
    """What the law asks of a line (a need without a solution has neither method nor money yet)."""
    if not line.unspsc:
        yield _("the UNSPSC code")
    if not line.description.strip():
        yield _("the description")
    if line.kind != "acquisition":
        return
    needed = (
        (line.start_month, _("the month in which it starts")),
        (line.bids_month, _("the month in which offers are received")),
        (line.duration, _("the duration")),
        (line.method, _("the method")),
        (line.funding_source, _("the source of the money")),
        (line.total_amount, _("the total value")),
        (line.budget_amount, _("the value in this year's budget")),
    )
    yield from (words for value, words in needed if value in (None, ""))
