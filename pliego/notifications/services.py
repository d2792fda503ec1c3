"""Telling people: a notice in their inbox, and a mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation

from pliego.accounts.models import User
from pliego.kernel import clock
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Text
from pliego.notifications import sending
from pliego.notifications.models import Mail, Notice
from pliego.notifications.policy import POLICY, Act
from pliego.parties.models import Account, Membership

INSTITUTION_LANGUAGE = "es-co"


@dataclass(frozen=True)
class Message:
    """What is said. `source` names the cause: the same cause tells the same person once."""

    title: Text
    reason: Text
    source: str
    body: Text = ""
    url: str = ""
    receipt_of: int | None = None  # the ledger entry whose receipt goes with the mail
    unsubscribe: str = ""  # where one click ends these mails (RFC 8058)


def people_with(*, account_id: int, roles: Iterable[str]) -> list[User]:
    """The people of an account who hold any of these roles."""
    places = Membership.objects.holding(*roles).filter(account_id=account_id, user__is_active=True)
    return [place.user for place in places.select_related("user").order_by("pk")]


@transaction.atomic
def notify(
    *,
    users: Iterable[User] = (),
    account: Account | None = None,
    message: Message,
    at: datetime,
    mail: bool = True,
    mailed: Iterable[User] | None = None,
) -> int:
    """Tell people in their inbox and by mail; with `account`, its mailbox for notices as well. Answers how many.

    `mailed` are those who get the mail, when they are not the same who get the notice.
    """
    people = {user.pk: user for user in users}
    told = [_notice(user, message, at) for user in people.values()]
    already = set(Notice.objects.filter(user__in=people, source=message.source[:120]).values_list("user_id", flat=True))
    Notice.objects.bulk_create(told, ignore_conflicts=True)
    if mail:
        readers = people.values() if mailed is None else mailed
        addresses = {user.email.lower(): user.language for user in readers}
        if account is not None and account.notification_email:
            addresses.setdefault(account.notification_email.lower(), INSTITUTION_LANGUAGE)
        for address, language in addresses.items():
            _queue_mail(address, language, message, at)
    return len(people.keys() - already)


def _notice(user: User, message: Message, at: datetime) -> Notice:
    return Notice(user=user, created_at=at, source=message.source[:120], **_said(message, user.language))


def _said(message: Message, language: str) -> dict[str, str]:
    with translation.override(language):
        return {
            "title": str(message.title)[:200],
            "body": str(message.body)[:4000],
            "reason": str(message.reason)[:200],
            "url": message.url[:300],
        }


@transaction.atomic
def mail_to(address: str, *, language: str, message: Message, at: datetime) -> None:
    """A mail to somebody who may have no account; the same cause mails the same address once."""
    _queue_mail(address, language, message, at)


def _queue_mail(address: str, language: str, message: Message, at: datetime) -> None:
    from pliego.notifications.tasks import send

    mail, is_new = Mail.objects.get_or_create(
        address=address,
        source=message.source[:120],
        defaults={
            "language": language,
            "created_at": at,
            "receipt_of_id": message.receipt_of,
            "unsubscribe": message.unsubscribe[:300],
            **_said(message, language),
        },
    )
    if is_new:
        send.defer(mail_id=mail.pk)


def send_mail(*, mail_id: int) -> None:
    """Hand one mail to the mail server. A failure is raised, and the queue tries again later."""
    with transaction.atomic():
        mail = Mail.objects.select_for_update(of=("self",)).select_related("receipt_of").get(pk=mail_id)
        if mail.sent_at is not None:
            return
        sending.message(mail).send()
        mail.sent_at = clock.real_now()
        mail.save(update_fields=["sent_at"])


@transaction.atomic
def read_notice(*, actor: Actor, notice_id: int, at: datetime) -> Notice:
    """Mark a notice as read by its person."""
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    POLICY.require(actor, Act.READ, notice)
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice


def read_all(*, actor: Actor, at: datetime) -> int:
    """Mark everything in the person's inbox as read."""
    return Notice.objects.visible_to(actor).unread().update(read_at=at)
