"""The inbox of an account, the messages of a process, and who is known to have read one."""

from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from pliego.codelists.words import fold
from pliego.correspondence.groups import known
from pliego.correspondence.models import Attachment, Case, Message, Recipient
from pliego.kernel.actors import Actor
from pliego.kernel.todo import Task
from pliego.parties.models import Account
from pliego.tendering.models import Tender

FILES = Prefetch("attachments", Attachment.objects.select_related("document"))
MOST_TASKS = 50


def unread_of(actor: Actor) -> QuerySet[Recipient]:
    if actor.account_id is None or not actor.roles:
        return Recipient.objects.none()
    return Recipient.objects.filter(account_id=actor.account_id, read_at__isnull=True)


def inbox(actor: Actor, *, only_unread: bool = False, text: str = "") -> QuerySet[Recipient]:
    """What the account received, the newest first; every word of `text` is in it, in its process or in its author."""
    if actor.account_id is None or not actor.roles:
        return Recipient.objects.none()
    rows = unread_of(actor) if only_unread else Recipient.objects.filter(account_id=actor.account_id)
    for word in fold(text).split():
        in_it = Q(message__words__contains=word) | Q(message__tender__code__icontains=word)
        rows = rows.filter(in_it | Q(message__author__organization__folded_name__contains=word))
    related = ("message__tender", "message__case", "message__author__organization")
    return rows.select_related(*related).order_by("-message_id")


def listed(actor: Actor, tender: Tender, *, text: str = "") -> QuerySet[Message]:
    """The messages of a process that the actor may read, in their order."""
    rows = Message.objects.visible_to(actor).filter(tender=tender)
    for word in fold(text).split():
        rows = rows.filter(words__contains=word)
    related = ("author__organization", "case__account__organization", "receipt", "tender")
    return rows.select_related(*related).prefetch_related(FILES)


def in_case(case: Case) -> QuerySet[Message]:
    """A case from its beginning, each message with when the other side opened it."""
    rows = case.messages.select_related("author__organization", "written_by", "receipt", "tender").order_by("number")
    return rows.prefetch_related(FILES, "recipients")


def readers(message: Message) -> QuerySet[Recipient]:
    """Who opened it, of those who are known to take part: of anybody else it would tell that they do."""
    found = Account.objects.filter(known(message.tender))
    rows = message.recipients.filter(account__in=found, read_at__isnull=False)
    return rows.select_related("account__organization").order_by("read_at", "pk")


def known_suppliers(tender: Tender) -> QuerySet[Account]:
    return (
        Account.objects.filter(known(tender)).select_related("organization").order_by("organization__legal_name", "pk")
    )


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Cases that wait for the entity's answer; for a supplier, what nobody of its account has opened."""
    if actor.account_id is None or not actor.roles:
        return []
    tasks = []
    if actor.is_buyer and actor.roles & {"preparer", "approver"}:
        waiting = Case.objects.filter(tender__buyer_id=actor.account_id, state="waiting").select_related("tender")
        reason = _("A supplier wrote to your entity")
        tasks = [
            Task(_("Answer the message"), case_url(case), f"{case.tender} · {case.subject}", reason)
            for case in waiting.order_by("opened_at")[:MOST_TASKS]
        ]
    by_process = unread_of(actor).exclude(message__tender__buyer_id=actor.account_id)
    titles = by_process.values_list("message__tender__code", "message__tender__title").annotate(many=Count("pk"))
    address = reverse("correspondence:inbox") + "?ver=sin-leer"
    reason = _("The entity wrote to your account")
    new = ngettext_lazy("Read %(n)s new message", "Read %(n)s new messages", "n")
    return tasks + [
        Task(new % {"n": many}, address, f"{code} {title}", reason)
        for code, title, many in titles.order_by("message__tender__code")[:MOST_TASKS]
    ]


def case_url(case: Case) -> str:
    return reverse("correspondence:case", args=[case.tender.code, case.number])


def url_of(message: Message) -> str:
    """Where a message is read: in its case, or on its own page."""
    if message.case is not None:
        return reverse("correspondence:case", args=[message.tender.code, message.case.number])
    return reverse("correspondence:message", args=[message.tender.code, message.number])
