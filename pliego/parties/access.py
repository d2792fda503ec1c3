"""People's places in an account: asked for, accepted with roles, changed, ended."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pliego.accounts import factors
from pliego.accounts.models import User
from pliego.kernel.actors import Actor
from pliego.kernel.events import Event
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.parties import queries, rules
from pliego.parties.events import (
    AccessAccepted,
    AccessEnded,
    AccessRejected,
    AccessRequested,
    AdministratorConfirmed,
    AdministratorProposed,
    AdministratorRefused,
    RolesChanged,
)
from pliego.parties.models import Account, Appointment, Membership
from pliego.parties.policy import POLICY, REGISTRATION, Act
from pliego.parties.states import APPOINTMENT, MEMBERSHIP


@transaction.atomic
def request_access(*, actor: Actor, account_id: int, at: datetime, note: str = "") -> Membership:
    """Ask the administrators of an account for a place in it."""
    account = Account.objects.select_related("organization").filter(pk=account_id).first()
    if account is None:
        raise Unknown()
    POLICY.require(actor, Act.REQUEST_ACCESS, account)
    assert actor.user_id is not None
    place, is_new = Membership.objects.select_for_update(of=("self",)).get_or_create(
        user_id=actor.user_id, account=account, defaults={"requested_at": at}
    )
    if not is_new:
        refuse_if_any(_is_already_in(place))
        MEMBERSHIP.fire(place, "ask_again", at=at)
    place.note, place.requested_at = " ".join(note.split())[:500], at
    place.roles, place.decided_at, place.decided_by = [], None, None
    place.save()
    _announce(AccessRequested, place, actor, at)
    return place


@transaction.atomic
def accept_access(*, actor: Actor, membership_id: int, roles: Iterable[str], at: datetime) -> Membership:
    """Let the person in, with these roles."""
    place = locked_place(membership_id)
    REGISTRATION.require(actor, Act.MANAGE_PEOPLE, place.account)
    chosen = list(dict.fromkeys(roles))
    refuse_if_any(roles_do_not_fit(place, chosen))
    MEMBERSHIP.fire(place, "accept", at=at)
    return _given(place, chosen, AccessAccepted, actor, at)


@transaction.atomic
def reject_access(*, actor: Actor, membership_id: int, at: datetime, reason: str = "") -> Membership:
    """Say no; it can be reverted if it was a mistake."""
    place = locked_place(membership_id)
    REGISTRATION.require(actor, Act.MANAGE_PEOPLE, place.account)
    MEMBERSHIP.fire(place, "reject", at=at)
    place.note = " ".join(reason.split())[:500]
    return decided(place, [], AccessRejected, actor, at)


@transaction.atomic
def revert_rejection(*, actor: Actor, membership_id: int, at: datetime) -> Membership:
    """Put a request that was rejected by mistake back in the queue."""
    place = locked_place(membership_id)
    REGISTRATION.require(actor, Act.MANAGE_PEOPLE, place.account)
    MEMBERSHIP.fire(place, "revert", at=at)
    return decided(place, [], AccessRequested, actor, at)


@transaction.atomic
def set_roles(*, actor: Actor, membership_id: int, roles: Iterable[str], at: datetime) -> Membership:
    """Change what the person may do in the account. It counts from their next request."""
    place = locked_place(membership_id)
    REGISTRATION.require(actor, Act.MANAGE_PEOPLE, place.account)
    chosen = list(dict.fromkeys(roles))
    if place.state != "accepted":
        raise Refused(Objection("wrong_state", _("This person has no access to the account.")))
    refuse_if_any(roles_do_not_fit(place, chosen), _nobody_administers(place, chosen))
    return _given(place, chosen, RolesChanged, actor, at)


@transaction.atomic
def end_access(*, actor: Actor, membership_id: int, at: datetime) -> Membership:
    """End the person's access. What they did stays, with their name."""
    place = locked_place(membership_id)
    REGISTRATION.require(actor, Act.MANAGE_PEOPLE, place.account)
    refuse_if_any(_nobody_administers(place, []))
    MEMBERSHIP.fire(place, "deactivate", at=at)
    return decided(place, [], AccessEnded, actor, at)


def locked_place(membership_id: int) -> Membership:
    """The place, with its account locked first, so that two changes cannot leave the account without administrator."""
    found = Membership.objects.filter(pk=membership_id).first()
    if found is None:
        raise Unknown()
    account = Account.objects.select_for_update(of=("self",)).select_related("organization").get(pk=found.account_id)
    place = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership_id)
    place.account = account
    return place


def _is_already_in(place: Membership) -> Iterator[Objection]:
    if place.state == "accepted":
        yield Objection("already_done", _("You already have access to this account."))
    if place.state == "pending":
        yield Objection("already_done", _("You already asked. The administrators of the account have your request."))


def roles_do_not_fit(place: Membership, roles: list[str]) -> Iterator[Objection]:
    account = place.account
    yield from rules.roles_do_not_fit(roles, is_buyer=account.is_buyer, is_supplier=account.is_supplier)
    if rules.BINDING_ROLES.intersection(roles):
        missing = rules.second_factor_is_missing(factors.has_second_factor(place.user), "roles")
        yield from [missing] if missing else []


