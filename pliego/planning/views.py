"""Pages of the annual plan on the entity's desk."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Unknown
from pliego.methods import catalogue
from pliego.planning import forms, queries, reminders, services
from pliego.planning.models import Plan, PlanLine
from pliego.planning.policy import EDITS, POLICY, ROOM_POLICY, Act, RoomAct, writes_lines
from pliego.planning.rules import Header
from pliego.planning.states import PLAN
from pliego.teams.forms import ChooseTeam
from pliego.teams.queries import choices_of, is_on
from pliego.web import drafts
from pliego.web.acts import See303, get_visible, perform, signed_in
from pliego.web.buttons import Button, button
from pliego.web.forms import Form
from pliego.web.http import Request
from pliego.web.pagination import paginate

EDITING = (Act.EDIT_GENERAL, Act.EDIT_LINES, Act.EDIT_NEEDS, Act.CHOOSE_TEAM)
NEW = {"acquisition": "nueva", "need": "necesidad"}  # in the key of a draft


def mine(request: Request, year: int) -> Plan:
    rows = Plan.objects.visible_to(request.actor).select_related("account__organization", "team")
    return get_visible(rows.filter(account_id=request.actor.account_id or 0), year=year)


def crumbs(plan: Plan | None = None, here: str = "") -> list[tuple[str, str]]:
    crumbs = [(reverse("planning:plans"), _("Annual plans"))]
    if plan is not None:
        crumbs.append((reverse("planning:plan", args=[plan.year]) if here else "", str(plan.year)))
    return [*crumbs, ("", here)] if here else crumbs


@signed_in
def plans(request: Request) -> HttpResponse:
    ROOM_POLICY.require(request.actor, RoomAct.LIST)
    create = button(
        _("Begin a plan"), reverse("planning:new"), verdict=ROOM_POLICY.verdict(request.actor, RoomAct.CREATE)
    )
    pager = paginate(request, queries.plans_of(account_id=request.actor.account_id))
    return render(request, "planning/plans.html", {"pager": pager, "create": create})


@signed_in
def new(request: Request) -> HttpResponse:
    ROOM_POLICY.require(request.actor, RoomAct.CREATE)
    return perform(
        request,
        page="planning/form.html",
        form=forms.NewPlanForm,
        form_options={"teams": choices_of(request.actor.account_id, "plan")},
        act=lambda data, actor: services.create_plan(
            actor=actor,
            year=data.pop("year"),
            team=data.pop("team", ""),
            header=Header(**data),
            at=request.received_at,
        ),
        done=lambda plan: (reverse("planning:plan", args=[plan.year]), _("The plan has been created. Add its lines.")),
        initial={"year": calendar.day_of(request.received_at).year, "contact_name": request.actor.name},
        context={"title": _("Begin the annual plan"), "submit_label": _("Save and continue"), "crumbs": crumbs()},
        draft="paa:nuevo",
    )


@signed_in
def plan(request: Request, year: int) -> HttpResponse:
    """The plan on the desk: its data, its lines and what can be done with it."""
    found = mine(request, year)
    at, asked = request.received_at, queries.asked(request.GET)
    # The signature is asked on the page of the act itself, so only the verdict counts here.
    publish = button(
        _("Publish the plan"),
        reverse("planning:publish", args=[year]),
        verdict=POLICY.verdict(request.actor, Act.PUBLISH, found),
        objections=PLAN.objections(found, "publish", at=at) if found.state != "published" else (),
    )
    context = {
        "plan": found,
        "asked": asked,
        "counts": queries.counts_of(found),
        "methods": catalogue.choices(calendar.day_of(at)),
        "months": MONTHS.items(),
        "pager": paginate(request, queries.lines_asked(found, asked)),
        "publish": publish,
        "may": {act.value: POLICY.verdict(request.actor, act, found) for act in EDITING},
        "writes": writes_lines(request.actor, found),
        "writing": _writing(request.actor, found),
        "loads": found.loads.select_related("plan").defer("content").exclude(state="dropped")[:5],
        "reminders": reminders.of_plan(found, at),
        "teams_on": found.team_id is not None or is_on(found.account_id, "plan"),
        "versions": found.versions.defer("snapshot"),
        "crumbs": crumbs(found),
    }
    return render(request, "planning/plan.html", context)


def _writing(actor: Actor, plan: Plan) -> list[Button]:
    """The ways to write lines, each off with its reason."""
    some = writes_lines(actor, plan)
    ways = (
        (_("Add a line"), "add_line", POLICY.verdict(actor, Act.EDIT_LINES, plan)),
        (_("Add a need"), "add_need", POLICY.verdict(actor, Act.EDIT_NEEDS, plan)),
        (_("Bring a file"), "send", some),
        (_("Paste rows"), "paste", some),
    )
    return [
        button(label, reverse(f"planning:{name}", args=[plan.year]), verdict=verdict, kind="secondary")
        for label, name, verdict in ways
    ]


@signed_in
def header(request: Request, year: int) -> HttpResponse:
    found = mine(request, year)
    POLICY.require(request.actor, Act.EDIT_GENERAL, found)
    return perform(
        request,
        page="planning/form.html",
        form=forms.HeaderForm,
        act=lambda data, actor: services.edit_plan(
            actor=actor, plan_id=found.pk, header=Header(**data), at=request.received_at
        ),
        done=lambda done: (reverse("planning:plan", args=[year]), _("The data of the plan have been saved.")),
        initial={name: getattr(found, name) for name in forms.HeaderForm.base_fields},
        context={
            "title": _("Data of the plan %(year)s") % {"year": year},
            "submit_label": _("Save the data"),
            "cancel_url": reverse("planning:plan", args=[year]),
            "crumbs": crumbs(found, _("Data")),
        },
        draft=f"paa:{found.code}:datos",
    )


@signed_in
def line(request: Request, year: int, number: int | None = None, kind: str = "acquisition") -> HttpResponse:
    """Add a line or a need, or change one."""
    found = mine(request, year)
    kept = _line(found, number) if number else None
    kind = kept.kind if kept else kind
    POLICY.require(request.actor, EDITS[kind], found)
    act = _LineAct(request, found, number)
    return perform(
        request,
        page="planning/line.html",
        form=forms.NeedForm if kind == "need" else forms.LineForm,
        act=act,
        done=lambda done: (reverse("planning:plan", args=[year]), _("Line %(n)s has been saved.") % {"n": done.number}),
        initial=forms.initial_of(kept) if kept else {"responsible_name": found.contact_name},
        form_options={
            "account_id": found.account_id,
            "on": calendar.day_of(request.received_at),
            "kinds": [kind for kind, act in EDITS.items() if POLICY.verdict(request.actor, act, found)],
        },
        context=act.context | _line_words(found, kept, kind),
        draft=f"paa:{found.code}:{number or NEW[kind]}",
    )


def _line_words(plan: Plan, line: PlanLine | None, kind: str) -> dict[str, Any]:
    title = _("Add a need without a defined solution") if kind == "need" else _("Add a line")
    title = _("Line %(number)s") % {"number": line.number} if line else title
    return {
        "title": title,
        "submit_label": _("Save the line"),
        "cancel_url": reverse("planning:plan", args=[plan.year]),
        "crumbs": crumbs(plan, title),
        "public_line": line if line and line.published_in and kind != "need" else None,
        "drop_url": reverse("planning:drop", args=[plan.year, line.number]) if line else "",
    }


@signed_in
def team(request: Request, year: int) -> HttpResponse:
    """Which team edits the plan."""
    found = mine(request, year)
    POLICY.require(request.actor, Act.CHOOSE_TEAM, found)
    title = _("Team of the plan %(year)s") % {"year": year}
    return perform(
        request,
        page="planning/form.html",
        form=ChooseTeam,
        form_options={"choices": choices_of(found.account_id, "plan"), "is_required": False},
        act=lambda data, actor: services.choose_team(
            actor=actor, plan_id=found.pk, team=data["team"], at=request.received_at
        ),
        done=lambda done: (reverse("planning:plan", args=[year]), _("The team of the plan was saved.")),
        initial={"team": found.team.code if found.team else ""},
        context={
            "title": title,
            "submit_label": _("Save the team"),
            "cancel_url": reverse("planning:plan", args=[year]),
            "crumbs": crumbs(found, _("Team")),
        },
    )


class _LineAct:
    """Save what the form of a line gave, as a new line or in its place; or show both versions, and lose neither."""

    def __init__(self, request: Request, plan: Plan, number: int | None) -> None:
        self.request, self.plan, self.number = request, plan, number
        self.conflict: dict[str, Any] = {}
        self.context: dict[str, Any] = {
            "plan": plan,
            "conflict": self.conflict,
            "fields_template": "planning/line_fields.html",
        }

    def __call__(self, data: dict[str, Any], actor: Any) -> PlanLine:
        at = self.request.received_at
        typed = forms.line_of(data, self.plan.account_id)
        if self.number is None:
            return services.add_line(actor=actor, plan_id=self.plan.pk, line=typed, at=at)
        seen = data["overrule"] or data["seen"]
        try:
            return services.edit_line(
                actor=actor, plan_id=self.plan.pk, number=self.number, line=typed, at=at, seen=seen
            )
        except services.Stale as stale:
            self.conflict |= {"newest": stale.newest, "rows": queries.differences_from(stale.newest, typed)}
            raise


@signed_in
@require_POST
def take(request: Request, year: int, number: int) -> HttpResponse:
    """Leave what one had typed and go on from what somebody else saved."""
    found = mine(request, year)
    POLICY.require(request.actor, EDITS[_line(found, number).kind], found)
    drafts.discard(request.actor, f"paa:{found.code}:{number}")
    return See303(reverse("planning:line", args=[year, number]))


def _line(plan: Plan, number: int) -> PlanLine:
    line = plan.lines.standing().select_related("unit").filter(number=number).first()
    if line is None:
        raise Unknown()
    return line


@signed_in
def drop(request: Request, year: int, number: int) -> HttpResponse:
    found = mine(request, year)
    kept = _line(found, number)
    POLICY.require(request.actor, EDITS[kept.kind], found)
    return perform(
        request,
        page="planning/drop.html",
        form=Form,
        act=lambda data, actor: services.drop_line(
            actor=actor, plan_id=found.pk, number=number, at=request.received_at
        ),
        done=lambda done: (reverse("planning:plan", args=[year]), _("The line is no longer in the plan.")),
        context={
            "line": kept,
            "title": _("Take line %(number)s out of the plan") % {"number": number},
            "submit_label": _("Take the line out"),
            "cancel_url": reverse("planning:plan", args=[year]),
            "crumbs": crumbs(found, _("Line %(number)s") % {"number": number}),
        },
    )


@signed_in
def publish(request: Request, year: int) -> HttpResponse:
    found = mine(request, year)
    if not (verdict := POLICY.verdict(request.actor, Act.PUBLISH, found)):
        raise Denied(verdict.reason)
    lines = found.lines.standing()
    return perform(
        request,
        page="planning/publish.html",
        form=forms.PublishForm,
        act=lambda data, actor: services.publish_plan(
            actor=actor, plan_id=found.pk, reason=data["reason"], at=request.received_at
        ),
        done=lambda done: (
            done.get_absolute_url(),
            _("Version %(version)s of the plan is public. Receipt %(code)s.")
            % {"version": done.version, "code": done.receipt.code},
        ),
        binding=True,
        context={
            "plan": found,
            "count": lines.count(),
            "objections": PLAN.objections(found, "publish", at=request.received_at),
            "submit_label": _("Publish the plan"),
            "cancel_url": reverse("planning:plan", args=[year]),
            "crumbs": crumbs(found, _("Publish")),
        },
    )
