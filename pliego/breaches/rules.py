"""What stands against the acts of a breach. Plain functions: the object and the moment in, objections out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pliego.breaches import law
from pliego.kernel import dates
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.objections import Objection, Text

# fmt: off
SIDES: dict[str, Text] = {
    "contractor": _("The contractor"),
    "guarantor":  _("The guarantor"),
    "entity":     _("The entity"),
}
KINDS: dict[str, Text] = {  # of what is said
    "plea":      _("Pleas"),
    "statement": pgettext_lazy("hearing of breach", "Intervention"),
    "closing":   _("Closing arguments"),
    "appeal":    _("Appeal"),
}
SPOKEN = ("plea", "statement", "closing")
SOURCES: dict[str, Text] = {
    "supervisor":  _("Report of the supervision"),
    "interventor": _("Report of the interventor"),
}
MEANS: dict[str, Text] = {  # Ley 1150 de 2007, art. 17, par.
    "compensation": _("Set off against what is owed to the contractor"),
    "guarantee":    _("Paid by the guarantor"),
    "payment":      _("Paid by the contractor"),
    "collection":   _("Collected by coercion"),
}
# fmt: on


@dataclass(frozen=True)
class GuarantorIn:
    """A guarantor to be called: without account here, told by mail."""

    name: str
    policy_number: str = ""
    email: str = ""


# ---- against moves of the tables -----------------------------------------------------------------------------------


def is_not_due(session: Any, at: datetime) -> Objection | None:
    """A session begins at its hour, never before: whoever comes on time misses nothing."""
    if at >= session.called_for:
        return None
    sentence = _("It begins at %(due)s, not before.") % {"due": dates.instant(session.called_for)}
    return Objection("not_due", sentence, "", law.HEARING)


def nobody_was_heard(breach: Any, at: datetime) -> Iterator[Objection]:
    """Nobody who came is judged without having had the floor, if only to say that they keep silent."""
    came = {row.side for row in breach.attendances.all()}
    heard = {row.side for row in breach.statements.all() if row.kind == "plea"}
    for side in ("contractor", "guarantor"):
        if side in came - heard:
            sentence = _("%(who)s came and has no pleas: give them the floor, or write down that they keep silent.")
            yield Objection("not_heard", sentence % {"who": SIDES[side]}, "", f"{law.HEARING}, lit. b")


def evidence_waits(breach: Any, at: datetime) -> Iterator[Objection]:
    for row in breach.evidence_asked.all():
        if row.is_admitted is None:
            sentence = _("Evidence %(number)s waits for its decision: admit it or refuse it.")
        elif row.is_admitted and row.taken_at is None:
            sentence = _("Evidence %(number)s was admitted and is not taken: write down what it gave.")
        else:
            continue
        yield Objection("evidence_waits", sentence % {"number": row.number}, "", f"{law.HEARING}, lit. b y d")


def nothing_to_appeal(breach: Any, at: datetime) -> Objection | None:
    if breach.imposed:
        return None
    return Objection("nothing_to_appeal", _("The decision imposes nothing: there is nothing to appeal."))


def imposes_nothing(breach: Any, at: datetime) -> Objection | None:
    return None if breach.imposed else Objection("imposes_nothing", _("The decision imposes nothing: it is filed."))


def imposes_something(breach: Any, at: datetime) -> Objection | None:
    return Objection("imposes_something", _("The decision imposes something.")) if breach.imposed else None


# ---- against what is typed -----------------------------------------------------------------------------------------


def unwritten(text: str, field: str, sentence: Text, legal_basis: str = "") -> Objection | None:
    return None if text.strip() else Objection("missing", sentence, field, legal_basis)


def is_past(moment: datetime | None, at: datetime, field: str) -> Objection | None:
    if moment is None:
        return Objection("missing", _("Write the date and the hour."), field, law.CITATION_LAW)
    return Objection("in_the_past", _("It must be in the future."), field) if moment <= at else None


def place_is_missing(place: str, link: str) -> Objection | None:
    """People are told where to be."""
    if link.strip() and not link.strip().startswith(("https://", "http://")):
        return Objection("not_a_link", _("Write the whole address, beginning with https://."), "link")
    if place.strip() or link.strip():
        return None
    sentence = _("Write the place, or the link by which one attends.")
    return Objection("missing", sentence, "place", law.CITATION_LAW)


def unnamed_author(source: str, author_name: str) -> Objection | None:
    if source != "interventor" or author_name.strip():
        return None
    return Objection("missing", _("Write who is the interventor that reports."), "author_name")


def measures_are_unknown(codes: Sequence[str], field: str = "consequences") -> Iterator[Objection]:
    if unknown := [code for code in codes if code not in law.MEASURES]:
        sentence = _("There is no such consequence: %(codes)s.") % {"codes": ", ".join(unknown)}
        yield Objection("unknown_measure", sentence, field)


def guarantors_are_wrong(guarantors: Sequence[GuarantorIn], insurers: Sequence[str]) -> Iterator[Objection]:
    """Whoever guarantees the contract by a policy is called in the same way as the contractor."""
    for place, row in enumerate(guarantors):
        if not row.name.strip():
            yield Objection("missing", _("Write the name of the guarantor."), f"guarantor-{place}-name")
        if "@" not in row.email.strip(" @"):
            told = _("Write the mail to which the guarantor is called.")
            yield Objection("missing", told, f"guarantor-{place}-email", law.CITATION_LAW)
    called = {row.name.strip().casefold() for row in guarantors}
    for insurer in insurers:
        if insurer.casefold() not in called:
            sentence = _("%(name)s guarantees this contract: call it too.") % {"name": insurer}
            yield Objection("guarantor_missing", sentence, "guarantor-0-name", law.CITATION_LAW)


def outcome_is_wrong(
    measures: Mapping[str, Decimal | None], imposes_nothing: bool, cited: Sequence[str], contract_state: str = ""
) -> Iterator[Objection]:
    """What is imposed must have been foreseen by the citation, and be possible while the contract is in that state."""
    yield from measures_are_unknown(list(measures), "")
    if not measures and not imposes_nothing:
        yield Objection("no_outcome", _("Say what is imposed, or that nothing is."), "imposes_nothing")
    if measures and imposes_nothing:
        sentence = _("Either something is imposed or nothing is: take the mark away, or empty the amounts.")
        yield Objection("two_outcomes", sentence, "imposes_nothing")
    for code, amount in measures.items():
        if (measure := law.MEASURES.get(code)) is None:
            continue
        words = {"measure": measure.title}
        if code not in cited:
            sentence = _("“%(measure)s” was not among the consequences of the citation: nobody could answer to it.")
            yield Objection("not_foreseen", sentence % words, f"measure_{code}", law.CITATION_LAW)
        if contract_state and contract_state not in measure.contract_states:
            sentence = _("“%(measure)s” is not possible in the state in which the contract is.")
            yield Objection("wrong_contract_state", sentence % words, f"measure_{code}", measure.legal_basis)
        if measure.needs_amount and (amount is None or amount <= 0):
            yield Objection("amount_missing", _("Write the amount, above zero."), f"measure_{code}")


def outcome_is_worse(before: Mapping[str, Decimal | None], after: Mapping[str, Decimal | None]) -> Iterator[Objection]:
    """Who appeals is not left worse by their own appeal."""
    for code, amount in after.items():
        if code not in before or (amount or 0) > (before[code] or 0):
            sentence = _("Whoever appeals is not left worse: impose no more than the decision did.")
            yield Objection("worse_by_appeal", sentence, f"measure_{code}", "Constitución Política, art. 31")  # [GK?]


def recovery_is_wrong(left: Decimal, amount: Decimal | None, on: date | None, at: datetime) -> Iterator[Objection]:
    if amount is None or amount <= 0:
        yield Objection("amount_missing", _("Write the amount, above zero."), "amount")
    elif amount > left:
        yield Objection("more_than_is_owed", _("It is more than what is still owed."), "amount")
    if on is None:
        yield Objection("missing", _("Write the day."), "on")
    elif on > BusinessCalendar.day_of(at):
        yield Objection("in_the_future", _("That day has not come yet."), "on")