def _nobody_administers(place: Membership, roles: list[str]) -> Iterator[Objection]:
    """An account always keeps at least one administrator."""
    if "administrator" not in place.roles or "administrator" in roles:
        return
    others = Membership.objects.filter(account=place.account, state="accepted", roles__contains=["administrator"])
    if not others.exclude(pk=place.pk).exists():
        sentence = _("The account would be left without administrator. First give that role to another person.")
        yield Objection("last_administrator", sentence, "roles")


def _given(place: Membership, roles: list[str], event: type[Event], actor: Actor, at: datetime) -> Membership:
    """Give the roles; being an administrator waits for a second person."""
    proposes = "administrator" in roles and "administrator" not in place.roles
    now = [role for role in roles if role != "administrator" or not proposes]
    place = decided(place, now, event, actor, at)
    if proposes:
        propose_administrator(place, actor.user_id, at)
    return place


def propose_administrator(place: Membership, proposer_id: int | None, at: datetime) -> None:
    """One person says that the other should administer too. Nothing changes until a second person confirms it."""
    if place.appointments.filter(state="proposed").exists():
        return
    proposer = User.objects.get(pk=proposer_id or 0)
    appointment = place.appointments.create(proposed_by=proposer, proposed_at=at)
    data = {"account": place.account.code, "person": place.user.code}
    event = AdministratorProposed(file=place.account.file, subject_id=appointment.pk, data=data)
    outbox.publish(event, actor=queries.actor_for(user=proposer, account_id=place.account_id), at=at)


@transaction.atomic
def confirm_administrator(*, actor: Actor, appointment_id: int, at: datetime) -> Appointment:
    """The second person agrees: another who binds the account, or the desk where the account has nobody else."""
    appointment, place = _open_appointment(appointment_id)
    REGISTRATION.require(actor, Act.CONFIRM_ADMINISTRATOR, place.account)
    refuse_if_any(_is_not_a_second_person(appointment, place, actor), roles_do_not_fit(place, ["administrator"]))
    APPOINTMENT.fire(appointment, "confirm", at=at)
    place.roles = list(dict.fromkeys([*place.roles, "administrator"]))
    place.save(update_fields=["roles"])
    return _closed(appointment, place, AdministratorConfirmed, actor, at)


@transaction.atomic
def refuse_administrator(*, actor: Actor, appointment_id: int, at: datetime) -> Appointment:
    """The second person does not agree, or who proposed it thought again."""
    appointment, place = _open_appointment(appointment_id)
    REGISTRATION.require(actor, Act.CONFIRM_ADMINISTRATOR, place.account)
    APPOINTMENT.fire(appointment, "refuse", at=at)
    return _closed(appointment, place, AdministratorRefused, actor, at)


def _open_appointment(appointment_id: int) -> tuple[Appointment, Membership]:
    found = Appointment.objects.filter(pk=appointment_id).first()
    if found is None:
        raise Unknown()
    place = locked_place(found.place_id)
    return Appointment.objects.select_for_update().get(pk=appointment_id), place


def _is_not_a_second_person(appointment: Appointment, place: Membership, actor: Actor) -> Iterator[Objection]:
    if actor.people & {appointment.proposed_by_id, place.user_id}:
        sentence = _("Another person has to confirm it: neither who proposed it nor who is to administer.")
        yield Objection("not_a_second_person", sentence)
    if place.state != "accepted":
        yield Objection("wrong_state", _("This person has no access to the account."))
    is_of_the_account = actor.account_id == place.account_id
    if not is_of_the_account and second_people(appointment, place).exists():
        sentence = _("The account has people of its own who can confirm it. The desk confirms where there is nobody.")
        yield Objection("account_confirms", sentence)


def second_people(appointment: Appointment, place: Membership) -> QuerySet[Membership]:
    """Who of the account may confirm: those who bind it, other than the two."""
    found = Membership.objects.filter(
        account=place.account, state="accepted", roles__overlap=sorted(rules.BINDING_ROLES)
    )
    return found.exclude(user_id__in=[appointment.proposed_by_id, place.user_id])


def _closed(appointment: Appointment, place: Membership, event: type[Event], actor: Actor, at: datetime) -> Appointment:
    appointment.decided_by_id, appointment.decided_at = actor.user_id, at
    appointment.save()
    data = {"account": place.account.code, "person": place.user.code}
    told = event(file=place.account.file, subject_id=appointment.pk, data=data)
    appointment.receipt = outbox.publish(told, actor=actor, at=at)
    return appointment


def decided(place: Membership, roles: list[str], event: type[Event], actor: Actor, at: datetime) -> Membership:
    place.roles, place.decided_at, place.decided_by_id = roles, at, actor.user_id
    place.save()
    _announce(event, place, actor, at)
    return place


def _announce(event: type[Event], place: Membership, actor: Actor, at: datetime) -> None:
    data = {"account": place.account.code, "person": place.user.code, "roles": sorted(place.roles)}
    place.receipt = outbox.publish(event(file=place.account.file, subject_id=place.pk, data=data), actor=actor, at=at)
