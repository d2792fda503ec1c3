"""The pages on which a supplier keeps its areas of interest, and the feed of each."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.codelists.queries import unspsc_names
from pliego.directory import feeds, services
from pliego.directory.forms import ConfirmForm, InterestForm, data_of
from pliego.directory.models import Interest
from pliego.directory.policy import OWN, InterestAct
from pliego.kernel.objections import Denied, Unknown
from pliego.parties.models import Account
from pliego.publication.labels import DEPARTMENTS
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.buttons import button
from pliego.web.http import Request


def _account(request: Request) -> Account:
    found = Account.objects.filter(pk=request.actor.account_id or 0, is_supplier=True).first()
    if found is None:
        raise Denied(_("Only people who act for a supplier can do this."))
    return found


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(reverse("directory:interests"), _("Areas of interest")), ("", here)]


@signed_in
def interests(request: Request) -> HttpResponse:
    """The areas of the supplier, with what was published lately in each one click away."""
    account = _account(request)
    rows = list(Interest.objects.visible_to(request.actor).order_by("title"))
    names = unspsc_names(sorted({code for row in rows for code in row.unspsc}))
    shown = [
        {
            "interest": row,
            "areas": [(code, names[code]) for code in row.unspsc],
            "departments": [DEPARTMENTS[code] for code in row.departments],
        }
        for row in rows
    ]
    verdict = OWN.verdict(request.actor, InterestAct.ADD, account)
    add = button(_("Add an area of interest"), reverse("directory:new-interest"), verdict=verdict)
    return render(request, "directory/interests.html", {"rows": shown, "add": add})


@signed_in
def new(request: Request) -> HttpResponse:
    OWN.require(request.actor, InterestAct.ADD, _account(request))
    title = _("Add an area of interest")
    return perform(
        request,
        page="directory/interest.html",
        form=InterestForm,
        act=lambda data, actor: services.create_interest(actor=actor, data=data_of(data), at=request.received_at),
        done=lambda interest: (reverse("directory:interests"), _("From now on you hear of its new processes.")),
        context={"title": title, "submit_label": _("Save the area"), "crumbs": _crumbs(title)},
        draft="interes:nuevo",
    )


@signed_in
def change(request: Request, code: str) -> HttpResponse:
    found = get_visible(Interest.objects.visible_to(request.actor), code=code)
    return perform(
        request,
        page="directory/interest.html",
        form=InterestForm,
        act=lambda data, actor: services.change_interest(
            actor=actor, code=code, data=data_of(data), at=request.received_at
        ),
        done=lambda interest: (reverse("directory:interests"), _("The area was changed.")),
        initial={"title": found.title, "unspsc": ", ".join(found.unspsc), "departments": found.departments},
        context={"title": found.title, "submit_label": _("Save the area"), "crumbs": _crumbs(found.title)},
    )


@signed_in
def pause(request: Request, code: str) -> HttpResponse:
    return _switch(request, code, is_active=False)


@signed_in
def resume(request: Request, code: str) -> HttpResponse:
    return _switch(request, code, is_active=True)


def _switch(request: Request, code: str, *, is_active: bool) -> HttpResponse:
    found = get_visible(Interest.objects.visible_to(request.actor), code=code)
    label = _("Resume the notices") if is_active else _("Pause the notices")
    lead = _("You will hear again of its new processes.") if is_active else _("You will hear nothing of it until then.")
    return perform(
        request,
        page="web/act.html",
        form=ConfirmForm,
        act=lambda data, actor: services.set_interest_active(
            actor=actor, code=code, is_active=is_active, at=request.received_at
        ),
        done=lambda interest: (reverse("directory:interests"), _("The area was changed.")),
        context={"title": found.title, "lead": lead, "submit_label": label, "crumbs": _crumbs(found.title)},
    )


@signed_in
def delete(request: Request, code: str) -> HttpResponse:
    found = get_visible(Interest.objects.visible_to(request.actor), code=code)
    lead = _("The area and its feed disappear. The notices that you already have stay.")
    return perform(
        request,
        page="web/act.html",
        form=ConfirmForm,
        act=lambda data, actor: services.delete_interest(actor=actor, code=code, at=request.received_at),
        done=lambda interest: (reverse("directory:interests"), _("The area was deleted.")),
        context={
            "title": found.title,
            "lead": lead,
            "submit_label": _("Delete the area"),
            "crumbs": _crumbs(found.title),
        },
    )


def feed(request: Request, code: str) -> HttpResponse:
    """The newest processes of an area as Atom. Its address is long and random: readers of feeds do not sign in."""
    found = Interest.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise Unknown()
    return HttpResponse(feeds.atom(found), content_type="application/atom+xml; charset=utf-8")
