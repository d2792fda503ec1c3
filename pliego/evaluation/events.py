"""What the evaluation announces. `data` is written into the ledger as it is."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class BidAssessed(Event):
    """data: code, bid, complies, price, findings [{item, complies, reason}]. Private; the report tells it to all."""

    code = "evaluation.bid_assessed"
    title = _("Offer assessed")
    public = False


class OfferScored(Event):
    """data: code, bid, scores [{factor, points, reason}]. One member's own. Private."""

    code = "evaluation.offer_scored"
    title = _("Offer scored by a member")
    public = False


class ScoresAgreed(Event):
    """data: code, bid, scores [{factor, points, reason}], fined. Private; the report tells it to all."""

    code = "evaluation.scores_agreed"
    title = _("Scores of an offer agreed")
    public = False


class RateTaken(Event):
    """data: code, rate, source, formula (that it draws)."""

    code = "evaluation.rate_taken"
    title = _("Exchange rate that draws the formula")


class PriceAgreed(Event):
    """data: code, bid, offered, value, minutes."""

    code = "evaluation.price_agreed"
    title = _("Price agreed with the offer that was called")


class RequestMade(Event):
    """data: code, tender, number, bid, kind, item, text, due."""

    code = "evaluation.request_made"
    title = _("Request to a bidder")


class RequestAnswered(Event):
    """data: code, tender, number, bid, answer."""

    code = "evaluation.request_answered"
    title = _("Request to a bidder answered")


class RequestDecided(Event):
    """data: code, tender, number, bid, accepted, reason."""

    code = "evaluation.request_decided"
    title = _("Request to a bidder decided")


class ReportPublished(Event):
    """data: code, number, ranking [{bid, supplier, supplier_name, price, complies, rank, reasons, and where there are
    points: points, scores}], observations_due."""

    code = "evaluation.report_published"
    title = _("Evaluation report published")


class EvaluationReopened(Event):
    """data: code, reason."""

    code = "evaluation.reopened"
    title = _("Evaluation opened again")


class ReportObserved(Event):
    """data: code, number, report, author, account, text."""

    code = "evaluation.report_observed"
    title = _("Observation on the evaluation report")


class ObservationAnswered(Event):
    """data: code, number, text, answer."""

    code = "evaluation.observation_answered"
    title = _("Observation on the report answered")


class TieBroken(Event):
    """data: code, bids (in their new order), rung, legal_basis, steps [{rung, favoured, evidence}], reason, seed."""

    code = "evaluation.tie_broken"
    title = _("Tie between offers decided")
