"""Telling people of every act that the table has a row for."""

from importlib import import_module
from importlib.util import find_spec
from typing import cast

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.authority import subscriptions
from pliego.bidding.events import BidsOpened
from pliego.breaches.events import (
    AppealResolved,
    BreachCeased,
    BreachCited,
    BreachDecided,
    BreachFiled,
    HearingSuspended,
    SanctionInForce,
    SessionMoved,
)
from pliego.breaches.links import link as guarantor_link
from pliego.breaches.models import Guarantor
from pliego.contracts.events import InsurerAsked
from pliego.contracts.insurers.links import link as link_of_insurer
from pliego.contracts.insurers.models import InsurerInquiry
from pliego.kernel.events import Announced, Event, on
from pliego.kernel.objections import Text
from pliego.notifications.services import INSTITUTION_LANGUAGE, Message, mail_to, notify
from pliego.notifications.subjects import Subject
from pliego.notifications.table import ROWS, Row
from pliego.panels.events import PanelAppointed, RecusalPresented
from pliego.panels.links import link
from pliego.panels.models import Member


def told_events() -> list[type[Event]]:
    """The events of every room that the table has a row for."""
    for room in settings.ROOMS:
        if find_spec(f"pliego.{room}.events"):
            import_module(f"pliego.{room}.events")
    told = {row.event for row in ROWS}
    return [event for code, event in Event.registry.items() if code in told]


@on(*told_events())
def tell(announced: Announced) -> None:
    """Tell each audience of the act once."""
    subject = Subject(announced)
    for row in ROWS:
        if row.event == announced.code:
            tell_row(row, subject)


def tell_row(row: Row, subject: Subject) -> None:
    announced = subject.announced
    message = Message(
        title=filled(row.title, subject),
        body=filled(row.body, subject),
        url=row.url.format(**subject.values),
        reason=row.audience.reason,
        source=f"{announced.entry_id}/{row.audience.name}",
        receipt_of=announced.entry_id if row.receipt else None,
    )
    for reached in row.audience.reach(subject):
        users = [user for user in reached.users if row.receipt or user.pk != announced.actor_user_id]
        inbox, mailed = (users, users) if row.receipt else subscriptions.split(row.event, users)
        mailed = mailed if row.mail else []
        notify(users=inbox, mailed=mailed, account=reached.account, message=message, at=announced.at)


@on(PanelAppointed, RecusalPresented, BidsOpened)
def tell_outsiders(announced: Announced) -> None:
    """Evaluators from outside have no user: each gets by mail the signed link of their own seat, once for each act."""
    numbers = [row["number"] for row in announced.data.get("members", [])] or [announced.data.get("member")]
    seats = Member.objects.filter(tender__ocid=announced.file, state="serving", user__isnull=True)
    seats = seats if announced.code == BidsOpened.code else seats.filter(number__in=[n for n in numbers if n])
    subject = Subject(announced)
    for seat in seats.select_related("tender"):
        message = Message(
            title=filled(_("You evaluate “{title}”: there is something to declare or answer"), subject),
            body=filled(
                _("Open the link and sign with the number of your document. Do not give it to anybody."), subject
            ),
            url=link(seat),
            reason=_("the entity appointed you to evaluate it"),
            source=f"{announced.entry_id}/evaluador/{seat.number}",
        )
        mail_to(seat.email, language=INSTITUTION_LANGUAGE, message=message, at=announced.at)


# What a guarantor is told by mail, with the signed link of its own page.
GUARANTORS: dict[str, tuple[Text, Text]] = {
    BreachCited.code: (
        _("You are called as guarantor to a hearing of breach of “{title}”"),
        _("It begins at {starts_at}. {place} {link} The link shows the citation and the report."),
    ),
    SessionMoved.code: (_("The hearing of breach of “{title}” moves to {starts_at}"), _("Reason: {reason}")),
    HearingSuspended.code: (_("The hearing of breach of “{title}” goes on at {starts_at}"), _("Reason: {reason}")),
    BreachDecided.code: (_("The breach of “{title}” was decided"), _("Resolution {resolution}.")),
    AppealResolved.code: (_("The appeal on the breach of “{title}” was decided"), _("Resolution {resolution}.")),
    SanctionInForce.code: (_("The sanction in “{title}” is in force"), _("Resolution {resolution}.")),
    BreachFiled.code: (_("The hearing of breach of “{title}” ended without sanction"), ""),
    BreachCeased.code: (_("The hearing of breach of “{title}” ended: the breach ceased"), "{reason}"),
}


@on(*(Event.registry[code] for code in GUARANTORS))
def tell_guarantors(announced: Announced) -> None:
    """They are called in the same way as the contractor (Ley 1474 de 2011, art. 86, lit. a), and have no user."""
    subject, (title, body) = Subject(announced), GUARANTORS[announced.code]
    for row in Guarantor.objects.filter(breach_id=announced.subject_id).select_related("breach"):
        message = Message(
            title=filled(title, subject),
            body=filled(body, subject),
            url=guarantor_link(row),
            reason=_("you guarantee this contract"),
            source=f"{announced.entry_id}/garante/{row.number}",
        )
        mail_to(row.email, language=INSTITUTION_LANGUAGE, message=message, at=announced.at)


@on(InsurerAsked)
def tell_insurer(announced: Announced) -> None:
    """An insurer has no user: it gets by mail the signed link of the guarantee that it is asked about."""
    rows = InsurerInquiry.objects.select_related("guarantee__contract__buyer__organization")
    inquiry = rows.get(guarantee_id=announced.subject_id, number=announced.data["inquiry"])
    guarantee = inquiry.guarantee
    words = {"entity": guarantee.contract.buyer.name, "policy": guarantee.policy_number}
    message = Message(
        title=format_lazy(_("{entity} asks whether the guarantee {policy} is yours"), **words),
        body=_("Open the link, look at its data and answer. It serves once: do not give it to anybody."),
        url=link_of_insurer(inquiry),
        reason=_("the entity asks the insurer of a guarantee that it received"),
        source=f"{announced.entry_id}/aseguradora",
    )
    mail_to(inquiry.email, language=INSTITUTION_LANGUAGE, message=message, at=announced.at)


def hearers(subject: Subject) -> set[int]:
    """The people whom the table tells of this act, so that nobody else tells them again."""
    rows = (row for row in ROWS if row.event == subject.announced.code)
    reached = [user for row in rows for found in row.audience.reach(subject) for user in found.users]
    return {user.pk for user in subscriptions.split(subject.announced.code, reached)[0]}


def filled(text: Text, subject: Subject) -> Text:
    """The sentence with its names filled in, still to be said in the language of each reader."""
    return format_lazy(cast("str", text), **subject.values)
