"""Registering with a document that is of another registration: a claim, which the service desk settles.

Guarantees: until the e-mail is proved and after it, pages and API answer as to anybody, with the same statements: who
typed it learns it from a mail of the worker, when the mailbox is theirs. A claim reads and proves who it is, and does
nothing else (`standing`). One person has one registration: the desk merges both, or the claim is closed.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.accounts import letters
from pliego.accounts.events import DocumentClaimed, DocumentClaimProved
from pliego.accounts.models import User
from pliego.accounts.suspending import SHORTEST_REASON, keep
from pliego.kernel import clock
from pliego.kernel.actors import SYSTEM, Actor
from pliego.kernel.objections import Objection, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.web.fields import Upload


def tell(*, user_id: int) -> None:
    """By mail, and to the desk; to who registered with a document of nobody, nothing."""
    with transaction.atomic():
        user = User.objects.filter(pk=user_id, is_claim=True).first()
        if user is None:
            return
        event = DocumentClaimed(file=user.file, subject_id=user.pk, data={"person_code": user.code})
        outbox.publish(event, actor=SYSTEM, at=clock.now())
        letters.told(user, "document_claimed", url=letters.plain_address("accounts:prove-claim"))
        for owner in others_of(user):
            if owner.is_active and not owner.is_claim:
                letters.told(owner, "someone_tried")


@transaction.atomic
def prove(*, actor: Actor, reason: str, files: list[Upload], at: datetime) -> User:
    """The person says what happened and shows their document to the desk."""
    user = User.objects.filter(pk=actor.user_id or 0, is_claim=True).first()
    if user is None:
        raise Unknown()
    refuse_if_any(
        None if len(reason.strip()) >= SHORTEST_REASON else _reason_is_missing(),
        None if files else Objection("evidence_missing", _("Attach your identity document, both sides."), "evidence"),
    )
    kept = keep(actor, files, file=user.file, at=at)
    told = {"person_code": user.code, "reason": reason.strip()}
    event = DocumentClaimProved(
        file=user.file, subject_id=user.pk, data=told, documents=tuple(paper.sha256 for paper in kept)
    )
    user.receipt = outbox.publish(event, actor=actor, at=at)
    return user


def others_of(user: User) -> list[User]:
    """The registrations with the same document, for the desk."""
    same = User.objects.filter(document_type=user.document_type, document_number=user.document_number)
    return list(same.exclude(pk=user.pk).order_by("created_at", "pk"))


def settled_by_merging(kept: User, duplicate: User) -> None:
    """Of the two, the one that is kept has the document."""
    if kept.is_claim and not duplicate.is_claim:
        for user in (duplicate, kept):  # first it is let go, then taken
            user.is_claim = not user.is_claim
            user.save(update_fields=["is_claim"])


def _reason_is_missing() -> Objection:
    return Objection(
        "reason_missing", _("Write it with what somebody who was not there needs to understand."), "reason"
    )
