"""Convening, holding, suspending and closing a hearing or a visit, with who came and what was said."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from pliego.documents import services as documents
from pliego.hearings import events, minutes, occasions, rules
from pliego.hearings.models import Addition, Adjournment, Attendance, Hearing, Intervention, Paper
from pliego.hearings.policy import HEARINGS, POLICY, Act, HearingAct
from pliego.hearings.states import HEARING
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.parties.models import Account
from pliego.tendering.queries import supplier_code
from pliego.tendering.services.locking import locked, person
from pliego.web.fields import Upload

KIND = "hearing_document"
MINUTES = "hearing_record"


@transaction.atomic
def convene_hearing(
    *, actor: Actor, tender_id: int, occasion: str, place: str, link: str, how: str, at: datetime
) -> Hearing:
    """Call everybody to a hearing or visit that the schedule or the pliego has, and say how one attends."""
    tender = locked(tender_id)
    POLICY.require(actor, Act.CONVENE, tender)
    with translation.override("es-co"):  # its name is kept as the law says it, whatever the language of the page
        found = occasions.one(tender, occasion)
    if found is None:
        raise Unknown()
    done = Objection("already_done", _("This was convened already."))
    late = Objection("too_late", _("Its hour has passed: move it in the schedule by an addendum first."))
    refuse_if_any(
        done if tender.hearings.exclude(state="cancelled").filter(occasion=occasion).exists() else None,
        late if found.begins_at <= at else None,
        rules.place_is_missing(place, link),
    )
    hearing = Hearing.objects.create(
        tender=tender,
        number=_next(tender.hearings),
        occasion=occasion,
        kind=found.kind,
        title=found.title[:200],
        called_for=found.begins_at,
        place=place.strip(),
        link=link.strip(),
        how=how.strip(),
        convened_by_id=person(actor),
        convened_at=at,
    )
    data = {"kind": hearing.kind, "begins_at": found.begins_at.isoformat()}
    data |= {"place": hearing.place, "link": hearing.link, "how": hearing.how}
    return _published(hearing, hearing, events.HearingConvened, actor, at, **data)


@transaction.atomic
def cancel_hearing(*, actor: Actor, tender_id: int, number: int, reason: str, at: datetime) -> Hearing:
    """Call it off before it begins; it may be convened again."""
    hearing = _opened_for(HearingAct.CANCEL, actor, tender_id, number)
    refuse_if_any(rules.unwritten(reason, "reason", _("Write why it is called off.")))
    HEARING.fire(hearing, "cancel", at=at)
    hearing.save(update_fields=["state"])
    return _published(hearing, hearing, events.HearingCancelled, actor, at, reason=reason.strip())


@transaction.atomic
def begin_hearing(*, actor: Actor, tender_id: int, number: int, at: datetime) -> Hearing:
    """Open the session: from here people register and speak."""
    hearing = _opened_for(HearingAct.BEGIN, actor, tender_id, number)
    HEARING.fire(hearing, "begin", at=at)
    hearing.begun_at = at
    hearing.save(update_fields=["state", "begun_at"])
    return _published(hearing, hearing, events.HearingBegun, actor, at)


@transaction.atomic
def attend(*, actor: Actor, tender_id: int, number: int, at: datetime) -> Attendance:
    """Somebody registers from their own account that they are there."""
    hearing = _opened_for(HearingAct.ATTEND, actor, tender_id, number)
    told = {"user_id": person(actor), "account_id": actor.account_id}
    again = hearing.attendances.filter(user_id=person(actor), left_at=None).exists()
    refuse_if_any(Objection("already_done", _("You are registered already.")) if again else None)
    return _came(hearing, actor, at, name=actor.name, represents=actor.account_name, **told)


@transaction.atomic
def register_attendance(
    *,
    actor: Actor,
    tender_id: int,
    number: int,
    name: str,
    at: datetime,
    represents: str = "",
    document_number: str = "",
    supplier: str = "",
) -> Attendance:
    """An official registers at the door somebody who came. `supplier`: the code or NIT of the account they come for."""
    hearing = _opened_for(HearingAct.REGISTER, actor, tender_id, number)
    account = _account(supplier)
    unknown = Objection("unknown_supplier", _("No active supplier has that code or NIT. Leave it empty."), "supplier")
    refuse_if_any(
        rules.unwritten(name, "name", _("Write the name of who came.")),
        unknown if supplier.strip() and account is None else None,
    )
    return _came(
        hearing,
        actor,
        at,
        name=name.strip(),
        represents=represents.strip() or (account.name if account else ""),
        document_number=document_number.strip().upper(),
        account_id=account.pk if account else None,
    )


@transaction.atomic
def leave(*, actor: Actor, tender_id: int, number: int, attendance: int, at: datetime) -> Attendance:
    """Note that somebody left; they themselves, or an official."""
    hearing = _opened_for(HearingAct.LEAVE, actor, tender_id, number)
    row = hearing.attendances.filter(number=attendance).first()
    is_official = actor.account_id == hearing.buyer_id
    if row is None or not (is_official or row.user_id == actor.user_id):
        raise Unknown()
    if row.left_at is None:
        row.left_at = at
        row.save(update_fields=["left_at"])
    return row


@transaction.atomic
def speak(
    *,
    actor: Actor,
    tender_id: int,
    number: int,
    text: str,
    is_question: bool,
    at: datetime,
    attendance: int | None = None,
) -> Intervention:
    """What somebody says, in order: written by themselves, or by an official who names who spoke."""
    hearing = _opened_for(HearingAct.NOTE if attendance else HearingAct.SPEAK, actor, tender_id, number)
    there = hearing.attendances.filter(left_at=None)
    speaker = there.filter(number=attendance) if attendance else there.filter(user_id=person(actor))
    found = speaker.first()
    gone = Objection("not_there", _("Choose one of those who are in the hearing now."), "attendance")
    refuse_if_any(gone if found is None else None, rules.unwritten(text, "text", _("Write what was said.")))
    assert found is not None
    said = Intervention.objects.create(
        hearing=hearing,
        number=_next(hearing.interventions),
        attendance=found,
        text=text.strip(),
        is_question=is_question,
        said_at=at,
    )
    data = {"intervention": said.number, "name": found.name, "represents": found.represents, "text": said.text}
    return _published(said, hearing, events.Spoken, actor, at, **data)


@transaction.atomic
def answer_intervention(
    *, actor: Actor, tender_id: int, number: int, intervention: int, answer: str, at: datetime
) -> Intervention:
    """The entity answers, once, and everybody reads it."""
    hearing = _opened_for(HearingAct.ANSWER, actor, tender_id, number)
    if (said := hearing.interventions.filter(number=intervention).first()) is None:
        raise Unknown()
    done = Objection("already_done", _("This has its answer already, and it is public."))
    refuse_if_any(done if said.answered_at else None, rules.unwritten(answer, "answer", _("Write the answer.")))
    said.answer, said.answered_by_id, said.answered_at = answer.strip(), person(actor), at
    said.save(update_fields=["answer", "answered_by", "answered_at"])
    data = {"intervention": said.number, "text": said.text, "answer": said.answer}
    return _published(said, hearing, events.Answered, actor, at, **data)


@transaction.atomic
def attach_paper(*, actor: Actor, tender_id: int, number: int, document: Upload, at: datetime) -> Paper:
    """A document that was shown: public at once."""
    hearing = _opened_for(HearingAct.ATTACH, actor, tender_id, number)
    return _paper(hearing, actor, document, at)


@transaction.atomic
def adjourn_hearing(
    *, actor: Actor, tender_id: int, number: int, reason: str, resumes_at: datetime | None, at: datetime
) -> Hearing:
    """Suspend it until a new date."""
    hearing = _opened_for(HearingAct.ADJOURN, actor, tender_id, number)
    refuse_if_any(
        rules.unwritten(reason, "reason", _("Write why it is suspended.")), rules.resumes_too_soon(resumes_at, at)
    )
    assert resumes_at is not None
    HEARING.fire(hearing, "adjourn", at=at)
    hearing.save(update_fields=["state"])
    Adjournment.objects.create(hearing=hearing, reason=reason.strip(), adjourned_at=at, resumes_at=resumes_at)
    data = {"reason": reason.strip(), "resumes_at": resumes_at.isoformat()}
    return _published(hearing, hearing, events.HearingAdjourned, actor, at, **data)


@transaction.atomic
def resume_hearing(*, actor: Actor, tender_id: int, number: int, at: datetime) -> Hearing:
    """Go on with it."""
    hearing = _opened_for(HearingAct.RESUME, actor, tender_id, number)
    HEARING.fire(hearing, "resume", at=at)
    hearing.save(update_fields=["state"])
    hearing.adjournments.filter(resumed_at=None).update(resumed_at=at)
    return _published(hearing, hearing, events.HearingResumed, actor, at)


@transaction.atomic
def close_hearing(
    *, actor: Actor, tender_id: int, number: int, development: str, decisions: str, at: datetime
) -> Hearing:
    """End it: the minutes are made as a PDF with who came and what was said, and are public at once."""
    hearing = _opened_for(HearingAct.CLOSE, actor, tender_id, number)
    refuse_if_any(
        rules.unwritten(development, "development", _("Write how it went.")),
        HEARING.objections(hearing, "close", at=at),
    )
    HEARING.fire(hearing, "close", at=at)
    hearing.development, hearing.decisions = development.strip(), decisions.strip()
    hearing.ended_at, hearing.closed_by_id = at, person(actor)
    hearing.record = documents.store(
        actor=actor,
        content=io.BytesIO(minutes.render(hearing, author=actor.name, at=at)),
        name=f"Acta {hearing.number} - {hearing.tender.code}.pdf",
        kind=MINUTES,
        file=hearing.tender.ocid,
        audience="public",
        at=at,
    )
    hearing.save(update_fields=["state", "development", "decisions", "ended_at", "closed_by", "record"])
    came = [{"name": row.name, "represents": row.represents} for row in hearing.attendances.all()]
    data = {"attendees": came, "interventions": hearing.interventions.count()}
    shown = hearing.papers.values_list("document__sha256", flat=True)
    papers = (hearing.record.sha256, *shown)
    return _published(hearing, hearing, events.HearingClosed, actor, at, papers=papers, **data)


@transaction.atomic
def complete_minutes(
    *, actor: Actor, tender_id: int, number: int, text: str, at: datetime, document: Upload | None = None
) -> Addition:
    """Add to signed minutes what they lack or say wrongly; they stay as they are."""
    hearing = _opened_for(HearingAct.ADD, actor, tender_id, number)
    refuse_if_any(rules.unwritten(text, "text", _("Write what is added or corrected.")))
    made = Addition.objects.create(
        hearing=hearing, number=_next(hearing.additions), text=text.strip(), made_by_id=person(actor), made_at=at
    )
    paper = _paper(hearing, actor, document, at) if document else None
    papers = (paper.document.sha256,) if paper else ()
    data = {"addition": made.number, "text": made.text}
    return _published(made, hearing, events.MinutesCompleted, actor, at, papers=papers, **data)


# ---- what they share -----------------------------------------------------------------------------------------------


def _opened_for(act: HearingAct, actor: Actor, tender_id: int, number: int) -> Hearing:
    """The hearing, with its process held, when the actor may do this to it now."""
    tender = locked(tender_id)
    if (hearing := tender.hearings.select_for_update().filter(number=number).first()) is None:
        raise Unknown()
    hearing.tender = tender
    HEARINGS.require(actor, act, hearing)
    return hearing


def _next(rows: Any) -> int:
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _account(text: str) -> Account | None:
    rows = Account.objects.select_related("organization").filter(is_supplier=True, state="active")
    return rows.filter(code=supplier_code(text)).first() if text.strip() else None


def _came(hearing: Hearing, actor: Actor, at: datetime, **told: Any) -> Attendance:
    made = Attendance.objects.create(
        hearing=hearing, number=_next(hearing.attendances), came_at=at, registered_by_id=person(actor), **told
    )
    data = {"attendance": made.number, "name": made.name, "represents": made.represents}
    return _published(made, hearing, events.AttendanceRegistered, actor, at, **data)


def _paper(hearing: Hearing, actor: Actor, document: Upload, at: datetime) -> Paper:
    told: dict[str, Any] = {"actor": actor, "kind": KIND, "file": hearing.tender.ocid, "audience": "public", "at": at}
    kept = documents.take(value=document, field="document", **told)
    return Paper.objects.create(hearing=hearing, document=kept, added_at=at)


def _published(  # noqa: PLR0917
    made: Any, hearing: Hearing, event: Callable[..., Any], actor: Actor, at: datetime, papers: Any = (), **data: Any
) -> Any:
    """The act announced; its receipt goes on what was made."""
    told = {"code": hearing.tender.code, "number": hearing.number, "about": hearing.title, **data}
    announced = event(file=hearing.tender.ocid, subject_id=made.pk, data=told, documents=papers)
    made.receipt = outbox.publish(announced, actor=actor, at=at)
    return made
