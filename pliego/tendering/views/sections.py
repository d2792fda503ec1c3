"""The sections of the pliego, one page each."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pliego.ledger import witnessing
from pliego.methods import moving
from pliego.methods import schedule as law
from pliego.teams.forms import ChooseTeam
from pliego.teams.queries import choices_of, is_on
from pliego.tendering import forms, openers, queries, reinforcing, rules, services
from pliego.tendering import sections as registry
from pliego.tendering.models import Tender
from pliego.tendering.policy import Act
from pliego.tendering.views.shown import Writing, around, editing, inside, section, url
from pliego.web.fields import DateTimeField
from pliego.web.http import Request


@editing("general")
def general(request: Request, tender: Tender) -> HttpResponse:
    part = registry.get("general")
    now = services.written(tender, part)
    return section(
        request,
        tender,
        title=_("General information and budget"),
        part="general",
        form=forms.GeneralForm,
        form_options={"tender": tender},
        initial=forms.initial_general(part.typed(now)),
        act=lambda data, actor: services.save_section(
            actor=actor,
            tender_id=tender.pk,
            part="general",
            content={**now, **forms.general_of(data)},
            at=request.received_at,
        ),
        context={"fields_template": "tendering/general_fields.html"},
        draft=f"tender:{tender.code}:general",
    )


@inside()
def presence(request: Request, tender: Tender, part: str) -> HttpResponse:
    """Who else has the section before them; asked by its page every few seconds, which is also how they are seen."""
    others = services.visit_section(actor=request.actor, tender_id=tender.pk, part=part, at=request.received_at)
    return render(request, "tendering/presence.html", {"others": others})


def _start(request: Request) -> datetime:
    """From when to propose the schedule: what the page asks (`?inicio=`), or now."""
    try:
        asked = DateTimeField(required=False).clean(request.GET.get("inicio", "")[:40])
    except ValidationError:
        asked = None
    start = max(asked or request.received_at, request.received_at)
    whole = start.replace(second=0, microsecond=0)
    return whole if whole == start else whole + timedelta(minutes=1)


@editing("schedule")
def schedule(request: Request, tender: Tender) -> HttpResponse:
    """The dates, proposed from the method as early as the law allows; each with its article."""
    asked = request.POST.get("accion", "")[:100]
    if asked.startswith(forms.ScheduleForm.FOLLOW):
        return _follow(request, tender, asked.removeprefix(forms.ScheduleForm.FOLLOW))
    kept, start = tender.schedule, _start(request)
    proposed = law.propose(tender.rulebook, start)
    dates = proposed if "inicio" in request.GET or not kept else kept
    return section(
        request,
        tender,
        title=_("Schedule"),
        part="schedule",
        page="tendering/schedule.html",
        form=forms.ScheduleForm,
        form_options={"tender": tender, "at": request.received_at},
        initial=dates,
        act=lambda data, actor: services.save_schedule(
            actor=actor, tender_id=tender.pk, milestones={c: d for c, d in data.items() if d}, at=request.received_at
        ),
        context={
            "start": start,
            "is_proposal": dates is proposed,
            **_told(tender, dates, request.received_at),
        },
    )


def _told(tender: Tender, dates: dict[str, datetime], at: datetime) -> dict[str, Any]:
    """What the page of the schedule says of some dates."""
    return {
        "method": tender.rulebook,
        "fields_template": "tendering/schedule_fields.html",
        "warnings": law.warnings(tender.rulebook, dates, at),
        "chart": queries.chart(tender, queries.agenda(tender, at=at, dates=dates), at=at),
    }


def _follow(request: Request, tender: Tender, code: str) -> HttpResponse:
    """The same page with everything typed, where what a changed date made illegal has moved. Nothing is saved."""
    at, title = request.received_at, _("Schedule")
    options: dict[str, Any] = {"tender": tender, "at": at}
    sent = forms.ScheduleForm(request.POST, **options)
    sent.is_valid()
    dates = moving.follow(tender.rulebook, sent.dates, code, at)
    typed = request.POST.copy()
    moves = [(sent[name], due) for name, due in dates.items() if due != sent.dates[name]]
    for field, due in moves:
        typed[field.name] = field.field.prepare_value(due)
    form = forms.ScheduleForm(typed, initial=dates, **options)
    form.is_valid()
    form.object_to(o for o in law.objections(tender.rulebook, dates, at) if o.field not in form.errors)
    context = {
        **around(tender, title, "schedule"),
        **_told(tender, dates, at),
        "writing": Writing(request, tender, "schedule"),
        "form": form,
        "has_errors": bool(form.errors),
        "once": request.POST.get("una_vez", "")[:32],
        "followed": sent[code] if code in sent.fields else None,
        "moves": [(field.label, sent.dates[field.name], due) for field, due in moves],
    }
    page = "tendering/schedule_moved.html" if request.htmx else "tendering/schedule.html"
    return render(request, page, context, status=422 if form.errors else 200)


@editing("opening")
def opening(request: Request, tender: Tender) -> HttpResponse:
    people = queries.people_who_may_open(tender)
    seated = set(tender.opening_members.values_list("user__code", flat=True))
    form = forms.OpeningForm(people=people)
    found = openers.usual_of(tender, len(people))

    def act(data: dict[str, Any], actor: Any) -> Tender:
        members = form.chosen(data["members"])
        chosen = {name: data[name] for name in ("threshold", "reinforced", "reinforced_reason")}
        return services.choose_opening_members(
            actor=actor, tender_id=tender.pk, members=members, at=request.received_at, **chosen
        )

    return section(
        request,
        tender,
        title=_("Who opens the offers"),
        part="opening",
        page="tendering/opening.html",
        form=forms.OpeningForm,
        form_options={"people": people},
        initial={
            "members": list(seated),
            "threshold": tender.opening_threshold if seated else found.threshold,
            "reinforced": tender.is_reinforced,
            "reinforced_reason": tender.reinforced_reason,
        },
        act=act,
        context={
            "usual": found,
            "cautions": openers.cautions(found, tender.opening_threshold, len(seated)) + reinforcing.cautions(tender),
            "advice": openers.reinforcement_of(tender),
            "watching": witnessing.witnesses(),
            "keeper": tender.custodian_keeper,
        },
    )


@editing("documents")
def documents(request: Request, tender: Tender) -> HttpResponse:
    """The documents attached so far, a place for each that is missing, and for one more."""
    missing = list(rules.documents_are_missing(tender, request.received_at))
    return section(
        request,
        tender,
        title=_("Documents of the process"),
        part="documents",
        page="tendering/documents.html",
        form=forms.DocumentsForm,
        form_options={"tender": tender, "missing": missing},
        act=lambda data, actor: services.attach_documents(
            actor=actor, tender_id=tender.pk, documents=forms.new_documents(data), at=request.received_at
        ),
        done=lambda attached: (url("documents", tender), _("Attached.")),
        context={
            "documents": tender.documents.select_related("document"),
            "missing": missing,
            "submit_label": _("Attach"),
            "cancel_url": "",
            "fields_template": "tendering/document_fields.html",
        },
    )


@inside(Act.EDIT_DOCUMENTS)
def remove_document(request: Request, tender: Tender, document: str) -> HttpResponse:
    return section(
        request,
        tender,
        title=_("Take the document out"),
        form=forms.ConfirmForm,
        act=lambda data, actor: services.remove_document(
            actor=actor, tender_id=tender.pk, document_code=document, at=request.received_at
        ),
        done=lambda result: (url("documents", tender), _("The document is no longer in the pliego.")),
        context={"submit_label": _("Take it out"), "cancel_url": url("documents", tender)},
    )


@editing("invitation")
def invitation(request: Request, tender: Tender) -> HttpResponse:
    return section(
        request,
        tender,
        title=_("Invited suppliers"),
        part="invitation",
        page="tendering/invitation.html",
        form=forms.InvitationForm,
        act=lambda data, actor: services.invite_supplier(
            actor=actor,
            tender_id=tender.pk,
            supplier_code=queries.supplier_code(data["supplier"]),
            at=request.received_at,
        ),
        done=lambda result: (url("invitation", tender), _("The supplier is invited.")),
        context={
            "invitations": tender.invitations.select_related("supplier__organization"),
            "submit_label": _("Invite the supplier"),
        },
    )


@inside(Act.EDIT_INVITATION)
def withdraw_invitation(request: Request, tender: Tender, supplier: str) -> HttpResponse:
    return section(
        request,
        tender,
        title=_("Withdraw the invitation"),
        form=forms.ConfirmForm,
        act=lambda data, actor: services.withdraw_invitation(
            actor=actor, tender_id=tender.pk, supplier_code=supplier, at=request.received_at
        ),
        done=lambda result: (url("invitation", tender), _("The invitation is withdrawn.")),
        context={"submit_label": _("Withdraw the invitation"), "cancel_url": url("invitation", tender)},
    )


@inside(Act.CHOOSE_TEAM)
def team(request: Request, tender: Tender) -> HttpResponse:
    """Which team edits the draft."""
    options = {"choices": choices_of(tender.buyer_id, "process"), "is_required": is_on(tender.buyer_id, "process")}
    return section(
        request,
        tender,
        title=_("Team of the process"),
        form=ChooseTeam,
        form_options=options,
        initial={"team": tender.team.code if tender.team else ""},
        act=lambda data, actor: services.choose_team(
            actor=actor, tender_id=tender.pk, team=data["team"], at=request.received_at
        ),
        done=lambda chosen: (url("hub", tender), _("The team of the process was saved.")),
        context={"submit_label": _("Save the team")},
    )
