"""Registering an entity: see whether it is here, then its parts, then one button that also asks for activation."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pliego.codelists import queries as codelists
from pliego.documents.queries import accepted_files
from pliego.kernel.objections import Refused, Unknown
from pliego.parties import applications, entity_forms, forms, letters, mailboxes, queries, rules
from pliego.parties.entity_forms import IN_SPANISH, PARTS, SLUGS
from pliego.parties.facts import labels
from pliego.parties.middleware import ACCOUNT_KEY
from pliego.parties.models import Account, Application
from pliego.parties.views import GET_OR_POST, account_called, actor_of, at_of
from pliego.web import drafts
from pliego.web.acts import See303, perform, signed_in

NEXT = {"identity": "contact", "contact": "papers", "papers": ""}


@GET_OR_POST
@signed_in
def find_entity(request: HttpRequest) -> HttpResponse:
    """First look whether the entity is already here; who finds it asks for access instead."""
    if request.method == "POST":
        form = forms.Find(request.POST)
        if form.is_valid():
            started = applications.start(actor=actor_of(request), at=at_of(request), **form.cleaned_data)
            return See303(_part_url(started, "identity"))
    else:
        form = forms.Find(request.GET if {"nit", "legal_name"} & request.GET.keys() else None)
    shown: dict[str, Any] = {"form": form, "mine": _left_open(request)}
    if form.is_bound and form.is_valid():
        nit, name = form.cleaned_data["nit"], form.cleaned_data["legal_name"]
        found = queries.likely_duplicates(actor=actor_of(request), nit=nit, name=name)
        shown |= {"candidates": found, "is_here": any(a.organization.number in nit for a in found if a.is_buyer)}
        shown |= {"known": codelists.entities_like(nit=nit, name=name), "stays_as": rules.normalised_name(name)}
        form.object_to(rules.number_is_wrong(nit) if nit else [])
    return render(request, "parties/find_entity.html", shown)


def _left_open(request: HttpRequest) -> Any:
    rows = Application.objects.filter(user_id=actor_of(request).user_id, state="open").order_by("-updated_at")
    return [{"url": reverse("parties:application", args=[row.code]), "row": row} for row in rows[:5]]


@GET_OR_POST
@signed_in
def part(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """A part of the registration. What is sent is kept, whatever it is."""
    application = applications.mine(actor=actor_of(request), code=code)
    if (name := SLUGS.get(slug, "")) == "":
        raise Unknown()
    if request.method == "POST":
        return _keep(request, application, name)
    newest = drafts.newest_of(actor_of(request), _draft_key(application, name))
    kept = {**application.data, **_paper_words(application)}
    options = {"kind": application.data.get("kind", "")} if name == "papers" else {}
    form = PARTS[name](initial=kept, **options)
    if newest is not None:
        form = PARTS[name](initial={**kept, **drafts.initial_from(newest.data, form)}, **options)
    elif name in application.visited:
        form = entity_forms.bound(PARTS[name], {field: kept.get(field) for field in form.fields}, **options)
    if form.is_bound:
        form.is_valid()
        faults = applications.read(application, at_of(request)).faults[name]
        form.object_to(fault for fault in faults if fault.field not in form.errors)
    return _show(request, application, name, form)


def _keep(request: HttpRequest, application: Application, name: str) -> HttpResponse:
    options = {"kind": application.data.get("kind", "")} if name == "papers" else {}
    form = PARTS[name](request.POST, request.FILES, **options)
    form.is_valid()
    told: dict[str, Any] = {"actor": actor_of(request), "code": application.code, "at": at_of(request)}
    if isinstance(form, entity_forms.Papers):
        for field, sent in form.uploads().items():
            try:
                application = applications.attach(field=field, sent=sent, **told)
            except Refused as refused:
                form.object_to(refused.objections)
        application = applications.date_papers(dates=form.dates(), **told)
    else:
        application = applications.save(part=name, typed=form.as_kept(), **told)
    drafts.discard(actor_of(request), _draft_key(application, name))
    if form.errors:
        return _show(request, application, name, form, status=422)
    if name == "contact":
        _send_code(request, application)
    goes_on = NEXT[name] if request.POST.get("accion") != "lista" else ""
    return See303(
        _part_url(application, goes_on) if goes_on else reverse("parties:application", args=[application.code])
    )


def _show(
    request: HttpRequest, application: Application, name: str, form: entity_forms.Part, status: int = 200
) -> HttpResponse:
    actor, key = actor_of(request), _draft_key(application, name)
    reasons = application.account.return_reasons if application.account and application.state == "returned" else {}
    shown = {
        "application": application,
        "form": form,
        "part": name,
        "draft": drafts.mark(actor, key, form, drafts.newest_of(actor, key)) if name != "papers" else None,
        "rows": _rows(application, form) if isinstance(form, entity_forms.Papers) else [],
        "reasons": [(label, reasons[field]) for field, label in labels().items() if field in reasons],
        "stays_as": rules.normalised_name(str(application.data.get("legal_name", ""))) if name == "identity" else "",
        "files": accepted_files(entity_forms.ANY_PAPER),
        "back": reverse("parties:application", args=[application.code]),
        "letter": reverse("parties:application-letter", args=[application.code]),
        "has_errors": bool(form.errors),
    }
    template = "parties/application_papers.html" if name == "papers" else "parties/application_part.html"
    return render(request, template, shown, status=status)


@GET_OR_POST
@signed_in
def application(request: HttpRequest, code: str) -> HttpResponse:
    """Where each part stands, how everything stays, and the button that sends it."""
    found = applications.mine(actor=actor_of(request), code=code)

    def send(data: dict[str, Any], actor: Any) -> Account:
        return applications.send(actor=actor, code=code, at=at_of(request))

    def done(account: Account) -> tuple[str, str]:
        request.session[ACCOUNT_KEY] = account.pk
        said = _("%(name)s was registered. The service desk has your request.") % {"name": account.name}
        return reverse("parties:account", args=[account.code]), said

    return perform(
        request, page="parties/application.html", form=forms.Nothing, act=send, done=done,
        context=_reviewed(request, found),
    )  # fmt: skip


def _reviewed(request: HttpRequest, found: Application) -> dict[str, Any]:
    read, names = applications.read(found, at_of(request)), labels()
    parts = []
    for name, form in PARTS.items():
        faults = [(names.get(o.field, form.title), o.sentence) for o in read.faults[name]]
        state = "not_started" if name not in found.visited else "has_errors" if faults else "ready"
        parts.append({"title": form.title, "url": _part_url(found, name), "state": state, "faults": faults})
    email = read.data.notification_email
    confirmed = bool(email) and applications.confirmed_address(found, email) == email.strip().lower()
    return {
        "application": found,
        "parts": parts,
        "is_complete": read.is_complete,
        "stays_as": rules.normalised_name(read.data.legal_name),
        "email": email,
        "waits_for_code": bool(email) and not confirmed and mailboxes.waits_for_code(found.file, email),
        "is_confirmed": confirmed,
        "mailbox": entity_forms.MailboxCode(),
        "is_editable": found.state in {"open", "returned"},
        "submit_label": _("Send it again") if found.account_id else _("Register and ask for the activation"),
    }


@require_POST
@signed_in
def mailbox(request: HttpRequest, code: str) -> HttpResponse:
    """The code of the address for notifications, or another one if it did not arrive."""
    found = applications.mine(actor=actor_of(request), code=code)
    form, back = entity_forms.MailboxCode(request.POST), reverse("parties:application", args=[code])
    try:
        if request.POST.get("accion") == "reenviar":
            _mail(found, at_of(request))
            messages.success(request, _("We sent another code."))
        elif form.is_valid():
            mailboxes.confirm(purpose=found.file, code=form.cleaned_data["code"], at=at_of(request))
            messages.success(request, _("The address for notifications is confirmed."))
    except Refused as refused:
        form.is_valid()
        form.object_to(refused.objections)
    if not form.errors:
        return See303(back)
    shown = {**_reviewed(request, found), "mailbox": form, "form": forms.Nothing(), "has_errors": True}
    return render(request, "parties/application.html", shown, status=422)


@GET_OR_POST
@signed_in
def drop(request: HttpRequest, code: str) -> HttpResponse:
    found = applications.mine(actor=actor_of(request), code=code)
    return perform(
        request, page="web/act.html", form=forms.Nothing,
        act=lambda data, actor: applications.drop(actor=actor, code=code, at=at_of(request)),
        done=lambda nothing: (reverse("parties:mine"), _("The registration was dropped.")),
        context={"title": _("Drop this registration"), "submit_label": _("Drop it"),
                 "lead": _("Nobody will see it again. Your entity is not registered."),
                 "cancel_url": reverse("parties:application", args=[found.code])},
    )  # fmt: skip


@require_safe
@signed_in
def letter(request: HttpRequest, code: str) -> HttpResponse:
    """The authorisation of the administrator, filled in, to print, sign and attach."""
    found = applications.mine(actor=actor_of(request), code=code)
    data = applications.read(found, at_of(request)).data
    answer = HttpResponse(letters.authorisation(data=data, person=found.user, at=at_of(request)), "application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="autorizacion-administrador.pdf"'
    return answer


@require_safe
@signed_in
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """The registration that the desk returned, in its parts, with each reason at its field."""
    account = account_called(request, code)
    queries.require_correction(actor_of(request), account)
    found = applications.of_returned(actor=actor_of(request), account=account, at=at_of(request))
    return See303(reverse("parties:application", args=[found.code]))


def _part_url(application: Application, name: str) -> str:
    return reverse("parties:application-part", args=[application.code, IN_SPANISH[name]])


def _rows(application: Application, form: entity_forms.Papers) -> list[dict[str, Any]]:
    """Each document with what is kept of it and what was sent before."""
    before = {paper.kind: paper for paper in queries.papers_of(application.account)} if application.account else {}
    return [
        {
            **row,
            "kept": application.papers.get(row["paper"].field, {}),
            "before": before.get(row["paper"].kind),
        }
        for row in form.rows
    ]


def _draft_key(application: Application, name: str) -> str:
    return f"parties:{application.code}:{name}"


def _paper_words(application: Application) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in application.papers:
        dates = applications.dates_in(application, field)
        found |= {f"{field}_issued_on": dates.issued_on, f"{field}_expires_on": dates.expires_on}
        found |= {f"{field}_audience": dates.audience} if dates.audience else {}
    return found


def _send_code(request: HttpRequest, application: Application) -> None:
    email = str(application.data.get("notification_email", "")).strip().lower()
    if not rules.is_address(email) or applications.confirmed_address(application, email):
        return
    if mailboxes.waits_for_code(application.file, email):
        return
    try:
        _mail(application, at_of(request))
    except Refused as refused:
        messages.warning(request, str(refused.objections[0]))


def _mail(application: Application, at: Any) -> None:
    data = application.data
    name = rules.normalised_name(data.get("legal_name", "")) or str(_("the entity"))
    mailboxes.send_code(purpose=application.file, email=data["notification_email"], name=name, at=at)
