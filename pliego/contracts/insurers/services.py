"""Asking the insurer of a guarantee, and its answer by the link."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pliego.contracts import events
from pliego.contracts.holding import locked
from pliego.contracts.insurers.models import InsurerInquiry
from pliego.contracts.models import Guarantee
from pliego.contracts.policy import INQUIRY_POLICY, POLICY, Act, InquiryAct
from pliego.contracts.states import INQUIRY
from pliego.kernel.actors import Actor, Signature
from pliego.kernel.dates import instant
from pliego.kernel.events import Event
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox


@dataclass(frozen=True)
class Answer:
    """What whoever answers for the insurer writes."""

    is_confirmed: bool
    name: str
    position: str
    note: str = ""


@transaction.atomic
def ask_insurer(*, actor: Actor, guarantee_id: int, email: str, at: datetime) -> InsurerInquiry:
    """Send the insurer a link by which it says whether the guarantee is its own. One question waits at a time."""
    guarantee = _held(guarantee_id)
    POLICY.require(actor, Act.ASK_INSURER, guarantee.contract)
    refuse_if_any(_nothing_to_ask(guarantee), _no_address(email), _waits(guarantee, at))
    inquiry = InsurerInquiry.objects.create(
        guarantee=guarantee,
        number=(guarantee.inquiries.aggregate(last=Max("number"))["last"] or 0) + 1,
        email=email.strip(),
        asked_by_id=actor.user_id or 0,
        asked_at=at,
    )
    _announce(events.InsurerAsked, inquiry, actor, at)
    return inquiry


def _held(guarantee_id: int) -> Guarantee:
    """The guarantee, with its contract held first, as every act on it."""
    if (found := Guarantee.objects.filter(pk=guarantee_id).first()) is None:
        raise Unknown()
    contract = locked(found.contract_id)
    guarantee = Guarantee.objects.select_for_update(of=("self",)).select_related("document").get(pk=guarantee_id)
    guarantee.contract = contract
    return guarantee


def _no_address(email: str) -> Objection | None:
    try:
        validate_email(email.strip())
    except ValidationError:
        return Objection("email_wrong", _("Write the mail of the insurer, such as nombre@aseguradora.com."), "email")
    return None


def _nothing_to_ask(guarantee: Guarantee) -> Objection | None:
    if guarantee.state in {"submitted", "approved"}:
        return None
    return Objection("guarantee_decided", _("Only a guarantee that waits or is approved is asked about."))


def _waits(guarantee: Guarantee, at: datetime) -> Objection | None:
    """Who was asked and may still answer; whoever let the term pass gives way to the next."""
    for inquiry in guarantee.inquiries.select_for_update().filter(state="asked"):
        if inquiry.is_open(at):
            sentence = _("The insurer was asked already and may answer until %(until)s.")
            return Objection("insurer_asked", sentence % {"until": instant(inquiry.until)}, "email")
        INQUIRY.fire(inquiry, "lapse", at=at)
        inquiry.save(update_fields=["state"])
    return None


def insurer(inquiry: InsurerInquiry) -> Actor:
    """Who acts when an insurer answers by its link."""
    return Actor(user_code=inquiry.outside_code, name=inquiry.guarantee.insurer)


@transaction.atomic
def answer_inquiry(*, inquiry_id: int, answer: Answer, at: datetime) -> InsurerInquiry:
    """The insurer says once whether it issued the guarantee as it stands."""
    found = InsurerInquiry.objects.filter(pk=inquiry_id).first()
    if found is None:
        raise Unknown()
    guarantee = _held(found.guarantee_id)
    inquiry = InsurerInquiry.objects.select_for_update().get(pk=inquiry_id)
    inquiry.guarantee = guarantee
    if not inquiry.is_open(at):
        raise Refused(Objection("link_is_spent", _("This link was used already, or its term is over.")))
    actor = insurer(inquiry).with_signature(Signature("link", at, {"name": answer.name.strip()}))
    INQUIRY_POLICY.require(actor, InquiryAct.ANSWER, inquiry)
    refuse_if_any(*_is_incomplete(answer))
    INQUIRY.fire(inquiry, "confirm" if answer.is_confirmed else "deny", at=at)
    inquiry.name, inquiry.position, inquiry.note = answer.name.strip(), answer.position.strip(), answer.note.strip()
    inquiry.answered_at = at
    inquiry.save(update_fields=["state", "name", "position", "note", "answered_at"])
    told = {"name": inquiry.name, "position": inquiry.position, "reason": inquiry.note}
    _announce(events.InsurerConfirmed if answer.is_confirmed else events.InsurerDenied, inquiry, actor, at, **told)
    return inquiry


def _is_incomplete(answer: Answer) -> list[Objection]:
    found = []
    if not answer.name.strip():
        found.append(Objection("missing", _("Write your name."), "name"))
    if not answer.position.strip():
        found.append(Objection("missing", _("Write your position in the insurer."), "position"))
    if not answer.is_confirmed and not answer.note.strip():
        found.append(Objection("missing", _("Write what does not agree with your records."), "note"))
    return found


def _announce(event: type[Event], inquiry: InsurerInquiry, actor: Actor, at: datetime, **more: Any) -> None:
    guarantee = inquiry.guarantee
    contract = guarantee.contract
    told = {
        "contract": contract.code, "cover": guarantee.cover, "about": str(guarantee.get_cover_display()),
        "policy": guarantee.policy_number, "insurer": guarantee.insurer, "inquiry": inquiry.number, **more,
    }  # fmt: skip
    made = event(file=contract.file, subject_id=guarantee.pk, data=told, documents=(guarantee.document.sha256,))
    inquiry.receipt = outbox.publish(made, actor=actor, at=at)
