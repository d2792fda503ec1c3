"""Observations to the pliego and their answers, both public at once."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from pliego.enquiries import rules
from pliego.enquiries.events import EnquiryAnswered, EnquiryAsked
from pliego.enquiries.models import Enquiry
from pliego.enquiries.policy import POLICY, Act
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.tendering.models import Tender
from pliego.tendering.services.locking import locked, person


def opened_for(act: Act, *, actor: Actor, tender_id: int) -> Tender:
    """The locked tender, when the actor may do this to it now."""
    tender = locked(tender_id)
    POLICY.require(actor, act, tender)
    return tender


def _written(text: str, field: str) -> Objection | None:
    return None if text.strip() else Objection("missing", _("Write the text."), field)


@transaction.atomic
def ask_enquiry(*, actor: Actor, tender_id: int, text: str, at: datetime) -> Enquiry:
    """Put an observation to the pliego before its term ends."""
    tender = opened_for(Act.ASK, actor=actor, tender_id=tender_id)
    refuse_if_any(_written(text, "text"), rules.enquiries_are_over(tender, at))
    enquiry = Enquiry.objects.create(
        tender=tender,
        code=next_public_id("enquiry"),
        number=(tender.enquiries.aggregate(last=Max("number"))["last"] or 0) + 1,
        account_id=actor.account_id or 0,
        asked_by_id=person(actor),
        text=text.strip(),
        asked_at=at,
    )
    data = {
        "code": tender.code,
        "enquiry": enquiry.code,
        "number": enquiry.number,
        "supplier": actor.account_name,
        "text": enquiry.text,
    }
    event = EnquiryAsked(file=tender.ocid, subject_id=enquiry.pk, data=data)
    enquiry.receipt = outbox.publish(event, actor=actor, at=at)
    return enquiry


@transaction.atomic
def answer_enquiry(*, actor: Actor, tender_id: int, number: int, answer: str, at: datetime) -> Enquiry:
    """Answer an observation, once and for everybody."""
    tender = opened_for(Act.ANSWER, actor=actor, tender_id=tender_id)
    if (enquiry := tender.enquiries.filter(number=number).first()) is None:
        raise Unknown()
    done = (
        Objection("already_done", _("This observation already has an answer, and it is public."))
        if enquiry.answer
        else None
    )
    refuse_if_any(done, _written(answer, "answer"))
    enquiry.answer, enquiry.answered_by_id, enquiry.answered_at = answer.strip(), actor.user_id, at
    enquiry.save(update_fields=["answer", "answered_by", "answered_at"])
    data = {
        "code": tender.code,
        "enquiry": enquiry.code,
        "number": enquiry.number,
        "text": enquiry.text,
        "answer": enquiry.answer,
    }
    event = EnquiryAnswered(file=tender.ocid, subject_id=enquiry.pk, data=data)
    enquiry.receipt = outbox.publish(event, actor=actor, at=at)
    return enquiry
