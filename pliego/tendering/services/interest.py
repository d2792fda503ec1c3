"""Who is interested, and who stays when too many are."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Checkpoint
from pliego.tendering import draws, joining, listing
from pliego.tendering.events import DrawHeld, InterestExpressed
from pliego.tendering.models import Draw, Interest, Tender
from pliego.tendering.policy import Act
from pliego.tendering.services.locking import opened_for, person


@transaction.atomic
def express_interest(*, actor: Actor, tender_id: int, at: datetime) -> Interest:
    """Say in time that the account wants to offer in this process."""
    tender = opened_for(Act.EXPRESS_INTEREST, actor=actor, tender_id=tender_id)
    again = tender.interests.filter(supplier_id=actor.account_id).exists()
    done = Objection("already_done", _("Your account has already expressed interest.")) if again else None
    refuse_if_any(joining.interest_is_over(tender, at), done)
    interest = Interest.objects.create(
        tender=tender,
        number=tender.interests.count() + 1,
        supplier_id=actor.account_id or 0,
        expressed_by_id=person(actor),
        expressed_at=at,
    )
    data = {"code": tender.code, "title": tender.title, "number": interest.number}
    data |= {"supplier": actor.account_name, "supplier_code": actor.account_code}
    event = InterestExpressed(file=tender.ocid, subject_id=tender.pk, data=data)
    interest.receipt = outbox.publish(event, actor=actor, at=at)
    return interest


@transaction.atomic
def hold_draw(*, actor: Actor, tender_id: int, at: datetime) -> Draw:
    """Let chance decide who of the interested, or of those that qualify, stays; anybody can make it again."""
    tender = opened_for(Act.DRAW, actor=actor, tender_id=tender_id)
    refuse_if_any(joining.draw_is_not_due(tender, at))
    record = _record(tender)
    for rows in (tender.interests, tender.candidacies.filter(is_listed=True)):
        rows.exclude(supplier__code__in=record["staying"]).update(stays=False)
    draw = Draw.objects.create(tender=tender, record=record, held_by_id=person(actor), held_at=at)
    data = {"code": tender.code, "title": tender.title, "record": record}
    event = DrawHeld(file=tender.ocid, subject_id=tender.pk, data=data)
    draw.receipt = outbox.publish(event, actor=actor, at=at)
    return draw


def _terms(tender: Tender) -> tuple[list[str], int, datetime | None]:
    """All who expressed interest, how many stay, and the end of the term: the seed is signed after it."""
    rule, ended = tender.rulebook.draw, tender.rulebook.reached_by("express")
    assert rule is not None
    interested = list(tender.interests.values_list("supplier__code", flat=True))
    return interested, rule.stay_at_least, tender.due_at(ended.code) if ended else None


def _record(tender: Tender) -> dict[str, Any]:
    is_list = tender.stage_now.kind == "prequalification"
    suppliers, stay, since = listing.draw_terms(tender) if is_list else _terms(tender)
    head = Checkpoint.objects.filter(signed_at__gte=since).order_by("size").first()
    if head is None:
        sentence = _("The log has signed no head since the draw could begin. Try again in a minute.")
        raise Refused(Objection("no_seed_yet", sentence))
    interested = sorted(suppliers)
    seed = bytes(head.root).hex()
    return {
        "process": tender.code,
        "seed": seed,
        "head_size": head.size,
        "interested": interested,
        "stay": stay,
        **draws.made(seed, tender.code, interested, stay),
    }
