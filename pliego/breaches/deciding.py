"""Deciding a breach: the resolution in the hearing, its appeal, the end of the hearing, and the sanctions in force."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.breaches import events, law, rules, writing
from pliego.breaches.calling import end_session
from pliego.breaches.hearing import stated, unknown_side
from pliego.breaches.models import Breach, Decision, Recovery, Sanction, Statement
from pliego.breaches.policy import BreachAct
from pliego.breaches.services import announce, next_number, opened_for, person
from pliego.breaches.states import BREACH
from pliego.contracts import services as contracts
from pliego.documents import services as documents
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import BusinessCalendar
from pliego.kernel.objections import Objection, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.web.fields import Upload

Measures = Mapping[str, Decimal | None]
UNTIL_IN_FORCE = ("breach.decided", "breach.appeal_resolved")


@transaction.atomic
def decide(
    *,
    actor: Actor,
    contract_id: int,
    number: int,
    resolution: str,
    grounds: str,
    at: datetime,
    measures: Measures | None = None,
    imposes_nothing: bool = False,
) -> Decision:
    """Decide by reasoned resolution, notified there: what is imposed, or that nothing is."""
    breach = opened_for(BreachAct.DECIDE, actor, contract_id, number)
    imposed = measures or {}
    refuse_if_any(
        _is_unreasoned(resolution, grounds),
        rules.outcome_is_wrong(imposed, imposes_nothing, breach.consequences, breach.contract.state),
        BREACH.objections(breach, "decide", at=at),
    )
    BREACH.fire(breach, "decide", at=at)
    return _decided(events.BreachDecided, breach, actor, at, resolution, grounds, imposed, is_of_appeal=False)


def _is_unreasoned(resolution: str, grounds: str) -> list[Objection]:
    found = [
        rules.unwritten(resolution, "resolution", _("Write the number of the resolution.")),
        rules.unwritten(grounds, "grounds", _("Write the reasons of the decision."), f"{law.HEARING}, lit. c"),
    ]
    return [objection for objection in found if objection]


def _decided(  # noqa: PLR0917
    event: Any,
    breach: Breach,
    actor: Actor,
    at: datetime,
    resolution: str,
    grounds: str,
    measures: Measures,
    *,
    is_of_appeal: bool,
) -> Decision:
    made = Decision(
        breach=breach,
        is_of_appeal=is_of_appeal,
        number=resolution.strip(),
        grounds=grounds.strip(),
        measures={code: f"{amount:.2f}" if amount is not None else "" for code, amount in measures.items()},
        made_by_id=person(actor),
        made_at=at,
    )
    made.document = writing.kept(writing.APPEAL if is_of_appeal else writing.RESOLUTION, breach, actor, at, made)
    made.save()
    breach.save(update_fields=["state"])
    data: dict[str, Any] = {"resolution": made.number, "measures": made.measures, "grounds": made.grounds}
    return announce(event, made, breach, actor, at, [made.document], **data)


@transaction.atomic
def appeal(
    *, actor: Actor, contract_id: int, number: int, text: str, at: datetime, document: Upload | None = None
) -> Statement:
    """The contractor asks, in the hearing, that the decision be changed or taken back (reposición)."""
    breach = opened_for(BreachAct.APPEAL, actor, contract_id, number)
    return _appealed(breach, actor, at, text, document, "contractor", actor.name)


@transaction.atomic
def note_appeal(
    *,
    actor: Actor,
    contract_id: int,
    number: int,
    side: str,
    name: str,
    text: str,
    at: datetime,
    document: Upload | None = None,
) -> Statement:
    """An official writes down the appeal that the contractor or the guarantor presents by word."""
    breach = opened_for(BreachAct.NOTE_APPEAL, actor, contract_id, number)
    own = Objection("own_decision", _("The entity does not appeal its own decision."), "side")
    named = rules.unwritten(name, "name", _("Write who spoke."))
    refuse_if_any(unknown_side(side), own if side == "entity" else None, named)
    return _appealed(breach, actor, at, text, document, side, name)


def _appealed(  # noqa: PLR0917
    breach: Breach, actor: Actor, at: datetime, text: str, document: Upload | None, side: str, name: str
) -> Statement:
    BREACH.fire(breach, "appeal", at=at)
    breach.save(update_fields=["state"])
    return stated(events.DecisionAppealed, breach, actor, at, text, document, side, "appeal", name)


@transaction.atomic
def resolve_appeal(
    *,
    actor: Actor,
    contract_id: int,
    number: int,
    resolution: str,
    grounds: str,
    at: datetime,
    measures: Measures | None = None,
    imposes_nothing: bool = False,
) -> Decision:
    """Decide the appeal in the hearing: confirm, reduce or take back what was imposed. Nothing else is left to it."""
    breach = opened_for(BreachAct.RESOLVE, actor, contract_id, number)
    imposed = measures or {}
    refuse_if_any(
        _is_unreasoned(resolution, grounds),
        rules.outcome_is_wrong(imposed, imposes_nothing, breach.consequences),
        rules.outcome_is_worse(breach.imposed, imposed),
    )
    BREACH.fire(breach, "resolve", at=at)
    return _decided(events.AppealResolved, breach, actor, at, resolution, grounds, imposed, is_of_appeal=True)


@transaction.atomic
def close_hearing(*, actor: Actor, contract_id: int, number: int, development: str, at: datetime) -> Breach:
    """End the hearing with its minutes. A decision that imposes is in force and public; one that does not is filed."""
    breach = opened_for(BreachAct.CLOSE, actor, contract_id, number)
    refuse_if_any(rules.unwritten(development, "development", _("Write how it went.")))
    held = end_session(breach, actor, at, development)
    BREACH.fire(breach, "enforce" if breach.imposed else "file", at=at)
    breach.ended_by_id, breach.ended_at = person(actor), at
    breach.save(update_fields=["state", "ended_by", "ended_at"])
    decision = breach.decision
    assert decision is not None
    if breach.state == "in_force":
        return _in_force(breach, decision, actor, at)
    papers = [decision.document, held.record]
    return announce(events.BreachFiled, breach, breach, actor, at, papers, resolution=decision.number)


def _in_force(breach: Breach, decision: Decision, actor: Actor, at: datetime) -> Breach:
    """What was imposed enters the register; the resolutions and the acts that took them are public from now on."""
    day = BusinessCalendar.day_of(at) + law.FIRM_AFTER
    for code, amount in decision.imposed.items():
        _registered(breach, decision, code, amount, day)
    papers = [row.document for row in breach.decisions.all()]
    documents.disclose(documents=papers, audience="public", at=at)
    before = Entry.objects.filter(file=breach.file, act__in=UNTIL_IN_FORCE, subject_id=breach.pk)
    outbox.disclose(before.values_list("pk", flat=True), at)
    if breach.contract.state == "running" and any(law.MEASURES[code].ends_contract for code in decision.imposed):
        contracts.mark_ended(contract_id=breach.contract_id, ended_on=day, at=at)
    data: dict[str, Any] = {
        "resolution": decision.number,
        "measures": decision.measures,
        "in_force_on": day.isoformat(),
    }
    shown = {code: law.shown_until(code, day).isoformat() for code in decision.imposed}
    told = {**data, "supplier": breach.contract.supplier.name, "shown_until": shown}
    return announce(events.SanctionInForce, breach, breach, actor, at, papers, **told)


def _registered(breach: Breach, decision: Decision, code: str, amount: Decimal | None, day: date) -> Sanction:
    contract = breach.contract
    who = {"buyer_id": contract.buyer_id, "supplier_id": contract.supplier_id}
    when = {"in_force_on": day, "shown_until": law.shown_until(code, day)}
    told = {"measure": code, "amount": amount, "currency": contract.value_currency}
    return Sanction.objects.create(breach=breach, decision=decision, **who, **when, **told)


# ---- what comes of a sanction --------------------------------------------------------------------------------------


@transaction.atomic
def note_recovery(
    *,
    actor: Actor,
    contract_id: int,
    number: int,
    measure: str,
    amount: Decimal | None,
    means: str,
    on: date | None,
    at: datetime,
    note: str = "",
) -> Recovery:
    """Write down what was recovered of a sanction, and by which means; the settlement of the contract tells it."""
    breach = opened_for(BreachAct.RECOVER, actor, contract_id, number)
    sanction = breach.sanctions.select_for_update().prefetch_related("recoveries").filter(measure=measure).first()
    if sanction is None:
        raise Unknown()
    unknown = Objection("unknown_means", _("Choose how it was recovered."), "means")
    refuse_if_any(rules.recovery_is_wrong(sanction.owed, amount, on, at), None if means in rules.MEANS else unknown)
    assert amount is not None
    assert on is not None
    told = {"sanction": sanction, "number": next_number(sanction.recoveries), "amount": amount, "means": means}
    made = Recovery.objects.create(on=on, note=note.strip(), noted_by_id=person(actor), noted_at=at, **told)
    data: dict[str, Any] = {"measure": measure, "amount": str(amount), "means": means, "on": on.isoformat()}
    owed = str(sanction.owed - amount)
    return announce(events.SanctionRecovered, made, breach, actor, at, owed=owed, **data)


@transaction.atomic
def note_challenge(
    *, actor: Actor, contract_id: int, number: int, challenge: str, on: date | None, at: datetime
) -> Breach:
    """Write down that the sanction was brought before a judge: meanwhile it takes no points away."""
    breach = opened_for(BreachAct.CHALLENGE, actor, contract_id, number)
    future = on is not None and on > BusinessCalendar.day_of(at)
    refuse_if_any(
        rules.unwritten(challenge, "challenge", _("Write before which judge, and under which number.")),
        Objection("missing", _("Write the day."), "on") if on is None else None,
        Objection("in_the_future", _("That day has not come yet."), "on") if future else None,
    )
    breach.sanctions.standing().update(challenge=challenge.strip(), challenged_on=on)
    data: dict[str, Any] = {"challenge": challenge.strip(), "on": on.isoformat() if on else ""}
    return announce(events.SanctionChallenged, breach, breach, actor, at, **data)


@transaction.atomic
def annul(*, actor: Actor, contract_id: int, number: int, reason: str, at: datetime) -> Breach:
    """Take the sanction out of the register: a judge annulled it, or the entity took its act back."""
    breach = opened_for(BreachAct.ANNUL, actor, contract_id, number)
    refuse_if_any(rules.unwritten(reason, "reason", _("Write by which decision, and of whom.")))
    BREACH.fire(breach, "annul", at=at)
    breach.save(update_fields=["state"])
    breach.sanctions.standing().update(annulled_at=at, annulled_reason=reason.strip())
    return announce(events.SanctionAnnulled, breach, breach, actor, at, reason=reason.strip())
