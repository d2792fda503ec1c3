"""Everything that can stand against an act on a tender. Each rule answers objections; none of them changes anything.

A rule takes the tender and the moment. The sections of the pliego are rules too: a section is ready when its rule has
nothing to say, and the tender is ready when no section objects.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.calendar import BOGOTA, calendar
from pliego.kernel.objections import Objection, Text, gather

Found = Iterator[Objection]


def shown(instant: datetime) -> str:
    return instant.astimezone(BOGOTA).strftime("%d/%m/%Y %H:%M")


# ---- sections ------------------------------------------------------------------------------------------------------

# fmt: off
REQUIRED = (
    ("title",                 _("Write the name of the process.")),
    ("description",           _("Write what is to be contracted.")),
    ("unspsc_main",           _("Choose the main UNSPSC code.")),
    ("contract_type",         _("Choose the type of contract.")),
    ("value_amount",          _("Write the estimated value.")),
    ("duration",              _("Write the duration of the contract.")),
    ("delivery_municipality", _("Choose the place of performance.")),
)
# fmt: on


def general_is_incomplete(tender: Any, at: datetime) -> Found:
    for field, sentence in REQUIRED:
        if not getattr(tender, field):
            yield Objection("missing", sentence, field)
    if tender.plan_line_id is None and not tender.plan_justification:
        sentence = _("Choose a line of the annual plan, or write why this purchase is not in it.")
        yield Objection("plan_line_missing", sentence, "plan_justification", "Decreto 1082 de 2015, art. 2.2.1.1.1.4.1")
    if tender.rulebook.causals and not tender.causal:
        sentence = _("Choose the ground of the law that allows this method.")
        yield Objection("causal_missing", sentence, "causal", tender.rulebook.legal_basis)


def schedule_is_wrong(tender: Any, at: datetime) -> Found:
    """Every broken rule of the schedule. A publication planned for the past counts from now."""
    from pliego.methods import schedule

    dates = tender.schedule
    start = tender.rulebook.start.code
    if not dates:
        yield Objection("schedule_missing", _("Prepare the schedule."), start)
        return
    if not tender.is_public:
        dates[start] = max(at, dates.get(start, at))
    yield from schedule.objections(tender.rulebook, dates, at)


def questionnaire_is_incomplete(tender: Any, at: datetime) -> Found:
    if not tender.has_bidding:
        return
    lists = [item for item in tender.items.all() if item.kind == "price_list"]
    if not lists:
        yield Objection("price_list_missing", _("Add a price list to the questionnaire."), "questionnaire")
    filled = {line["item_id"] for line in tender.price_lines.values("item_id").distinct()}
    for item in lists:
        if item.pk not in filled:
            sentence = _("The price list “%(title)s” has no lines.") % {"title": item.title}
            yield Objection("price_list_empty", sentence, f"item-{item.number}")


def documents_are_missing(tender: Any, at: datetime) -> Found:
    present = {attached.kind for attached in tender.documents.all()}
    for document in documents_to_attach(tender):
        if document.is_required and document.code not in present:
            sentence = _("Attach the document “%(title)s”.") % {"title": document.title}
            yield Objection("document_missing", sentence, document.code, document.legal_basis)


def documents_to_attach(tender: Any) -> list[Any]:
    """What the method asks the entity to attach before the publication."""
    rulebook = tender.rulebook
    return [d for d in rulebook.documents if d.moment == rulebook.start.code and not d.generated]


def budget_is_incomplete(tender: Any, at: datetime) -> Found:
    basis = "Decreto 111 de 1996, art. 71"
    if not tender.budget_certificate:
        yield Objection(
            "no_budget_certificate", _("Write the number of the budget certificate (CDP)."), "number", basis
        )
    if tender.budget_certificate_amount is None:
        yield Objection("missing", _("Write the value of the budget certificate (CDP)."), "amount")
    elif tender.value_amount is not None and tender.budget_certificate_amount < tender.value_amount:
        sentence = _("The budget certificate is for less than the estimated value of the process.")
        yield Objection("budget_too_small", sentence, "amount", basis)
    if not tender.funding_source:
        yield Objection("missing", _("Choose the source of the money."), "funding_source")


def opening_is_incomplete(tender: Any, at: datetime) -> Found:
    if not tender.has_bidding:
        return
    members = list(tender.opening_members.select_related("user"))
    keys = tender.recipients_of(member.user_id for member in members)
    if len(members) < 2 or not 2 <= tender.opening_threshold <= len(members):
        sentence = _("Choose who opens the offers: at least two people, and how many of them are needed.")
        yield Objection("no_opening_members", sentence, "members")
    for member in members:
        if member.user_id not in keys:
            sentence = _("%(name)s has no opening key yet. They must make it on their own page of keys.")
            yield Objection("no_opening_key", sentence % {"name": member.user.full_name}, f"member-{member.number}")
    if not tender.has_custodian_key:
        sentence = _("The time custodian has announced no free key. Ask the operator of the platform to start it.")
        yield Objection("no_custodian_key", sentence, "custodian")


def invitation_is_missing(tender: Any, at: datetime) -> Found:
    if tender.rulebook.flags.invitations and not tender.invitations.exists():
        yield Objection("nobody_invited", _("Invite at least one supplier."), "supplier", tender.rulebook.legal_basis)


@dataclass(frozen=True)
class Section:
    """A part of the pliego. `applies` says whether the method has it at all."""

    code: str
    title: Text
    rule: Any

    def applies(self, tender: Any) -> bool:
        if self.code in {"questionnaire", "opening"}:
            return bool(tender.has_bidding)
        return self.code != "invitation" or bool(tender.rulebook.flags.invitations)


# fmt: off
SECTIONS = (
    Section("general",       _("General data"),                general_is_incomplete),
    Section("schedule",      _("Schedule"),                    schedule_is_wrong),
    Section("questionnaire", _("Questionnaire and prices"),    questionnaire_is_incomplete),
    Section("documents",     _("Documents of the process"),    documents_are_missing),
    Section("budget",        _("Budget"),                      budget_is_incomplete),
    Section("opening",       _("Who opens the offers"),        opening_is_incomplete),
    Section("invitation",    _("Invited suppliers"),           invitation_is_missing),
)
# fmt: on


def is_not_ready(tender: Any, at: datetime) -> list[Objection]:
    """All that is missing or wrong anywhere in the pliego."""
    return gather(*(section.rule(tender, at) for section in SECTIONS))


# ---- while it is open ----------------------------------------------------------------------------------------------


def enquiries_are_over(tender: Any, at: datetime) -> Objection | None:
    """A term is half-open: an observation is on time while it is before the instant of the milestone."""
    due = tender.due_at("enquiries_due")
    if due is None:
        return Objection("no_enquiries", _("This process does not receive observations."))
    if at >= due:
        return Objection("too_late", _("Observations were received until %(due)s.") % {"due": shown(due)})
    return None


def amendments_are_over(tender: Any, at: datetime) -> Found:
    """The window of the method: until its milestone, and within its hours of a working day."""
    window = tender.rulebook.amendments
    if window is None:
        yield Objection("no_amendments", _("This method has no amendments."), "", tender.rulebook.legal_basis)
        return
    due = tender.due_at(window.until)
    if due is not None and at >= due:
        sentence = _("Amendments could be published until %(due)s.") % {"due": shown(due)}
        yield Objection("too_late", sentence, "", window.legal_basis)
    here = at.astimezone(BOGOTA)
    first, last = window.between
    if not first <= here.strftime("%H:%M") < last or (window.on_business_day and not calendar.is_business(here.date())):
        sentence = _("Amendments are published on working days between %(first)s and %(last)s.")
        yield Objection("outside_hours", sentence % {"first": first, "last": last}, "", window.legal_basis)


def amended_schedule_is_wrong(tender: Any, changes: dict[str, datetime], at: datetime) -> Found:
    """What stands against those new dates: milestones that can no longer move, and the terms of the law."""
    from pliego.methods import schedule

    now, rulebook = tender.schedule, tender.rulebook
    for code, due in changes.items():
        if code not in now:
            yield Objection("unknown_milestone", _("The schedule has no such milestone."), code)
            continue
        limit = rulebook.milestone(code).editable_until
        if not limit or at >= now.get(limit, now[code]) or at >= now[code]:
            yield Objection("milestone_is_fixed", _("This date can no longer be changed."), code)
        elif due <= at:
            yield Objection("in_the_past", _("The new date must be in the future."), code)
    yield from schedule.objections(rulebook, {**now, **{c: d for c, d in changes.items() if c in now}}, at)


def closing_is_not_due(tender: Any, at: datetime) -> Found:
    if not tender.has_bidding:
        yield Objection("no_bidding", _("This method receives no offers."))
    due = tender.due_at("bids_due")
    if due is not None and at < due:
        yield Objection("too_early", _("Offers are received until %(due)s.") % {"due": shown(due)})


def opening_is_not_due(tender: Any, at: datetime) -> Objection | None:
    due = tender.due_at("opening") or tender.due_at("bids_due")
    if due is not None and at < due:
        return Objection("too_early", _("The opening is at %(due)s.") % {"due": shown(due)})
    return None


def award_comes_before_the_offers(tender: Any, at: datetime) -> Objection | None:
    if tender.has_bidding and tender.state != "opened":
        return Objection("not_opened", _("Nothing can be awarded before the offers are opened."))
    return None
