"""The buttons of the hub: every act on a tender in its present state, on or off, with the reason when it is off."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from pliego.authority import gates
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Text, gather
from pliego.tendering import halts, rules, sections, usable
from pliego.tendering.models import Tender
from pliego.tendering.policy import POLICY, Act, corrects
from pliego.tendering.rules import NEVER_AWARDED
from pliego.tendering.states import RUNNING
from pliego.web.buttons import Button, button

Rule = Callable[[Tender, datetime], object]


def nothing(tender: Tender, at: datetime) -> list[Objection]:
    return []


def sections_are_not_ready(tender: Tender, at: datetime) -> list[Objection]:
    """One sentence for the button: the sections beside it say the rest."""
    sentence = _("Something is missing or wrong: see the sections.")
    missing = [Objection("not_ready", sentence)] if sections.is_not_ready(tender, at) else []
    return [*usable.method_cannot_be_used(tender, at), *missing]


@dataclass(frozen=True)
class Offer:
    act: Act
    label: Text
    page: str
    states: tuple[str, ...]
    kind: str = "secondary"
    rule: Rule = nothing


DRAFT, OPEN = ("draft", "returned"), ("published",)
# fmt: off
OFFERS = (
    Offer(Act.SUBMIT,          _("Send for approval"),   "submit",          DRAFT, "", sections_are_not_ready),
    Offer(Act.DISCARD,         _("Discard the draft"),   "discard",         DRAFT),
    Offer(Act.PUBLISH,         _("Review and publish"),  "publish",         ("submitted",), "",
          gates.approved("publication")),
    Offer(Act.RETURN,          _("Return with reasons"), "return",          ("submitted",)),
    Offer(Act.DRAFT_AMENDMENT, _("Write an amendment"),  "write_amendment", OPEN, "secondary",
          rules.amendments_are_over),
    Offer(Act.DRAFT_CORRECTION, _("Correct a defect"),   "correct",         RUNNING),
    Offer(Act.RESUME,          _("Resume the process"),  "resume",          ("suspended",), ""),
    Offer(Act.SUSPEND,         _("Suspend the process"), "suspend",         RUNNING, "secondary",
          halts.reception_must_close),
    Offer(Act.REVOKE,          _("Revoke the opening"),  "revoke",          (*RUNNING, "suspended")),
    Offer(Act.CANCEL,          _("Cancel the process"),  "cancel",          (*RUNNING, "suspended")),
)
# Pages of the rooms above, by the states in which they matter and the processes that they are about.
TOLD = (*RUNNING, "awarded", "deserted", "finished")
ELSEWHERE: tuple[tuple[str, Text, tuple[str, ...], Callable[[Tender], object]], ...] = (
    ("bidding:opening",        _("Offers received and opening"), (*RUNNING, "awarded", "finished"),
     lambda t: t.has_bidding),
    ("conditions:limitation_requests", _("Requests to limit the process to Mipymes"), (*TOLD, "cancelled"),
     lambda t: t.has_bidding and t.rulebook.mipyme_limitation is not None),
    ("directory:invited",      _("Invited suppliers"),    (*TOLD, "cancelled"), lambda t: t.rulebook.flags.invites),
    ("correspondence:process", _("Messages"),             (*TOLD, "cancelled"), lambda t: True),
    ("hearings:hearings",      _("Hearings and visits"),  (*TOLD, "suspended"), lambda t: True),
    ("panels:panel",           _("Who evaluates"),        (*TOLD, "suspended"), lambda t: t.rulebook.panel is not None),
    ("evaluation:evaluation",  _("Evaluation"),           ("opened", "awarded", "finished"),
     lambda t: t.has_bidding and not t.rulebook.kinds & NEVER_AWARDED),
    ("auctions:auctions",      _("Auction"),              ("opened", "suspended", "awarded", "deserted", "finished"),
     lambda t: "auction" in t.rulebook.kinds),
    ("awards:decide",          _("Award"),                ("opened",),
     lambda t: t.has_bidding and not t.rulebook.kinds & NEVER_AWARDED),
    ("awards:lots",            _("Lots"),                 TOLD,           lambda t: t.has_bidding and t.lot_numbers),
    ("contracts:load_contracts", _("Load contracts from a file"), ("published",),
     lambda t: t.rulebook.causals and not t.has_bidding),
    ("awards:directly",        _("Decision to contract"), ("published",),
     lambda t: not t.has_bidding and not t.rulebook.kinds & NEVER_AWARDED),
)
# fmt: on
WORDS = {"bidding:opening": "received"}  # pages that a method may call otherwise
NEXT_STAGE = Offer(Act.DRAFT_AMENDMENT, _("Open the next stage"), "write_amendment", OPEN, "")
CONCLUDE = Offer(Act.CONCLUDE, _("Conclude the request for information"), "conclude", ("opened",), "")
# How far each of them is, in words: the rooms above say it of their own page.
PROGRESS: dict[str, Callable[[Tender], Text]] = {}
APPROVE = Offer(
    Act.PUBLISH_AMENDMENT, _("Review and publish the amendment"), "amendment", OPEN, "", gates.approved("addendum")
)


def buttons(actor: Actor, tender: Tender, at: datetime) -> list[Button]:
    """The acts that belong to the present state."""
    offers = [offer for offer in OFFERS if tender.state in offer.states]
    if tender.amendment_writer_id and (tender.state in APPROVE.states or corrects(actor, tender)):
        offers.append(APPROVE)
    elif tender.stages_to_open:
        offers.append(NEXT_STAGE)
    if tender.state in CONCLUDE.states and tender.stage_now.kind == "information":
        offers.append(CONCLUDE)
    return [_made(actor, tender, offer, at) for offer in offers]


def _made(actor: Actor, tender: Tender, offer: Offer, at: datetime) -> Button:
    address = reverse(f"tendering:{offer.page}", args=[tender.code])
    verdict = POLICY.verdict(actor, offer.act, tender)
    found = gather(offer.rule(tender, at)) if verdict else []  # type: ignore[arg-type]
    return button(offer.label, address, verdict=verdict, objections=found, kind=offer.kind)


def elsewhere(tender: Tender) -> list[tuple[str, Text]]:
    """Links to the pages of the rooms above about this process."""
    found: list[tuple[str, Text]] = []
    for name, title, states, is_about in ELSEWHERE:
        try:
            if tender.is_public and tender.state in states and is_about(tender):
                called = getattr(tender.rulebook.words, WORDS.get(name, ""), None) or title
                found.append((reverse(name, args=[tender.code]), _with_progress(name, called, tender)))
        except NoReverseMatch:
            continue
    return found


def _with_progress(name: str, title: Text, tender: Tender) -> Text:
    said = PROGRESS[name](tender) if name in PROGRESS else ""
    return f"{title} · {said}" if said else title
