"""Everything that can stand against an act on a tender. Each rule answers objections; none of them changes anything.

A rule takes the tender and the moment. The sections of the pliego are rules too: a section is ready when its rule has
nothing to say, and the tender is ready when no section objects.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from msgspec.structs import replace

from pliego.codelists import queries as codelists
from pliego.documents import kinds as document_kinds
from pliego.kernel.dates import instant
from pliego.kernel.objections import Objection
from pliego.methods import schedule
from pliego.methods.law import Milestone, Stage
from pliego.methods.standards import LAW
from pliego.tendering import halts, joining, plan_lines, reinforcing, sections, standard
from pliego.tendering.codes import CAPACITIES
from pliego.tendering.kinds import CELL_KINDS, KINDS
from pliego.tendering.lots import questions_do_not_fit

Found = Iterator[Objection]


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
    if not tender.planned and not tender.plan_justification:
        yield plan_lines.are_missing()
    if not tender.is_public:  # afterwards nothing can be done about it, and amendments must be possible
        yield from plan_lines.are_withdrawn(tender.planned)
    if tender.rulebook.causals and not tender.causal:
        sentence = _("Choose the ground of the law that allows this method.")
        yield Objection("causal_missing", sentence, "causal", tender.rulebook.legal_basis)


def schedule_is_wrong(tender: Any, at: datetime) -> Found:
    """Every broken rule of the schedule. A publication planned for the past counts from now."""
    if not tender.schedule:
        yield Objection("schedule_missing", _("Prepare the schedule."), tender.rulebook.start.code)
        return
    yield from schedule.objections(tender.rulebook, tender.schedule, at)


def questionnaire_is_incomplete(tender: Any, at: datetime) -> Found:
    if not tender.has_bidding:
        return
    lists = [item for item in tender.items.all() if item.kind == "price_list"]
    if tender.rulebook.kinds & NEVER_AWARDED:
        if not tender.items.exists():
            yield Objection("question_missing", _("Add at least one question."), "questionnaire")
    elif not lists:
        yield Objection("price_list_missing", _("Add a price list to the questionnaire."), "questionnaire")
    filled = {line["item_id"] for line in tender.price_lines.values("item_id").distinct()}
    for item in lists:
        if item.pk not in filled:
            sentence = _("The price list “%(title)s” has no lines.") % {"title": item.title}
            yield Objection("price_list_empty", sentence, f"item-{item.number}")
    yield from questions_do_not_fit(tender)


def documents_are_missing(tender: Any, at: datetime) -> Found:
    present = {attached.kind for attached in tender.documents.all()}
    for document in documents_to_attach(tender):
        if document.is_required and document.code not in present:
            sentence = _("Attach the document “%(title)s”.") % {"title": document.title}
            yield Objection("document_missing", sentence, document.code, document.legal_basis)
    for kind in standard.documents_asked(tender):
        if kind not in present:
            why = _("Attach “%(kind)s”: the standard document of the process asks for it.")
            yield Objection("document_missing", why % {"kind": document_kinds.KINDS[kind].title}, kind, LAW)


def documents_to_attach(tender: Any) -> list[Any]:
    """What the method asks the entity to attach before the publication; the ground of the law may ask for its act."""
    rulebook = tender.rulebook
    causal = rulebook.causal(tender.causal)
    by_causal = "justification" if causal and causal.justification != "none" else ""
    return [
        replace(document, is_required=document.is_required or document.code == by_causal)
        for document in rulebook.documents
        if not document.generated and (document.moment == rulebook.start.code or document.code == by_causal)
    ]


BUDGET_BASIS = "Decreto 111 de 1996, art. 71"


def budget_is_too_small(tender: Any, value: Decimal | None, certificate: Decimal | None) -> Found:
    """The main certificate, with the others and the future years where the money has a section of its own."""
    if value is not None and certificate is not None and certificate + tender.other_budget < value:
        sentence = _(
            "The budget certificate is for less than the estimated value of the process. If other certificates or"
            " future years cover the rest, write them first in “Money of the process”."
        )
        yield Objection("budget_too_small", sentence, "amount", BUDGET_BASIS)


def budget_is_incomplete(tender: Any, at: datetime) -> Found:
    if not tender.budget_certificate:
        sentence = _("Write the number of the budget certificate (CDP).")
        yield Objection("no_budget_certificate", sentence, "number", BUDGET_BASIS)
    if tender.budget_certificate_amount is None:
        yield Objection("missing", _("Write the value of the budget certificate (CDP)."), "amount")
    else:
        yield from budget_is_too_small(tender, tender.value_amount, tender.budget_certificate_amount)
    if not tender.funding_source:
        yield Objection("missing", _("Choose the source of the money."), "funding_source")


def general_part_is_incomplete(tender: Any, at: datetime) -> Found:
    """What is bought and the money for it stand on one page."""
    yield from general_is_incomplete(tender, at)
    yield from budget_is_incomplete(tender, at)


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
    if tender.is_reinforced:
        yield from reinforcing.is_incomplete(tender, [m for m in members if m.user_id in keys], at)


def invitation_is_missing(tender: Any, at: datetime) -> Found:
    if tender.rulebook.flags.invitations and not tender.invitations.exists():
        yield Objection("nobody_invited", _("Invite at least one supplier."), "supplier", tender.rulebook.legal_basis)


NEVER_AWARDED = frozenset({"information", "publication"})


# ---- what is written must be right, whatever is still missing ---------------------------------------------------


def general_is_wrong(tender: Any, data: Any) -> Found:
    """Codes that do not exist, amounts and terms that cannot be."""
    if not data.title:
        yield Objection("missing", _("Write the name of the process."), "title")
    written = [code for code in (data.unspsc_main, *data.unspsc_additional) if code]
    names = codelists.unspsc_names(written) if codelists.has_whole_unspsc() else {}
    for code in written:
        field = "unspsc_main" if code == data.unspsc_main else "unspsc_additional"
        if not re.fullmatch(r"\d{8}", code) or names.get(code) == "":
            yield Objection("unknown_unspsc", _("There is no UNSPSC code %(code)s.") % {"code": code}, field)
        elif code.endswith("0000"):
            sentence = _("The UNSPSC code %(code)s is too general: choose a class or a product.")
            yield Objection("unspsc_too_general", sentence % {"code": code}, field)
    if data.value_amount is not None and data.value_amount <= 0:
        yield Objection("not_positive", _("The estimated value must be more than zero."), "value_amount")
    if data.duration is not None and not data.duration_unit:
        yield Objection("missing", _("Say whether the duration is in days, weeks, months or years."), "duration_unit")
    if data.delivery_municipality and codelists.place_of(data.delivery_municipality) is None:
        yield Objection("unknown_place", _("Choose a municipality of the list."), "delivery_municipality")
    if data.causal and tender.rulebook.causal(data.causal) is None:
        yield Objection("unknown_causal", _("Choose one of the grounds of the law."), "causal")


MOST_COLUMNS, HEAVIEST = 20, Decimal("9999.999")


def item_is_wrong(tender: Any, item: Any, data: Any) -> Found:
    chosen = next((known for known in tender.rulebook.envelopes if known.code == data.envelope), None)
    if chosen is None:
        yield Objection("unknown_envelope", _("Choose one of the envelopes of the method."), "envelope")
    elif data.kind == "price_list" and chosen.holds not in {"all", "price"}:
        sentence = _("Prices go in their own envelope, which is opened later: choose that one.")
        yield Objection("price_in_another_envelope", sentence, "envelope", chosen.legal_basis)
    elif data.is_requirement and chosen.holds == "price":
        sentence = _("The report is made before this envelope is opened: put the requirement in another one.")
        yield Objection("requirement_with_the_price", sentence, "envelope", chosen.legal_basis)
    if data.kind not in KINDS:
        yield Objection("unknown_kind", _("Choose the kind of question."), "kind")
        return
    asks = KINDS[data.kind].asks
    if asks == "options" and len(set(data.options)) < 2:
        yield Objection("too_few_options", _("Write at least two different options."), "options")
    if asks == "columns":
        yield from columns_are_wrong(data.columns, data.row_titles)
    if data.weight is not None and not 0 < data.weight <= HEAVIEST:
        yield Objection("bad_weight", _("The points go from more than zero to 9.999,999."), "weight")
    if len(set(data.lots)) != len(data.lots) or any(number < 1 for number in data.lots):
        yield Objection("bad_lots", _("Write the numbers of the lots, each once, from 1 on."), "lots")
    if item.pk and item.kind == "price_list" and data.kind != "price_list" and item.price_lines.exists():
        sentence = _("This price list has lines. Remove the question and add another one instead.")
        yield Objection("has_lines", sentence, "kind")


def columns_are_wrong(columns: Sequence[dict[str, str]], rows: Sequence[str]) -> Found:
    titles = [column.get("title", "").strip() for column in columns]
    if not 1 <= len(columns) <= MOST_COLUMNS or not all(titles):
        sentence = _("Write the columns of the table, from 1 to %(most)s.") % {"most": MOST_COLUMNS}
        yield Objection("bad_columns", sentence, "columns")
    if len(set(titles)) != len(titles):
        yield Objection("column_twice", _("Two columns have the same name."), "columns")
    for column in columns:
        if column.get("kind") not in CELL_KINDS or column.keys() != {"title", "kind"}:
            known = ", ".join(str(KINDS[code].title).lower() for code in CELL_KINDS)
            told = {"title": column.get("title", ""), "kinds": known}
            why = _("The column “%(title)s” must be one of these: %(kinds)s.") % told
            yield Objection("unknown_cell_kind", why, "columns")
    if len(set(rows)) != len(rows):
        yield Objection("row_twice", _("Two rows have the same name."), "row_titles")


def members_are_wrong(threshold: int, members: Sequence[tuple[int, str]], allowed: set[int]) -> Found:
    people = [user_id for user_id, _capacity in members]
    if len(set(people)) != len(people):
        yield Objection("member_twice", _("Each person can be chosen once."), "members")
    if len(people) < 2:
        yield Objection("too_few_members", _("Choose at least two people."), "members")
    if threshold < 2:
        yield Objection("bad_threshold", _("At least two people are needed to open."), "threshold")
    elif threshold > max(2, len(people)):
        sentence = _("You ask for %(t)s people and chose %(n)s: choose more people, or ask for fewer of them.")
        yield Objection("bad_threshold", sentence % {"t": threshold, "n": len(people)}, "threshold")
    if set(people) - allowed:
        sentence = _("Choose people of your entity, or the escrow of the platform's operator.")
        yield Objection("unknown_member", sentence, "members")
    for _user_id, capacity in members:
        if capacity not in dict(CAPACITIES):
            yield Objection("unknown_capacity", _("Choose the capacity in which they open."), "members")


# ---- while it is open ----------------------------------------------------------------------------------------------


def amendments_are_over(tender: Any, at: datetime) -> list[Any]:
    """The window of the method: until its milestone, and within its hours of a working day. The act that opens a stage
    has its own rules."""
    if tender.state == "suspended":
        return [Objection("suspended", halts.sentence(tender))]
    if tender.waiting_stage:
        return []
    return schedule.amendment_objections(tender.rulebook, tender.schedule, at)


def amended_schedule_is_wrong(tender: Any, changes: dict[str, datetime], at: datetime) -> list[Any]:
    """What stands against those new dates: milestones that can no longer move, and the terms of the law."""
    now = tender.schedule
    after = {**now, **changes}
    return schedule.change_objections(
        tender.rulebook,
        now,
        after,
        at,
        published_at=halts.published_at(tender),
        first=halts.moved_by_all(tender, tender.first_schedule),
        counted=halts.counted(tender, after),
    )


# ---- from stage to stage -------------------------------------------------------------------------------------------

TERMS = frozenset({"ask", "limit", "express", "apply"})  # milestones that end a term of suppliers


def begins_with(tender: Any, stage: Stage) -> Milestone | None:
    """The milestone that the act of opening that stage reaches."""
    return tender.rulebook.reached_by("advance", stage)


def opened_schedule_is_wrong(tender: Any, stage: Stage, changes: dict[str, datetime], at: datetime) -> list[Any]:
    """What stands against the dates of an act that opens a stage at `at`: those still to come may all move."""
    entry = begins_with(tender, stage)
    now = {**tender.schedule, **changes, **({entry.code: at} if entry else {})}
    past = [
        Objection(
            "milestone_past", _("“%(title)s” must be in the future.") % {"title": milestone.title}, milestone.code
        )
        for milestone in tender.rulebook.milestones
        if milestone.code in changes and changes[milestone.code] <= at and milestone != entry
    ]
    counted = halts.counted(tender, now)
    return past + schedule.objections(tender.rulebook, counted, at, published_at=halts.published_at(tender))


def next_stage_cannot_begin(tender: Any, at: datetime) -> Found:
    """The order of the method, its dates, observations to answer, documents of the act, and who is interested."""
    stage = tender.waiting_stage
    if stage is None or stage not in tender.stages_to_open:
        yield Objection("wrong_stage", _("Choose a stage that follows the present one."), "stage")
        return
    entry = begins_with(tender, stage)
    due = tender.due_at(entry.code) if entry else None
    if due is not None and at < due:
        sentence = _("“%(title)s” begins at %(due)s.") % {"title": stage.title, "due": instant(due)}
        yield Objection("too_early", sentence, entry.code if entry else "")
    yield from terms_are_running(tender, at)
    yield from observations_are_unanswered(tender, at)
    yield from papers_of_the_stage_are_missing(tender, stage)
    yield from joining.interest_does_not_allow(tender, stage)
    yield from joining.list_is_missing(tender)
    for section in sections.of(tender):
        yield from section.before_stage(tender, at) if section.before_stage else ()


def observations_are_unanswered(tender: Any, at: datetime) -> Found:
    """The process moves on when every observation is answered; which ones are not is said by number."""
    waiting = [str(number) for number in tender.enquiries.filter(state="waiting").values_list("number", flat=True)]
    if waiting:
        sentence = _("Every observation must be answered before the process moves on. Without an answer: %(numbers)s.")
        yield Objection("enquiries_unanswered", sentence % {"numbers": ", ".join(waiting)})


def terms_are_running(tender: Any, at: datetime) -> Found:
    for code in tender.stage_now.milestones:
        milestone, due = tender.rulebook.milestone(code), tender.due_at(code)
        if milestone.act in TERMS and due is not None and at < due:
            sentence = _("“%(title)s” ends at %(due)s.") % {"title": milestone.title, "due": instant(due)}
            yield Objection("term_is_running", sentence, code)


def papers_of_the_stage_are_missing(tender: Any, stage: Stage) -> Found:
    entry = begins_with(tender, stage)
    present = {attached.kind for attached in tender.documents.all()}
    for document in tender.rulebook.documents:
        is_asked = document.is_required and not document.generated and entry and document.moment == entry.code
        if is_asked and document.code not in present:
            sentence = _("Attach the document “%(title)s”.") % {"title": document.title}
            yield Objection("document_missing", sentence, document.code, document.legal_basis)


def something_is_to_be_awarded(tender: Any, at: datetime) -> Objection | None:
    if tender.stage_now.kind == "information":
        return None
    return Objection("not_information", _("Only a request for information ends without an award or a decision."))


def closing_is_not_due(tender: Any, at: datetime) -> Found:
    if not tender.has_bidding:
        yield Objection("no_bidding", _("This method receives no offers."))
    elif not tender.stage_now.is_bidding:
        yield Objection("not_receiving", _("This process has not begun to receive offers."))
    due = tender.due_at("bids_due")
    if due is not None and at < due:
        yield Objection("too_early", _("Offers are received until %(due)s.") % {"due": instant(due)})


def opening_is_not_due(tender: Any, at: datetime) -> Objection | None:
    due = tender.due_at("opening") or tender.due_at("bids_due")
    if due is not None and at < due:
        return Objection("too_early", _("The opening is at %(due)s.") % {"due": instant(due)})
    return None


def award_comes_before_the_offers(tender: Any, at: datetime) -> Objection | None:
    if tender.rulebook.kinds & NEVER_AWARDED:
        return Objection("nothing_to_award", _("Nothing is awarded in this process."))
    if tender.has_bidding and tender.state != "opened":
        return Objection("not_opened", _("Nothing can be awarded before the offers are opened."))
    return None
