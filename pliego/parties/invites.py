"""Places offered by an administrator: the person takes theirs from their own mailbox, signed in."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.kernel.actors import Actor
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.identifiers import random_code
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.parties import access, mailboxes, queries, rules
from pliego.parties.events import AccessAccepted, InvitationEnded, PersonInvited, SupplierRegistered
from pliego.parties.models import Account, Invite, Membership
from pliego.parties.policy import REGISTRATION, Act
from pliego.parties.services import locked, person_of, public
from pliego.parties.states import ACCOUNT, INVITE, MEMBERSHIP

LIVES = timedelta(days=14)


@transaction.atomic
def invite(
    *, actor: Actor, account_id: int, email: str, roles: Iterable[str], at: datetime, full_name: str = ""
) -> Invite:
    """Offer a place to whoever reads that mailbox. The answer is the same whether or not they are registered."""
    account = locked(account_id)
    REGISTRATION.require(actor, Act.MANAGE_PEOPLE, account)
    return offer(account=account, actor=actor, email=email, roles=roles, at=at, full_name=full_name)


def offer(
    *,
    account: Account,
    actor: Actor,
    email: str,
    roles: Iterable[str],
    at: datetime,
    full_name: str = "",
    in_bulk: bool = False,
) -> Invite:
    """The same, for acts that asked their own policy. In bulk, mails leave when everything has been written down."""
    email, chosen, token = email.strip().lower(), list(dict.fromkeys(roles)), secrets.token_urlsafe(24)
    refuse_if_any(wrong_invite(account, email, chosen))
    kept = Invite.objects.create(
        code=f"INV-{random_code()}",
        account=account,
        email=email,
        full_name=" ".join(full_name.split())[:200],
        roles=chosen,
        token_sha256=_digest(token),
        invited_by=person_of(actor),
        invited_at=at,
        expires_at=at + LIVES,
    )
    if in_bulk:
        transaction.on_commit(lambda: _mail(kept, actor, token), robust=True)
    else:
        _mail(kept, actor, token)
    data = {"account": account.code, "invite": kept.code, "roles": sorted(chosen)}
    kept.receipt = outbox.publish(PersonInvited(file=account.file, subject_id=kept.pk, data=data), actor=actor, at=at)
    return kept


def wrong_invite(account: Account, email: str, roles: list[str]) -> Iterator[Objection]:
    """Everything that stands against offering this place."""
    try:
        validate_email(email)
    except ValidationError:
        yield Objection("email_wrong", _("Write an e-mail address, for example ana.mora@entidad.gov.co."), "email")
    yield from rules.roles_do_not_fit(roles, is_buyer=account.is_buyer, is_supplier=account.is_supplier)
    if Invite.objects.filter(account=account, email=email, state="sent").exists():
        yield Objection("already_invited", _("This mailbox already has an invitation to the account."), "email")
    if Membership.objects.filter(account=account, user__email=email, state="accepted").exists():
        yield Objection("already_in", _("This person is already in the account."), "email")


def for_token(token: str, at: datetime) -> Invite:
    """The invitation that a mail led to. Unknown when it is not, was answered, or is over."""
    rows = Invite.objects.select_related("account__organization", "invited_by")
    found = rows.filter(token_sha256=_digest(token), state="sent", expires_at__gt=at).first()
    if found is None:
        raise Unknown()
    return found


@transaction.atomic
def take(*, actor: Actor, token: str, at: datetime) -> Membership:
    """The person takes the place, with the roles that were offered. Being administrator needs a second person still."""
    person = person_of(actor)
    invite = for_token(token, at)
    account = locked(invite.account_id)
    invite = Invite.objects.select_for_update(of=("self",)).get(pk=invite.pk)
    INVITE.fire(invite, "take", at=at)
    place, _new = Membership.objects.select_for_update(of=("self",)).get_or_create(
        user=person, account=account, defaults={"requested_at": at}
    )
    place.account, place.user = account, person
    refuse_if_any(_is_in(place), access.roles_do_not_fit(place, invite.roles))
    _enter(place, invite, at)
    first = _is_first(account)
    now = [role for role in invite.roles if role != "administrator" or first]
    place = access.decided(place, now, AccessAccepted, actor, at)
    if now != invite.roles:
        access.propose_administrator(place, invite.invited_by_id, at)
    if account.state == ACCOUNT.initial and account.is_supplier and first:
        _enrol(account, queries.actor_for(user=person, account_id=account.pk), at)
    invite.place, invite.decided_at = place, at
    invite.save()
    return place


def _enter(place: Membership, invite: Invite, at: datetime) -> None:
    if place.state in {"rejected", "cancelled"}:
        MEMBERSHIP.fire(place, "ask_again", at=at)
        place.save()
    MEMBERSHIP.fire(place, "accept", at=at)
    place.decided_by_id = invite.invited_by_id


def _is_first(account: Account) -> bool:
    """Whether the account has nobody yet: it was registered in bulk and waits for its first person."""
    return not Membership.objects.filter(account=account, state="accepted").exists()


def _enrol(account: Account, actor: Actor, at: datetime) -> None:
    ACCOUNT.fire(account, "enrol", at=at)
    account.activated_at = at
    account.save(update_fields=["state", "activated_at"])
    event = SupplierRegistered(file=account.file, subject_id=account.pk, data=public(account))
    account.receipt = outbox.publish(event, actor=actor, at=at)


@transaction.atomic
def decline(*, token: str, actor: Actor, at: datetime) -> Invite:
    """The person does not want the place."""
    invite = Invite.objects.select_for_update(of=("self",)).select_related("account").get(pk=for_token(token, at).pk)
    return _end(invite, "decline", actor, at)


@transaction.atomic
def withdraw(*, actor: Actor, invite_id: int, at: datetime) -> Invite:
    """The administrator takes the offer back."""
    rows = Invite.objects.select_for_update(of=("self",)).select_related("account__organization")
    if (invite := rows.filter(pk=invite_id).first()) is None:
        raise Unknown()
    REGISTRATION.require(actor, Act.MANAGE_PEOPLE, invite.account)
    return _end(invite, "withdraw", actor, at)


def _end(invite: Invite, act: str, actor: Actor, at: datetime) -> Invite:
    INVITE.fire(invite, act, at=at)
    invite.decided_at = at
    invite.save()
    data = {"account": invite.account.code, "invite": invite.code, "state": invite.state}
    event = InvitationEnded(file=invite.account.file, subject_id=invite.pk, data=data)
    invite.receipt = outbox.publish(event, actor=actor, at=at)
    return invite


def _is_in(place: Membership) -> Iterator[Objection]:
    if place.state == "accepted":
        yield Objection("already_in", _("You already have access to this account."))


def _mail(invite: Invite, actor: Actor, token: str) -> None:
    url = settings.PLIEGO_SITE_URL + reverse("parties:invite", args=[token])
    told = {
        "inviter": actor.name,
        "account": invite.account.name,
        "url": url,
        "until": f"{invite.expires_at.astimezone(BOGOTA):%d/%m/%Y}",
    }
    subject = _("A place in %(account)s") % {"account": invite.account.name}
    try:
        mailboxes.mail("invite", to=invite.email, subject=subject, **told)
    except Refused as refused:
        raise Refused(*(Objection(o.code, o.sentence, "email") for o in refused.objections)) from refused


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
