"""The mails of the door that the worker sends, so that no page answers sooner or later for who is registered."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from pliego.accounts import holds, journal, links, mail, tries
from pliego.accounts.events import RecoveryAsked
from pliego.accounts.models import AccessRecord, RecoveryRequest, Registration, Reissue, User
from pliego.kernel import clock, dates
from pliego.kernel.actors import SYSTEM
from pliego.ledger import outbox

Outcome = RecoveryRequest.Outcome
ONE_MAIL_EVERY = timedelta(hours=1)
MAILS_A_DAY = 3
DAY = timedelta(hours=24)
WORDS = {
    "someone_tried": gettext_noop("Somebody tried to register in Pliego with your document"),
    "document_claimed": gettext_noop("Your registration in Pliego needs the service desk"),
    "email_asked": gettext_noop("Somebody asked to change the e-mail of your user in Pliego"),
    "email_changed": gettext_noop("The e-mail of your user in Pliego changed"),
    "reissue_asked": gettext_noop("Somebody asked to replace the factors of your user in Pliego"),
    "reissue_confirmed": gettext_noop("The factors of your user in Pliego will be replaced"),
    "reissue_refused": gettext_noop("The factors of your user in Pliego are not replaced"),
    "reissue_stopped": gettext_noop("The replacement of your factors in Pliego stopped"),
    "reissue_done": gettext_noop("The factors of your user in Pliego were replaced"),
    "recovery_digest": gettext_noop("Requests to recover your password in Pliego"),
}


def device_link(*, email: str) -> None:
    """To the owner, when strangers' browsers have used up their tries: the link that makes a browser known."""
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        return
    with transaction.atomic(), translation.override(user.language):
        url = address("accounts:device", links.make(user, links.Purpose.DEVICE))
        mail.send("device", to=user.email, subject=_("To sign in from a new browser in Pliego"), url=url)


def recovery(*, email: str, door: journal.Door) -> None:
    """To whoever has this address: the link, or nothing more this hour; to a stranger's, that nobody is registered."""
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        if tries.take(tries.MAILS_TO_ADDRESS, email):
            subject = _("Your password in Pliego")
            mail.send("unknown_address", to=email, subject=subject, site_url=settings.PLIEGO_SITE_URL)
        return
    with transaction.atomic(), translation.override(user.language):
        User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two requests at once: one mail
        journal.record(user=user, kind=AccessRecord.Kind.RECOVERY, door=door)
        outcome = outcome_for(user)
        RecoveryRequest.objects.create(
            user=user, at=clock.real_now(), outcome=outcome, network=door.network, device=door.device
        )
        if outcome == Outcome.MAILED:
            _mail_recovery(user, door)


def reissue(*, email: str, door: journal.Door) -> None:
    """To who lost every factor: the link that opens a case, or how their case goes; once an hour, none while frozen."""
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        if tries.take(tries.MAILS_TO_ADDRESS, email):
            subject = _("Your factors in Pliego")
            mail.send("unknown_address", to=email, subject=subject, site_url=settings.PLIEGO_SITE_URL)
        return
    with transaction.atomic(), translation.override(user.language):
        User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two requests at once: one mail
        journal.record(user=user, kind=AccessRecord.Kind.REISSUE, door=door, method="asked")
        if holds.in_force(user, holds.Kind.RECOVERY_FROZEN) or not tries.take(tries.LINK_FOR_REISSUE, email):
            return
        case = Reissue.objects.under_way().filter(user=user).first()
        if case is None:
            _mail_link(user, "reissue_open", "accounts:reissue-case", links.Purpose.REISSUE)
        elif case.is_open_to_its_link(clock.real_now()):
            _mail_link(user, "reissue_factor", "accounts:reissue-factor", links.Purpose.NEW_FACTOR)
        else:
            subject = _("Your case %(code)s in Pliego") % {"code": case.code}
            mail.send("reissue_waits", to=user.email, subject=subject, code=case.code)


