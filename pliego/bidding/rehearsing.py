"""The rehearsal of an opening: each member tries their key while a lost one can still be mended or made up for.

Guarantees: the test is a secret sealed to the very key that the offers of the process are locked for, so who answers it
opens their locks too. Nothing of any offer is touched, and nothing of the key is shown.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from pliego.bidding import services
from pliego.bidding.closing import held
from pliego.bidding.events import KeyLost, KeyRehearsed
from pliego.bidding.models import KeyTest
from pliego.bidding.policy import POLICY, Act
from pliego.bidding.queries import key_is_lost
from pliego.kernel.actors import Actor
from pliego.kernel.events import Event
from pliego.kernel.objections import refuse_if_any
from pliego.ledger import outbox
from pliego.tendering.models import OpeningKey, OpeningMember


@transaction.atomic
def rehearse(*, actor: Actor, tender_id: int, answer: str, ticket: str, at: datetime) -> KeyTest:
    """Write down that the member's key of this process opened the test. Also a key that was said to be lost."""
    member = _seat(actor, tender_id)
    refuse_if_any(services.key_is_not_proved(actor, member.recipient, answer, ticket))
    return _kept(member, KeyRehearsed, {}, actor, at, proved_at=at, lost_at=None)


@transaction.atomic
def declare_lost(*, actor: Actor, tender_id: int, at: datetime) -> KeyTest:
    """Say that the member's key of this process is lost: the others hear of it, and no later process counts on it."""
    member = _seat(actor, tender_id)
    if (known := KeyTest.objects.filter(member=member, lost_at__isnull=False).first()) is not None:
        return known
    OpeningKey.objects.filter(user_id=member.user_id, recipient=member.recipient, is_active=True).update(
        is_active=False
    )
    others = member.tender.opening_members.exclude(pk=member.pk).select_related("key_test")
    told = {"left": sum(not key_is_lost(each) for each in others), "threshold": member.tender.opening_threshold}
    return _kept(member, KeyLost, told, actor, at, lost_at=at)


def _seat(actor: Actor, tender_id: int) -> OpeningMember:
    tender = held(tender_id)
    POLICY.require(actor, Act.REHEARSE, tender)
    seats = OpeningMember.objects.select_related("user", "tender")
    return seats.get(tender=tender, user_id=actor.user_id or 0)


def _kept(
    member: OpeningMember, event: Callable[..., Event], more: dict[str, Any], actor: Actor, at: datetime, **said: Any
) -> KeyTest:
    who = {"number": member.number, "name": member.user.full_name, "capacity": member.capacity}
    data = {"tender": member.tender.code, "member": who, "recipient": member.recipient, **more}
    entry = outbox.publish(event(file=member.tender.ocid, subject_id=member.pk, data=data), actor=actor, at=at)
    return KeyTest.objects.update_or_create(member=member, defaults={**said, "entry": entry})[0]
