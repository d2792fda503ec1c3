"""What a supplier does with its areas of interest, and telling it of the processes that match them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pliego.codelists.models import UnspscCode
from pliego.codelists.queries import has_whole_unspsc
from pliego.directory import projecting, rules
from pliego.directory.events import InterestChanged, InterestCreated, InterestDeleted
from pliego.directory.models import Interest
from pliego.directory.policy import INTERESTS, OWN, InterestAct
from pliego.directory.queries import interested_in
from pliego.directory.rules import InterestData
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import random_code
from pliego.kernel.objections import Objection, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.notifications.services import Message, notify, people_with
from pliego.parties.models import Account
from pliego.tendering.models import Tender

SELLERS = ("administrator", "bidder", "representative")
AT_ONCE = 100


@transaction.atomic
def create_interest(*, actor: Actor, data: InterestData, at: datetime) -> Interest:
    """From now on the supplier hears of new processes with any of these codes."""
    account = _own_account(actor)
    OWN.require(actor, InterestAct.ADD, account)
    refuse_if_any(rules.interest_is_incomplete(data), _codes_are_unknown(data), _room_is_left(account))
    refuse_if_any(_title_is_taken(account, data.title))
    interest = Interest.objects.create(
        code=random_code(),
        account=account,
        title=data.title.strip(),
        unspsc=sorted(set(data.unspsc)),
        departments=sorted(set(data.departments)),
        created_at=at,
    )
    event = InterestCreated(file=account.file, subject_id=interest.pk, data=_told(interest))
    interest.receipt = outbox.publish(event, actor=actor, at=at)
    return interest


@transaction.atomic
def change_interest(*, actor: Actor, code: str, data: InterestData, at: datetime) -> Interest:
    """Other words, codes or departments for the same area of interest."""
    interest = _locked(actor, code, InterestAct.CHANGE)
    refuse_if_any(
        rules.interest_is_incomplete(data),
        _codes_are_unknown(data),
        _title_is_taken(interest.account, data.title, code),
    )
    interest.title, interest.unspsc = data.title.strip(), sorted(set(data.unspsc))
    interest.departments = sorted(set(data.departments))
    return _changed(interest, actor, at)


@transaction.atomic
def set_interest_active(*, actor: Actor, code: str, is_active: bool, at: datetime) -> Interest:
    """Stop hearing of an area for a while, or hear of it again. Done already, nothing happens."""
    interest = _locked(actor, code, InterestAct.CHANGE)
    if interest.is_active == is_active:
        return interest
    interest.is_active = is_active
    return _changed(interest, actor, at)


@transaction.atomic
def delete_interest(*, actor: Actor, code: str, at: datetime) -> Interest:
    """The area of interest is gone, and its feed with it; what was told stays in the inbox."""
    interest = _locked(actor, code, InterestAct.DELETE)
    event = InterestDeleted(file=interest.account.file, subject_id=interest.pk, data=_told(interest))
    interest.delete()
    interest.receipt = outbox.publish(event, actor=actor, at=at)
    return interest


def _changed(interest: Interest, actor: Actor, at: datetime) -> Interest:
    interest.save(update_fields=["title", "unspsc", "departments", "is_active"])
    event = InterestChanged(file=interest.account.file, subject_id=interest.pk, data=_told(interest))
    interest.receipt = outbox.publish(event, actor=actor, at=at)
    return interest


def _own_account(actor: Actor) -> Account:
    """Locked, so that two requests at once cannot both take the last place or the same title."""
    found = Account.objects.select_for_update(of=("self",)).filter(pk=actor.account_id or 0).first()
    if found is None:
        raise Unknown()
    return found


def _locked(actor: Actor, code: str, act: InterestAct) -> Interest:
    _own_account(actor)
    rows = Interest.objects.select_for_update(of=("self",)).select_related("account")
    interest = rows.filter(code=code).first()
    if interest is None:
        raise Unknown()
    INTERESTS.require(actor, act, interest)
    return interest


def _told(interest: Interest) -> dict[str, Any]:
    return {
        "interest": interest.code,
        "title": interest.title,
        "unspsc": interest.unspsc,
        "departments": interest.departments,
        "is_active": interest.is_active,
    }


def _codes_are_unknown(data: InterestData) -> Iterator[Objection]:
    """Only while the official list is loaded: the starter set lacks most codes."""
    wanted = [code for code in data.unspsc if rules.UNSPSC.fullmatch(code)]
    if not wanted or not has_whole_unspsc():
        return
    known = set(UnspscCode.objects.filter(code__in=wanted).values_list("code", flat=True))
    if unknown := sorted(set(wanted) - known):
        sentence = _("These codes are not in the list of goods and services: %(codes)s.")
        yield Objection("unknown_codes", sentence % {"codes": ", ".join(unknown[:5])}, "unspsc")


def _room_is_left(account: Account) -> Objection | None:
    if account.interests.count() < rules.MOST_INTERESTS:
        return None
    return Objection("too_many_interests", _("An account has at most 20 areas of interest. Delete or change one."))


def _title_is_taken(account: Account, title: str, code: str = "") -> Objection | None:
    if not account.interests.filter(title=title.strip()).exclude(code=code).exists():
        return None
    return Objection("title_taken", _("You have another area of interest with this name."), "title")


@transaction.atomic
def keep_registered_interests(*, account_id: int, at: datetime) -> Interest | None:
    """What a supplier said that it sells when it registered is its first area of interest."""
    account = Account.objects.get(pk=account_id)
    codes = sorted({rules.level_of(code) for code in account.unspsc_interests})
    if not codes or account.interests.exists():
        return None
    title = str(gettext_lazy("What we sell"))
    return Interest.objects.create(
        code=random_code(), account=account, title=title, unspsc=codes[: rules.MOST_CODES], created_at=at
    )


@transaction.atomic
def tell_the_interested(*, tender_id: int, entry_id: int, after: int, at: datetime) -> int | None:
    """Tell the next hundred accounts that look for what this process buys; answers after whom to go on, or None."""
    tender = Tender.objects.public().select_related("buyer__organization").filter(pk=tender_id).first()
    if tender is None:
        return None
    found = interested_in(tender, after=after, most=AT_ONCE)
    for account, title in found:
        body = gettext_lazy("{buyer} published the process {code}. It is in your area of interest “{area}”.")
        message = Message(
            title=format_lazy(gettext_lazy("New process: “{title}”"), title=tender.title),
            body=format_lazy(body, buyer=tender.buyer.name, code=tender.code, area=title),
            url=f"/procesos/{tender.code}/",
            reason=gettext_lazy("your account follows this area of goods and services"),
            source=f"{entry_id}/interest/{account.pk}",
        )
        notify(users=people_with(account_id=account.pk, roles=SELLERS), account=account, message=message, at=at)
    return found[-1][0].pk if len(found) == AT_ONCE else None


def refresh_account(*, file: str) -> None:
    """Bring the line of the account of a ledger file up to date."""
    projecting.refresh_codes([file.removeprefix("cuenta:")])
