"""What limits a person now: asked whenever somebody acts (`kernel.actors.Actor.suspension`)."""

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.accounts.models import User
from pliego.kernel import clock
from pliego.kernel.calendar import BOGOTA
from pliego.kernel.objections import Text


def suspension_of(user: User) -> Text:
    """Why the person may only read and answer, and by what road they answer; "" for everybody else. Mostly no query."""
    if user.is_claim:
        sentence = _(
            "Your registration needs the service desk, as we wrote to you. You can read, and prove who you are at"
            " {road}"
        )
        return format_lazy(sentence, road=reverse("accounts:prove-claim"))  # type: ignore[arg-type]
    if user.suspension_id is None:
        return ""
    suspension = user.suspension
    assert suspension is not None
    if not suspension.is_in_force(clock.now()):
        return ""
    sentence = _(
        "Your user has been suspended since {day}. Reason: {why}. You can still read your files, receipts and notices,"
        " and answer or appeal at {road}"
    )
    since = suspension.in_force_from
    day = since.astimezone(BOGOTA).strftime("%d/%m/%Y") if since else ""
    road = reverse("accounts:suspension", args=[suspension.code])
    return format_lazy(sentence, day=day, why=suspension.described, road=road)  # type: ignore[arg-type]
