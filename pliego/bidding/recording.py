"""The minutes of each opening: made of its acts and signed by the member who led it."""

import io
from datetime import datetime

from django.db import transaction

from pliego.bidding import minutes, rules
from pliego.bidding.closing import held
from pliego.bidding.events import OpeningRecorded
from pliego.bidding.models import Opening, OpeningMinutes
from pliego.bidding.moments import Turn, turns_of
from pliego.bidding.policy import POLICY, Act
from pliego.documents import services as documents
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Unknown, gather, refuse_if_any
from pliego.ledger import outbox
from pliego.tendering.models import Tender
from pliego.tendering.services.locking import person


def turns_to_record(tender: Tender) -> list[Turn]:
    """The openings that were done and have no minutes yet."""
    signed = set(OpeningMinutes.objects.filter(opening__tender=tender).values_list("opening_id", flat=True))
    return [turn for turn in turns_of(tender) if turn.record and turn.record.pk not in signed]


def minutes_of(tender: Tender) -> list[OpeningMinutes]:
    """Those that are signed, in the order of their openings."""
    found = OpeningMinutes.objects.filter(opening__tender=tender).select_related("document", "entry", "opening")
    return list(found.order_by("opening__opened_at", "pk"))


def turn_of_minutes(tender: Tender, moment: str, bid: str = "") -> Turn:
    """That opening; of those of one moment, the first that has no minutes. Unknown when it was not done."""
    done = [turn for turn in turns_of(tender) if turn.record and turn.moment == moment]
    waiting = {turn.record.pk for turn in turns_to_record(tender) if turn.record}
    found = [turn for turn in done if not bid or turn.bid == bid]
    if not found:
        raise Unknown()
    return next((turn for turn in found if turn.record and turn.record.pk in waiting), found[-1])


def recording_objections(opening: Opening, actor: Actor, at: datetime) -> list[Objection]:
    seats = list(opening.tender.opening_members.select_related("user"))
    leader = next((seat.user for seat in seats if seat.user_id == opening.entry.actor_user_id), None)
    return gather(rules.another_leads(leader, actor.user_id, opening.opened_at, at))


@transaction.atomic
def record_opening(
    *, actor: Actor, tender_id: int, moment: str, at: datetime, bid: str = "", note: str = ""
) -> OpeningMinutes:
    """Sign the minutes of an opening: a public document of the file, made of the acts. The same again is the same."""
    tender = held(tender_id)
    POLICY.require(actor, Act.RECORD, tender)
    turn = turn_of_minutes(tender, moment, bid)
    assert turn.record is not None
    if known := OpeningMinutes.objects.filter(opening=turn.record).select_related("entry", "document").first():
        return known
    refuse_if_any(recording_objections(turn.record, actor, at))
    note = note.strip()
    document = documents.store(
        actor=actor,
        content=io.BytesIO(minutes.render(turn, author=actor.name, note=note, at=at)),
        name=f"Acta de apertura{'' if turn.is_first else f' - {turn.title}'} - {turn.bid or tender.code}.pdf",
        kind="opening_record",
        file=tender.ocid,
        audience="public",
        at=at,
    )
    told = {"tender": tender.code, "moment": turn.moment, "call": turn.bid, "opening": turn.record.entry.code}
    told |= {"signed_by": actor.name, "note": note}
    event = OpeningRecorded(file=tender.ocid, subject_id=turn.record.pk, data=told, documents=(document.sha256,))
    entry = outbox.publish(event, actor=actor, at=at)
    return OpeningMinutes.objects.create(
        opening=turn.record, document=document, note=note, signed_by_id=person(actor), signed_at=at, entry=entry
    )
