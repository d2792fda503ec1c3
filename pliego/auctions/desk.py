"""The acts of an auction that have a page, as a table: who may, with which form, and what is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.auctions import forms, outside, placing, queries, recording, rules, services, training
from pliego.auctions.models import Auction, Session
from pliego.auctions.policy import POLICY, Act
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Text
from pliego.web.buttons import Button, button

Rule = Callable[[Auction, datetime], Objection | None]


def _always(auction: Auction, at: datetime) -> Objection | None:
    return None


@dataclass(frozen=True)
class Page:
    """`path` is the last part of its address; `rule` what the hour has against it."""

    path: str
    act: Act
    title: Text
    submit: Text
    done: Text
    form: type[forms.SureForm]
    service: Callable[..., Any]
    rule: Rule = _always
    kind: str = "secondary"
    binding: bool = False
    lead: Text = ""
    in_training: tuple[Text, Text] | None = None  # the lead and what was done, where a training has others

    def words(self, auction: Auction) -> tuple[Text, Text]:
        """What its page says above, and what is told when it is done."""
        return self.in_training if self.in_training and auction.is_training else (self.lead, self.done)


def _record_outside(*, actor: Actor, tender_id: int, lot: int | None, at: datetime, **held: Any) -> Auction:
    told = outside.Held(**held)
    return outside.record_outside(actor=actor, tender_id=tender_id, lot=lot, at=at, held=told)


# fmt: off
PAGES: dict[str, Page] = {page.path: page for page in (
    Page("entrar", Act.ENTER, _("Enter the auction"), _("Enter"),
         _("You are in the auction. Your bids are received from its start on."),
         forms.EnterForm, placing.enter_auction, kind="", binding=True,
         lead=_("You sign once with your second factor. This browser then makes a key that signs each of your bids and"
                " never leaves it; without it, each bid is signed with your second factor.")),
    Page("puntos", Act.GRADE, _("Publish the quality points"), _("Publish them"), _("The points are public."),
         forms.GradeForm, services.grade_bidders),
    Page("suspender", Act.SUSPEND, _("Suspend the auction"), _("Suspend it now"),
         _("It is suspended: the time that was left is kept."),
         forms.SuspendForm, services.suspend_auction, rules.time_is_over),
    Page("reanudar", Act.RESUME, _("Say when it goes on"), _("Save the hour"), _("Everybody was told when it goes on."),
         forms.ResumeForm, services.resume_auction, kind=""),
    Page("acta", Act.RECORD, _("Sign the minutes"), _("Sign the minutes"),
         _("The minutes are public, with the name of everybody."),
         forms.RecordForm, recording.record_auction, rules.is_not_over, kind="", binding=True,
         lead=_("Everybody is named from then on, every bid is disclosed, and the process can be awarded."),
         in_training=(_("They name nobody, and only the invited and the entity read them."),
                      _("The minutes of the training are made: the invited can read them."))),
    Page("fuera", Act.MOVE_OUTSIDE, _("Hold it outside the platform"), _("Sign and announce it"),
         _("Everybody was told where and when it is held."),
         forms.MoveForm, outside.move_outside, binding=True,
         lead=_("In a room, or by another service: bidders hear where and when, and nothing is bid here. Afterwards you"
                " record its result.")),
    Page("registro", Act.RECORD_OUTSIDE, _("Record an auction held elsewhere"), _("Sign the record"),
         _("The record is public: the process can be awarded."),
         forms.OutsideForm, _record_outside, binding=True,
         lead=_("The last price of each, with the signed minutes: it counts as an auction held here.")),
    Page("cancelar", Act.CANCEL, _("Call off the training"), _("Call it off"),
         _("It is called off; the invited were told."),
         forms.CancelForm, training.cancel_training),
)}
# fmt: on


def url_of(auction: Auction, path: str) -> str:
    return queries.address(auction, "act", path)


def _has_entered(actor: Actor, auction: Auction) -> bool:
    return Session.objects.filter(participant__auction=auction, person_id=actor.user_id or 0).exists()


def buttons(actor: Actor, auction: Auction, at: datetime) -> list[Button]:
    """Those that the actor has now; what waits for its hour is shown off, with the reason."""
    found = []
    for page in PAGES.values():
        if POLICY.verdict(actor, page.act, auction) and (page.act != Act.GRADE or auction.compares == "coefficient"):
            objection = page.rule(auction, at)
            url, against = url_of(auction, page.path), [objection] if objection else []
            is_again = page.act == Act.ENTER and _has_entered(actor, auction)
            title, kind = (_("Enter again, in this browser"), "secondary") if is_again else (page.title, page.kind)
            found.append(button(title, url, objections=against, kind=kind))
    return found
