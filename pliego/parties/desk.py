"""What the service desk does with a registration: takes it, checks it item by item, returns it or opens the account."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.ledger import outbox
from pliego.parties.events import AccountActivated, AccountReturned
from pliego.parties.facts import items_of
from pliego.parties.models import Account, Application
from pliego.parties.policy import REGISTRATION, Act
from pliego.parties.services import locked, open_papers, public
from pliego.parties.states import ACCOUNT, APPLICATION

LONGEST_REASON = 500


@transaction.atomic
def take(*, actor: Actor, account_id: int, at: datetime) -> Account:
    """The desk officer takes the request: both sides see who has it and since when. The first of two gets it."""
    account = locked(account_id)
    REGISTRATION.require(actor, Act.TAKE, account)
    refuse_if_any(_somebody_has_it(account, actor))
    if account.held_by_id is None:
        account.held_by_id, account.held_since = actor.user_id, at
        account.save(update_fields=["held_by", "held_since"])
    return account


@transaction.atomic
def release(*, actor: Actor, account_id: int, at: datetime) -> Account:
    """Put it back for whoever is free. What was checked so far stays."""
    account = locked(account_id)
    REGISTRATION.require(actor, Act.TAKE, account)
    refuse_if_any(_somebody_has_it(account, actor))
    account.held_by = account.held_since = None
    account.save(update_fields=["held_by", "held_since"])
    return account


@transaction.atomic
def review(
    *, actor: Actor, account_id: int, verdicts: Mapping[str, str], at: datetime, rest_is_right: bool = False
) -> Account:
    """Write down what was found at each item: "" is right, anything else is the reason why it is wrong."""
    account = _mine(actor, account_id, Act.REVIEW, at)
    items = {item.code for item in items_of(account)}
    if unknown := verdicts.keys() - items:
        raise Refused(Objection("unknown_item", _("There is nothing to check with that name."), min(unknown)))
    right = dict.fromkeys(items - account.checks.keys(), "") if rest_is_right else {}
    for item, reason in {**right, **verdicts}.items():
        wrong = " ".join(reason.split())[:LONGEST_REASON]
        account.checks[item] = {"wrong": wrong, "by": actor.user_code, "at": at.isoformat()}
    account.save()
    return account


@transaction.atomic
def activate(*, actor: Actor, account_id: int, at: datetime) -> Account:
    """Open the account: its people may plan, publish and contract."""
    account = _mine(actor, account_id, Act.ACTIVATE, at)
    refuse_if_any(_is_not_checked(account))
    ACCOUNT.fire(account, "activate", at=at)
    account.activated_at, account.return_reasons = at, {}
    account.save()
    open_papers(account, at)
    event = AccountActivated(file=account.file, subject_id=account.pk, data=public(account))
    account.receipt = outbox.publish(event, actor=actor, at=at)
    return account


@transaction.atomic
def give_back(*, actor: Actor, account_id: int, at: datetime, reasons: Mapping[str, str] | None = None) -> Account:
    """Send the registration back with the reason at each field, for its administrator to correct."""
    account = _mine(actor, account_id, Act.RETURN, at)
    written = {field: " ".join(reason.split())[:LONGEST_REASON] for field, reason in (reasons or {}).items()}
    found = {item: told["wrong"] for item, told in account.checks.items() if told["wrong"]}
    kept = {**found, **{field: reason for field, reason in written.items() if reason}}
    if not kept:
        raise Refused(Objection("reason_missing", _("Write at least one reason, at the field to correct.")))
    ACCOUNT.fire(account, "return", at=at)
    account.return_reasons = kept
    account.save()
    for form in Application.objects.select_for_update().filter(account=account, state="sent"):
        APPLICATION.fire(form, "return", at=at)
        form.save(update_fields=["state"])
    data = {"account": account.code, "reasons": kept}
    event = AccountReturned(file=account.file, subject_id=account.pk, data=data)
    account.receipt = outbox.publish(event, actor=actor, at=at)
    return account


def _mine(actor: Actor, account_id: int, act: Act, at: datetime) -> Account:
    """The request, in the hands of this officer from now on unless somebody else has it."""
    account = locked(account_id)
    REGISTRATION.require(actor, act, account)
    refuse_if_any(_somebody_has_it(account, actor))
    if account.held_by_id is None:
        account.held_by_id, account.held_since = actor.user_id, at
    return account


def _somebody_has_it(account: Account, actor: Actor) -> Iterator[Objection]:
    if account.held_by_id not in {None, actor.user_id}:
        assert account.held_by is not None
        sentence = _("%(name)s has this request. Ask them to release it.") % {"name": account.held_by.full_name}
        yield Objection("held_by_another", sentence)


def _is_not_checked(account: Account) -> Iterator[Objection]:
    for item in items_of(account):
        told = account.checks.get(item.code)
        if told is None:
            sentence = _("“%(item)s” has not been checked yet.") % {"item": item.label}
            yield Objection("not_checked", sentence, item.code)
        elif told["wrong"]:
            sentence = _("“%(item)s” is marked as wrong: return the registration.") % {"item": item.label}
            yield Objection("marked_wrong", sentence, item.code)


def waiting(account: Account) -> list[str]:
    """The items that nobody has checked yet."""
    return [item.code for item in items_of(account) if item.code not in account.checks]
