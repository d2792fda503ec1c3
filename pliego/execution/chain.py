"""The chain by which a request of payment goes, as data: its steps, whose each is, its term. Plain Python.

An entity writes its own chain, version after version; without one, the steps are those of `DEFAULT`. The last step is
the one that pays. Terms are in working days and are counted from the moment at which the step got the invoice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Objection, Text
from pliego.parties.roles import ROLES

SUPPLIER = 0  # the number of the place to which an invoice goes back when whoever sent it must mend it
MOST_STEPS = 8
MOST_DAYS = 60
UNDO_MINUTES, MOST_MINUTES = 30, 1440
OWNERS = ("supervisor", "approver", "preparer", "treasurer")  # the roles that may own a step


class AnyStep(Protocol):
    """A step: of the default chain or of one that an entity wrote."""

    @property
    def number(self) -> int: ...
    @property
    def name(self) -> Text: ...
    @property
    def role(self) -> str: ...
    @property
    def term_days(self) -> int | None: ...
    @property
    def checks(self) -> Text: ...
    @property
    def second_above(self) -> Decimal | None: ...
    @property
    def is_payment(self) -> bool: ...


@dataclass(frozen=True)
class StepData:
    """A step as it was typed: of a role, of a person (their code) or of a group (its code), and of one of them only."""

    name: str
    role: str = ""
    person: str = ""
    group: str = ""
    term_days: int | None = None
    checks: str = ""
    second_above: Decimal | None = None


@dataclass(frozen=True)
class Step:
    """A step of the default chain."""

    number: int
    name: Text
    role: str
    checks: Text = ""
    is_payment: bool = False
    term_days: int | None = None
    second_above: Decimal | None = None
    place: Any = None
    group: Any = None


DEFAULT: tuple[Step, ...] = (
    Step(1, _("Approval of the supervisor"), "supervisor",
         _("I checked that what is invoiced was received as agreed, and that contributions are paid")),
    Step(2, _("Payment"), "treasurer", is_payment=True),
)  # fmt: skip


def chain_objections(steps: Sequence[StepData], undo_minutes: int) -> Iterator[Objection]:
    """All that is wrong with a chain as it was typed."""
    if len(steps) < 2:
        sentence = _("Write at least two steps: one that approves, and the last one, which pays.")
        yield Objection("chain_too_short", sentence, f"name_{len(steps) + 1}")
    if len(steps) > MOST_STEPS:
        too_many = _("A chain has at most %(most)s steps.") % {"most": MOST_STEPS}
        yield Objection("chain_too_long", too_many, f"name_{MOST_STEPS}")
    if not 0 <= undo_minutes <= MOST_MINUTES:
        minutes = _("Write between 0 and %(most)s minutes.") % {"most": MOST_MINUTES}
        yield Objection("minutes_wrong", minutes, "undo_minutes")
    for number, step in enumerate(steps, start=1):
        yield from _step_objections(step, number)


def _step_objections(step: StepData, number: int) -> Iterator[Objection]:
    if not step.name.strip():
        yield Objection("missing", _("Write the name of the step."), f"name_{number}")
    if sum(map(bool, (step.role, step.person, step.group))) != 1 or (step.role and step.role not in OWNERS):
        yield Objection("nobody_for_the_step", _("Choose who does this step."), f"who_{number}")
    if step.term_days is not None and not 1 <= step.term_days <= MOST_DAYS:
        term = _("The term is between 1 and %(most)s working days.") % {"most": MOST_DAYS}
        yield Objection("term_wrong", term, f"term_{number}")
    if step.second_above is None:
        return
    if step.second_above < 0:
        yield Objection("amount_wrong", _("Write an amount of zero or more, or leave it empty."), f"second_{number}")
    if step.person or step.role == "supervisor":
        alone = _("One person alone cannot be two: give this step to a group or to a role.")
        yield Objection("one_cannot_be_two", alone, f"second_{number}")


def due_at(since: datetime, term_days: int | None) -> datetime | None:
    """The instant at which the term of a step ends: the same hour, that many working days later."""
    return None if term_days is None else calendar.later(since, term_days)


def is_late(due: datetime | None, at: datetime) -> bool:
    """From its last instant on, the term is over."""
    return due is not None and at >= due


def may_be_undone(done_at: datetime, minutes: int, at: datetime) -> bool:
    return at < done_at + timedelta(minutes=minutes)


def needs_two(step: AnyStep, amount: Decimal) -> bool:
    """Whether two different people must do the step for that amount."""
    return step.second_above is not None and amount > step.second_above


def owner_of(step: Any, contract: Any) -> str:
    """Whose the step is in that contract, in words."""
    if step.role == "supervisor" and contract.supervisor is not None:
        return str(_("%(person)s (supervisor)") % {"person": contract.supervisor.full_name})
    if step.role:
        words = {"role": ROLES[step.role].title, "entity": contract.buyer.name}
        return str(_("%(role)s of %(entity)s") % words)
    return str(step.place.user.full_name if step.place else step.group.name)
