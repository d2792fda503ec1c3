"""How a process goes on after its publication and how it ends.

The rooms above call `mark_…` from inside an act of their own, which asks its own policy and makes its own announcement;
here only the table of states decides.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, refuse_if_any
from pliego.ledger import outbox
from pliego.tendering.events import InformationConcluded, TenderCancelled
from pliego.tendering.models import Tender
from pliego.tendering.policy import Act
from pliego.tendering.services.locking import locked, opened_for
from pliego.tendering.states import TENDER


def _moved(tender_id: int, act: str, at: datetime) -> Tender:
    tender = locked(tender_id)
    TENDER.fire(tender, act, at=at)
    if reached := tender.rulebook.reached_by(act):
        tender.stage = tender.rulebook.stage_of(reached.code).code
    tender.save(update_fields=["state", "stage"])
    return tender


def ended(tender: Tender, act: str, at: datetime, reason: str = "", basis: str = "") -> Tender:
    """The locked tender, at its end."""
    TENDER.fire(tender, act, at=at)
    tender.ended_at, tender.ending_reason, tender.ending_basis, tender.suspended_from = at, reason, basis, ""
    tender.save(update_fields=["state", "ended_at", "ending_reason", "ending_basis", "suspended_from"])
    return tender


@transaction.atomic
def mark_closed(*, tender_id: int, at: datetime) -> Tender:
    """Offers are no longer received. Called by bidding, with its closing record."""
    return _moved(tender_id, "close", at)


@transaction.atomic
def mark_opened(*, tender_id: int, at: datetime) -> Tender:
    """The offers are open. Called by bidding, with its opening record."""
    return _moved(tender_id, "open", at)


@transaction.atomic
def mark_envelopes_opened(*, tender_id: int, moment: str, at: datetime) -> Tender:
    """Envelopes of a later moment are open: the process is in the stage of that moment. Called by bidding, which keeps
    the record; the state says only that the first ones are open."""
    tender = locked(tender_id)
    tender.stage = tender.rulebook.stage_of(moment).code
    tender.save(update_fields=["stage"])
    return tender


@transaction.atomic
def mark_awarded(*, tender_id: int, at: datetime) -> Tender:
    """There is an award. Called by awards."""
    return _moved(tender_id, "award", at)


@transaction.atomic
def mark_deserted(*, tender_id: int, reason: str, at: datetime) -> Tender:
    """The process is declared void. Called by awards."""
    return ended(locked(tender_id), "desert", at, reason)


@transaction.atomic
def mark_finished(*, tender_id: int, at: datetime) -> Tender:
    """The file is closed. Called by execution, when the last contract is."""
    return ended(locked(tender_id), "finish", at)


@transaction.atomic
def conclude_information(*, actor: Actor, tender_id: int, at: datetime) -> Tender:
    """End a request for information, whose answers are open: nothing is awarded."""
    tender = opened_for(Act.CONCLUDE, actor=actor, tender_id=tender_id)
    tender = ended(tender, "conclude", at)
    data = {"code": tender.code, "title": tender.title, "answers": tender.bids.filter(state="opened").count()}
    event = InformationConcluded(file=tender.ocid, subject_id=tender.pk, data=data)
    tender.receipt = outbox.publish(event, actor=actor, at=at)
    return tender


@transaction.atomic
def cancel_tender(*, actor: Actor, tender_id: int, reason: str, legal_basis: str, at: datetime) -> Tender:
    """End a public process before its award, for a reason that everybody may read."""
    tender = opened_for(Act.CANCEL, actor=actor, tender_id=tender_id)
    refuse_if_any(
        None if reason.strip() else Objection("missing", _("Write why the process is cancelled."), "reason"),
        None if legal_basis.strip() else Objection("missing", _("Write the legal basis."), "legal_basis"),
    )
    tender = ended(tender, "cancel", at, reason.strip(), legal_basis.strip())
    data = {"code": tender.code, "title": tender.title, "reason": reason.strip(), "legal_basis": legal_basis.strip()}
    event = TenderCancelled(file=tender.ocid, subject_id=tender.pk, data=data)
    tender.receipt = outbox.publish(event, actor=actor, at=at)
    return tender
