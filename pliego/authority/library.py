"""The documents that an account uses again and again: kept once, with their validity, and attached where asked."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from pliego.authority import events
from pliego.authority.models import LibraryItem
from pliego.authority.policy import POLICY, Act
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Objection, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.parties.models import Account
from pliego.web.fields import Upload


@transaction.atomic
def add_to_library(
    *,
    actor: Actor,
    title: str,
    document: Upload,
    at: datetime,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> LibraryItem:
    """Keep a document for everybody of the account."""
    account = _kept(actor)
    wrong = []
    if not title.strip():
        wrong.append(Objection("missing", _("Write the name."), "title"))
    if valid_from and valid_until and valid_until < valid_from:
        wrong.append(Objection("ends_before_it_starts", _("The end must be after the start."), "valid_until"))
    if valid_until and valid_until < calendar.day_of(at):
        wrong.append(Objection("already_over", _("The end must be in the future."), "valid_until"))
    refuse_if_any(wrong)
    told: dict[str, Any] = {"kind": "library", "file": account.file, "audience": "account", "field": "document"}
    kept = documents.take(actor=actor, value=document, at=at, **told)
    item = LibraryItem.objects.create(
        account=account, title=" ".join(title.split())[:200], document=kept, valid_from=valid_from,
        valid_until=valid_until, added_by_id=actor.user_id or 0, added_at=at,
    )  # fmt: skip
    data = {"code": item.code, "title": item.title, "document": kept.code}
    event = events.LibraryItemAdded(file=account.file, subject_id=item.pk, data=data, documents=(kept.sha256,))
    item.receipt = outbox.publish(event, actor=actor, at=at)
    return item


@transaction.atomic
def retire_from_library(*, actor: Actor, code: str, at: datetime) -> LibraryItem:
    """Stop offering the document. Where it was attached it stays."""
    account = _kept(actor)
    item = LibraryItem.objects.select_for_update().filter(account=account, code=code, is_active=True).first()
    if item is None:
        raise Unknown()
    item.is_active = False
    item.save(update_fields=["is_active"])
    data = {"code": item.code, "title": item.title}
    event = events.LibraryItemRetired(file=account.file, subject_id=item.pk, data=data)
    item.receipt = outbox.publish(event, actor=actor, at=at)
    return item


def _kept(actor: Actor) -> Account:
    account = Account.objects.select_related("organization").filter(pk=actor.account_id or 0).first()
    if account is None:
        raise Unknown()
    POLICY.require(actor, Act.KEEP_LIBRARY, account)
    return account


def valid_items(actor: Actor, at: datetime) -> "QuerySet[LibraryItem]":
    """What the actor can attach today."""
    today = calendar.day_of(at)
    starts = Q(valid_from__isnull=True) | Q(valid_from__lte=today)
    ends = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    rows = LibraryItem.objects.visible_to(actor).filter(starts, ends, is_active=True)
    return rows.select_related("document").order_by("title", "pk")


def lend(actor: Actor, code: str, at: datetime) -> Document | None:
    """The document of a library item that is valid today, for whoever attaches it."""
    item = valid_items(actor, at).filter(code=code).first()
    return item.document if item else None
