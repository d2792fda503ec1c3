"""Which notices a person wants, by kind. What has legal effects, or guards one's own access, is always told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.accounts.models import User
from pliego.authority.models import Preference
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Denied, Text


@dataclass(frozen=True)
class NoticeKind:
    """`events` are beginnings of the codes of events. A kind that `is_legal` cannot be turned off."""

    code: str
    title: Text
    events: tuple[str, ...]
    is_legal: bool = False


# fmt: off
NOTICE_KINDS: tuple[NoticeKind, ...] = (
    NoticeKind("security",   _("Your access and your keys"),            ("person.", "opening_key."), is_legal=True),
    NoticeKind("account",    _("The account and its people"),           ("account.", "access.", "delegation."),
               is_legal=True),
    NoticeKind("offers",     _("Offers: received, opened, evaluated"),  ("bid.", "bids.", "evaluation."),
               is_legal=True),
    NoticeKind("award",      _("Awards and contracts to sign"),         ("award.", "contract.", "start_record.",
                                                                         "settlement"),
               is_legal=True),
    NoticeKind("breaches",   _("Breaches, hearings and sanctions"),     ("compliance.", "breach.", "sanction."),
               is_legal=True),
    NoticeKind("addenda",    _("Addenda, suspensions, cancellations"),  ("tender.amended", "tender.stage_opened",
                                                                         "tender.draw_held", "tender.cancelled",
                                                                         "tender.corrected", "tender.suspended",
                                                                         "tender.resumed", "tender.revoked"),
               is_legal=True),
    NoticeKind("messages",   _("Messages of processes"),                ("message.",), is_legal=True),
    NoticeKind("approvals",  _("Approvals that wait for you"),          ("approval.",)),
    NoticeKind("plan",       _("Annual plan"),                          ("plan.",)),
    NoticeKind("processes",  _("Processes: publication and questions"), ("tender.", "enquiry.")),
    NoticeKind("payments",   _("Guarantees, invoices and payments"),    ("invoice.", "payment_plan.", "guarantee.")),
)
# fmt: on
BY_CODE = {kind.code: kind for kind in NOTICE_KINDS}
OPTIONAL = [kind for kind in NOTICE_KINDS if not kind.is_legal]


def kind_of(event: str) -> NoticeKind | None:
    """The most precise kind of an event: an addendum is not one more notice of a process."""
    found = [(len(start), kind) for kind in NOTICE_KINDS for start in kind.events if event.startswith(start)]
    return max(found, key=lambda each: each[0])[1] if found else None


def split(event: str, users: Iterable[User]) -> tuple[list[User], list[User]]:
    """Of these people, who reads the event in the inbox and who gets it by mail."""
    people, kind = list(users), kind_of(event)
    if kind is None or kind.is_legal or not people:
        return people, people
    rows = Preference.objects.filter(kind=kind.code, user__in=people)
    wants = {row.user_id: row for row in rows}
    inbox = [user for user in people if user.pk not in wants or wants[user.pk].in_inbox]
    mailed = [user for user in people if user.pk not in wants or wants[user.pk].by_mail]
    return inbox, mailed


@transaction.atomic
def set_preferences(*, actor: Actor, wanted: Mapping[str, tuple[bool, bool]]) -> None:
    """Keep which optional kinds the person wants: (in the inbox, by mail)."""
    if actor.user_id is None:
        raise Denied(_("Sign in to do this."))
    for kind in OPTIONAL:
        if kind.code in wanted:
            in_inbox, by_mail = wanted[kind.code]
            told = {"in_inbox": in_inbox, "by_mail": by_mail}
            Preference.objects.update_or_create(user_id=actor.user_id, kind=kind.code, defaults=told)


def preferences_of(user_id: int) -> dict[str, tuple[bool, bool]]:
    rows = {row.kind: (row.in_inbox, row.by_mail) for row in Preference.objects.filter(user_id=user_id)}
    return {kind.code: rows.get(kind.code, (True, True)) for kind in OPTIONAL}
