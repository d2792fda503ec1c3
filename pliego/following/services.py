"""Following a process, by a person or by an address whose owner confirms it.

None of it is an act of a file: the log would tell that somebody follows, and when.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.accounts import tries
from pliego.following.models import Follow, new_secret
from pliego.following.policy import OWN, POLICY, Act, OwnAct
from pliego.following.table import DELIVERIES
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger.models import Entry
from pliego.notifications.services import Message, mail_to
from pliego.tendering.models import Tender
from pliego.tendering.services.locking import person

TO_CONFIRM = timedelta(hours=48)


def _newest() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _unknown_delivery(delivery: str, *, has_inbox: bool) -> Objection | None:
    if delivery in DELIVERIES and (has_inbox or DELIVERIES[delivery].writes):
        return None
    return Objection("unknown_delivery", _("Choose how you want to hear of it."), "delivery")


@transaction.atomic
def follow(*, actor: Actor, tender_id: int, delivery: str, at: datetime) -> Follow:
    """From now on this person hears of the public acts of the process, or hears of them in another way."""
    tender = Tender.objects.filter(pk=tender_id).first()
    if tender is None:
        raise Unknown()
    POLICY.require(actor, Act.FOLLOW, tender)
    refuse_if_any(_unknown_delivery(delivery, has_inbox=True))
    told = {"delivery": delivery, "told_up_to": _newest()}
    found, _made = Follow.objects.update_or_create(
        tender=tender,
        user_id=person(actor),
        defaults=told,
        create_defaults={**told, "asked_at": at, "confirmed_at": at, "secret": new_secret()},
    )
    return found


@transaction.atomic
def unfollow(*, actor: Actor, tender_id: int) -> None:
    """The person hears no more of it. Who does not follow it is told nothing else."""
    found = Follow.objects.select_for_update().filter(tender_id=tender_id, user_id=actor.user_id or 0).first()
    if found is not None:
        OWN.require(actor, OwnAct.CHANGE, found)
        found.delete()


def ask_to_follow(*, address: str, tender_id: int, delivery: str, language: str, network: str) -> None:
    """A visitor asks to follow by mail. What is known of that address is looked up by the worker, out of sight."""
    from pliego.following import tasks

    if not Tender.objects.public().filter(pk=tender_id).exists():
        raise Unknown()
    refuse_if_any(_unknown_delivery(delivery, has_inbox=False))
    if not tries.take(tries.MAILS_OF_NETWORK, network):
        raise Refused(Objection("too_many_mails", _("Too many requests from your network. Wait an hour."), "address"))
    tasks.ask.defer(address=address.strip().lower(), tender_id=tender_id, delivery=delivery, language=language)


@transaction.atomic
def mail_the_question(*, address: str, tender_id: int, delivery: str, language: str, at: datetime) -> None:
    """Ask the owner of an address whether it was them. Asked too often, no more is mailed."""
    if not tries.take(tries.MAILS_TO_ADDRESS, address):
        return
    wanted = {"delivery": delivery, "language": language, "asked_at": at}
    found, _made = Follow.objects.get_or_create(
        tender_id=tender_id, address=address, defaults=wanted | {"secret": new_secret()}
    )
    if found.confirmed_at is None:
        Follow.objects.filter(pk=found.pk).update(**wanted)
    message = Message(
        title=format_lazy(_("Do you want to follow “{title}”?"), title=found.tender.title),
        body=_("Somebody asked it with this address. If it was you, confirm it there within 48 hours; if it was not, do"
               " nothing: you will hear nothing."),
        url=reverse("following:link", args=[found.secret]),
        reason=_("somebody asked to follow a public process with this address"),
        source=f"follow/{found.pk}/{at.timestamp()}",
    )  # fmt: skip
    mail_to(address, language=language, message=message, at=at)


def of_secret(secret: str) -> Follow:
    """Whose mail carried this link."""
    found = Follow.objects.select_related("tender__buyer__organization", "user").filter(secret=secret).first()
    if found is None:
        raise Unknown()
    return found


@transaction.atomic
def confirm(*, secret: str, at: datetime) -> Follow:
    """The owner of the address confirms. Confirmed before, nothing changes."""
    found = Follow.objects.select_for_update().filter(secret=secret).first()
    if found is None or (found.confirmed_at is None and at >= found.asked_at + TO_CONFIRM):
        raise Unknown()
    if found.confirmed_at is None:
        found.confirmed_at, found.told_up_to = at, _newest()
        found.save(update_fields=["confirmed_at", "told_up_to"])
    return found


@transaction.atomic
def stop_mails(*, secret: str, daily: bool = False) -> None:
    """One click in a mail: an address is forgotten; a person goes on following in their notices only.

    `daily`: of the daily mail, which speaks of everything that its reader follows in that way. Done before, and so
    unknown, it is done.
    """
    found = Follow.objects.select_for_update().filter(secret=secret).first()
    if found is None:
        return
    rows = Follow.objects.of_reader(found.user_id, found.address)
    rows = rows.filter(delivery="daily") if daily else rows.filter(pk=found.pk)
    if found.user_id is not None:
        rows.update(delivery="inbox")
    else:
        rows.delete()


def forget_unconfirmed(*, at: datetime) -> int:
    """Addresses whose owner did not confirm are not kept."""
    return Follow.objects.filter(confirmed_at__isnull=True, asked_at__lte=at - TO_CONFIRM).delete()[0]
