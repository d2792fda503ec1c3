"""What may be asked of a bidder during the evaluation, and until when. Rules only: they change nothing."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.evaluation import comparing, rules
from pliego.evaluation.rules import OBSERVED
from pliego.kernel import dates
from pliego.kernel.objections import Objection, Text

KINDS: dict[str, Text] = {
    "mend": _("Mend a requirement (subsanación)"),
    "clarify": _("Clarify the offer"),
    "low_price": _("Explain a price that looks artificially low"),
}
MENDING_LAW = "Ley 1150 de 2007, art. 5, par. 1 (Ley 1882 de 2018, art. 5)"
LOW_PRICE_LAW = "Decreto 1082 de 2015, art. 2.2.1.1.2.2.4"


def cannot_be_asked(kind: str, item: Any, assessment: Any) -> Iterator[Objection]:
    """Only what gives no points is mended: neither the price nor what is scored. A low price is explained where one was
    found."""
    if kind not in KINDS:
        yield Objection("unknown_kind", _("Choose what is asked."), "kind")
    elif kind == "low_price" and not (assessment.low_price or any(lot.low_price for lot in assessment.lots.all())):
        yield Objection("not_low", _("The price of this offer does not look artificially low."), "kind", LOW_PRICE_LAW)
    elif kind == "mend":
        yield from _cannot_be_mended(item)


def auction_is_not_over(evaluation: Any, kind: str) -> Objection | None:
    """In an auction what may be too low is the price with which it ends, and not the initial one."""
    is_auctioned = "auction" in evaluation.tender.rulebook.kinds
    if kind != "low_price" or not is_auctioned or comparing.orders_of(evaluation) is not None:
        return None
    sentence = _("In an auction the price with which it ends is explained: wait for its minutes.")
    return Objection("auction_not_recorded", sentence, "kind", LOW_PRICE_LAW)


def _cannot_be_mended(item: Any) -> Iterator[Objection]:
    if item is None:
        yield Objection("missing", _("Choose the requirement that is to be mended."), "item", MENDING_LAW)
    elif item.weight is not None:
        sentence = _("“%(title)s” gives points: it cannot be mended.") % {"title": item.title}
        yield Objection("gives_points", sentence, "item", MENDING_LAW)
    elif item.kind == "price_list":
        yield Objection("is_the_price", _("The price is part of the offer: it cannot be mended."), "item", MENDING_LAW)
    elif not item.is_requirement:
        sentence = _("“%(title)s” is no requirement: nothing of it is to be mended.") % {"title": item.title}
        yield Objection("no_requirement", sentence, "item", MENDING_LAW)


def last_moment(evaluation: Any) -> datetime | None:
    """Until when the method lets offers be mended; none where its file sets no moment."""
    code = evaluation.tender.rulebook.evaluation.curable_until
    if code == OBSERVED and evaluation.observations_due_at is not None:
        return evaluation.observations_due_at  # type: ignore[no-any-return]
    return evaluation.tender.due_at(code) if code else None


def due_is_wrong(evaluation: Any, kind: str, due: datetime, at: datetime) -> Iterator[Objection]:
    """In the future, and for what is mended not after the last moment of the law."""
    last = last_moment(evaluation)
    if due <= at:
        yield Objection("due_in_the_past", _("The term must end in the future."), "due")
    elif kind == "mend" and last is not None and due > last:
        sentence = _("In this method offers are mended until %(last)s.") % {"last": dates.instant(last)}
        yield Objection("due_too_late", sentence, "due", evaluation.tender.rulebook.evaluation.curable_legal_basis)


def cannot_be_answered(request: Any, at: datetime) -> Objection | None:
    """A term is half-open: an answer is on time while it is before the end."""
    if request.answered_at is not None:
        return Objection("already_done", _("It was answered already, and it is public."))
    if at >= request.ends_at:
        return Objection("too_late", _("It was answered until %(due)s.") % {"due": dates.instant(request.ends_at)})
    if request.evaluation.state == "finished":
        return Objection("already_decided", _("The process has been decided: nothing is answered any more."))
    return None


def may_still_answer(request: Any, at: datetime) -> bool:
    return request.answered_at is None and at < request.ends_at


def cannot_be_decided(request: Any, accepted: bool, at: datetime) -> Objection | None:
    """Once, and after the answer or the end of its term; what was not answered is not taken. A published order is not
    changed by it."""
    if request.decided_at is not None:
        return Objection("already_done", _("It was decided already."))
    if may_still_answer(request, at):
        sentence = _("The bidder may still answer, until %(due)s.") % {"due": dates.instant(request.ends_at)}
        return Objection("still_running", sentence)
    if request.answered_at is None and accepted:
        return Objection("not_answered", _("It was not answered: there is nothing to take."), "accepted")
    if request.kind == "low_price" and not accepted and _ranks_by_prices(request.evaluation, at):
        reopen = _("The report is public: open the evaluation again first, because this offer would not comply.")
        return Objection("reopen_first", reopen, "accepted", LOW_PRICE_LAW)
    return None


def _ranks_by_prices(evaluation: Any, at: datetime) -> bool:
    """Whether a report is public whose order would change: that of prices which opened after it does not, before they
    have a report of their own, nor does what an auction decides."""
    is_later = "auction" in evaluation.tender.rulebook.kinds or rules.prices_are_not_reported(evaluation, at)
    return evaluation.state == "reported" and not is_later


def low_prices_are_open(evaluation: Any) -> Iterator[Objection]:
    """Before the award: what was asked of a low price, also after the report, is decided."""
    rows = evaluation.requests.filter(decided_at__isnull=True, kind="low_price").order_by("number")
    yield from map(_is_open, rows)


def _is_open(request: Any) -> Objection:
    sentence = _("Decide on the request %(number)s to the bidder.") % {"number": request.number}
    return Objection("request_open", sentence, f"request_{request.number}")


def requests_are_open(evaluation: Any, at: datetime) -> Iterator[Objection]:
    """Before the report: a low price that had to be explained is decided, and so is what was answered."""
    for request in evaluation.requests.filter(decided_at__isnull=True).order_by("number"):
        if request.kind == "low_price" or request.answered_at is not None:
            yield _is_open(request)
