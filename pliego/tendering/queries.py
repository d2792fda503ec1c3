"""Reads that other rooms and the pages need: the checklist, the agenda, who may open, what waits for whom."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Objection, Text
from pliego.kernel.policy import YES, Verdict
from pliego.kernel.todo import Task
from pliego.methods import gantt, moving, schedule
from pliego.parties.models import Account, Membership
from pliego.teams.queries import editable_by
from pliego.tendering import halts, sections
from pliego.tendering.models import Amendment, OpeningKey, Suspension, Tender
from pliego.tendering.sections import GROUPS, Section

MISSING = ("missing", "no_", "nobody_")
SECTION_STATES = {
    "not_started": _("Not started"),
    "in_progress": _("In progress"),
    "has_errors": _("With errors"),
    "ready": _("Ready"),
    "not_needed": _("Optional"),
}
DONE = {"ready", "not_needed"}


@dataclass(frozen=True)
class SectionStatus:
    """A section of the pliego as the task list shows it; `may` says whether whoever reads it edits it."""

    section: Section
    state: str
    objections: list[Objection] = field(default_factory=list)
    may: Verdict = YES

    @property
    def code(self) -> str:
        return self.section.code

    @property
    def title(self) -> Text:
        return self.section.title

    @property
    def group_title(self) -> Text:
        """The part of the pliego that it belongs to."""
        return GROUPS[self.section.group]

    @property
    def state_title(self) -> Text:
        return SECTION_STATES[self.state]

    @property
    def tag(self) -> Text:
        """What its tag says, where the state alone would mislead."""
        return self.state_title if self.state == "not_needed" else ""

    @property
    def path(self) -> str:
        """Its page, under that of the process."""
        return self.section.path

    @property
    def hint(self) -> str:
        """The first thing to mend, and how many more there are."""
        if not self.objections or self.state == "not_started":
            return ""
        more = len(self.objections) - 1
        first = str(self.objections[0])
        return f"{first} (+{more})" if more else first


def checklist(tender: Tender, *, at: datetime) -> list[SectionStatus]:
    """Each section that the method has, how far it is, and all that is missing or wrong in it."""
    return [_status(tender, section, at) for section in sections.of(tender)]


def _status(tender: Tender, section: Section, at: datetime) -> SectionStatus:
    found = section.lacks(tender, at)
    if not found:
        state = "not_needed" if section.is_optional and not section.is_started(tender) else "ready"
    elif not section.is_started(tender):
        state = "not_started"
    else:
        state = "in_progress" if all(_is_missing(o) for o in found) else "has_errors"
    return SectionStatus(section, state, found)


def next_section(tender: Tender, done: str, *, at: datetime) -> SectionStatus | None:
    """Where to go on from a section: the next one that is not ready, then those before it; none when all are."""
    found = checklist(tender, at=at)
    place = next((i for i, section in enumerate(found) if section.code == done), -1) + 1
    waiting = (section for section in [*found[place:], *found[:place]] if section.state not in DONE)
    return next((section for section in waiting if section.code != done), None)


def _is_missing(objection: Objection) -> bool:
    return objection.code.startswith(MISSING) or objection.code.endswith(("_missing", "_empty"))


@dataclass(frozen=True)
class AgendaLine:
    """A date of the process, with the reasons of the law for it."""

    code: str
    title: Text
    due_at: datetime
    is_past: bool
    is_next: bool
    reasons: list[schedule.Reason] = field(default_factory=list)
    slack: moving.Slack | None = None  # only for the entity

    @property
    def legal_basis(self) -> str:
        return "; ".join(dict.fromkeys(reason.legal_basis for reason in self.reasons if not reason.advice))


def agenda(
    tender: Tender,
    *,
    at: datetime,
    dates: dict[str, datetime] | None = None,
    moments: list[sections.Moment] | None = None,
) -> list[AgendaLine]:
    """Every date of the process in order, which one comes next, and why it is when it is. `dates` and `moments`: the
    schedule and what the sections add to it, if already read."""
    rulebook, dates = tender.rulebook, tender.schedule if dates is None else dates
    others = {code: (title, due) for code, title, due in (sections.moments(tender) if moments is None else moments)}
    lines: list[AgendaLine] = []
    found_next = False
    for due_at, code in schedule.agenda({**{code: due for code, (_title, due) in others.items()}, **dates}):
        is_past = due_at <= at
        is_next = not is_past and not found_next and tender.ended_at is None and tender.state != "suspended"
        found_next = found_next or is_next
        reasons = schedule.reasons(rulebook, code, dates) if code in dates else []
        title = str(rulebook.milestone(code).title if code in dates else others[code][0])
        lines.append(AgendaLine(code, title, due_at, is_past, is_next, reasons))
    return lines


def slacks(tender: Tender, *, at: datetime) -> dict[str, moving.Slack]:
    """How far each date may move; of none while no term runs, nor once the process ended."""
    if tender.ended_at is not None or tender.state == "suspended":
        return {}
    if not tender.is_public:
        return moving.slacks(tender.rulebook, tender.schedule, at)
    return moving.slacks(
        tender.rulebook,
        halts.counted(tender, tender.schedule),
        at,
        published_at=halts.published_at(tender),
        first=halts.moved_by_all(tender, tender.first_schedule),
    )


def own_agenda(tender: Tender, *, at: datetime) -> list[AgendaLine]:
    """The agenda as the entity reads it: each date that may still move says how far."""
    room = slacks(tender, at=at)
    return [replace(line, slack=room.get(line.code)) for line in agenda(tender, at=at)]


def chart(
    tender: Tender, lines: Iterable[AgendaLine], *, at: datetime, suspensions: Iterable[Suspension] = ()
) -> gantt.Chart | None:
    halted = [(str(_("Suspension")), one.suspended_at, one.resumed_at) for one in suspensions]
    return gantt.chart(tender.rulebook, ((line.code, str(line.title), line.due_at) for line in lines), at, halted)


def next_milestone(tender: Tender, *, at: datetime) -> AgendaLine | None:
    return next((line for line in agenda(tender, at=at) if line.is_next), None)


def rewritten(tender: Tender, amendment: Amendment | None) -> list[tuple[Text, list[tuple[Text, Text, Text]]]]:
    """The sections that an amendment changes: the title of each, and what differs in it, before and after."""
    changed = (amendment.changes if amendment else {}).get("sections", {})
    found = ((sections.get(code), content) for code, content in changed.items())
    return [(part.title, part.differences(tender, content["before"], content["after"])) for part, content in found]


@dataclass(frozen=True)
class Opener:
    """Somebody who may hold a share of the opening."""

    user_id: int
    code: str
    name: str
    capacity: str
    has_key: bool


OPENING_ROLES = ("approver", "preparer", "evaluator", "control", "administrator")
CAPACITY_OF = {"approver": "authorising_officer", "preparer": "preparer", "control": "control"}


def people_who_may_open(tender: Tender) -> list[Opener]:
    """People of the entity with a role that fits, and the operator of the platform as escrow."""
    places = Membership.objects.holding(*OPENING_ROLES).filter(account_id=tender.buyer_id)
    members = [(place.user, place.all_roles) for place in places.select_related("user").order_by("id")]
    operators = get_user_model().objects.filter(platform_roles__contains=["operator"], is_active=True).order_by("id")
    keys = OpeningKey.objects.active_of([user.pk for user, _roles in members] + [user.pk for user in operators])
    inside = [_opener(user, _capacity(roles), keys) for user, roles in members]
    known = {opener.user_id for opener in inside}
    return inside + [_opener(user, "escrow", keys) for user in operators if user.pk not in known]


def _capacity(roles: Iterable[str]) -> str:
    return next((CAPACITY_OF[role] for role in OPENING_ROLES if role in roles and role in CAPACITY_OF), "technical")


def _opener(user: Any, capacity: str, keys: dict[int, str]) -> Opener:
    return Opener(user.pk, user.code, user.full_name, capacity, user.pk in keys)


def proposed_members(tender: Tender) -> list[tuple[int, str]]:
    """Two of the entity (whoever prepares, and an authorising officer), those with a key first; and the escrow of
    the platform's operator, when it has a key: without one it would only stop the publication.
    """
    people = people_who_may_open(tender)
    inside = [p for p in people if p.capacity != "escrow"]
    author = [p for p in inside if p.user_id == tender.prepared_by_id]
    others = sorted(
        (p for p in inside if p not in author), key=lambda p: (not p.has_key, p.capacity != "authorising_officer")
    )
    escrow = [p for p in people if p.capacity == "escrow" and p.has_key]
    return [(p.user_id, p.capacity) for p in [*author, *others[: 2 - len(author)], *escrow[:1]]]


QUESTIONS = 50  # of a page: pages of a thousand questions stay light


@dataclass(frozen=True)
class EnvelopeItems:
    """The questions of one envelope, each with how many price lines it has; `more`: those that the page leaves out."""

    code: str
    title: str
    items: list[Any]
    more: int = 0


def questions_in_order(tender: Tender) -> Any:
    """Every question, envelope after envelope as the method has them, with the number of its price lines."""
    order = [When(envelope=envelope.code, then=place) for place, envelope in enumerate(tender.rulebook.envelopes)]
    items = tender.items.annotate(lines=Count("price_lines"))
    place = Case(*order, default=len(order), output_field=IntegerField()) if order else Value(0)
    return items.order_by(place, "number")


def by_envelope(tender: Tender, items: Iterable[Any], *, whole: bool = False) -> list[EnvelopeItems]:
    """Questions under the envelopes of the method: only those that have some, unless all are asked for."""
    titles = {envelope.code: str(envelope.title) for envelope in tender.rulebook.envelopes}
    found: dict[str, list[Any]] = {code: [] for code in titles}
    for item in items:
        found.setdefault(item.envelope, []).append(item)
    return [EnvelopeItems(code, titles.get(code, code), held) for code, held in found.items() if held or whole]


def questionnaire(tender: Tender) -> list[EnvelopeItems]:
    """The questionnaire to look over: of each envelope its first questions, and how many more there are."""
    return [
        replace(envelope, items=envelope.items[:QUESTIONS], more=max(0, len(envelope.items) - QUESTIONS))
        for envelope in by_envelope(tender, questions_in_order(tender), whole=True)
    ]


def supplier_code(text: str) -> str:
    """The code of the active supplier that somebody names by its code or its NIT; what was typed when there is none."""
    typed = text.strip().upper()
    number = typed.replace(".", "").replace(" ", "").partition("-")[0]
    suppliers = Account.objects.filter(is_supplier=True, state="active")
    found = suppliers.filter(Q(code=typed) | Q(organization__number=number)).values_list("code", flat=True)
    return found.first() or typed


def in_charge(tender: Tender) -> list[str]:
    """Whose turn it is now, by name."""
    if tender.state == "submitted":
        approvers = Membership.objects.holding("approver").filter(account_id=tender.buyer_id)
        names = approvers.exclude(user_id__in=tender.authors).values_list("user__full_name", flat=True)
        return list(names.order_by("id")[:10])
    if tender.state == "suspended":
        approvers = Membership.objects.holding("approver").filter(account_id=tender.buyer_id)
        return list(approvers.values_list("user__full_name", flat=True).order_by("id")[:10])
    return [] if tender.ended_at else [tender.prepared_by.full_name]


def by_code(code: str) -> Tender:
    """The tender with that public code, for the rooms above (they ask their own policy)."""
    return Tender.objects.select_related("buyer__organization").get(code=code)


# ---- what waits for whom -------------------------------------------------------------------------------------------


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Drafts to finish, approvals and amendments that wait for this person."""
    if actor.account_id is None or not actor.is_buyer:
        return []
    tasks: list[Task] = []
    mine = Tender.objects.of_buyer(actor.account_id)
    if "approver" in actor.roles:
        tasks += _approvals(mine, actor)
    if "preparer" in actor.roles:
        tasks += _drafts(mine, actor)
    return tasks


