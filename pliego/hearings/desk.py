"""The acts of a hearing that have a page, as a table: who may, with which form, and what is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.hearings import forms, services
from pliego.hearings.models import Hearing
from pliego.hearings.policy import HEARINGS, HearingAct
from pliego.hearings.states import HEARING
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Text
from pliego.web.buttons import Button, button
from pliego.web.forms import Form

Service = Callable[..., Any]


@dataclass(frozen=True)
class Page:
    """`path` is the last part of its address; `fires` the row of the states that may object beforehand."""

    path: str
    act: HearingAct
    title: Text
    submit: Text
    done: Text
    form: type[Form]
    service: Service
    fires: str = ""
    kind: str = "secondary"
    binding: bool = False
    is_written: bool = False  # long enough to be kept as a draft while it is written


# fmt: off
PAGES: dict[str, Page] = {page.path: page for page in (
    Page("comenzar", HearingAct.BEGIN, _("Begin"), _("Begin now"), _("It has begun."),
         forms.SureForm, services.begin_hearing, "begin", kind=""),
    Page("asistir", HearingAct.ATTEND, _("Register my attendance"), _("I am here"), _("You are registered."),
         forms.SureForm, services.attend, kind=""),
    Page("intervenir", HearingAct.SPEAK, _("Speak"), _("Say it"), _("What you said is in the minutes."),
         forms.SpeakForm, services.speak, kind="", is_written=True),
    Page("registrar", HearingAct.REGISTER, _("Register who came"), _("Register them"), _("They are registered."),
         forms.RegisterForm, services.register_attendance),
    Page("anotar", HearingAct.NOTE, _("Write down what somebody said"), _("Write it down"), _("It is in the minutes."),
         forms.NoteForm, services.speak, is_written=True),
    Page("documento", HearingAct.ATTACH, _("Add a document"), _("Add it"), _("The document is public."),
         forms.PaperForm, services.attach_paper),
    Page("suspender", HearingAct.ADJOURN, _("Suspend until another date"), _("Suspend it"), _("It is suspended."),
         forms.AdjournForm, services.adjourn_hearing, "adjourn"),
    Page("reanudar", HearingAct.RESUME, _("Resume"), _("Resume now"), _("It goes on."),
         forms.SureForm, services.resume_hearing, "resume", kind=""),
    Page("acta", HearingAct.CLOSE, _("Write the minutes and close"), _("Sign the minutes and close"),
         _("It is closed, and its minutes are public."),
         forms.CloseForm, services.close_hearing, "close", kind="", binding=True, is_written=True),
    Page("adicion", HearingAct.ADD, _("Complete or correct the minutes"), _("Sign the addition"),
         _("The addition is public; the minutes stay as they were."),
         forms.AddForm, services.complete_minutes, binding=True, is_written=True),
    Page("cancelar", HearingAct.CANCEL, _("Call it off"), _("Call it off"), _("It was called off."),
         forms.ReasonForm, services.cancel_hearing, "cancel"),
)}
# fmt: on


def buttons(actor: Actor, hearing: Hearing, at: datetime) -> list[Button]:
    """Those that the actor has now; what waits for its hour or for an answer is shown off, with the reason."""
    from django.urls import reverse

    found = []
    for page in PAGES.values():
        verdict = HEARINGS.verdict(actor, page.act, hearing)
        if not verdict:
            continue
        refusals = HEARING.objections(hearing, page.fires, at=at) if page.fires else []
        url = reverse("hearings:act", args=[hearing.tender.code, hearing.number, page.path])
        found.append(button(page.title, url, verdict=verdict, objections=refusals, kind=page.kind))
    return found


def options(page: Page, hearing: Hearing) -> dict[str, Any]:
    """What its form needs to be laid out."""
    if page.act != HearingAct.NOTE:
        return {}
    rows = hearing.attendances.filter(left_at=None).order_by("number")
    return {"there": [(row.number, f"{row.name} ({row.represents})" if row.represents else row.name) for row in rows]}
