"""Training auctions: those who qualified try the room before the auction that counts, from invented prices.

Guarantees: same room, rules and signatures; nothing of a training decides, names, publishes or reaches anybody but the
invited and the entity; it is over when the auction that counts starts; its letters tell nothing of those to come.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from pliego.auctions import events, rules, services, subjects
from pliego.auctions.models import Auction, Participant
from pliego.auctions.policy import TRAINING, Act
from pliego.evaluation.models import Evaluation
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.ledger.canonical import instant
from pliego.tendering.models import Tender

OPEN = ("announced", "running", "suspended")
QUALITY = Decimal(100)  # where prices are compared by coefficient, of everybody alike


@transaction.atomic
def open_training(
    *,
    actor: Actor,
    tender_id: int,
    starts_at: datetime,
    minutes: int,
    reference: Decimal,
    at: datetime,
    lot: int | None = None,
) -> Auction:
    """Invite everybody who qualified to try the room from that hour on, each from that same invented price."""
    tender = Tender.objects.select_for_update(of=("self",)).get(pk=tender_id)
    TRAINING.require(actor, Act.TRAIN, tender)
    subject = _subject(tender, lot)
    refuse_if_any(
        rules.nobody_trains(
            subject,
            is_reported=Evaluation.objects.filter(tender=tender, state="reported").exists(),
            has_started=Auction.objects.of(tender).exclude(state__in=("announced", "outside")).exists(),
            is_one_open=Auction.every.filter(tender=tender, training__gt=0, state__in=OPEN).exists(),
        )
    )
    refuse_if_any(
        rules.training_is_wrong(starts_at, minutes, reference, at),
        rules.is_in_the_way(starts_at + timedelta(minutes=minutes), subjects.real_start(tender, at), "starts_at"),
    )
    terms = replace(subjects.terms_of(tender), minutes=minutes)
    last = Auction.every.filter(tender=tender, training__gt=0).aggregate(last=Max("training"))["last"] or 0
    auction = services.called(tender, lot, terms=terms, starts_at=starts_at, best=reference, at=at, training=last + 1)
    _invite(auction, subject, reference)
    told: dict[str, Any] = {"starts_at": instant(starts_at), "ends_at": instant(auction.ends_at)}
    told |= {"reference": str(reference), "suppliers": services.invited(auction)}
    auction.receipt = services.announce(
        events.TrainingOpened, auction, actor, at, terms=subjects.terms_told(auction.terms), **told
    )
    return auction


def _subject(tender: Tender, lot: int | None) -> subjects.Subject:
    found = next((subject for subject in subjects.of(tender) if subject.lot == lot), None)
    if found is None:
        raise Refused(Objection("unknown_lot", _("The process has no such lot: choose one of its lots."), "lot"))
    return found


def _invite(auction: Auction, subject: subjects.Subject, reference: Decimal) -> None:
    prices = subjects.invented(auction.tender, auction.lot, reference) if auction.by == "items" else {}
    Participant.objects.bulk_create(
        Participant(
            auction=auction,
            bid_id=bidder.bid_id,
            account_id=bidder.account_id,
            alias=letters,
            initial=reference,
            price=reference,
            prices={key: str(price) for key, price in prices.items()},
            quality=QUALITY if auction.compares == "coefficient" else None,
        )
        for letters, bidder in subjects.lettered(subject.bidders)
    )


@transaction.atomic
def cancel_training(
    *, actor: Actor, tender_id: int, reason: str, at: datetime, lot: int | None = None, training: int = 0
) -> Auction:
    """Call a training off, and tell those invited."""
    auction = services.opened_for(Act.CANCEL, actor=actor, tender_id=tender_id, lot=lot, training=training, at=at)
    refuse_if_any(rules.unwritten(reason, "reason", _("Write why the training is called off.")))
    services.void(auction, events.TrainingCancelled, actor, at, reason.strip())
    return auction
