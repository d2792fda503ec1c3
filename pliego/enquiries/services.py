"""Observations to the pliego and their answers, both public at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from pliego.enquiries import rules
from pliego.enquiries.events import EnquiryAnswered, EnquiryAsked
from pliego.enquiries.models import Enquiry
from pliego.enquiries.policy import POLICY, Act
from pliego.enquiries.states import ENQUIRY
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, Unknown, gather, refuse_if_any
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


@dataclass(frozen=True)
class About:
    """What an observation is about: a document by its code, a section of the pliego, and the place in it."""

    document: str = ""
    section: str = ""
    place: str = ""


NOTHING = About()


@transaction.atomic
def ask_enquiry(*, actor: Actor, tender_id: int, text: str, at: datetime, about: About = NOTHING) -> Enquiry:
    """Put an observation to the pliego before its term ends."""
    tender = opened_for(Act.ASK, actor=actor, tender_id=tender_id)
    refuse_if_any(_wrong(tender, text, about), rules.enquiries_are_over(tender, at))
    return _made(tender, actor, text, about, at)


@transaction.atomic
def explain_enquiry(*, actor: Actor, tender_id: int, text: str, at: datetime, about: About = NOTHING) -> Enquiry:
    """Put an observation of the entity itself, so that its answer explains something to everybody."""
    tender = opened_for(Act.EXPLAIN, actor=actor, tender_id=tender_id)
    refuse_if_any(_wrong(tender, text, about))
    return _made(tender, actor, text, about, at)


def _wrong(tender: Tender, text: str, about: About) -> list[Objection]:
    wrong = rules.reference_is_wrong(tender, document=about.document, section=about.section)
    return gather(_written(text, "text"), wrong)


def _made(tender: Tender, actor: Actor, text: str, about: About, at: datetime) -> Enquiry:
    document = rules.public_documents(tender).filter(document__code=about.document).first() if about.document else None
    enquiry = Enquiry.objects.create(
        tender=tender,
        code=next_public_id("enquiry"),
        number=(tender.enquiries.aggregate(last=Max("number"))["last"] or 0) + 1,
        account_id=actor.account_id or 0,
        asked_by_id=person(actor),
        text=text.strip(),
        document=document,
        section=about.section,
        place=about.place.strip(),
        asked_at=at,
    )
    data = {
        "code": tender.code,
        "enquiry": enquiry.code,
        "number": enquiry.number,
        "supplier": actor.account_name,
        "text": enquiry.text,
        "about": {"document": about.document, "section": about.section, "place": enquiry.place},
        "by_entity": enquiry.by_entity,
    }
    event = EnquiryAsked(file=tender.ocid, subject_id=enquiry.pk, data=data)
    enquiry.receipt = outbox.publish(event, actor=actor, at=at)
    return enquiry


def answer_enquiry(*, actor: Actor, tender_id: int, number: int, answer: str, at: datetime) -> Enquiry:
    """Answer an observation, once and for everybody."""
    [enquiry] = answer_enquiries(actor=actor, tender_id=tender_id, numbers=[number], answer=answer, at=at)
    return enquiry


@transaction.atomic
def answer_enquiries(
    *, actor: Actor, tender_id: int, numbers: Sequence[int], answer: str, at: datetime
) -> list[Enquiry]:
    """Answer one observation, or several with the same words, in one act: once and for everybody."""
    tender = opened_for(Act.ANSWER, actor=actor, tender_id=tender_id)
    asked = list(tender.enquiries.filter(number__in=numbers).order_by("number"))
    if len(asked) != len(set(numbers)):
        raise Unknown()
    none = None if asked else Objection("missing", _("Choose at least one observation."), "numbers")
    done = [enquiry.number for enquiry in asked if enquiry.state == "answered"]
    refuse_if_any(none, _already(done, alone=len(asked) == 1), _written(answer, "answer"))
    all_numbers = [enquiry.number for enquiry in asked]
    for enquiry in asked:
        ENQUIRY.fire(enquiry, "answer", at=at)
        enquiry.answer, enquiry.answered_by_id, enquiry.answered_at = answer.strip(), actor.user_id, at
        enquiry.answered_with = [number for number in all_numbers if number != enquiry.number]
    fields = ["state", "answer", "answered_by", "answered_at", "answered_with"]
    Enquiry.objects.bulk_update(asked, fields)
    told = [{"enquiry": enquiry.code, "number": enquiry.number, "text": enquiry.text} for enquiry in asked]
    data = {"code": tender.code, **told[0], "answer": answer.strip(), "together": told[1:]}
    event = EnquiryAnswered(file=tender.ocid, subject_id=asked[0].pk, data=data)
    receipt = outbox.publish(event, actor=actor, at=at)
    for enquiry in asked:
        enquiry.receipt = receipt
    return asked


def _already(done: list[int], *, alone: bool) -> Objection | None:
    if not done:
        return None
    if alone:
        return Objection("already_done", _("This observation already has an answer, and it is public."), "numbers")
    sentence = _("These observations already have an answer, and it is public: %(numbers)s. Leave them out.")
    return Objection("already_done", sentence % {"numbers": ", ".join(map(str, done))}, "numbers")
