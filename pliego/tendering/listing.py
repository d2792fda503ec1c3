"""What can stand against an act of a prequalification: applying, judging, reporting, making the list."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.dates import instant
from pliego.kernel.objections import Objection

Found = Iterator[Objection]


def applying_is_over(tender: Any, at: datetime) -> Objection | None:
    """A term is half-open: an application is on time while it is before the instant of its milestone."""
    last = tender.rulebook.reached_by("apply", tender.stage_now)
    due = tender.due_at(last.code) if last else None
    if tender.stage_now.kind != "prequalification" or due is None:
        return Objection("no_prequalification", _("This process does not receive applications now."))
    if at >= due:
        return Objection("too_late", _("Applications were received until %(due)s.") % {"due": instant(due)})
    return None


def candidacies_are_not_judged_now(tender: Any, at: datetime) -> Found:
    """They are judged once the term to apply is over, and until the list is public."""
    last = tender.rulebook.reached_by("apply", tender.stage_now)
    due = tender.due_at(last.code) if last else None
    if tender.stage_now.kind != "prequalification" or due is None:
        yield Objection("no_prequalification", _("This process has no applications to judge now."))
    elif at < due:
        yield Objection("too_early", _("Applications are received until %(due)s.") % {"due": instant(due)})
    elif tender.has_list:
        yield Objection("already_done", _("The list is public and does not change."))


def candidacies_wait(tender: Any) -> Found:
    for number in tender.candidacies.filter(is_listed=None).values_list("number", flat=True):
        sentence = _("Application %(number)s has no decision yet.") % {"number": number}
        yield Objection("candidacy_undecided", sentence, f"candidacy-{number}")


def prequalification_report_is_too_soon(tender: Any, at: datetime) -> Found:
    yield from candidacies_are_not_judged_now(tender, at)
    yield from candidacies_wait(tender)
    if tender.prequalification_acts.filter(kind="report").exists():
        yield Objection("already_done", _("The report of the prequalification is public."))


def list_is_too_soon(tender: Any, at: datetime) -> Found:
    """The list is made in its hearing, after the report, when everybody has a decision."""
    yield from candidacies_are_not_judged_now(tender, at)
    yield from candidacies_wait(tender)
    if not tender.prequalification_acts.filter(kind="report").exists():
        yield Objection("report_missing", _("Publish first the report of the prequalification."))
    hearing = tender.rulebook.reached_by("list", tender.stage_now)
    due = tender.due_at(hearing.code) if hearing else None
    if due is not None and at < due:
        yield Objection("too_early", _("The hearing is at %(due)s.") % {"due": instant(due)})
