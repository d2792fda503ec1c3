"""Who a person is in an account, and what waits for somebody's decision."""

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.accounts import standing
from pliego.codelists import queries as codelists
from pliego.codelists.words import fold
from pliego.kernel.actors import ANYONE, Actor, Signature
from pliego.kernel.planned import Planned
from pliego.kernel.todo import Task
from pliego.parties import rules
from pliego.parties.models import Account, AccountPaper, Appointment, Change, Membership
from pliego.parties.policy import REGISTRATION, Act

if TYPE_CHECKING:
    from pliego.accounts.models import User


# Asked at every request: of a person, the first accepted first.
PLACES = Planned(
    -1,
    lambda user_id: (
        Membership.objects.filter(user_id=user_id, state="accepted")
        .select_related("account__organization")
        .order_by("requested_at", "pk")
    ),
)


def actor_for(*, user: "User | None", account_id: int | None = None, signature: Signature | None = None) -> Actor:
    """The person acting for the account; for nobody when they have no accepted place in it. At most one query."""
    if user is None or not user.is_active:
        return ANYONE
    places = PLACES(user.pk) if account_id is not None else []
    return _acting(user, next((place for place in places if place.account_id == account_id), None), signature)


def actor_in_first_place(*, user: "User") -> Actor:
    """The person acting for the account that first accepted them, or for nobody."""
    return _acting(user, next(iter(PLACES(user.pk)), None), None)


def places_of(*, user_id: int) -> "QuerySet[Membership]":
    """Every accepted place of a person, with account and organisation, by name."""
    found = Membership.objects.filter(user_id=user_id, state="accepted").select_related("account__organization")
    return found.order_by("account__organization__legal_name")


# The same, for the switcher of every page.
SWITCHER = Planned(-1, lambda user_id: places_of(user_id=user_id))


def _acting(user: "User", place: Membership | None, signature: Signature | None) -> Actor:
    person = Actor(
        user_id=user.pk,
        user_code=user.code,
        name=user.full_name,
        platform_roles=frozenset(user.platform_roles),
        signature=signature,
        suspension=standing.suspension_of(user),
        is_told_by_mail=user.is_claim,
    )
    if place is None:
        return person
    return replace(
        person,
        account_id=place.account.pk,
        account_code=place.account.code,
        account_name=place.account.name,
        is_buyer=place.account.is_buyer,
        is_supplier=place.account.is_supplier,
        roles=frozenset(place.all_roles),
    )


def papers_of(account: Account) -> "QuerySet[AccountPaper]":
    """The documents of an account that hold now, one of each kind."""
    found = AccountPaper.objects.filter(account=account, is_current=True).select_related("document")
    return found.order_by("pk")


def people_of(account: Account) -> "QuerySet[Membership]":
    """Everybody who asked for a place, those who wait first."""
    found = Membership.objects.filter(account=account).select_related("user", "account", "decided_by")
    waiting = Case(When(state="pending", then=0), When(state="accepted", then=1), default=2)
    return found.order_by(waiting, "user__full_name", "pk")


def candidates(*, actor: Actor, nit: str = "", words: str = "", side: str = "", limit: int = 25) -> list[Account]:
    """Accounts that may be the one somebody is about to register: the same number, or every word in the name."""
    rows = Account.objects.visible_to(actor).select_related("organization", "held_by")
    digits = re.sub(r"\D", "", nit)
    if not digits and not words.strip():
        return []
    if digits:
        rows = rows.filter(organization__number__in=[digits, digits[:-1]], organization__is_natural_person=False)
    if side:
        rows = rows.filter(state="active", **{f"is_{side}": True})
    for word in fold(words).split():
        rows = rows.filter(organization__folded_name__contains=word)
    return list(rows.order_by("organization__legal_name", "code")[:limit])


def waiting_for_activation() -> "QuerySet[Account]":
    """The desk's queue, the oldest first, with who has each."""
    found = Account.objects.filter(state="requested").select_related("organization", "requested_by", "held_by")
    return found.order_by("requested_at", "pk")


def all_changes() -> "QuerySet[Change]":
    return Change.objects.select_related("account__organization", "requested_by", "document", "decided_by")


def waiting_changes() -> "QuerySet[Change]":
    """Changes of active accounts that the desk has not decided, the oldest first."""
    return all_changes().filter(state="requested").order_by("requested_at", "pk")


def appointments_for_the_desk() -> "QuerySet[Appointment]":
    """Administrators proposed in accounts that have nobody of their own to confirm them."""
    second = Membership.objects.filter(
        account=OuterRef("place__account"), state="accepted", roles__overlap=sorted(rules.BINDING_ROLES)
    )
    second = second.exclude(user=OuterRef("place__user")).exclude(user=OuterRef("proposed_by"))
    found = Appointment.objects.filter(~Exists(second), state="proposed")
    return found.select_related("place__user", "place__account__organization").order_by("proposed_at")


