"""What stands against deciding a process. Each rule takes what it judges and the moment, and changes nothing."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions import variants
from pliego.evaluation import mending, scoring, turns
from pliego.evaluation import rules as report_rules
from pliego.evaluation.models import Assessment, Evaluation
from pliego.kernel.objections import Objection

VOID_LAW = "Ley 80 de 1993, art. 25, num. 18"
CHOICE_LAW = "Ley 1150 de 2007, art. 5"


def process_has_no_offers(tender: Any, at: datetime) -> Objection | None:
    if tender.has_bidding:
        return None
    return Objection("no_bidding", _("This method has no offers: award it directly."))


def process_has_offers(tender: Any, at: datetime) -> Objection | None:
    if not tender.has_bidding:
        return None
    return Objection("has_bidding", _("This method has offers: it is awarded after their evaluation."))


def evaluation_is_not_over(evaluation: Evaluation | None, at: datetime) -> Iterator[Objection]:
    """The report is public, its term is over, and everybody who observed it has an answer."""
    if evaluation is None:
        yield Objection("no_report", _("The offers have not been evaluated yet."), "", "Ley 80 de 1993, art. 30")
        return
    if unknown := report_rules.award_is_not_computed(evaluation, at):
        yield unknown
    if early := report_rules.prices_are_not_reported(evaluation, at):
        yield early
    if running := report_rules.observations_are_running(evaluation, at):
        yield running
    yield from report_rules.observations_are_unanswered(evaluation, at)
    yield from mending.low_prices_are_open(evaluation)


def first_place_is_tied(order: Sequence[scoring.Ranked], field: str = "bid") -> Objection | None:
    tied = next(iter(scoring.ties(order)), [])
    if not order or order[0].code not in tied:
        return None
    sentence = _("The offers %(codes)s are tied in the first place. Decide the tie first.")
    return Objection("tie", sentence % {"codes": ", ".join(tied)}, field, "Ley 2069 de 2020, art. 35")


def offer_cannot_win(
    order: Sequence[scoring.Ranked], assessment: Assessment | None, reason: str
) -> Iterator[Objection]:
    """Only the first of the order, or the next with reasons: whoever is chosen, complies."""
    if not order:
        sentence = _("No offer complies. Declare the process void, with the reason.")
        yield Objection("none_complies", sentence, "bid", VOID_LAW)
        return
    if assessment is None or not assessment.complies:
        yield Objection("does_not_comply", _("Choose an offer that complies."), "bid", CHOICE_LAW)
        return
    if assessment.price_is_sealed:
        yield Objection("price_is_sealed", _("The price of this offer has not been opened yet."), "bid")
    if assessment.bid.code != order[0].code and not reason.strip():
        sentence = _("It is not the first one of the order: write why the first one does not win.")
        yield Objection("not_the_lowest", sentence, "reason", CHOICE_LAW)


def variant_cannot_win(
    order: Sequence[scoring.Ranked], assessment: Assessment | None, reason: str
) -> Iterator[Objection]:
    """Only the variant of the offer in the first place, whose base complies, may be awarded instead of it, and the
    entity says why; `conditions/variants.py` has the law."""
    if assessment is None or not order:
        return  # said of the base already
    if assessment.bid.variant_amount is None:
        yield Objection("no_variant", _("This offer has no variant: award the offer itself."), "bid", variants.LAW)
    elif assessment.bid.code != order[0].code:
        sentence = _("Only the variant of the first one of the order may be awarded: award this offer itself.")
        yield Objection("variant_not_first", sentence, "bid", variants.LAW)
    if not reason.strip():
        sentence = _("Write why the variant suits better than the base offer, and that it sets no conditions.")
        yield Objection("variant_without_reason", sentence, "reason", variants.LAW)


def price_is_not_agreed(evaluation: Evaluation, assessment: Assessment | None) -> Iterator[Objection]:
    """Where offers are called one by one, the one that was called is awarded, for the price that was agreed with it."""
    if not report_rules.calls_offers(evaluation.tender.rulebook):
        return
    agreement = turns.agreement_of(evaluation)
    if agreement is None:
        sentence = _(
            "Nothing was agreed on the price yet with the offer that was called. Agree on it, or call the next."
        )
        yield Objection("not_agreed", sentence, "bid", evaluation.tender.rulebook.evaluation.legal_basis)
    elif assessment is not None and agreement.call.bid_id != assessment.bid_id:
        yield Objection("not_called", _("The price was agreed with another offer."), "bid")


def offers_are_not_open(tender: Any, at: datetime) -> Objection | None:
    """Which lots have offers is known once they are open; with no offer at all the whole process is void."""
    if tender.state == "opened":
        return None
    sentence = _("For which lots there are offers is known once they are open. If there is none, the process is void.")
    return Objection("still_sealed", sentence)


def process_is_divided(tender: Any, at: datetime) -> Objection | None:
    if not tender.lot_numbers:
        return None
    sentence = _("This process has lots: decide each of them, in the award by lots.")
    return Objection("by_lots", sentence, "bid")


def value_is_wrong(tender: Any, value: Decimal | None) -> Iterator[Objection]:
    """Positive, within the official budget and within the budget certificate; in a sale, not below its minimum."""
    if value is None or value <= 0:
        yield Objection("not_positive", _("The value must be more than zero."), "value")
        return
    if report_rules.is_sale(tender):
        if tender.value_amount is not None and value < tender.value_amount:
            yield Objection("below_minimum", _("The value is below the minimum price of the sale."), "value")
        return
    if tender.value_amount is not None and value > tender.value_amount:
        yield Objection("above_budget", _("The value is above the official budget of the process."), "value")
    if tender.budget_certificate_amount is not None and value > tender.budget_certificate_amount:
        sentence = _("The value is above the budget certificate (CDP).")
        yield Objection("above_certificate", sentence, "value", "Decreto 111 de 1996, art. 71")


def somebody_complies(evaluation: Evaluation | None) -> Objection | None:
    """A process is void only for causes that prevent an objective choice."""
    if evaluation is None or not evaluation.assessments.filter(complies=True).exists():
        return None
    if turns.nobody_agreed(evaluation):
        return None
    return Objection("somebody_complies", _("There is an offer that complies: award it."), "", VOID_LAW)


def justification_is_missing(tender: Any, *, has_document: bool) -> Objection | None:
    """The act that the ground of the law asks for before contracting directly."""
    causal = tender.rulebook.causal(tender.causal)
    if causal is None or causal.justification == "none" or has_document:
        return None
    if causal.justification == "declaration":
        sentence = _("Attach the act that declares the manifest urgency.")
    else:
        sentence = _("Attach the administrative act that justifies contracting directly.")
    return Objection("justification_missing", sentence, "justification", "Decreto 1082 de 2015, art. 2.2.1.2.1.4.1")
