"""When a contract may be suspended, resumed, assigned or ended, for which cause and to whom. Plain data and rules."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.dates import day as shown_day
from pliego.kernel.objections import Objection, Text

ASSIGNMENT_LAW = "Ley 80 de 1993, art. 41, inc. 3"
MEMBERS_LAW = "Ley 80 de 1993, art. 9, inc. 3"
CONFLICT_LAW = "Ley 80 de 1993, art. 8, num. 2"
# What the rooms above know of whoever would take a contract over: each answers objections to (modification, day).
PARTY_CHECKS: "list[Callable[[Any, date], Iterable[Objection]]]" = []


@dataclass(frozen=True)
class Cause:
    """Why a contract ends before its time: what both parties may agree on, or the entity may order `alone`."""

    code: str
    title: Text
    legal_basis: str
    by_agreement: bool = False
    alone: bool = False


# fmt: off
TITLES: dict[str, Text] = {
    "agreement":      _("Both parties agree to end it"),
    "public_service": _("The public service demands it, or public order does"),
    "death":          _("Death or permanent incapacity of the contractor, or dissolution of the legal person"),
    "interdiction":   _("The contractor was declared under interdiction or bankrupt"),
    "insolvency":     _("The contractor ceased to pay, or was seized, in a way that affects the contract"),
    "nullity":        _("The contract is absolutely null"),
}
# fmt: on
_KNOWN = tomllib.loads(Path(__file__).with_name("endings.toml").read_text(encoding="utf-8"))
CAUSES: dict[str, Cause] = {row["code"]: Cause(title=TITLES[row["code"]], **row) for row in _KNOWN["cause"]}
CHOICES = [(one.code, format_lazy("{} ({})", one.title, one.legal_basis)) for one in CAUSES.values()]


def is_out_of_place(contract: Any, kind: Any) -> Iterator[Objection]:
    """Whether that kind of modification is of a contract in this stage, suspended or not."""
    if contract.state not in kind.stages:
        yield Objection("not_running", _("Start the contract first: only a contract that runs can be changed so."))
    is_suspended = contract.suspended_on is not None
    if kind.while_suspended is True and not is_suspended:
        yield Objection("not_suspended", _("The contract is not suspended: there is nothing to resume."))
    if kind.while_suspended is False and is_suspended:
        yield Objection("suspended", _("The contract is suspended: resume it first."))


def kinds_for(contract: Any, kinds: Iterable[Any]) -> list[Any]:
    """The kinds of modification that the contract allows as it is now."""
    return [kind for kind in kinds if not list(is_out_of_place(contract, kind))]


def is_wrong(modification: Any, at: datetime) -> Iterator[Objection]:
    """What its own kind asks of the day, the cause and the party, as they and the contract are now."""
    if modification.effective_on is not None:
        yield from OF_DAYS.get(modification.kind, _no_day)(modification, at)
    if modification.cause:
        yield from _cause_is_wrong(modification)
    if modification.party is not None:
        yield from party_is_wrong(modification, modification.party, BusinessCalendar.day_of(at))


# ---- the day from which it has effect --------------------------------------------------------------------------------


def _no_day(modification: Any, at: datetime) -> Iterator[Objection]:
    yield from ()


def _before(day: date, least: date | None, sentence: Text, field: str = "effective_on") -> Iterator[Objection]:
    if least is not None and day < least:
        yield Objection("too_soon", sentence % {"day": shown_day(least)}, field)


def suspension_is_wrong(modification: Any, at: datetime) -> Iterator[Objection]:
    contract, day, planned = modification.contract, modification.effective_on, modification.resumes_on
    began = contract.suspended_on or contract.starts_on
    yield from _before(day, began, _("It cannot be suspended before %(day)s."))
    if contract.ends_on is not None and day > contract.ends_on:
        sentence = _("Its term is over since %(day)s: a contract is suspended within its term.")
        yield Objection("too_late", sentence % {"day": shown_day(contract.ends_on)}, "effective_on")
    after = max(day, contract.resumes_on or day)
    if planned is not None and planned <= after:
        sentence = _("The planned resumption must be after %(day)s.")
        yield Objection("planned_too_soon", sentence % {"day": shown_day(after)}, "resumes_on")


def resumption_is_wrong(modification: Any, at: datetime) -> Iterator[Objection]:
    began = modification.contract.suspended_on
    if began is not None and modification.effective_on <= began:
        sentence = _("It is suspended since %(day)s: it resumes on a later day.")
        yield Objection("too_soon", sentence % {"day": shown_day(began)}, "effective_on")


def assignment_is_wrong(modification: Any, at: datetime) -> Iterator[Objection]:
    """The entity authorises it before it happens: never from a day before it was sent."""
    sent = BusinessCalendar.day_of(modification.sent_at or at)
    sentence = _("The entity authorises an assignment beforehand: it cannot have effect before %(day)s.")
    for objection in _before(modification.effective_on, sent, sentence):
        yield Objection(objection.code, objection.sentence, objection.field, ASSIGNMENT_LAW)
    if not modification.needs_supplier:
        sentence = _("An assignment is agreed by the contractor, by whoever takes its place and by the entity.")
        yield Objection("all_must_agree", sentence, "needs_supplier", ASSIGNMENT_LAW)


def termination_is_wrong(modification: Any, at: datetime) -> Iterator[Objection]:
    contract, day = modification.contract, modification.effective_on
    yield from _before(day, contract.suspended_on or contract.starts_on, _("It cannot end before %(day)s."))
    if contract.ends_on is not None and day >= contract.ends_on:
        sentence = _("Its term ends on %(day)s: what ends then is not early. Conclude it.")
        yield Objection("not_early", sentence % {"day": shown_day(contract.ends_on)}, "effective_on")


def conclusion_is_wrong(modification: Any, at: datetime) -> Iterator[Objection]:
    yield from _before(modification.effective_on, modification.contract.starts_on, _("It cannot end before %(day)s."))


OF_DAYS: dict[str, Callable[[Any, datetime], Iterator[Objection]]] = {
    "suspension": suspension_is_wrong,
    "resumption": resumption_is_wrong,
    "assignment": assignment_is_wrong,
    "termination": termination_is_wrong,
    "conclusion": conclusion_is_wrong,
}


# ---- the cause and the party -----------------------------------------------------------------------------------------


def _cause_is_wrong(modification: Any) -> Iterator[Objection]:
    cause = CAUSES.get(modification.cause)
    if cause is None:
        yield Objection("unknown_cause", _("Choose the cause of the early termination."), "cause")
    elif not modification.needs_supplier and not cause.alone:
        yield Objection("needs_agreement", _("Only both parties together end it for that cause."), "cause")
    elif modification.needs_supplier and not cause.by_agreement:
        sentence = _("For that cause the entity ends it alone: take out the supplier's acknowledgement.")
        yield Objection("is_alone", sentence, "cause", cause.legal_basis)


def party_is_wrong(modification: Any, party: Any, today: date) -> Iterator[Objection]:
    """Who may take the contract over: another active supplier, whom nothing bars from it."""
    contract = modification.contract
    if party.state != "active" or not party.is_supplier:
        yield Objection("not_a_supplier", _("It is not an active supplier of the platform."), "to")
    if party.organization_id in {contract.supplier.organization_id, contract.buyer.organization_id}:
        yield Objection("same_party", _("It is a party of this contract already: choose another."), "to")
    if party.pk in contract.members_of_its_supplier:
        sentence = _("The members of a plural bidder do not assign the contract among themselves.")
        yield Objection("a_member", sentence, "to", MEMBERS_LAW)
    if contract.works_there(party):
        sentence = _("Somebody who prepared, signed or supervises this contract has a place in that account.")
        yield Objection("in_conflict", sentence, "to", CONFLICT_LAW)
    for check in PARTY_CHECKS:
        yield from check(modification, today)