def new_factors() -> int:
    """To each whose wait is over: the link that adds the new factor, once. Answers how many."""
    now, told = clock.real_now(), 0
    due = Reissue.objects.filter(state="confirmed", link_mailed_at=None, effective_at__lte=now, lapses_at__gt=now)
    for pk in list(due.filter(user__is_active=True).values_list("pk", flat=True)):
        with transaction.atomic():
            case = due.select_for_update(of=("self",), skip_locked=True).select_related("user").filter(pk=pk).first()
            if case is None:  # stopped meanwhile, or another worker has it
                continue
            case.link_mailed_at = now
            case.save(update_fields=["link_mailed_at"])
            with translation.override(case.user.language):
                _mail_link(case.user, "reissue_factor", "accounts:reissue-factor", links.Purpose.NEW_FACTOR)
            told += 1
    return told


def outcome_for(user: User) -> RecoveryRequest.Outcome:
    """What a request made now gets: one link an hour, three a day, none while it is frozen."""
    if holds.in_force(user, holds.Kind.RECOVERY_FROZEN):
        return Outcome.FROZEN
    now = clock.real_now()
    mailed = RecoveryRequest.objects.filter(user=user, outcome=Outcome.MAILED)
    if mailed.filter(at__gt=now - ONE_MAIL_EVERY).exists():
        return Outcome.QUIET
    return Outcome.HELD if mailed.filter(at__gt=now - DAY).count() >= MAILS_A_DAY else Outcome.MAILED


def after_registration(*, reference: str) -> None:
    """To whoever is registered with the document that somebody else typed."""
    row = Registration.objects.filter(reference=reference).first()
    if row is None:
        return
    same = Q(document_type=row.data["document_type"], document_number=row.data["document_number"], is_claim=False)
    for user in User.objects.filter(same, is_active=True).exclude(email=row.email):
        told(user, "someone_tried")


def told(user: User, template: str, *, to: str = "", **words: str) -> None:
    """One letter to a person now, in their language, with a link to say that it was not them."""
    with translation.override(user.language):
        url = address("accounts:not-me", links.make(user, links.Purpose.NOT_ME))
        mail.send(template, to=to or user.email, subject=_(WORDS[template]), not_me_url=url, **words)


def plain(*, template: str, user_id: int, to: str, words: dict[str, str]) -> None:
    user = User.objects.get(pk=user_id)
    with translation.override(user.language):
        when = dates.instant(datetime.fromisoformat(words["when"])) if words.get("when") else ""
    told(user, template, to=to, **{**words, "when": when})


def digest(user: User, requests: list[RecoveryRequest]) -> None:
    """Once a day: the requests that were not mailed one by one."""
    words = {"times": str(len(requests)), "networks": ", ".join(sorted({r.network for r in requests if r.network}))}
    told(user, "recovery_digest", **words)
    RecoveryRequest.objects.filter(pk__in=[r.pk for r in requests]).update(told_at=clock.real_now())


def plain_address(route: str) -> str:
    return settings.PLIEGO_SITE_URL + reverse(route)


def address(route: str, secret: str) -> str:
    return settings.PLIEGO_SITE_URL + reverse(route, args=[secret])


def _mail_link(user: User, template: str, route: str, purpose: links.Purpose) -> None:
    words = {
        "url": address(route, links.make(user, purpose)),
        "not_me_url": address("accounts:not-me", links.make(user, links.Purpose.NOT_ME)),
    }
    mail.send(template, to=user.email, subject=_("Your factors in Pliego"), **words)


def _mail_recovery(user: User, door: journal.Door) -> None:
    words = {
        "url": address("accounts:choose-password", links.make(user, links.Purpose.RECOVERY)),
        "not_me_url": address("accounts:not-me", links.make(user, links.Purpose.NOT_ME)),
        "network": door.network,
        "device": door.device,
    }
    event = RecoveryAsked(file=user.file, subject_id=user.pk, data={"network": door.network, "device": door.device})
    outbox.publish(event, actor=SYSTEM, at=clock.now())
    mail.send("recovery", to=user.email, subject=_("Your password in Pliego"), **words)
