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
# Pages of the rooms above, by the states in which they matter and whether the method receives offers (None: either).
ELSEWHERE = (
    ("bidding:opening",       _("Offers received and opening"), True,  (*RUNNING, "awarded", "finished")),
    ("conditions:limitation_requests", _("Requests to limit the process to Mipymes"), True,
     (*RUNNING, "awarded", "deserted", "cancelled", "finished")),
    ("correspondence:process", _("Messages"),                   None,
     (*RUNNING, "awarded", "deserted", "cancelled", "finished")),
    ("hearings:hearings",     _("Hearings and visits"),         None,
     (*RUNNING, "suspended", "awarded", "deserted", "finished")),
    ("panels:panel",          _("Who evaluates"),               None,
     (*RUNNING, "suspended", "awarded", "deserted", "finished")),
    ("evaluation:evaluation", _("Evaluation"),                  True,  ("opened", "awarded", "finished")),
    ("awards:decide",         _("Award"),                       True,  ("opened",)),
    ("awards:lots",           _("Lots"),                        True,  (*RUNNING, "awarded", "deserted", "finished")),
    ("awards:directly",       _("Decision to contract"),        False, ("published",)),
)
# fmt: on
NEXT_STAGE = Offer(Act.DRAFT_AMENDMENT, _("Open the next stage"), "write_amendment", OPEN, "")
CONCLUDE = Offer(Act.CONCLUDE, _("Conclude the request for information"), "conclude", ("opened",), "")
LIMITATION = "conditions:limitation_requests"
PANEL = "panels:panel"
AWARDS = ("evaluation:evaluation", "awards:decide", "awards:directly")
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
    for name, title, has_bidding, states in ELSEWHERE:
        try:
            is_its = has_bidding in (None, tender.has_bidding) and not (
                name in AWARDS and tender.rulebook.kinds & NEVER_AWARDED
            )
            is_its = is_its and (name != LIMITATION or tender.rulebook.mipyme_limitation is not None)
            is_its = is_its and not (name == "awards:lots" and not tender.lot_numbers)
            is_its = is_its and not (name == PANEL and tender.rulebook.panel is None)
            if tender.is_public and tender.state in states and is_its:
                found.append((reverse(name, args=[tender.code]), title))
        except NoReverseMatch:
            continue
    return found
