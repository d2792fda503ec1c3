"""The templates of an entity: their list, each of them with its versions, and how they are made, taken and given."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.blueprints import forms, queries, services
from pliego.blueprints.files import written
from pliego.blueprints.models import Blueprint
from pliego.blueprints.policy import POLICY, ROOM_POLICY, Act, RoomAct
from pliego.blueprints.services import BlueprintData
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Unknown
from pliego.methods import catalogue
from pliego.parties.models import Account
from pliego.tendering.models import Tender
from pliego.tendering.views.shown import crumbs as tender_crumbs
from pliego.tendering.views.shown import inside
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.buttons import button
from pliego.web.fields import Upload
from pliego.web.http import Request
from pliego.web.pagination import paginate

Data = dict[str, Any]


def _account(request: Request, act: RoomAct) -> Account:
    account = Account.objects.select_related("organization").filter(pk=request.actor.account_id or 0).first()
    if account is None:
        raise Unknown()
    ROOM_POLICY.require(request.actor, RoomAct.VIEW, account)
    ROOM_POLICY.require(request.actor, act, account)
    return account


def _one(request: Request, code: str, act: Act = Act.VIEW) -> Blueprint:
    blueprint = get_visible(Blueprint.objects.visible_to(request.actor).select_related("account"), code=code)
    POLICY.require(request.actor, act, blueprint)
    return blueprint


def _url(name: str, *at: Any) -> str:
    return reverse(f"blueprints:{name}", args=at)


def _crumbs(*way: tuple[str, Any]) -> list[tuple[str, Any]]:
    return [(_url("blueprints"), _("Templates")), *way]


@signed_in
def blueprints(request: Request) -> HttpResponse:
    account = _account(request, RoomAct.VIEW)
    may = ROOM_POLICY.verdict(request.actor, RoomAct.MAKE, account)
    asked = request.GET
    rows = queries.found(
        request.actor,
        words=asked.get("q", "")[:100],
        method=asked.get("modalidad", "")[:60],
        state=asked.get("estado", "active")[:20],
    )
    context = {
        "pager": paginate(request, rows),
        "bring": button(_("Import a template"), _url("import"), kind="secondary", verdict=may),
        "methods": catalogue.choices(calendar.day_of(request.received_at)),
        "asked": asked,
        "is_filtered": any(asked.get(name) for name in ("q", "modalidad", "estado")),
    }
    return render(request, "blueprints/list.html", context)


@signed_in
def blueprint(request: Request, code: str) -> HttpResponse:
    """A template as one of its versions: the last one, unless another is asked for."""
    kept = _one(request, code)
    number = request.GET.get("version", "")
    version = get_visible(kept.versions.all(), number=int(number) if number.isdecimal() else kept.version)
    context = {
        "blueprint": kept,
        "version": version,
        "versions": kept.versions.select_related("made_by"),
        "told": queries.told(version),
        "verdicts": {str(act): POLICY.verdict(request.actor, act, kept).allowed for act in Act},
        "crumbs": _crumbs(("", kept.code)),
    }
    return render(request, "blueprints/one.html", context)


def _data(data: Data) -> Data:
    """What the form said of the template, as the services take it."""
    wanted = BlueprintData(**{name: data[name] for name in ("name", "description", "methods")})
    return {"data": wanted, "parts": data["parts"]}


@inside()
def save_as(request: Request, tender: Tender) -> HttpResponse:
    """Keep sections of a process as a template."""
    _account(request, RoomAct.MAKE)
    title, known = _("Save as a template"), services.sections_to_keep(tender)
    return perform(
        request,
        page="blueprints/form.html",
        form=forms.SaveAsForm,
        form_options={
            "parts": [(section.code, section.title) for section in known],
            "known": list(queries.found(request.actor)[:500]),
            "on": calendar.day_of(request.received_at),
        },
        initial={"methods": [tender.method], "parts": [s.code for s in known], "name": tender.rulebook.title},
        act=lambda data, actor: services.save_blueprint(
            actor=actor, tender_id=tender.pk, code=data["template"], at=request.received_at, **_data(data)
        ),
        done=lambda saved: (
            _url("blueprint", saved.code),
            _("The template is saved as version %(n)s.") % {"n": saved.version},
        ),
        context={
            "title": title,
            "lead": _("Names, certificates, dates and who opens are each process's own: they are not in a template."),
            "submit_label": _("Save the template"),
            "cancel_url": reverse("tendering:hub", args=[tender.code]),
            "crumbs": tender_crumbs(tender, title),
        },
    )


@signed_in
def revise(request: Request, code: str) -> HttpResponse:
    """A new version, with another name or fewer sections."""
    kept = _one(request, code, Act.REVISE)
    version = kept.versions.get(number=kept.version)
    initial = {name: getattr(kept, name) for name in ("name", "description", "methods")}
    return perform(
        request,
        page="blueprints/form.html",
        form=forms.ReviseForm,
        form_options={
            "parts": queries.parts_of(version),
            "on": calendar.day_of(request.received_at),
        },
        initial={**initial, "parts": list(version.sections), "seen": kept.version},
        act=lambda data, actor: services.revise_blueprint(
            actor=actor, code=code, seen=data["seen"], at=request.received_at, **_data(data)
        ),
        done=lambda saved: (
            _url("blueprint", code),
            _("The template is saved as version %(n)s.") % {"n": saved.version},
        ),
        context={
            "title": _("Make a new version"),
            "lead": _("To change what a section says, change it in a process and save it from there."),
            "submit_label": _("Save the new version"),
            "cancel_url": _url("blueprint", code),
            "crumbs": _crumbs((_url("blueprint", code), code), ("", _("New version"))),
        },
    )


@signed_in
def retire(request: Request, code: str) -> HttpResponse:
    kept = _one(request, code, Act.RETIRE)
    told = _("It is no longer offered. It can still be read, and what was copied from it stays.")
    return _confirmed(
        request, kept, (_("Retire “%(name)s”"), _("Retire the template"), told), services.retire_blueprint
    )


@signed_in
def restore(request: Request, code: str) -> HttpResponse:
    kept = _one(request, code, Act.RESTORE)
    told = _("It is offered again.")
    return _confirmed(request, kept, (_("Restore “%(name)s”"), _("Restore it"), told), services.restore_blueprint)


def _confirmed(request: Request, kept: Blueprint, words: tuple[str, str, str], service: Any) -> HttpResponse:
    title, label, told = words
    address = _url("blueprint", kept.code)
    named = title % {"name": kept.name}
    return perform(
        request,
        page="blueprints/form.html",
        form=forms.NothingForm,
        act=lambda data, actor: service(actor=actor, code=kept.code, at=request.received_at),
        done=lambda moved: (address, told),
        context={
            "title": named,
            "lead": told,
            "submit_label": label,
            "cancel_url": address,
            "crumbs": _crumbs((address, kept.code), ("", named)),
        },
    )


@signed_in
def bring(request: Request) -> HttpResponse:
    """Take a template from a file."""
    _account(request, RoomAct.MAKE)
    title = _("Import a template")

    def act(data: Data, actor: Actor) -> Blueprint:
        sent: Upload = data["file"]
        content = sent.file.read() if sent.file else b""
        return services.import_blueprint(actor=actor, content=content, at=request.received_at)

    return perform(
        request,
        page="blueprints/form.html",
        form=forms.ImportForm,
        act=act,
        done=lambda made: (_url("blueprint", made.code), _("The template is yours now. Look at each section.")),
        context={
            "title": title,
            "lead": _("It is read whole before anything is kept; every fault is said with its place in the file."),
            "submit_label": title,
            "cancel_url": _url("blueprints"),
            "crumbs": _crumbs(("", title)),
        },
    )


@signed_in
def download(request: Request, code: str, number: int) -> HttpResponse:
    """A version as a file, to give it to another entity."""
    version = _one(request, code).versions.filter(number=number).first()
    if version is None:
        raise Unknown()
    headers = {"Content-Disposition": f'attachment; filename="{code}-v{number}.json"'}
    return HttpResponse(written(version), content_type="application/json", headers=headers)
