"""Replacing a lost key of an opening while offers are received.

Guarantees: the new key is public in the file before any offer is sealed to it, and its holder has just shown that it
opens. What was sealed before is opened with the keys that are left, as long as they are enough. Where they are not, its
supplier is told to seal it again, nobody else learns that there is such an offer, and it stands in nobody's way once
the closing was moved after the replacement.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.bidding import rules, services
from pliego.bidding.closing import held
from pliego.bidding.events import KeyReplaced
from pliego.bidding.models import KeyReplacement, KeyTest
from pliego.bidding.policy import POLICY, Act
from pliego.bidding.queries import key_is_lost
from pliego.bidding.reach import left_of_the_first
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, refuse_if_any
from pliego.ledger import outbox
from pliego.tendering.models import OpeningKey, OpeningMember, Tender


def other_key(user_id: int, seat: OpeningMember) -> str:
    """The key that the person has in force, when it is not that of the process."""
    found = OpeningKey.objects.filter(user_id=user_id, is_active=True).exclude(recipient=seat.recipient).first()
    return found.recipient if found else ""


def cannot_replace(tender: Tender, seat: OpeningMember, recipient: str, at: datetime) -> Iterable[Objection]:
    yield from rules.reception_is_over(tender, at)
    if not key_is_lost(seat):
        yield Objection("not_lost", _("Say first that the key of this process is lost."))
    if not recipient:
        yield Objection("no_other_key", _("Make another opening key first, on the page of your keys."))
    elif tender.is_reinforced and not tender.on_passkeys([seat.user_id]):
        sentence = _("This opening is reinforced: make another key first, with the button of the passkey.")
        yield Objection("key_not_on_passkey", sentence)


@transaction.atomic
def replace_key(*, actor: Actor, tender_id: int, answer: str, ticket: str, at: datetime) -> KeyTest:
    """Put the person's key in force in the place of the one that they lost: offers are sealed to it from now on."""
    tender = held(tender_id)
    POLICY.require(actor, Act.REPLACE_KEY, tender)
    seats = OpeningMember.objects.select_related("user", "tender", "key_test")
    seat = seats.get(tender=tender, user_id=actor.user_id or 0)
    recipient, former = other_key(actor.user_id or 0, seat), seat.recipient
    refuse_if_any(cannot_replace(tender, seat, recipient, at))
    refuse_if_any(services.key_is_not_proved(actor, recipient, answer, ticket))
    seat.recipient = recipient
    seat.save(update_fields=["recipient"])
    who = {"number": seat.number, "name": seat.user.full_name, "capacity": seat.capacity}
    told = {"tender": tender.code, "member": who, "former": former, "recipient": recipient}
    left = {"left": left_of_the_first(tender, without=former), "threshold": tender.opening_threshold}
    entry = outbox.publish(KeyReplaced(file=tender.ocid, subject_id=seat.pk, data=told | left), actor=actor, at=at)
    due = tender.due_at("bids_due")
    assert due is not None
    KeyReplacement.objects.create(
        member=seat, former=former, recipient=recipient, due_at=due, replaced_at=at, entry=entry
    )
    test: KeyTest = seat.key_test  # type: ignore[attr-defined]
    test.proved_at, test.lost_at, test.entry = at, None, entry
    test.save(update_fields=["proved_at", "lost_at", "entry"])
    return test
