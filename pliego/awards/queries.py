"""Reading decisions, and what waits to be decided."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.awards import rules
from pliego.awards.approvals import VOID, variant_of
from pliego.awards.causes import CAUSES
from pliego.awards.models import Award
from pliego.conditions.models import Lot
from pliego.evaluation import queries as evaluations
from pliego.evaluation import turns
from pliego.evaluation.models import Evaluation
from pliego.kernel.actors import Actor
from pliego.kernel.money import cop, format_money
from pliego.kernel.objections import Objection, gather
from pliego.kernel.todo import Task
from pliego.tendering.models import Tender


def decisions_of(tender: Tender) -> list[Award]:
    """What was decided: once of the whole, or lot by lot."""
    rows = tender.awards.select_related("supplier__organization", "bid", "document", "tender__buyer__organization")
    return list(rows.filter(state__in=("made", "deserted")).order_by("lot", "pk"))


def decision_of(tender: Tender) -> Award | None:
    """The decision of the whole process, once there is one."""
    return next((award for award in decisions_of(tender) if award.lot is None), None)


@dataclass(frozen=True)
class LotStanding:
    """A lot with who offered for it, as ranked, and what was decided of it."""

    lot: Lot
    bidders: int
    rows: list[evaluations.Row]
    award: Award | None

    @property
    def options(self) -> list[tuple[str, str]]:
        """What may be decided of it: each offer that complies, in its order; or why it is void."""
        ranked = [row for row in self.rows if row.rank]
        if ranked:
            return [(r.bid, f"{r.rank}. {r.supplier_name} · {format_money(cop(r.price or 0))}") for r in ranked]
        cause = "none_complies" if self.bidders else "no_offers"
        return [(f"{VOID}:{cause}", _("Void: %(cause)s") % {"cause": str(dict(CAUSES)[cause]).lower()})]


def knows_the_offers(tender: Tender) -> bool:
    """Whether the offers were opened, so that anybody may know for which lots there are some."""
    return tender.underlying_state in {"opened", "awarded", "deserted", "finished"} or (
        tender.bids.filter(state="opened").exists()
    )


def lots_of(tender: Tender) -> list[LotStanding]:
    """How every lot of the process stands; who offers for which is known once the offers are open."""
    evaluation = Evaluation.objects.select_related("tender").filter(tender=tender).first()
    rows = evaluations.ranking_of(evaluation) if evaluation else []
    decided = {award.lot: award for award in decisions_of(tender)}
    offered = [number for lots in tender.bids.filter(state="opened").values_list("lots", flat=True) for number in lots]
    return [
        LotStanding(
            lot,
            offered.count(lot.number),
            [row for row in rows if row.lot == lot.number],
            decided.get(lot.number),
        )
        for lot in tender.lots.all()
    ]


@dataclass(frozen=True)
class Standing:
    """How far a process with offers is from its decision."""

    evaluation: Evaluation | None
    rows: list[evaluations.Row]
    objections: list[Objection]
    must_desert: bool


def options_of(standing: Standing) -> list[tuple[str, str]]:
    """Who may be awarded, in order: from whoever it is the turn of, for what was agreed or else for its price. Nobody
    whose price is still sealed."""
    if standing.evaluation is None:
        return []
    places = [ranked.code for ranked in turns.candidates_of(standing.evaluation)]
    agreement = turns.agreement_of(standing.evaluation)
    agreed = {places[0]: agreement.value_amount} if agreement and places else {}
    rows = [row for row in standing.rows if row.rank and row.bid in places and not row.price_is_sealed]
    prices = {row.bid: format_money(cop(agreed.get(row.bid, row.price) or 0)) for row in rows}
    options = [(row.bid, f"{row.rank}. {row.supplier_name} · {prices[row.bid]}") for row in rows]
    looked_at = [row for row in rows if row.variant.get("is_looked_at") and row.variant["price"]]
    return [*options, *(variant_of(r.bid, r.supplier_name, Decimal(r.variant["price"])) for r in looked_at)]


def standing_of(tender: Tender, *, at: datetime) -> Standing:
    evaluation = Evaluation.objects.select_related("tender").filter(tender=tender).first()
    rows = evaluations.ranking_of(evaluation) if evaluation else []
    nobody_offered = not tender.bids.filter(state__in=("submitted", "opened")).exists()
    over = [] if nobody_offered else gather(rules.evaluation_is_not_over(evaluation, at))
    ties = (
        [rules.first_place_is_tied(order) for order in evaluations.orders_of(evaluation).values()] if evaluation else []
    )
    none_complies = not any(row.rank for row in rows) or (evaluation is not None and turns.nobody_agreed(evaluation))
    return Standing(evaluation, rows, [*over, *gather(*ties)], not over and none_complies)


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Processes whose report can no longer be observed, and direct contracts: they wait for the authorising officer."""
    if actor.account_id is None or "approver" not in actor.roles:
        return []
    tasks = []
    for tender in Tender.objects.filter(buyer_id=actor.account_id, state__in=("opened", "published")):
        reason = _("You are the authorising officer of your entity.")
        subject = f"{tender.code} {tender.title}"
        due = tender.due_at("award")
        if not tender.has_bidding:
            url = reverse("awards:directly", args=[tender.code])
            tasks.append(Task(_("Decide the direct contract"), url, subject, reason, due))
        elif tender.state == "opened" and not standing_of(tender, at=at).objections:
            url = reverse("awards:decide", args=[tender.code])
            tasks.append(Task(_("Decide the process"), url, subject, reason, due))
    return tasks
