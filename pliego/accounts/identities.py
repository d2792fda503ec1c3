"""The identity that a person has at the installation's OpenID Connect provider, linked by themselves and signed.

Guarantees: an identity is issuer and subject, of one person at most; nobody is linked by their e-mail, nor by signing
in: only from inside, with their own factors; it opens the first half of the door and signs nothing.
"""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from pliego.accounts import holds, journal, services
from pliego.accounts.events import IdentityLinked, IdentityUnlinked
from pliego.accounts.models import AccessRecord, LinkedIdentity, User
from pliego.accounts.oidc import Identity
from pliego.kernel import clock
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, Unknown
from pliego.ledger import outbox


def of(user: User) -> LinkedIdentity | None:
    """The person's identity at the provider of now."""
    return LinkedIdentity.objects.filter(user=user, issuer=settings.PLIEGO_OIDC_ISSUER).first()


def person_with(identity: Identity) -> User | None:
    """Whose identity that is, while they may sign in."""
    found = LinkedIdentity.objects.select_related("user").filter(issuer=identity.issuer, subject=identity.subject)
    linked = found.filter(user__is_active=True).first()
    return linked.user if linked else None


@transaction.atomic
def link(*, request: HttpRequest, user: User, identity: Identity, actor: Actor, at: datetime) -> LinkedIdentity:
    """From now on this identity opens the first half of the person's door."""
    services.require_signature(actor)
    try:
        with transaction.atomic():
            linked = LinkedIdentity.objects.create(
                user=user, issuer=identity.issuer, subject=identity.subject, linked_at=clock.real_now()
            )
    except IntegrityError:
        sentence = _("You have one linked already, or this one is of another user. Unlink it there first.")
        raise Refused(Objection("already_linked", sentence)) from None
    holds.place(user, holds.Kind.AFTER_CHANGE, "identity_linked")
    _record(request, user, "linked")
    event = IdentityLinked(file=user.file, subject_id=user.pk, data={"issuer": identity.issuer})
    user.receipt = outbox.publish(event, actor=actor, at=at)
    return linked


@transaction.atomic
def unlink(*, request: HttpRequest, user: User, actor: Actor, at: datetime) -> None:
    """It opens nothing any more."""
    services.require_signature(actor)
    linked = LinkedIdentity.objects.select_for_update().filter(user=user, issuer=settings.PLIEGO_OIDC_ISSUER).first()
    if linked is None:
        raise Unknown()
    linked.delete()
    _record(request, user, "unlinked")
    event = IdentityUnlinked(file=user.file, subject_id=user.pk, data={"issuer": settings.PLIEGO_OIDC_ISSUER})
    user.receipt = outbox.publish(event, actor=actor, at=at)


def _record(request: HttpRequest, user: User, method: str) -> None:
    journal.record(user=user, kind=AccessRecord.Kind.IDENTITY, door=journal.door_of(request), method=method)
