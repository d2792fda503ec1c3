"""What is asked of profiles, groups, flows and delegations before they are kept. Plain checks; nothing changes here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from pliego.authority.kinds import DELEGABLE
from pliego.kernel.objections import Objection
from pliego.parties.models import Account
from pliego.parties.roles import ROLES, roles_for

# Who administers is appointed person by person, and control answers to nobody of the account: neither is handed on.
NEVER_IN_A_PROFILE = frozenset({"administrator"})
NEVER_DELEGATED = frozenset({"administrator", "control"})
DELEGATION_LAW = "Ley 489 de 1998, art. 10"


@dataclass(frozen=True)
class ProfileData:
    name: str
    roles: tuple[str, ...]
    description: str = ""
    people: tuple[str, ...] = ()  # codes of people
    units: tuple[str, ...] = ()  # references of contracting units


@dataclass(frozen=True)
class GroupData:
    name: str
    description: str = ""
    members: tuple[tuple[str, str], ...] = ()  # (code of the person, what they are in the group)
    is_active: bool = True


@dataclass(frozen=True)
class UnitData:
    reference: str
    name: str
    description: str = ""
    municipality: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    buys: bool = True
    sells: bool = False
    is_active: bool = True
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepData:
    """A task: of one person (their code) or of a group (its code), never of both."""

    name: str
    person: str = ""
    group: str = ""
    description: str = ""


@dataclass(frozen=True)
class DelegationData:
    delegate: str  # code of the person
    roles: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    kinds: tuple[str, ...] = ()
    limit: Decimal | None = None
    note: str = ""


def name_is_missing(name: str, field: str = "name") -> Iterator[Objection]:
    if not name.strip():
        yield Objection("missing", _("Write the name."), field)


def profile_is_wrong(data: ProfileData, account: Account) -> Iterator[Objection]:
    yield from name_is_missing(data.name)
    yield from roles_are_wrong(data.roles, account)
    if NEVER_IN_A_PROFILE & set(data.roles):
        sentence = _("The administrator is appointed person by person, not by a profile.")
        yield Objection("administrator_by_profile", sentence, "roles")


def roles_are_wrong(roles: Iterable[str], account: Account) -> Iterator[Objection]:
    known = {role.code for role in roles_for(is_buyer=account.is_buyer, is_supplier=account.is_supplier)}
    if not roles:
        yield Objection("role_missing", _("Choose at least one role."), "roles")
    if set(roles) - known:
        yield Objection("role_unknown", _("Choose roles that exist in this account."), "roles")


def steps_are_wrong(steps: Sequence[StepData]) -> Iterator[Objection]:
    if not steps:
        yield Objection("no_steps", _("Write at least one task."), "name_1")
    for number, step in enumerate(steps, start=1):
        yield from name_is_missing(step.name, f"name_{number}")
        if bool(step.person) == bool(step.group):
            sentence = _("Choose who does this task: a person or a group.")
            yield Objection("nobody_for_the_task", sentence, f"who_{number}")


def delegation_is_wrong(data: DelegationData, held: frozenset[str], at: datetime) -> Iterator[Objection]:
    """Ley 489 de 1998, arts. 9 to 11: by a written act that says to whom and what; never what one does not hold."""
    if not data.roles:
        yield Objection("role_missing", _("Choose at least one role."), "roles", DELEGATION_LAW)
    if beyond := set(data.roles) - held:
        names = ", ".join(str(ROLES[code].title) if code in ROLES else code for code in sorted(beyond))
        yield Objection("role_not_held", _("You do not hold this yourself: %(roles)s.") % {"roles": names}, "roles")
    if NEVER_DELEGATED & set(data.roles):
        sentence = _("The administrator and internal control cannot be delegated.")
        yield Objection("role_not_delegable", sentence, "roles")
    if set(data.kinds) - DELEGABLE.keys():
        yield Objection("kind_unknown", _("Choose acts of the list."), "kinds")
    if data.ends_at <= data.starts_at:
        yield Objection("ends_before_it_starts", _("The end must be after the start."), "ends_at")
    if data.ends_at <= at:
        yield Objection("already_over", _("The end must be in the future."), "ends_at")
    if data.limit is not None and data.limit <= 0:
        yield Objection("limit_wrong", _("Write a limit greater than zero, or leave it empty."), "limit")
