"""A hearing for one's calendar, and the certificate of attendance of an account."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse

from pliego.hearings import minutes, queries
from pliego.hearings.models import Hearing
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Unknown
from pliego.web import icalendar

LASTS = timedelta(hours=2)  # what a calendar keeps free for it; nobody knows how long it will be
STATUS = {"cancelled": "CANCELLED", "adjourned": "TENTATIVE"}


def attended(hearing: Hearing, actor: Actor) -> bool:
    """Whether somebody came for the account of the actor."""
    return actor.account_id is not None and hearing.attendances.filter(account_id=actor.account_id).exists()


def as_calendar(hearing: Hearing, actor: Actor, at: datetime) -> HttpResponse:
    stop = hearing.adjournment
    begins = stop.resumes_at if stop else hearing.begins_at
    said = icalendar.event(
        uid=f"audiencia-{hearing.number}.{hearing.tender.ocid}",
        begins=begins,
        ends=hearing.ended_at or begins + LASTS,
        stamp=hearing.convened_at,
        sequence=hearing.adjournments.count() + (hearing.state == "cancelled"),
        status=STATUS.get(hearing.state, "CONFIRMED"),
        summary=f"{hearing.title}: {hearing.tender.title}",
        location=hearing.place or hearing.link,
        description="\n".join(part for part in (hearing.how, hearing.link) if part),
        url=settings.PLIEGO_SITE_URL + queries.url_of(hearing),
    )
    response = HttpResponse(icalendar.calendar(said), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{hearing.tender.code}-audiencia-{hearing.number}.ics"'
    return response


def as_certificate(hearing: Hearing, actor: Actor, at: datetime) -> HttpResponse:
    """Only of one's own account, and only once the minutes say it."""
    if hearing.state != "closed" or not attended(hearing, actor):
        raise Unknown()
    pdf = minutes.certificate(hearing, account_id=actor.account_id or 0, at=at)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="constancia-{hearing.tender.code}-{hearing.number}.pdf"'
    return response


FORMATS: dict[str, Callable[[Hearing, Actor, datetime], HttpResponse]] = {"ics": as_calendar, "pdf": as_certificate}
