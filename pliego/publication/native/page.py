"""The page of a native process: what it is, who must act and until when, and everything public of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from pliego.codelists.queries import place_of
from pliego.conditions import mipyme, visits
from pliego.kernel.calendar import calendar as calendars
from pliego.kernel.objections import Text
from pliego.publication import labels
from pliego.publication.native.reading import Known
from pliego.publication.native.row import state_of
from pliego.publication.native.sections import shown
from pliego.publication.pages import money, named
from pliego.tendering import halts
from pliego.tendering.queries import AgendaLine
from pliego.web import icalendar
from pliego.web.templatetags.pliego import day, instant, iso

# Whose turn it is until each date, and what they may or must do.
# fmt: off
TURNS: dict[str, tuple[Text, Text]] = {
    "enquiries_due":    (gettext_lazy("Any supplier"),            gettext_lazy("may ask about the process")),
    "draft_observations_due": (gettext_lazy("Anyone"),            gettext_lazy("may observe the draft pliego")),
    "selection_opened": (gettext_lazy("The entity"),              gettext_lazy("may open the process")),
    "mipyme_requests_due": (gettext_lazy("Any Mipyme"),     gettext_lazy("may ask to limit the process to Mipymes")),
    "interest_due":     (gettext_lazy("Any supplier"),            gettext_lazy("may express interest")),
    "prequalification_due": (gettext_lazy("Any supplier"), gettext_lazy("may apply to the prequalification")),
    "prequalification_report": (gettext_lazy("The entity"), gettext_lazy("must report on the prequalification")),
    "prequalification_hearing": (gettext_lazy("The authorising officer"), gettext_lazy("must publish the list")),
    "draft_published":  (gettext_lazy("The entity"),              gettext_lazy("may publish the draft pliego")),
    "risk_hearing":     (gettext_lazy("The entity"),              gettext_lazy("must hold the hearing")),
    "site_visit":       (gettext_lazy("The entity"),              gettext_lazy("must hold the visit")),
    "visit":            (gettext_lazy("The entity"),              gettext_lazy("must hold the visit")),
    "amendments_due":   (gettext_lazy("The entity"),              gettext_lazy("may amend the process")),
    "bids_due":         (gettext_lazy("Any supplier"),            gettext_lazy("may present an offer")),
    "opening":          (gettext_lazy("The opening members"),     gettext_lazy("must open the offers")),
    "report_published": (gettext_lazy("The evaluators"),          gettext_lazy("must publish their report")),
    "observations_due": (gettext_lazy("Anyone"),                  gettext_lazy("may observe the report")),
    "price_opened":     (gettext_lazy("The opening members"),     gettext_lazy("must open the called price")),
    "auction":          (gettext_lazy("Those who qualified"),     gettext_lazy("may improve their prices")),
    "award":            (gettext_lazy("The authorising officer"), gettext_lazy("must decide the award")),
    "contract_signed":  (gettext_lazy("Both parties"),            gettext_lazy("must sign the contract")),
}
# fmt: on
# The same in the words of a method that takes no offers.
WORDS = {"bids_due": "may_offer", "opening": "must_open"}
# Where they do it: pages that ask them to sign in; of the opening, where everybody follows it.
DOORS = {
    "draft_observations_due": "enquiries:ask",
    "mipyme_requests_due": "conditions:ask_limitation",
    "interest_due": "tendering:express_interest",
    "prequalification_due": "tendering:apply",
    "enquiries_due": "enquiries:ask",
    "bids_due": "bidding:offer",
    "opening": "bidding:watch",
    "observations_due": "evaluation:observe",
    "auction": "auctions:auctions",
}
# Terms of suppliers: over when they are past, and open only in their own stage.
TERMS = {
    "mipyme_requests_due", "draft_observations_due", "interest_due", "prequalification_due", "enquiries_due",
    "bids_due",
}  # fmt: skip

# The acts that reach a date of the prequalification.
REACHED = {
    "tender.prequalification_reported": "prequalification_report",
    "tender.list_made": "prequalification_hearing",
    "auction.recorded": "auction",
}
HELD = {"risk_hearing", "site_visit", "visit"}  # dates that only their minutes reach
MOST_TURNS = 4


@dataclass(frozen=True)
class Turn:
    """Who must act, what for, until when; and whether that moment has passed."""

    who: str
    what: str
    at: str
    at_iso: str
    is_late: bool
    url: str = ""


def done(known: Known) -> set[str]:
    """The dates whose act has happened, whatever the clock says."""
    tender = known.tender
    found = {"invitation_published"}
    places = [stage.code for stage in known.rulebook.stages]
    for stage in known.rulebook.stages[: places.index(tender.stage_now.code) + 1]:
        found |= {code for code in stage.milestones if known.rulebook.milestone(code).act == "advance"}
    if tender.underlying_state not in {"published", "closed"}:
        found |= {"enquiries_due", "amendments_due", "bids_due", "opening"} | HELD
    for entry in known.entries:
        found |= {REACHED[entry.act]} if entry.act in REACHED else set()
        if entry.act == "bids.envelopes_opened":
            found |= {entry.content["data"]["moment"]} - {"award", "auction"}
    found |= {hearing.occasion for hearing in known.hearings if hearing.state == "closed"} & HELD
    if known.reports:
        found.add("report_published")
    if known.award:
        found |= {"report_published", "observations_due", "auction", "award"}
    if known.contracts or tender.state in {"deserted", "cancelled", "revoked", "finished"}:
        found |= set(TURNS)
    return found


def turns(known: Known, at: datetime) -> list[Turn]:
    """What can be done now, the nearest first; what should have been done and was not comes before all."""
    if known.tender.ended_at is not None:
        return []
    if suspension := known.suspension:
        planned = calendars.at(suspension.planned_on, 0)
        officer, must = _("An authorising officer of the entity"), _("must resume the process")
        return [Turn(officer, must, day(suspension.planned_on), iso(planned), planned <= at)]
    finished, result = done(known), []
    for line in known.agenda(at):
        if line.code not in TURNS or line.code in finished:
            continue
        who, what = TURNS[line.code]
        if line.code == "bids_due" and known.rulebook.flags.invitations:
            who = _("Those invited")
        what = getattr(known.rulebook.words, WORDS.get(line.code, ""), None) or what
        if line.is_past and line.code in TERMS | {"amendments_due", "observations_due"}:
            continue
        is_open = line.code in DOORS and (line.code not in TERMS or line.code in known.tender.stage_now.milestones)
        is_open = is_open and (line.code != "observations_due" or bool(known.reports))
        url = reverse(DOORS[line.code], args=[known.tender.code]) if is_open else ""
        result.append(Turn(str(who), str(what), instant(line.due_at), iso(line.due_at), line.is_past, url))
        rule = known.rulebook.mipyme_limitation
        if rule and rule.requested_until == line.code != "mipyme_requests_due":
            asker, asks = TURNS["mipyme_requests_due"]
            url = reverse(DOORS["mipyme_requests_due"], args=[known.tender.code])
            result.append(Turn(str(asker), str(asks), instant(line.due_at), iso(line.due_at), False, url))
    pending = sum(1 for row in known.enquiries if not row.answered_at)
    if pending and known.tender.state in {"published", "closed", "opened"}:
        due = known.schedule.get("bids_due")
        late = due is not None and due <= at
        result.insert(
            0, Turn(_("The entity"), _("must answer the questions (%s)") % pending, instant(due), iso(due), late)
        )
    return result[:MOST_TURNS]


def context(known: Known, at: datetime) -> dict[str, Any]:
    """Everything the page shows."""
    tender = known.tender
    state = state_of(known)
    closes = known.schedule.get("bids_due") if known.rulebook.has_bidding else None
    is_due = state == "open" and closes is not None and closes > at
    is_over = state == "open" and closes is not None and closes <= at
    return {
        "tender": tender,
        "title": tender.title,
        "buyer": named(tender.buyer.name),
        "nit": tender.buyer.nit,
        "place": str(known.place or ""),
        "state": str(labels.OVER) if is_over else _state(known, state),
        "words": known.rulebook.words,
        "colour": "closed" if is_over else labels.COLOURS[state],
        "value": money(tender.value_amount, tender.value_currency),
        "method": str(known.rulebook.title),
        "published": day(tender.published_at),
        "closes_at": closes if is_due else None,
        "closes": instant(closes) if state != "suspended" else "",
        "halt": _halt(known),
        "offers": _offers(known),
        "turns": turns(known, at),
        "sections": shown(known, at),
        "names": _names(known),
        "expediente_url": reverse("publication:expediente", args=[tender.code]),
        "feed_url": reverse("publication:acts_feed", args=[tender.code]),
        "calendar_url": reverse("publication:calendar", args=[tender.code]),
        "limitation_url": _limitation(known, at),
        "record_url": reverse("publication:ocds_record", args=[tender.ocid]),
    }


def _state(known: Known, state: str) -> str:
    return labels.state_of({"state": state, "source": "pliego", "method": known.tender.method})


def _halt(known: Known) -> dict[str, str]:
    """What everybody must know first of a suspended process."""
    if (suspension := known.suspension) is None:
        return {}
    told = str(halts.sentence(known.tender, suspension))
    return {"sentence": told, "reason": suspension.reason, "legal_basis": suspension.legal_basis}


def _limitation(known: Known, at: datetime) -> str:
    """Where everybody reads what the requests to limit it to Mipymes came to, once their term is over."""
    due = mipyme.due_of(known.tender)
    return reverse("conditions:limitation_requests", args=[known.tender.code]) if due and at >= due else ""


def _offers(known: Known) -> str:
    return str(len(known.bids)) if known.bids else ""


def _names(known: Known) -> list[tuple[str, str]]:
    tender = known.tender
    said = [
        (pgettext("identifier", "File"), tender.code),
        (pgettext("identifier", "Phase"), tender.phase_code),
        (pgettext("identifier", "Notice"), tender.notice_code),
        ("OCID", tender.ocid),
        *((_("Contract"), contract.code) for contract in known.contracts),
    ]
    return [(label, name) for label, name in said if name]


def calendar(known: Known) -> str:
    """The schedule as iCalendar: the same event keeps its identity, and each amendment raises its sequence."""
    tender, sequence = (
        known.tender,
        len(known.amendments) + len(known.suspensions) + (known.tender.ended_at is not None),
    )
    lines: list[str] = []
    url = settings.PLIEGO_SITE_URL + reverse("publication:process", args=[tender.code])
    stamp = f"{(tender.published_at or tender.created_at):%Y%m%dT%H%M%SZ}"
    for line in known.agenda(tender.created_at):
        start = iso(line.due_at)[:19].replace("-", "").replace(":", "")
        lines += [
            "BEGIN:VEVENT",
            f"UID:{line.code}.{tender.ocid}",
            f"DTSTAMP:{stamp}",
            f"SEQUENCE:{sequence}",
            f"DTSTART;TZID=America/Bogota:{start}",
            f"STATUS:{_status(known, line.due_at)}",
            f"SUMMARY:{icalendar.text(f'{line.title}: {tender.title}')}",
            *_told_of(known, line),
            f"URL:{url}",
            "END:VEVENT",
        ]
    if suspension := known.suspension:
        summary = _("Planned restart of the process: %s") % tender.title
        lines += [
            "BEGIN:VEVENT",
            f"UID:restart.{suspension.number}.{tender.ocid}",
            f"DTSTAMP:{stamp}",
            f"SEQUENCE:{sequence}",
            f"DTSTART;VALUE=DATE:{suspension.planned_on:%Y%m%d}",
            "STATUS:TENTATIVE",
            f"SUMMARY:{icalendar.text(summary)}",
            f"DESCRIPTION:{icalendar.text(str(halts.sentence(tender, suspension)))}",
            f"URL:{url}",
            "END:VEVENT",
        ]
    return icalendar.calendar(lines)


def _told_of(known: Known, line: AgendaLine) -> list[str]:
    """The place of a visit and what its visitors must know; that a hearing is public; and the article of a date."""
    found, told = [], [line.legal_basis]
    if line.code in {visits.MILESTONE, visits.MOMENT} and (visit := known.conditions.get("visit")):
        place = ", ".join(str(part) for part in (visit.meeting_point, place_of(visit.municipality)) if part)
        found = [f"LOCATION:{icalendar.text(place)}"] if place else []
        told = [visit.indications, visit.contact, line.legal_basis]
    if known.rulebook.has_milestone(line.code) and known.rulebook.milestone(line.code).is_hearing:
        told = [_("Public hearing"), *told]
    said = "\n".join(text for text in told if text)
    return [*found, f"DESCRIPTION:{icalendar.text(said)}"] if said else found


def _status(known: Known, due: datetime) -> str:
    """Whether the date holds: nobody knows while the process is suspended, and not when it ended before."""
    tender, suspension = known.tender, known.suspension
    if tender.ended_at is not None and due > tender.ended_at:
        return "CANCELLED"
    return "TENTATIVE" if suspension and due > suspension.suspended_at else "CONFIRMED"
