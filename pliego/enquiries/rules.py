"""Until when the pliego may be observed."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.dates import instant
from pliego.kernel.objections import Objection


def observations_due(tender: Any) -> datetime | None:
    """When the observations of the present stage end."""
    asked = tender.rulebook.reached_by("ask", tender.stage_now)
    return tender.due_at(asked.code) if asked else None


def enquiries_are_over(tender: Any, at: datetime) -> Objection | None:
    """A term is half-open: an observation is on time while it is before the instant of the milestone."""
    due = observations_due(tender)
    if due is None:
        return Objection("no_enquiries", _("This process does not receive observations now."))
    if at >= due:
        return Objection("too_late", _("Observations were received until %(due)s.") % {"due": instant(due)})
    return None
