"""When each envelope is opened: the moments of the method, what has been opened at each, and what waits now.

A process is `opened` from its first opening on. What was opened later is told by a record of its own (`Opening`), one
for each moment or, where offers are called one by one, for each call; the state does not change with them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pliego.bidding import witnessed
from pliego.bidding.models import BidCall, Envelope, Opening
from pliego.kernel.dates import instant
from pliego.kernel.objections import Objection, Text, Unknown
from pliego.ledger.models import Entry
from pliego.methods import law
from pliego.tendering.models import Tender
from pliego.tendering.snapshots import LEDGER, UNDOES


@dataclass(frozen=True)
class Turn:
    """One opening of a process: of a moment, or of one offer that was called at it."""

    tender: Tender
    rule: law.Opening
    is_first: bool
    call: BidCall | None = None
    record: Opening | None = None

    @property
    def moment(self) -> str:
        return self.rule.moment

    @property
    def bid(self) -> str:
        """The code of the offer that was called, where offers are called one by one."""
        return self.call.bid.code if self.call else ""

    @property
    def title(self) -> str:
        return str(self.tender.rulebook.milestone(self.moment).title)

    @property
    def envelopes(self) -> list[str]:
        return [str(e.title) for e in self.tender.rulebook.envelopes if e.code in self.rule.envelopes]

    @property
    def due_at(self) -> datetime | None:
        return self.tender.due_at(self.moment) or self.tender.due_at("bids_due")

    @property
    def is_done(self) -> bool:
        """The first opening of old processes has no record of its own: the state tells."""
        return self.record is not None or (self.is_first and self.tender.state not in {"published", "closed"})

    @property
    def sealed_for_ever(self) -> list[dict[str, str]]:
        """The offers of which it opened nothing because they do not comply, as its record says."""
        return list(self.record.entry.content["data"].get("sealed_for_ever", [])) if self.record else []

    def sealed(self) -> QuerySet[Envelope]:
        """The envelopes that it opens and are still sealed, in order of arrival of their offers."""
        state = "submitted" if self.is_first else "opened"
        waiting = Envelope.objects.filter(
            bid__tender_id=self.tender.pk, bid__state=state, code__in=self.codes, identity=""
        )
        if self.rule.by_call:
            waiting = waiting.filter(bid__call=self.call) if self.call else waiting.none()
        if self.rule.of_fit:
            waiting = waiting.filter(bid__code__in=self.fit)
        return waiting.select_related("bid").order_by("bid__received_at", "bid_id", "pk")

    @cached_property
    def fit(self) -> list[str]:
        """The offers that comply in the report that stands in the log."""
        report = acts_of(self.tender, [LEDGER["report"]]).get(LEDGER["report"], {"ranking": []})
        return [row["bid"] for row in report["ranking"] if row["complies"]]

    @cached_property
    def codes(self) -> set[str]:
        """With the first are opened those that the method does not name."""
        later = {code for rule in self.tender.rulebook.openings if rule != self.rule for code in rule.envelopes}
        asked = set(self.tender.items.values_list("envelope", flat=True)) if self.is_first else set()
        return (asked | set(self.rule.envelopes)) - later


def turns_of(tender: Tender) -> list[Turn]:
    """Every opening of the process in order, done or still to come."""
    records = {(record.moment, record.call_id): record for record in tender.openings.select_related("entry")}
    calls = list(tender.bid_calls.select_related("bid__supplier__organization").order_by("place"))
    found: list[Turn] = []
    for number, rule in enumerate(tender.rulebook.openings):
        called = [call for call in calls if call.moment == rule.moment] if rule.by_call else []
        each: list[BidCall | None] = [*called] or [None]
        found += [
            Turn(tender, rule, number == 0, call, records.get((rule.moment, call.pk if call else None)))
            for call in each
        ]
    return found


def turn_now(tender: Tender) -> Turn | None:
    """The opening whose turn it is: the first one, and after it the next without a record. None before the close."""
    turns = turns_of(tender) if tender.state in {"closed", "opened"} else []
    return next((turn for turn in turns if not turn.is_done), None)


def turn_at(tender: Tender, moment: str, bid: str = "") -> Turn:
    """That opening of the process; without a moment, the first. Unknown when the process has no such one."""
    turns = turns_of(tender)
    wanted = moment or (turns[0].moment if turns else "")
    found = [turn for turn in turns if turn.moment == wanted and (not bid or turn.bid == bid)]
    if not found:
        raise Unknown()
    return next((turn for turn in found if not turn.is_done), found[-1])


# ---- what stands against it ------------------------------------------------------------------------------------------


def is_not_due(turn: Turn, at: datetime) -> Iterator[Objection]:
    """Its hour, the openings and the report that come before it, and the call of the offer."""
    due = turn.due_at
    if due is not None and at < due:
        yield Objection("too_early", _("The opening is at %(due)s.") % {"due": instant(due)})
    yield from acts_are_missing(turn, at)
    yield from witnessed.is_missing(turn.tender)
    if turn.rule.by_call and turn.call is None:
        sentence = _("The entity must call the offer whose envelope is opened, in the order of its report.")
        yield Objection("nobody_called", sentence)


SENTENCES: dict[str, Text] = {
    LEDGER["open"]: _("The first envelopes are opened before."),
    LEDGER["report"]: _("The evaluation report must be published before."),
}


def acts_of(tender: Tender, wanted: list[str]) -> dict[str, Any]:
    """What the last of each of those acts said, of those that nothing has undone."""
    found: dict[str, Any] = {}
    for entry in Entry.objects.filter(file=tender.ocid, act__in=[*wanted, *UNDOES]).order_by("folio"):
        if entry.act in UNDOES:
            found.pop(UNDOES[entry.act], None)
        else:
            found[entry.act] = entry.content["data"]
    return found


def acts_are_missing(turn: Turn, at: datetime) -> Iterator[Objection]:
    """What the method wants in the log of the file before this opening; a report must also have been observed."""
    wanted = [LEDGER[act] for act in turn.rule.after]
    acts = acts_of(turn.tender, wanted)
    for act in wanted:
        if act not in acts:
            yield Objection("act_missing", SENTENCES[act])
        elif (until := acts[act].get("observations_due")) and at < datetime.fromisoformat(until):
            sentence = _("Observations on the report are received until %(due)s: nothing else is opened before.")
            yield Objection("observations_running", sentence % {"due": instant(datetime.fromisoformat(until))})
