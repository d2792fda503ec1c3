"""The entity's list of processes, a new one, and the hub of each; and for suppliers what receives offers now."""

from dataclasses import replace
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied
from pliego.methods import catalogue
from pliego.teams.queries import is_on
from pliego.tendering import halts, queries, services, standard
from pliego.tendering import sections as registry
from pliego.tendering.forms import NewTenderForm
from pliego.tendering.models import Milestone, Tender
from pliego.tendering.policy import POLICY, ROOM_POLICY, Act, RoomAct
from pliego.tendering.states import TENDER
from pliego.tendering.views.actions import buttons, elsewhere
from pliego.tendering.views.shown import crumbs, inside, url
from pliego.web.acts import perform, signed_in
from pliego.web.buttons import button
from pliego.web.http import Request
from pliego.web.pagination import paginate

BIDS_DUE = Subquery(Milestone.objects.filter(tender=OuterRef("pk"), code="bids_due").values("due_at")[:1])


def _filtered(rows: "QuerySet[Tender]", asked: Any) -> "QuerySet[Tender]":
    if words := asked.get("q", "").strip()[:100]:
        rows = rows.filter(Q(title__icontains=words) | Q(reference__icontains=words) | Q(code__iexact=words))
    if (state := asked.get("estado", "")) in TENDER.states:
        rows = rows.filter(state=state)
    if method := asked.get("modalidad", "")[:60]:
        rows = rows.filter(method=method)
    return rows


@signed_in
def tenders(request: Request) -> HttpResponse:
    if request.actor.account_id is None or not request.actor.is_buyer:
        raise Denied(_("Only people who act for a state entity have processes here."))
    mine = Tender.objects.visible_to(request.actor).of_buyer(request.actor.account_id)
    rows = _filtered(mine, request.GET).annotate(bids_due_at=BIDS_DUE).order_by("-id")
    create = button(
        _("Create a process"), reverse("tendering:new"), verdict=ROOM_POLICY.verdict(request.actor, RoomAct.CREATE)
    )
    context = {
        "pager": paginate(request, rows),
        "create": create,
        "states": TENDER.choices,
        "methods": catalogue.choices(calendar.day_of(request.received_at)),
        "asked": request.GET,
    }
    return render(request, "tendering/tenders.html", context)


BEGUN_WITH = {"method": "modalidad", "template": "plantilla", "plan_lines": "linea"}  # what an address may bring


@signed_in
def new(request: Request) -> HttpResponse:
    ROOM_POLICY.require(request.actor, RoomAct.CREATE)
    return perform(
        request,
        page="tendering/section.html",
        form=NewTenderForm,
        initial={name: request.GET.get(asked, "")[:60] for name, asked in BEGUN_WITH.items()},
        form_options={
            "account_id": request.actor.account_id,
            "on": calendar.day_of(request.received_at),
            "offers": services.offers_to(request.actor),
        },
        act=lambda data, actor: services.create_tender(
            actor=actor,
            plan_line_ids=data.pop("plan_lines"),
            at=request.received_at,
            **data,
        ),
        done=lambda tender: (_first_page(request, tender), _("The electronic file is open. Complete its sections.")),
        context={"title": _("Create a process"), "submit_label": _("Create the process"), "crumbs": crumbs()},
        draft="tender:nuevo",
    )


def _sections(request: Request, tender: Tender) -> list[queries.SectionStatus]:
    """Each section of the pliego, and whether this person edits it."""
    found = queries.checklist(tender, at=request.received_at)
    return [replace(section, may=POLICY.verdict(request.actor, Act(section.section.act), tender)) for section in found]


def _first_page(request: Request, tender: Tender) -> str:
    """Where to go on after creating it: to its first section, when their team edits that one."""
    may = POLICY.verdict(request.actor, Act.EDIT_GENERAL, tender)
    return url("general" if may else "hub", tender)


def _halted(tender: Tender) -> dict[str, Any]:
    """The suspension in force, and those that are over."""
    over = tender.suspensions.filter(resumed_at__isnull=False).select_related("amendment").order_by("-number")
    now = tender.suspension
    return {"suspensions": over, "suspension": now, "suspended": halts.sentence(tender, now) if now else ""}


@inside()
def hub(request: Request, tender: Tender) -> HttpResponse:
    """Where the process is, what is due, and everything that can be done with it or why not."""
    at = request.received_at
    agenda = queries.own_agenda(tender, at=at)
    context = {
        "tender": tender,
        "method": tender.rulebook,
        "crumbs": crumbs(tender),
        "sections": _sections(request, tender) if not tender.is_public else [],
        "can_edit": POLICY.verdict(request.actor, Act.EDIT_GENERAL, tender).allowed,
        "can_copy": POLICY.verdict(request.actor, Act.COPY, tender).allowed,
        "can_choose_team": POLICY.verdict(request.actor, Act.CHOOSE_TEAM, tender).allowed,
        "teams_on": is_on(tender.buyer_id, "process"),
        "agenda": agenda,
        "next": next((line for line in agenda if line.is_next), None),
        "buttons": buttons(request.actor, tender, at),
        "elsewhere": elsewhere(tender),
        **_halted(tender),
        "standard": standard.of(tender),
        "keeping": services.pages_to_keep(request.actor, tender),
        "unanswered": tender.enquiries.filter(state="waiting").count(),
        "in_charge": queries.in_charge(tender),
        "warnings": registry.warnings(tender, at) if tender.is_public else [],
    }
    return render(request, "tendering/hub.html", context)


def opportunities(request: Request) -> HttpResponse:
    """Processes that receive offers now, the next to close first."""
    still_open = Milestone.objects.filter(code="bids_due", due_at__gt=request.received_at).values("tender_id")
    rows = Tender.objects.public().filter(state="published", pk__in=still_open)
    rows = rows.annotate(bids_due_at=BIDS_DUE).select_related("buyer__organization").order_by("bids_due_at", "id")
    pager = paginate(request, _filtered(rows, request.GET))
    return render(request, "tendering/opportunities.html", {"pager": pager, "asked": request.GET})
