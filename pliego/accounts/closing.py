"""A person closes their own user. Source: the agency's guide of deactivation: no accepted access in any account.

Guarantees: what they did stays with their name; the document stays theirs, so that nobody registers with it again.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from pliego.accounts import ties, tokens
from pliego.accounts.models import LinkedIdentity, User
from pliego.accounts.standing_events import PersonClosed
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Denied, Objection, Refused, SignatureRequired, refuse_if_any
from pliego.ledger import outbox


def objections(user: User, at: datetime) -> list[Objection]:
    """What has to end before the user can be closed."""
    held = [*ties.of(ties.CLOSING, user.pk, at), *ties.of(ties.LIVE, user.pk, at)]
    sentence = _("Before closing your user: %(what)s.")
    return [Objection("still_tied", sentence % {"what": text}) for text in held]


@transaction.atomic
def close(*, actor: Actor, at: datetime) -> User:
    """End the user. Their sessions and programs end with it."""
    if actor.user_id is None:
        raise Denied(_("Sign in to do this."))
    user = User.objects.select_for_update(of=("self",)).get(pk=actor.user_id)
    if actor.signature is None:
        raise SignatureRequired(_("Sign this act with your second factor."))
    if user.suspension_id:
        raise Refused(Objection("suspended", _("While you are suspended your user stays, so that you can answer.")))
    refuse_if_any(objections(user, at))
    end(user, at)
    event = PersonClosed(file=user.file, subject_id=user.pk, data={"person": user.code})
    user.receipt = outbox.publish(event, actor=actor, at=at)
    return user


def end(user: User, at: datetime) -> None:
    """Nobody enters with this registration any more."""
    user.is_active, user.closed_at = False, at
    if user.is_claim:  # it was nobody's registration: its address may register again, with the right document
        user.email = f"{user.code.lower()}@closed.invalid"
        EmailAddress.objects.filter(user=user).delete()
    user.save(update_fields=["is_active", "closed_at", "merged_into", "email"])
    for session in UserSession.objects.filter(user=user):
        session.end()
    LinkedIdentity.objects.filter(user=user).delete()
    tokens.close_all(user)
