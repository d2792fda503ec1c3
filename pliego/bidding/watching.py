"""The opening as everybody may follow it: what is awaited, what each has given, and what was opened.

Guarantees: what is told are the public acts of the file, from the closing record on, and what they add up to. Before
that record page and stream are the same with no offer as with a hundred.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from pliego.bidding import moments, opening, queries, rules
from pliego.bidding.models import Bid, Envelope
from pliego.bidding.moments import Turn
from pliego.bidding.sealing.format import ANSWERS_FILE
from pliego.kernel import dates
from pliego.kernel.objections import Text
from pliego.ledger.models import Entry
from pliego.tendering import halts
from pliego.tendering.codes import CAPACITIES
from pliego.tendering.models import Tender

# fmt: off
PHASES: dict[str, tuple[Text, Text]] = {
    #  code        how it is called             what is awaited, when nothing else says it
    "coming":    (_("Offers are not received yet"),
                  _("The process is in a stage before the offers.")),
    "receiving": (_("Offers are received, sealed"),
                  _("Until the term ends nobody knows what they say, whose they are, nor how many there are.")),
    "closing":   (_("The term is over"),
                  _("The closing record is being written: the receipts of everything that was presented.")),
    "waiting":   (_("Closed and sealed"), _("The opening waits for its hour.")),
    "giving":    (_("The keys are being given"), ""),
    "ready":     (_("Ready to open"),
                  _("Everything that was needed was given: a member opens the envelopes.")),
    "opened":    (_("The offers are open"), _("What was opened is below, with the keys that open it again.")),
    "halted":    (pgettext_lazy("process", "Suspended"), ""),
    "ended":     (_("It ended before its opening"), _("What was presented stays sealed for ever.")),
}
# fmt: on


# ---- what was done ---------------------------------------------------------------------------------------------------


def _closed(data: dict[str, Any]) -> str:
    n = data["standing"]
    return ngettext(
        "The reception is closed. %(n)s offer counts.", "The reception is closed. %(n)s offers count.", n
    ) % {"n": n}


def _halves(data: dict[str, Any]) -> str:
    n = len(data["halves"])
    said = ngettext(
        "The time custodian gave its half of %(n)s envelope.", "The time custodian gave its half of %(n)s envelopes.", n
    )
    return said % {"n": n}


def _shares(data: dict[str, Any]) -> str:
    n, who = len(data["shares"]), data["member"]
    said = ngettext(
        "%(name)s (%(capacity)s) gave the share of %(n)s envelope.",
        "%(name)s (%(capacity)s) gave the shares of %(n)s envelopes.",
        n,
    )
    return said % {"n": n, "name": who["name"], "capacity": dict(CAPACITIES).get(who["capacity"], who["capacity"])}


def _opened(data: dict[str, Any]) -> str:
    n = len([bid for bid in data["bids"] if bid["state"] == "opened"])
    said = ngettext("%(n)s offer was opened.", "%(n)s offers were opened.", n)
    return said % {"n": n}


def _told_as(sentence: Text) -> Callable[[dict[str, Any]], str]:
    return lambda data: str(sentence) % data


def _unopenable(data: dict[str, Any]) -> str:
    told = {**data, "why": rules.BLAME.get(data["why"], data["why"])}
    return str(_("The offer %(bid)s of %(supplier_name)s could not be opened: %(why)s.")) % told


SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "bids.closed": _closed,
    "bids.custodian_released": _halves,
    "bids.shares_released": _shares,
    "bids.called": _told_as(_("The offer %(bid)s of %(supplier_name)s was called to open its envelope.")),
    "bid.file_refused": _told_as(_("A file of the offer %(bid)s was put in quarantine.")),
    "bid.unopenable": _unopenable,
    "bids.opened": _opened,
    "bids.envelopes_opened": _opened,
    "bids.opening_recorded": _told_as(_("%(signed_by)s signed the minutes of the opening.")),
}


@dataclass(frozen=True)
class Line:
    """A public act of the opening. `number` is its folio: whoever comes back says the last one that they know."""

    number: int
    at: datetime
    text: str
    entry: Entry


def lines(tender: Tender, after: int = 0) -> list[Line]:
    acts = Entry.objects.of_file(tender.ocid).filter(act__in=SENTENCES, is_public=True, folio__gt=after)
    return [Line(act.folio, act.at, SENTENCES[act.act](act.content["data"]), act) for act in acts]


# ---- how it stands ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """How the opening is now; `status` from the close on."""

    phase: str
    awaited: tuple[str, ...]
    due_at: datetime | None = None
    turn: Turn | None = None
    status: queries.OpeningStatus | None = None

    @property
    def title(self) -> Text:
        return PHASES[self.phase][0]

    @property
    def moment(self) -> str:
        """Which opening waits, where the method has several."""
        return f"{self.turn.moment}{self.turn.bid}" if self.turn else ""


def standing(tender: Tender, at: datetime) -> Standing:
    if (phase := _before(tender, at)) is not None:
        said = halts.sentence(tender) if phase == "halted" else PHASES[phase][1]
        return Standing(phase, (str(said),), tender.due_at("bids_due") if phase == "receiving" else None)
    turn = moments.turn_now(tender)
    if turn is None:
        phase = "opened" if queries.opening_act(tender) else "ended"
        return Standing(phase, (str(PHASES[phase][1]),))
    early = list(moments.is_not_due(turn, at))
    found = early or opening.opening_objections(turn, at)
    phase = "waiting" if early else "giving" if found else "ready"
    awaited = tuple(str(objection) for objection in found) or (str(PHASES[phase][1]),)
    due = turn.due_at if early and turn.due_at and at < turn.due_at else None
    return Standing(phase, awaited, due, turn, queries.opening_status(tender, turn))


def _before(tender: Tender, at: datetime) -> str | None:
    """The phase of a process that is not closed yet, or that stands still."""
    due = tender.due_at("bids_due")
    if tender.state == "suspended":
        return "halted"
    if tender.state != "published":
        return None
    if due is None or not tender.stage_now.is_bidding:
        return "coming"
    return "receiving" if rules.is_on_time(at, due) else "closing"


def given_by(standing: Standing) -> list[tuple[int, str, str]]:
    """Each member of the opening, with what they gave for the envelopes whose turn it is: (number, who, what)."""
    if standing.status is None:
        return []
    return [
        (seat.number, f"{seat.user.full_name} · {seat.capacity_title}", str(_word(seat, released)))
        for seat, released in standing.status.members
    ]


def _word(seat: Any, released: datetime | None) -> Text:
    if released:
        return _("gave the shares on %(moment)s") % {"moment": dates.instant(released)}
    return _("Key lost") if queries.key_is_lost(seat) else _("has not given the shares yet")


def halves_told(standing: Standing) -> str:
    status = standing.status
    return str(_("%(given)s of %(all)s halves") % {"given": status.halves, "all": status.envelopes}) if status else ""


# ---- what was opened -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bidder:
    """A line of the list of bidders, as the acts of the openings say it, with the last word about the offer."""

    told: dict[str, Any]
    blame: str
    received_at: datetime
    receipt_url: str

    @property
    def is_open(self) -> bool:
        return not self.blame


def bidders(tender: Tender) -> list[Bidder]:
    rows = Bid.objects.filter(tender=tender, state__in=["opened", "unopenable"])
    rows = rows.select_related("supplier__organization", "receipt", "tender").order_by("received_at", "pk")
    related = ("envelopes__reserve__item", "envelopes__reserve__tender", "envelopes__reserve__envelope__bid")
    return [
        Bidder(opening.described(bid), opening.blame(bid), bid.received_at, bid.receipt.url if bid.receipt else "")
        for bid in rows.prefetch_related(*related)
    ]


@dataclass(frozen=True)
class SealedFile:
    """A file as it was presented. `name` is what it is called once it is open; "" where the public may not have it."""

    sealed: str
    size: int
    parts: list[str]
    name: str
    sha256: str
    is_kept_out: bool
    counts: int = 0  # bytes, where the rest was added to round its size up


def sealed_files(envelope: Envelope) -> list[SealedFile]:
    """The sealed files of an opened envelope. What the inspection refused, or the antivirus, is not given again."""
    answers = envelope.answers or {}
    listed = {row["file"]: row for row in answers.get("files", [])}
    taken = {row.sha256: row for row in envelope.documents.all()}
    found = []
    for number, row in enumerate(envelope.file_rows):
        told = listed.get(number, {})
        kept = taken.get(told.get("sha256", ""))
        out = kept is not None and (kept.document is None or kept.document.is_quarantined)
        name = "respuestas.json" if number == ANSWERS_FILE else str(told.get("name", ""))
        counts = told.get("size", 0) if answers.get("padded") else 0
        found.append(SealedFile(row["name"], row["sealed"], row["parts"], name, told.get("sha256", ""), out, counts))
    return found


@dataclass(frozen=True)
class OpenedEnvelope:
    envelope: Envelope
    title: str
    files: list[SealedFile]


def opened_envelopes(bid: Bid) -> list[OpenedEnvelope]:
    """Each envelope whose key is public, with its sealed files."""
    titles = {envelope.code: str(envelope.title) for envelope in bid.tender.rulebook.envelopes}
    shown = bid.envelopes.prefetch_related("documents__document").select_related("reserve")
    return [
        OpenedEnvelope(envelope, titles.get(envelope.code, envelope.code), sealed_files(envelope))
        for envelope in shown
        if envelope.identity and not envelope.is_withheld
    ]
