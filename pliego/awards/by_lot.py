"""Deciding a process with lots: a lot may be declared void by itself; the others are awarded in one act."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.authority import gates
from pliego.awards import rules, services
from pliego.awards.approvals import BY_LOTS, void_of
from pliego.awards.causes import CAUSES
from pliego.awards.events import LotDeserted
from pliego.awards.models import Award
from pliego.awards.policy import DecisionAct
from pliego.awards.services import Decision
from pliego.awards.states import AWARD
from pliego.conditions import dividing
from pliego.conditions.models import Lot
from pliego.evaluation import queries as evaluations
from pliego.evaluation.models import Evaluation, LotAssessment
from pliego.evaluation.scoring import Ranked
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, Unknown, gather, refuse_if_any
from pliego.ledger import outbox
from pliego.tendering.models import Tender

Found = Iterator[Objection]


@dataclass(frozen=True, kw_only=True)
class LotDecision:
    """What is decided of a lot: which offer wins (the first of the order, when none is named), or why it is void.
    `is_alone`: nothing else is decided, so that what is wrong in it needs no name of the lot."""

    lot: int
    bid: str = ""
    cause: str = ""
    reason: str = ""
    is_alone: bool = False

    @property
    def field(self) -> str:
        return "cause" if self.is_alone else f"lot-{self.lot}"

    @property
    def reason_field(self) -> str:
        return "reason" if self.is_alone else f"lot-{self.lot}-reason"


# ---- what stands against it ------------------------------------------------------------------------------------------


def lot_cannot_be_void(tender: Tender, evaluation: Evaluation | None, said: LotDecision, at: datetime) -> Found:
    """Only where nobody can be awarded it (Ley 80 de 1993, art. 25, num. 18), and for a cause that is so."""
    field = said.field
    if not said.reason.strip():
        yield Objection("missing", _("Write why the lot is void."), said.reason_field, rules.VOID_LAW)
    if said.cause not in dict(CAUSES):
        yield Objection("missing", _("Choose the cause."), field, rules.VOID_LAW)
        return
    offers = tender.bids.filter(state="opened", lots__contains=[said.lot])
    if said.cause == "no_offers" and offers.exists():
        sentence = _("%(n)s offers are for the lot %(lot)s: choose another cause.")
        yield Objection("has_offers", sentence % {"n": offers.count(), "lot": said.lot}, field)
    if said.cause == "none_complies":
        if not offers.exists():
            sentence = _("Nobody offered for the lot %(lot)s: choose that cause.")
            yield Objection("no_offers", sentence % {"lot": said.lot}, field)
        yield from rules.evaluation_is_not_over(evaluation, at)
        if LotAssessment.objects.filter(assessment__evaluation=evaluation, number=said.lot, complies=True).exists():
            sentence = _("There is an offer that complies for the lot %(lot)s: award it.")
            yield Objection("somebody_complies", sentence % {"lot": said.lot}, field, rules.VOID_LAW)


def lot_is_not_open(lot: Lot) -> Objection | None:
    if lot.state == "open":
        return None
    told = {"lot": lot.number, "state": str(lot.state_title).lower()}
    return Objection("lot_decided", _("The lot %(lot)s was decided already: %(state)s.") % told)


def nobody_is_left(tender: Tender, lot: Lot) -> Objection | None:
    """When no other lot is open the whole process is void, by its own act."""
    if tender.lots.filter(state="open").exclude(pk=lot.pk).exists():
        return None
    return Objection(
        "last_lot", _("It is the only lot that is left: declare the whole process void."), "", rules.VOID_LAW
    )


def lots_are_not_all_decided(lots: Mapping[int, Lot], said: Sequence[LotDecision]) -> Found:
    """One decision for each open lot, and for no other."""
    named = [one.lot for one in said]
    for one in said:
        if one.lot not in lots:
            yield Objection("unknown_lot", _("The process has no lot %(lot)s.") % {"lot": one.lot}, one.field)
        elif decided := lot_is_not_open(lots[one.lot]):
            yield decided
        if named.count(one.lot) > 1:
            yield Objection("lot_twice", _("The lot %(lot)s is there twice.") % {"lot": one.lot}, one.field)
    for number, lot in lots.items():
        if lot.state == "open" and number not in named:
            sentence = _("Say who wins the lot %(lot)s, or why it is void: all are decided together.")
            yield Objection("lot_missing", sentence % {"lot": number}, f"lot-{number}")


def one_wins_too_much(tender: Tender, chosen: Sequence[LotAssessment]) -> Found:
    """More lots than the pliego lets one bidder be awarded."""
    division = dividing.division_of(tender)
    most = division.most_awarded if division else None
    won: dict[str, list[int]] = {}
    for lot in chosen:
        won.setdefault(lot.assessment.bid.supplier.name, []).append(lot.number)
    for name, numbers in won.items():
        if most is not None and len(numbers) > most:
            sentence = _(
                "%(name)s would win %(n)s lots, and the pliego lets one win %(most)s: award the others to the next that"
                " complies, with that reason."
            )
            told = {"name": name, "n": len(numbers), "most": most}
            yield Objection("too_many_lots", sentence % told, f"lot-{numbers[-1]}")


def another_was_approved(tender: Tender, orders: Mapping[Any, Sequence[Ranked]], chosen: Sequence[Any]) -> Found:
    """An approval of the award by lots is of the first place of each."""
    if gates.open_approval(tender.buyer_id, "award", tender.code) is None:
        return
    for lot in chosen:
        if lot.assessment.bid.code != orders[lot.number][0].code:
            sentence = _("What was approved is the first place of each lot. In the lot %(lot)s another one is chosen.")
            yield Objection(gates.OTHER, sentence % {"lot": lot.number}, f"lot-{lot.number}")


# ---- acts ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def declare_lot_void(*, actor: Actor, tender_id: int, lot: int, cause: str, reason: str, at: datetime) -> Award:
    """Declare one lot void, at once for everybody; the others go on. The last one falls with the whole process."""
    tender = services.decided_by(DecisionAct.DESERT, actor=actor, tender_id=tender_id)
    row = tender.lots.filter(number=lot).first()
    if row is None:
        raise Unknown()
    gates.require("award", tender, actor=actor, option=void_of(lot))
    said = LotDecision(lot=lot, cause=cause, reason=reason, is_alone=True)
    refuse_if_any(
        gather(gates.approved("award")(tender, at)),
        rules.offers_are_not_open(tender, at),
        lot_is_not_open(row),
        lot_cannot_be_void(tender, services.evaluation_of(tender), said, at),
        nobody_is_left(tender, row),
    )
    return _voided(tender, row, said, actor, at)


def _voided(tender: Tender, lot: Lot, said: LotDecision, actor: Actor, at: datetime) -> Award:
    assert actor.user_id is not None
    award = Award.objects.create(
        code=next_public_id("award"),
        tender=tender,
        lot=lot.number,
        cause=said.cause,
        reason=said.reason.strip(),
        legal_basis=rules.VOID_LAW,
        decided_by_id=actor.user_id,
        decided_at=at,
    )
    AWARD.fire(award, "desert", at=at)
    award.save(update_fields=["state"])
    dividing.mark_lot(tender_id=tender.pk, number=lot.number, act="void", at=at)
    told = {"code": tender.code, "award": award.code, "lot": lot.number, "lot_title": lot.title, "cause": said.cause}
    why = {"cause_title": award.cause_title, "reason": award.reason, "legal_basis": award.legal_basis}
    event = LotDeserted(file=tender.ocid, subject_id=award.pk, data=told | why)
    award.receipt = outbox.publish(event, actor=actor, at=at)
    return award


@transaction.atomic
def award_lots(*, actor: Actor, tender_id: int, lots: Sequence[LotDecision], at: datetime) -> list[Award]:
    """Decide every lot that is open, in one act: each goes to the first of its order, or to another one with
    reasons, or is void. What one supplier wins becomes one contract."""
    tender = services.decided_by(DecisionAct.AWARD, actor=actor, tender_id=tender_id)
    evaluation, known = services.evaluation_of(tender), {lot.number: lot for lot in tender.lots.all()}
    refuse_if_any(process_is_whole(tender), rules.evaluation_is_not_over(evaluation, at))
    refuse_if_any(lots_are_not_all_decided(known, lots))
    assert evaluation is not None
    orders = evaluations.orders_of(evaluation)
    chosen = _chosen(evaluation, orders, lots)
    void = [said for said in lots if said.cause]
    refuse_if_any(
        *(lot_cannot_be_void(tender, evaluation, said, at) for said in void),
        *(_cannot_win(orders[said.lot], chosen.get(said.lot), said) for said in lots if not said.cause),
        nobody_wins(lots),
    )
    winners = list(chosen.values())
    won = {lot.number: (lot, evaluations.price_of(orders[lot.number], lot) or Decimal()) for lot in winners}
    gates.require("award", tender, actor=actor, option=BY_LOTS)
    refuse_if_any(
        rules.value_is_wrong(tender, sum((price for _lot, price in won.values()), Decimal())),
        one_wins_too_much(tender, winners),
        another_was_approved(tender, orders, winners),
    )
    void_ones = [_voided(tender, known[said.lot], said, actor, at) for said in void]
    return sorted([*void_ones, *_won(tender, lots, won, actor, at)], key=lambda award: award.lot or 0)


def process_is_whole(tender: Tender) -> Objection | None:
    return None if tender.lot_numbers else Objection("not_by_lots", _("This process has no lots: award it whole."))


def nobody_wins(lots: Sequence[LotDecision]) -> Objection | None:
    if any(not said.cause for said in lots):
        return None
    return Objection("none_is_awarded", _("No lot is awarded: declare the whole process void."), "", rules.VOID_LAW)


def _chosen(
    evaluation: Evaluation, orders: Mapping[Any, Sequence[Ranked]], lots: Sequence[LotDecision]
) -> dict[int, LotAssessment]:
    """By lot, the offer that wins it: the one that was named, or the first in its order."""
    wanted = {said.lot: said.bid or next((r.code for r in orders.get(said.lot, [])), "") for said in lots}
    rows = LotAssessment.objects.filter(assessment__evaluation=evaluation)
    rows = rows.select_related("assessment__bid__supplier__organization")
    void = {said.lot for said in lots if said.cause}
    return {r.number: r for r in rows if r.number not in void and r.assessment.bid.code == wanted.get(r.number)}


def _cannot_win(order: Sequence[Ranked], lot: LotAssessment | None, said: LotDecision) -> Found:
    field = said.field
    if tied := rules.first_place_is_tied(order, field):
        yield tied
    if not order:
        sentence = _("No offer complies for the lot %(lot)s: declare it void, with its cause.")
        yield Objection("none_complies", sentence % {"lot": said.lot}, field, rules.VOID_LAW)
    elif lot is None or not lot.complies:
        sentence = _("Choose for the lot %(lot)s an offer that complies.")
        yield Objection("does_not_comply", sentence % {"lot": said.lot}, field, rules.CHOICE_LAW)
    elif lot.assessment.bid.code != order[0].code and not said.reason.strip():
        sentence = _("In the lot %(lot)s it is not the first one of the order: write why the first does not win.")
        yield Objection("not_the_lowest", sentence % {"lot": said.lot}, said.reason_field, rules.CHOICE_LAW)


def _won(
    tender: Tender,
    lots: Sequence[LotDecision],
    won: Mapping[int, tuple[LotAssessment, Decimal]],
    actor: Actor,
    at: datetime,
) -> list[Award]:
    """An award of its own for each lot that somebody wins; the process is awarded before anybody is told."""
    made: list[tuple[Award, Decision]] = []
    for said in sorted((said for said in lots if not said.cause), key=lambda said: said.lot):
        winner, price = won[said.lot]
        decision = Decision(
            supplier=winner.assessment.bid.supplier,
            value=price,
            reason=said.reason.strip(),
            legal_basis=tender.rulebook.evaluation.legal_basis,
            assessment=winner.assessment,
            lot=said.lot,
        )
        made.append((services.written(tender, decision, actor, at), decision))
        dividing.mark_lot(tender_id=tender.pk, number=said.lot, act="award", at=at)
    services.finish(tender, at)
    for award, decision in made:
        services.announce(award, decision, actor, at)
    return [award for award, _decision in made]
