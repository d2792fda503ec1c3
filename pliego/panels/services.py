"""Appointing and relieving evaluators, their declarations, and the recusals against them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from pliego.documents import services as documents
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Objection, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.panels import events, queries, rules
from pliego.panels.models import Appointment, Declaration, Impediment, Member
from pliego.panels.policy import IMPEDIMENTS, MEMBERS, POLICY, Act, ImpedimentAct, MemberAct
from pliego.panels.rules import MemberIn
from pliego.panels.states import IMPEDIMENT, MEMBER
from pliego.tendering.models import Tender
from pliego.tendering.services.locking import locked, person
from pliego.web.fields import Upload

KIND = "panel_act"


@transaction.atomic
def appoint_members(
    *,
    actor: Actor,
    tender_id: int,
    act_number: str,
    act_on: date | None,
    members: Sequence[MemberIn],
    at: datetime,
    since_on: date | None = None,
    document: Upload | None = None,
) -> Appointment:
    """Appoint by an act those who will evaluate. Further acts add others; nobody leaves but by an act."""
    tender = locked(tender_id)
    POLICY.require(actor, Act.APPOINT, tender)
    officials = queries.officials(tender, [member.person for member in members])
    serving = list(tender.panel_members.filter(state="serving"))
    refuse_if_any(
        rules.act_is_wrong(act_number, act_on, at),
        rules.members_are_wrong(members, {code: user.pk for code, user in officials.items()}, serving),
    )
    act = _act(tender, actor, "appoint", act_number, act_on or calendar.day_of(at), at, document=document)
    last = tender.panel_members.aggregate(last=Max("number"))["last"] or 0
    made = [
        Member.objects.create(
            tender=tender,
            number=number,
            user=officials.get(told.person),
            name=officials[told.person].full_name if told.is_official else told.name.strip(),
            email="" if told.is_official else told.email.strip(),
            document_type="" if told.is_official else told.document_type,
            document_number="" if told.is_official else told.document_number.strip().upper(),
            role=told.role,
            since_on=since_on or act.act_on,
            appointed_by=act,
        )
        for number, told in enumerate(members, last + 1)
    ]
    data = {
        **_told(act),
        "kind": tender.rulebook.panel.kind if tender.rulebook.panel else "",
        "members": [
            {"number": m.number, "name": m.name, "role": m.role, "is_official": m.user_id is not None} for m in made
        ],
        "tell": [told.person for told in members if told.is_official],
    }
    return _published(act, events.PanelAppointed, actor, data, at)


@transaction.atomic
def relieve_member(
    *,
    actor: Actor,
    tender_id: int,
    number: int,
    act_number: str,
    act_on: date | None,
    reason: str,
    at: datetime,
) -> Appointment:
    """Relieve an evaluator by an act. What they declared and evaluated stays."""
    member = _member(tender_id, number)
    MEMBERS.require(actor, MemberAct.RELIEVE, member)
    refuse_if_any(
        rules.act_is_wrong(act_number, act_on, at),
        rules.unwritten(reason, "reason", _("Write why the evaluator is relieved.")),
        _waits(member),
    )
    act = _act(member.tender, actor, "relieve", act_number, act_on or calendar.day_of(at), at, reason=reason.strip())
    _relieved(member, act, at)
    return _published(act, events.MemberRelieved, actor, {**_told(act), **_who(member), "reason": act.reason}, at)


@transaction.atomic
def declare_interests(
    *, actor: Actor, tender_id: int, number: int, has_conflict: bool, at: datetime, reason: str = "", supplier: str = ""
) -> Declaration:
    """Declare no conflict of interest, or which one: then the member is stopped until the appointer decides."""
    member = _member(tender_id, number)
    MEMBERS.require(actor, MemberAct.DECLARE, member)
    about = rules.round_of(member.tender)
    bidder = queries.bidders(member.tender).filter(code=supplier).first() if supplier else None
    unknown = Objection("unknown_bidder", _("Choose one of the bidders of the list."), "supplier")
    done = Objection("already_done", _("You have declared this already. You can still declare a conflict."))
    refuse_if_any(
        unknown if supplier and bidder is None else None,
        _waits(member),
        rules.unwritten(reason, "reason", _("Write with whom the conflict is, and why.")) if has_conflict else None,
        done if not has_conflict and member.has_declared(about) else None,
    )
    impediment = _raised(member, actor, "declared", reason, at, bidder) if has_conflict else None
    declared = Declaration.objects.create(member=member, about=about, impediment=impediment, declared_at=at)
    data = {**_who(member), "about": about}
    if impediment is None:
        return _published(declared, events.ConflictDenied, actor, data, at)
    return _published(declared, events.ImpedimentDeclared, actor, {**data, **_raised_data(impediment)}, at)


@transaction.atomic
def recuse_member(*, actor: Actor, tender_id: int, number: int, reason: str, at: datetime) -> Impediment:
    """A supplier says why a member should not evaluate. The member is stopped until it is decided."""
    member = _member(tender_id, number)
    MEMBERS.require(actor, MemberAct.RECUSE, member)
    refuse_if_any(
        rules.unwritten(reason, "reason", _("Write the ground of the recusal and its facts.")), _waits(member)
    )
    supplier = queries.account(actor.account_id)
    made = _raised(member, actor, "recusal", reason, at, supplier)
    data = {**_who(member), **_raised_data(made)}
    return _published(made, events.RecusalPresented, actor, data, at)


@transaction.atomic
def answer_recusal(
    *, actor: Actor, tender_id: int, number: int, accepts: bool, answer: str, at: datetime
) -> Impediment:
    """The recused member says whether they accept the ground; the term of the decision runs from here."""
    found = _impediment(actor, tender_id, number)
    IMPEDIMENTS.require(actor, ImpedimentAct.ANSWER, found)
    refuse_if_any(rules.unwritten(answer, "answer", _("Write your answer.")))
    found.accepts, found.answer, found.answered_at = accepts, answer.strip(), at
    found.decision_due_at = rules.term(at, _panel(found.tender).decide_days)
    found.save(update_fields=["accepts", "answer", "answered_at", "decision_due_at"])
    data = {**_who(found.member), "impediment": found.number, "accepts": accepts, "answer": found.answer}
    return _published(found, events.RecusalAnswered, actor, data, at)


@transaction.atomic
def decide_impediment(
    *,
    actor: Actor,
    tender_id: int,
    number: int,
    accepted: bool,
    reason: str,
    at: datetime,
    act_number: str = "",
    act_on: date | None = None,
) -> Impediment:
    """Accept it, and the member is relieved by that act; or not, with reasons, and the member goes on."""
    found = _impediment(actor, tender_id, number)
    IMPEDIMENTS.require(actor, ImpedimentAct.DECIDE, found)
    act = "accept" if accepted else "dismiss"
    refuse_if_any(
        rules.unwritten(reason, "reason", _("Write the reasons of the decision.")),
        rules.act_is_wrong(act_number, act_on, at) if accepted else None,
        IMPEDIMENT.objections(found, act, at=at),
    )
    IMPEDIMENT.fire(found, act, at=at)
    found.decision, found.decided_by_id, found.decided_at = reason.strip(), person(actor), at
    found.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    if accepted:
        made = _act(
            found.tender, actor, "relieve", act_number, act_on or calendar.day_of(at), at, reason=reason.strip()
        )
        _relieved(found.member, made, at)
    data = {**_who(found.member), "impediment": found.number, "kind": found.kind, "outcome": found.state}
    data |= {"supplier": found.supplier.name if found.supplier else "", "reason": found.decision}
    return _published(found, events.ImpedimentDecided, actor, data, at)


# ---- what they share -----------------------------------------------------------------------------------------------


def _member(tender_id: int, number: int) -> Member:
    """The member, with the process held."""
    tender = locked(tender_id)
    rows = queries.members(tender).select_for_update(of=("self",))
    if (found := rows.filter(number=number).first()) is None:
        raise Unknown()
    found.tender = tender
    return found


def _impediment(actor: Actor, tender_id: int, number: int) -> Impediment:
    tender = locked(tender_id)
    rows = Impediment.objects.select_for_update(of=("self",)).select_related("member__user", "supplier__organization")
    if (found := rows.filter(tender=tender, number=number).first()) is None:
        raise Unknown()
    found.tender = found.member.tender = tender
    return found


def _panel(tender: Tender) -> Any:
    assert tender.rulebook.panel is not None
    return tender.rulebook.panel


def _waits(member: Member) -> Objection | None:
    if not member.is_waiting():
        return None
    return Objection("impediment_waits", _("An impediment or recusal of this evaluator waits for its decision."))


def _act(  # noqa: PLR0917
    tender: Tender,
    actor: Actor,
    kind: str,
    act_number: str,
    act_on: date,
    at: datetime,
    reason: str = "",
    document: Upload | None = None,
) -> Appointment:
    told: dict[str, Any] = {"actor": actor, "kind": KIND, "file": tender.ocid, "audience": "public", "at": at}
    kept = documents.take(value=document, field="document", **told) if document else None
    return Appointment.objects.create(
        tender=tender,
        number=(tender.panel_acts.aggregate(last=Max("number"))["last"] or 0) + 1,
        kind=kind,
        act_number=act_number.strip(),
        act_on=act_on,
        reason=reason,
        document=kept,
        decided_by_id=person(actor),
        decided_at=at,
    )


def _relieved(member: Member, act: Appointment, at: datetime) -> None:
    MEMBER.fire(member, "relieve", at=at)
    member.relieved_by, member.relieved_at = act, at
    member.save(update_fields=["state", "relieved_by", "relieved_at"])


def _raised(member: Member, actor: Actor, kind: str, reason: str, at: datetime, supplier: Any) -> Impediment:  # noqa: PLR0917
    panel, is_recusal = _panel(member.tender), kind == "recusal"
    answer_due = rules.term(at, panel.answer_days) if is_recusal else None
    return Impediment.objects.create(
        tender=member.tender,
        number=(member.tender.impediments.aggregate(last=Max("number"))["last"] or 0) + 1,
        member=member,
        kind=kind,
        supplier=supplier,
        reason=reason.strip(),
        raised_by_id=actor.user_id,
        raised_at=at,
        answer_due_at=answer_due,
        decision_due_at=rules.term(answer_due or at, panel.decide_days),
    )


def _told(act: Appointment) -> dict[str, Any]:
    return {
        "code": act.tender.code,
        "number": act.number,
        "act": act.act_number,
        "act_on": act.act_on.isoformat(),
    }


def _who(member: Member) -> dict[str, Any]:
    tell = [member.user.code] if member.user else []
    return {"code": member.tender.code, "member": member.number, "name": member.name, "tell": tell}


def _raised_data(impediment: Impediment) -> dict[str, Any]:
    return {
        "impediment": impediment.number,
        "supplier": impediment.supplier.name if impediment.supplier else "",
        "reason": impediment.reason,
        "due_at": impediment.due_at.isoformat(),
    }


def _published(made: Any, kind: Any, actor: Actor, data: dict[str, Any], at: datetime) -> Any:
    """The act announced; its receipt goes on what was made."""
    tender = made.tender if hasattr(made, "tender") else made.member.tender
    papers = (made.document.sha256,) if getattr(made, "document", None) else ()
    event = kind(file=tender.ocid, subject_id=made.pk, data=data, documents=papers)
    made.receipt = outbox.publish(event, actor=actor, at=at)
    return made
