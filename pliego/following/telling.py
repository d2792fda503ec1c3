"""Telling followers of a public act: at once, a hundred at a time, and once a day."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.following.models import Follow
from pliego.following.table import DELIVERIES, act_title, is_told, row_of
from pliego.kernel import dates
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.notifications.reactions import filled, hearers
from pliego.notifications.services import Message, mail_to, notify
from pliego.notifications.subjects import Subject

AT_ONCE = 100
MOST_LINES = 30
REASON = _("you follow this process")


def stop_url(follow: Follow, *, daily: bool = False) -> str:
    return reverse("following:stop-daily" if daily else "following:stop", args=[follow.secret])


def message_of(subject: Subject) -> Message:
    """What followers are told of an act."""
    row, code = row_of(subject.announced.code), subject.values["tender"]
    title = format_lazy(_("“{title}”: {act}"), title=subject.values["title"], act=act_title(subject.announced.code))
    return Message(
        title=title,
        body=filled(row.body, subject),
        url=f"/procesos/{code}/{row.place}",
        reason=REASON,
        source=f"{subject.announced.entry_id}/follow",
    )


@transaction.atomic
def tell(*, entry_id: int, after: int, at: datetime) -> int | None:
    """Tell the next hundred followers of one act; answers after whom to go on, or None."""
    subject = Subject(outbox.announced(Entry.objects.get(pk=entry_id)))
    tender = subject.tender
    if tender is None or not tender.is_public:
        return None
    rows = Follow.objects.in_force().filter(tender=tender, pk__gt=after).select_related("user").order_by("pk")
    found = list(rows[:AT_ONCE])
    message = message_of(subject)
    told = hearers(subject) if found else set()
    new = [follow for follow in found if _is_new_to(follow, told, subject.announced.actor_user_id)]
    notify(users=[follow.user for follow in new if follow.user], message=message, at=at, mail=False)
    for follow in new:
        if DELIVERIES[follow.delivery].is_mailed:
            mailed = replace(message, unsubscribe=stop_url(follow))
            mail_to(follow.mail_address, language=follow.mail_language, message=mailed, at=at)
    return found[-1].pk if len(found) == AT_ONCE else None


def _is_new_to(follow: Follow, told: set[int], actor_id: int | None) -> bool:
    """Nobody is told of their own act, nor of what the table of notices tells them anyway."""
    user = follow.user
    return user is None or (user.is_active and user.pk not in told and user.pk != actor_id)


def readers_of_the_day() -> list[tuple[int | None, str]]:
    """(person, address) of everybody who has a daily mail."""
    rows = Follow.objects.in_force().filter(delivery="daily").order_by("user_id", "address")
    return list(rows.values_list("user_id", "address").distinct())


@transaction.atomic
def tell_the_day(*, user_id: int | None, address: str, at: datetime) -> int:
    """One mail with what is new in everything that this reader follows by the day; nothing new, no mail."""
    rows = Follow.objects.in_force().of_reader(user_id, address).filter(delivery="daily")
    follows = {f.tender.ocid: f for f in rows.select_related("tender", "user").select_for_update(of=("self",))}
    if not follows:
        return 0
    since = min(follow.told_up_to for follow in follows.values())
    entries = Entry.objects.disclosed().filter(file__in=list(follows), pk__gt=since).order_by("pk")
    new = [entry for entry in entries if entry.pk > follows[entry.file].told_up_to and is_told(entry.act)]
    if not new:
        return 0
    reader = next(iter(follows.values()))
    if reader.user is None or reader.user.is_active:
        with translation.override(reader.mail_language):
            message = _day(new, follows, reader, at)
        mail_to(reader.mail_address, language=reader.mail_language, message=message, at=at)
    rows.update(told_up_to=new[-1].pk)
    return len(new)


def _day(new: list[Entry], follows: dict[str, Follow], reader: Follow, at: datetime) -> Message:
    lines: list[str] = []
    for ocid, follow in follows.items():
        acts = [entry for entry in new if entry.file == ocid]
        if acts and len(lines) < MOST_LINES:
            address = f"{settings.PLIEGO_SITE_URL}/procesos/{follow.tender.code}/"
            lines += ["", follow.tender.title, address]
            lines += [f"- {dates.instant(entry.at)}: {act_title(entry.act)}" for entry in acts[:MOST_LINES]]
    return Message(
        title=_("What is new in the processes that you follow"),
        body="\n".join(lines)[:4000],
        url=reverse("following:list") if reader.user_id else f"/procesos/{reader.tender.code}/",
        reason=REASON,
        source=f"follow-day/{new[-1].pk}",
        unsubscribe=stop_url(reader, daily=True),
    )