def proposed_administrators(account: Account) -> "QuerySet[Appointment]":
    found = Appointment.objects.filter(place__account=account, state="proposed")
    return found.select_related("place__user", "place__account__organization", "proposed_by").order_by("proposed_at")


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Activations for the desk, access requests for administrators, a returned registration for its administrator."""
    found: list[Task] = []
    if "desk" in actor.platform_roles:
        found += [_activation(account) for account in waiting_for_activation()[:100]]
        found += [_change(change) for change in waiting_changes()[:100]]
        found += [_appointment(a, "desk") for a in appointments_for_the_desk()[:100]]
    if actor.roles & rules.BINDING_ROLES and actor.account_id is not None:
        proposed = Appointment.objects.filter(place__account_id=actor.account_id, state="proposed")
        proposed = proposed.exclude(Q(proposed_by=actor.user_id) | Q(place__user=actor.user_id))
        rows = proposed.select_related("place__user", "place__account__organization")
        found += [_appointment(appointment, "own") for appointment in rows[:100]]
    if "administrator" in actor.roles and actor.account_id is not None:
        pending = Membership.objects.filter(account_id=actor.account_id, state="pending").select_related("user")
        found += [_request(place) for place in pending.order_by("requested_at")[:100]]
        returned = Account.objects.filter(pk=actor.account_id, state="returned").select_related("organization")
        found += [_correction(account) for account in returned]
    return found


def _activation(account: Account) -> Task:
    return Task(
        title=_("Check and activate the account"),
        url=reverse("parties:desk-account", args=[account.code]),
        subject=account.name,
        reason=_("You are of the service desk"),
    )


def _change(change: Change) -> Task:
    return Task(
        title=_("Decide a change of an account"),
        url=reverse("parties:desk-change", args=[change.code]),
        subject=change.account.name,
        reason=_("You are of the service desk"),
    )


def _appointment(appointment: Appointment, side: str) -> Task:
    person, account = appointment.place.user.code, appointment.place.account.code
    own, desk = ("parties:appointment", [person]), ("parties:desk-appointment", [account, person])
    page, args = own if side == "own" else desk
    return Task(
        title=_("Confirm a new administrator"),
        url=reverse(page, args=args),
        subject=f"{appointment.place.user.full_name} · {appointment.place.account.name}",
        reason=_("Two people appoint an administrator"),
    )


def _request(place: Membership) -> Task:
    return Task(
        title=_("Answer the request for access"),
        url=reverse("parties:person", args=[place.user.code]),
        subject=place.user.full_name,
        reason=_("You administer the account"),
    )


def _correction(account: Account) -> Task:
    return Task(
        title=_("Correct the registration of the entity"),
        url=reverse("parties:correct-entity", args=[account.code]),
        subject=account.name,
        reason=_("The service desk returned it with reasons"),
    )


def all_places_of(*, user_id: int) -> "QuerySet[Membership]":
    """Every place of a person, also those they only asked for."""
    found = Membership.objects.filter(user_id=user_id).select_related("account__organization", "account__held_by")
    return found.order_by("account__organization__legal_name", "pk")


def likely_duplicates(*, actor: Actor, nit: str, name: str) -> list[Account]:
    """What is probably the same organisation: the same number, or a name that shares most of its telling words."""
    rows = Account.objects.visible_to(actor).select_related("organization", "held_by")
    near = codelists.nearest(rows.order_by("pk"), name, "organization__folded_name")
    return list({account.pk: account for account in [*candidates(actor=actor, nit=nit), *near]}.values())[:25]


def namesakes(account: Account) -> list[Account]:
    """Other accounts of the same organisation, or with the same name."""
    same = Q(organization=account.organization) | Q(organization__folded_name=account.organization.folded_name)
    return list(Account.objects.filter(same).exclude(pk=account.pk).select_related("organization")[:25])


def public_account(*, number: str, flag: str) -> Account | None:
    """The active account under a NIT or a code. A natural person is never found by their document."""
    rows = Account.objects.filter(state__in=["active", "suspended"], **{flag: True})
    rows = rows.select_related("organization", "parent__organization").order_by("pk")
    if number.startswith("PLG."):
        return rows.filter(code=number).first()
    digits = number.partition("-")[0].replace(".", "")
    return rows.filter(organization__number=digits, organization__is_natural_person=False).first()


def require_correction(actor: Actor, account: Account) -> None:
    """In silence when the actor may correct the account's returned registration."""
    REGISTRATION.require(actor, Act.REQUEST_ACTIVATION, account)


def as_typed(account: Account) -> dict[str, object]:
    """The form of an entity with what is registered now."""
    fields = ("kind", "business_area", "order", "branch", "sector", "entity_type", "in_siif", "pci", "municipality")
    more = ("address", "phone", "email", "notification_email", "country")
    typed: dict[str, object] = {name: getattr(account, name) for name in (*fields, *more)}
    typed |= {"nit": account.nit, "legal_name": account.name, "short_name": account.organization.short_name}
    typed["parent"] = account.parent.code if account.parent else ""
    return typed
