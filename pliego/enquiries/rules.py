"""Until when the pliego may be observed and must be answered, and what an observation may name."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.dates import instant
from pliego.kernel.objections import Objection
from pliego.tendering import sections
from pliego.tendering.rules import begins_with


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


def answers_due(tender: Any) -> datetime | None:
    """When the process moves on, so the last moment to answer: the next stage, or the end of the offers."""
    entries = [begins_with(tender, stage) for stage in tender.stages_to_open]
    dues = [due for entry in entries if entry and (due := tender.due_at(entry.code))]
    return min(dues, default=None) or tender.due_at("bids_due") or tender.due_at("opening")


def reference_is_wrong(tender: Any, *, document: str, section: str) -> Iterator[Objection]:
    """An observation names what everybody can read: a public document of the process, a section that it has."""
    if document and not public_documents(tender).filter(document__code=document).exists():
        yield Objection("unknown_document", _("Choose a document of the process."), "document")
    if section and section not in {part.code for part in sections.of(tender)}:
        yield Objection("unknown_section", _("Choose a section of the pliego."), "section")


def public_documents(tender: Any) -> Any:
    """Those that are published: what an amendment in preparation brings is not, yet."""
    return tender.documents.exclude(amendment__state__in=["draft", "discarded"])
