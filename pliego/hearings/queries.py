"""The hearings of a process, what is still to be convened, and whose turn it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.hearings import occasions
from pliego.hearings.models import Hearing, Paper
from pliego.hearings.occasions import Occasion
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Text
from pliego.kernel.todo import Task
from pliego.tendering.models import Tender

SOON = timedelta(days=10)
MOST_TASKS = 50


def listed(tender: Tender) -> QuerySet[Hearing]:
    papers = Prefetch("papers", Paper.objects.select_related("document"))
    rows = Hearing.objects.filter(tender=tender).select_related("record", "closed_by")
    return rows.annotate(came=Count("attendances", distinct=True)).prefetch_related(papers)


@dataclass(frozen=True)
class Line:
    """A hearing or visit of the process; `hearing` is None while nobody convened it."""

    occasion: Occasion
    hearing: Hearing | None


def lines(tender: Tender) -> list[Line]:
    """All of them in order of date, convened or not; those called off come last."""
    held = list(listed(tender))
    for hearing in held:
        hearing.tender = tender
    alive = {hearing.occasion: hearing for hearing in held if hearing.state != "cancelled"}
    known = occasions.of(tender)
    codes = {occasion.code for occasion in known}
    gone = [hearing for hearing in held if hearing.state == "cancelled" or hearing.occasion not in codes]
    return [
        *(Line(occasion, alive.get(occasion.code)) for occasion in known),
        *(Line(Occasion(h.occasion, h.title, h.called_for, h.kind), h) for h in gone),
    ]


def hearings_url(tender: Tender) -> str:
    return reverse("hearings:hearings", args=[tender.code])


def url_of(hearing: Hearing) -> str:
    return reverse("hearings:hearing", args=[hearing.tender.code, hearing.number])


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """To convene what comes soon, to hold what was convened, and to close what was held."""
    if actor.account_id is None or not actor.is_buyer or not actor.roles & {"preparer", "approver"}:
        return []
    mine = Tender.objects.of_buyer(actor.account_id).filter(ended_at=None, state__in=("published", "closed", "opened"))
    running = mine.prefetch_related("milestones", "kept_sections", "hearings__adjournments").order_by("pk")
    return [task for tender in running[:MOST_TASKS] for task in _of(tender, at)]


def _of(tender: Tender, at: datetime) -> list[Task]:
    found = []
    alive = {hearing.occasion: hearing for hearing in tender.hearings.all() if hearing.state != "cancelled"}
    for occasion in occasions.of(tender):
        hearing, subject = alive.get(occasion.code), f"{tender} · {occasion.title}"
        reason = _("It is a date of a process of your entity")
        if hearing is None and at < occasion.begins_at <= at + SOON:
            url = reverse("hearings:convene", args=[tender.code, occasion.code])
            found.append(Task(_("Convene the hearing or visit"), url, subject, reason, occasion.begins_at))
        elif hearing is not None and hearing.state == "convened":
            url = reverse("hearings:hearing", args=[tender.code, hearing.number])
            found.append(Task(_("Hold the hearing or visit"), url, subject, reason, occasion.begins_at))
        elif hearing is not None and hearing.state in {"in_session", "adjourned"}:
            url = reverse("hearings:hearing", args=[tender.code, hearing.number])
            stops = [row.resumes_at for row in hearing.adjournments.all() if row.resumed_at is None]
            title = _("Resume the hearing") if stops else _("Close the hearing with its minutes")
            found.append(Task(title, url, subject, reason, stops[0] if stops else None))
    return found


def how_far(tender: Tender) -> Text:
    """For the hub of the process: how many of its hearings and visits are closed."""
    found = occasions.of(tender)
    closed = tender.hearings.filter(state="closed", occasion__in=[one.code for one in found]).count() if found else 0
    return _("%(done)s of %(all)s held") % {"done": closed, "all": len(found)} if found else ""