def _url(name: str, tender_code: str) -> str:
    return reverse(f"tendering:{name}", args=[tender_code])


def _approvals(mine: Any, actor: Actor) -> list[Task]:
    sent = mine.filter(state="submitted").exclude(authors__contains=[actor.user_id])
    corrected = Q(state__in=("closed", "opened"), amendments__kind="correction")
    waiting = mine.filter(Q(state="published") | corrected, amendments__state="draft").exclude(
        amendments__state="draft", amendments__prepared_by_id=actor.user_id
    )
    reason = _("You are an authorising officer and did not prepare it")
    return [
        *(Task(_("Approve or return the process"), _url("publish", t.code), str(t), reason) for t in sent[:50]),
        *(Task(_("Approve the amendment"), _url("amendment", t.code), str(t), reason) for t in waiting[:50]),
        *_suspended(mine),
    ]


def _suspended(mine: Any) -> list[Task]:
    """Suspended processes, each until the day on which it was planned to resume."""
    reason = _("Nothing runs until an authorising officer resumes it")
    halted = Suspension.objects.filter(tender__in=mine.filter(state="suspended"), resumed_at__isnull=True)
    return [
        Task(
            _("Resume the process"),
            _url("resume", row.tender.code),
            str(row.tender),
            reason,
            calendar.at(row.planned_on, 8),
        )
        for row in halted.select_related("tender").order_by("planned_on", "pk")[:50]
    ]


def _drafts(mine: Any, actor: Actor) -> list[Task]:
    """Drafts that they write, or that a team of theirs edits."""
    drafts = mine.filter(state__in=["draft", "returned"]).filter(editable_by(actor))
    drafts = drafts.filter(Q(authors__contains=[actor.user_id]) | Q(team__isnull=False))
    return [
        Task(
            _("Mend the returned process") if t.state == "returned" else _("Finish the draft"),
            _url("hub", t.code),
            str(t),
            _("You are preparing it") if actor.user_id in t.authors else _("Your team prepares it"),
        )
        for t in drafts[:50]
    ]
