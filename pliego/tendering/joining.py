"""What stands against taking part in a stage: interest, the draw, the list of a prequalification, late invitations."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.dates import instant
from pliego.kernel.objections import Objection
from pliego.methods.law import Stage
from pliego.tendering import listing

Found = Iterator[Objection]


def interest_does_not_allow(tender: Any, stage: Stage) -> Found:
    """Nobody offers where nobody is interested; chance decides only where it must, and before the offers."""
    rule, kind = tender.rulebook.draw, tender.stage_now.kind
    if kind not in {"interest", "draw"}:
        return
    many = tender.interests.count()
    is_drawn = kind == "draw" and hasattr(tender, "draw")
    if not many and stage.kind == "offers":
        yield Objection("nobody_interested", _("Nobody expressed interest: the process cannot go on."))
    if rule is None:
        return
    is_foreseen = tender.due_at(rule.held_at) is not None
    if stage.kind == "draw" and (many <= rule.more_than or not is_foreseen):
        sentence = _("There is a draw only when the schedule has one and more than %(n)s are interested.")
        yield Objection("no_draw", sentence % {"n": rule.more_than}, "stage", rule.legal_basis)
    if stage.kind == "offers" and many > rule.more_than and is_foreseen and not is_drawn:
        sentence = _("More than %(n)s are interested and the schedule has a draw: hold it first.")
        yield Objection("draw_missing", sentence % {"n": rule.more_than}, "stage", rule.legal_basis)


def list_is_missing(tender: Any) -> Found:
    """A process goes on from its prequalification with the list of those who may offer, and with somebody on it."""
    if tender.stage_now.kind != "prequalification":
        return
    if not tender.has_list:
        yield Objection("list_missing", _("Publish first the list of those who may offer."))
    elif not tender.candidacies.filter(is_listed=True).exists():
        yield Objection("nobody_listed", _("Nobody is on the list: the process cannot go on."))


def interest_due(tender: Any) -> datetime | None:
    """The instant before which interest is expressed, when the stage that runs has one."""
    expressed = tender.rulebook.reached_by("express", tender.stage_now)
    return tender.due_at(expressed.code) if expressed else None


def interest_is_over(tender: Any, at: datetime) -> Objection | None:
    """A term is half-open: interest is on time while it is before the instant of its milestone."""
    due = interest_due(tender)
    if tender.stage_now.kind != "interest" or due is None:
        return Objection("no_interest", _("This process does not receive expressions of interest now."))
    if at >= due:
        return Objection("too_late", _("Interest was expressed until %(due)s.") % {"due": instant(due)})
    return None


def invitation_is_late(tender: Any, at: datetime, field: str = "") -> Found:
    """More suppliers are invited to a public process only while they can still offer or apply in its stage."""
    stage = tender.stage_now
    answers = (code for code in stage.milestones if tender.rulebook.milestone(code).act in {"bid", "apply"})
    due = tender.due_at(next(answers, ""))
    if due is None or stage.offers_from == "listed":
        sentence = _("Nobody more is invited now: who is not on it yet cannot offer or apply in this stage.")
        yield Objection("not_receiving", sentence, field)
    elif at >= due:
        sentence = _("Nobody more is invited: it was possible to offer or apply until %(due)s.")
        yield Objection("too_late", sentence % {"due": instant(due)}, field)


def draw_is_not_due(tender: Any, at: datetime) -> Found:
    if tender.stage_now.kind == "prequalification":
        yield from filter(None, [listing.draw_is_not_due(tender)])
        return
    rule = tender.rulebook.draw
    if rule is None or tender.stage_now.kind != "draw" or hasattr(tender, "draw"):
        yield Objection("no_draw_now", _("This process has no draw to hold now."))
        return
    due = tender.due_at(rule.held_at)
    if due is not None and at < due:
        yield Objection("too_early", _("The draw is at %(due)s.") % {"due": instant(due)}, "", rule.legal_basis)
