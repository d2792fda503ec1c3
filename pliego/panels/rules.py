"""What stands against the acts of this room, and the words of its tables. Plain Python."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.accounts.document_types import number_is_wrong
from pliego.kernel import dates
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Objection, Text

# fmt: off
ROLES: dict[str, Text] = {
    "legal":     _("Legal"),
    "technical": _("Technical"),
    "financial": _("Financial"),
    "juror":     _("Member of the jury"),
    "president": _("President"),
}
KINDS: dict[str, Text] = {
    "committee": _("Evaluation committee"),
    "jury":      _("Jury"),
    "evaluator": _("Evaluator"),
}
# fmt: on
OPENED = frozenset({"opened", "awarded", "deserted", "finished"})  # states in which the list of bidders is public
UNDECIDED = ("published", "closed", "opened")


@dataclass(frozen=True)
class MemberIn:
    """Somebody to appoint: an official of the entity by the code of their user, or a person from outside."""

    role: str
    person: str = ""
    name: str = ""
    document_type: str = ""
    document_number: str = ""
    email: str = ""

    @property
    def is_official(self) -> bool:
        return bool(self.person)


def round_of(tender: Any) -> str:
    """What a declaration is about now: in general, or the list of bidders once everybody knows it."""
    return "bidders" if tender.underlying_state in OPENED else "general"


def term(at: datetime, days: int) -> datetime:
    """The end of the last of so many business days."""
    return calendar.at(calendar.add(calendar.day_of(at), days), 17)


def members_are_wrong(
    members: Sequence[MemberIn], officials: Mapping[str, int], serving: Sequence[Any]
) -> Iterator[Objection]:
    """Each once, of the entity or fully named, with a role; and one president at most. Faults stand at `role_1`…"""
    if not members:
        yield Objection("missing", _("Name at least one person."), "person_1")
    taken = {member.user_id for member in serving if member.user_id}
    for place, member in enumerate(members, 1):
        yield from _is_wrong(member, place, officials)
        if member.is_official and officials.get(member.person) in taken:
            yield Objection("already_serves", _("This person already serves in this process."), f"person_{place}")
        taken.add(officials.get(member.person))
    presidents = sum(member.role == "president" for member in [*members, *serving])
    if presidents > 1:
        yield Objection("two_presidents", _("There is one president: choose another role for the others."), "role_1")


def _is_wrong(member: MemberIn, place: int, officials: Mapping[str, int]) -> Iterator[Objection]:
    if member.role not in ROLES:
        yield Objection("missing", _("Choose the role of this person."), f"role_{place}")
    if member.is_official:
        if member.person not in officials:
            sentence = _("Choose one of the people of your entity, or write who comes from outside.")
            yield Objection("not_an_official", sentence, f"person_{place}")
        return
    for field, value, sentence in (
        ("name", member.name, _("Write the name of the person from outside.")),
        ("email", member.email, _("Write the e-mail to which the link to declare is sent.")),
    ):
        if not value.strip():
            yield Objection("missing", sentence, field)
    if wrong := number_is_wrong(member.document_type, member.document_number.strip().upper()):
        yield wrong


def act_is_wrong(act_number: str, act_on: date | None, at: datetime) -> Iterator[Objection]:
    """An appointment has its act, of today or before."""
    if not act_number.strip():
        yield Objection("missing", _("Write the number of the act."), "act_number")
    if act_on is None:
        yield Objection("missing", _("Write the date of the act."), "act_on")
    elif act_on > calendar.day_of(at):
        yield Objection("act_in_the_future", _("The act cannot have a later date than today."), "act_on")


def answer_is_awaited(impediment: Any, at: datetime) -> Objection | None:
    """Whoever was recused is heard first, or lets their term pass (Ley 1437 de 2011, art. 12)."""
    due = impediment.answer_due_at
    if due is None or impediment.answered_at is not None or at >= due:
        return None
    sentence = _("The recused member may answer until %(due)s: the decision comes after the answer or that term.")
    told = {"due": dates.instant(due)}
    return Objection("answer_awaited", sentence % told, "", impediment.legal_basis)


def unwritten(text: str, field: str, sentence: Text) -> Objection | None:
    return None if text.strip() else Objection("missing", sentence, field)
