"""The pages of teams: whether the account works with them, each team, its people, its flows."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pliego.authority import forms as authority_forms
from pliego.authority.listing import Line, Listing, joined
from pliego.authority.policy import Act
from pliego.authority.views import GET_OR_POST, actor_of, at_of, crumbs_of, flow_typed, own_account
from pliego.kernel.objections import Unknown
from pliego.parties.models import Account
from pliego.teams import forms, queries, services
from pliego.teams.models import Member, Team
from pliego.teams.queries import FlowLine
from pliego.teams.rules import MemberData, TeamData
from pliego.teams.scopes import scope_of
from pliego.web.acts import get_visible, perform, signed_in


def _account(request: HttpRequest) -> Account:
    """The entity whose teams this person sets."""
    account = own_account(request, Act.CONFIGURE)
    if not account.is_buyer:
        raise Unknown()
    return account


def _team(request: HttpRequest, code: str) -> Team:
    account = _account(request)
    return get_visible(Team.objects.visible_to(actor_of(request)).filter(account=account), code=code)


def _address(team: Team) -> str:
    return reverse("teams:team", args=[team.code])


def _page(title: str, label: str, team: Team | None = None, **more: Any) -> dict[str, Any]:
    """What the page of a form is given."""
    home = reverse("teams:teams")
    way = [(home, _("Teams")), *([(_address(team), team.name)] if team else []), ("", title)]
    cancel = _address(team) if team else home
    return {"title": title, "submit_label": label, "cancel_url": cancel, "crumbs": crumbs_of(*way), **more}


@require_safe
@signed_in
def teams(request: HttpRequest) -> HttpResponse:
    account = _account(request)
    listing = Listing(
        _("Teams of plans and processes"), (_("Team"), _("Of what"), _("Members")),
        lead=_("Without a team, every person with the role edits the drafts of your account."),
        empty=_("There are no teams yet."), crumbs=crumbs_of(("", _("Teams"))),
        more={"template": "teams/teams.html", "settings": queries.settings_of(account.pk)},
    )  # fmt: skip
    return listing.shown(request, queries.teams_of(account.pk), _team_line)


def _team_line(team: Team) -> Line:
    cells = (team.name, team.of.title, joined(member.name for member in team.members.all()))
    tag = ("active", _("The team is active")) if team.is_active else ("cancelled", _("The team is not active"))
    return Line(cells, ((_address(team), _("Open")),), tag)


@GET_OR_POST
@signed_in
def switch(request: HttpRequest, scope: str) -> HttpResponse:
    account, known = _account(request), scope_of(scope)
    lead = _("If you choose no, the drafts that name a team are open again to every person with the role.")
    return perform(
        request,
        page="authority/form.html",
        form=forms.Switch,
        form_options={"question": known.question},
        act=lambda data, actor: services.set_switch(
            actor=actor, scope=scope, is_on=data["is_on"] == "si", at=at_of(request)
        ),
        done=lambda kept: (reverse("teams:teams"), _("Saved.")),
        initial={"is_on": "si" if queries.is_on(account.pk, scope) else "no"},
        context=_page(str(known.question), _("Save"), lead=lead),
    )


@GET_OR_POST
@signed_in
def new(request: HttpRequest, scope: str) -> HttpResponse:
    _account(request)
    title = _("Create a team: %(scope)s") % {"scope": scope_of(scope).title}
    return perform(
        request,
        page="authority/form.html",
        form=forms.TeamName,
        act=lambda data, actor: services.save_team(actor=actor, data=TeamData(**data), scope=scope, at=at_of(request)),
        done=lambda team: (_address(team), _("The team was created. Put its people in it.")),
        initial={"is_active": True},
        context=_page(title, _("Create the team")),
    )


@require_safe
@signed_in
def team(request: HttpRequest, code: str) -> HttpResponse:
    """A team: who edits what, and the flows of its own."""
    kept = _team(request, code)
    rows = list(kept.members.select_related("place__user", "group", "team"))
    members = Listing(_("Members"), (_("Person or group"), _("Edits")), empty=_("Nobody is in the team yet."))
    flows = Listing(_("Flows of the team"), (_("Act"), _("Tasks, in their order")))
    context = {
        "team": kept,
        "members": members,
        "member_lines": [_member_line(kept, row) for row in rows],
        "flows": flows,
        "flow_lines": [_flow_line(kept, line) for line in queries.team_flows(kept)],
        "without_the_role": queries.without_the_role(kept, rows),
        "is_on": queries.is_on(kept.account_id, kept.scope),
        "crumbs": crumbs_of((reverse("teams:teams"), _("Teams")), ("", kept.name)),
    }
    return render(request, "teams/team.html", context)


def _member_line(team: Team, member: Member) -> Line:
    edits = joined(member.edit_titles) if member.edits else _("Only reads")
    at = [team.code, member.who]
    links = ((reverse("teams:member", args=at), _("Change")), (reverse("teams:member-out", args=at), _("Take out")))
    return Line((member.name, edits), links)


def _flow_line(team: Team, line: FlowLine) -> Line:
    at = [team.code, line.slot.code]
    change = (reverse("teams:flow", args=at), _("Change") if line.flow else _("Set"))
    if line.flow is None:
        return Line((line.slot.title, _("That of the account, if it has one")), (change,))
    tasks = joined(f"{step.number}. {step.name} ({step.who})" for step in line.flow.steps.all())
    end = (reverse("teams:flow-end", args=at), _("End"))
    return Line((line.slot.title, tasks), (change, end), ("active", _("Version %(n)s") % {"n": line.flow.version}))


@GET_OR_POST
@signed_in
def edit(request: HttpRequest, code: str) -> HttpResponse:
    kept = _team(request, code)
    return perform(
        request,
        page="authority/form.html",
        form=forms.TeamName,
        act=lambda data, actor: services.rename_team(actor=actor, code=code, at=at_of(request), **data),
        done=lambda team: (_address(team), _("The team was saved.")),
        initial={"name": kept.name, "is_active": kept.is_active},
        context=_page(
            _("Edit the team"), _("Save the team"), kept,
            lead=_("While it is not active, nobody edits the drafts that name it until another team is chosen."),
        ),
    )  # fmt: skip


@GET_OR_POST
@signed_in
def member(request: HttpRequest, code: str, who: str = "") -> HttpResponse:
    """Put somebody in the team, or change what they edit."""
    kept = _team(request, code)
    found = _member(kept, who) if who else None

    def save(data: dict[str, Any], actor: Any) -> Team:
        wanted = MemberData.called(who or data["who"], data["edits"])
        return services.set_member(actor=actor, code=code, member=wanted, at=at_of(request))

    title = _("What %(name)s edits") % {"name": found.name} if found else _("Put a person or a group in the team")
    return perform(
        request, page="authority/form.html", form=forms.NewMember, act=save,
        form_options={"account": kept.account, "team": kept, "member": found},
        done=lambda team: (_address(team), _("Saved. It counts from the next page of each person.")),
        initial={"edits": found.edits} if found else {},
        context=_page(title, _("Save"), kept),
    )  # fmt: skip


def _member(team: Team, who: str) -> Member:
    rows = team.members.select_related("place__user", "group", "team")
    if (found := next((row for row in rows if row.who == who), None)) is None:
        raise Unknown()
    return found


@GET_OR_POST
@signed_in
def remove_member(request: HttpRequest, code: str, who: str) -> HttpResponse:
    kept = _team(request, code)
    title = _("Take %(name)s out of the team") % {"name": _member(kept, who).name}
    return perform(
        request,
        page="authority/form.html",
        form=authority_forms.Nothing,
        act=lambda data, actor: services.remove_member(actor=actor, code=code, who=who, at=at_of(request)),
        done=lambda team: (_address(team), _("They are no longer in the team.")),
        context=_page(title, _("Take out"), kept),
    )


@GET_OR_POST
@signed_in
def flow(request: HttpRequest, code: str, flow: str) -> HttpResponse:
    kept = _team(request, code)
    slot = kept.of.flow(flow)
    return perform(
        request,
        page="authority/form.html",
        form=authority_forms.FlowOfTasks,
        form_options={"account": kept.account},
        act=lambda data, actor: services.set_team_flow(
            actor=actor, code=code, flow=flow, steps=authority_forms.steps_of(data), at=at_of(request)
        ),
        done=lambda saved: (_address(kept), _("From now on the drafts of the team follow these tasks.")),
        initial=flow_typed(kept.account, slot.kind, slot.owner(code)),
        context=_page(
            _("Flow of the team: %(act)s") % {"act": slot.title}, _("Save the flow"), kept,
            lead=_("What is on its way keeps the flow with which it began."),
        ),
    )  # fmt: skip


@GET_OR_POST
@signed_in
def end_flow(request: HttpRequest, code: str, flow: str) -> HttpResponse:
    kept = _team(request, code)
    title = _("End the flow of the team: %(act)s") % {"act": kept.of.flow(flow).title}
    return perform(
        request,
        page="authority/form.html",
        form=authority_forms.Nothing,
        act=lambda data, actor: services.end_team_flow(actor=actor, code=code, flow=flow, at=at_of(request)),
        done=lambda ended: (_address(kept), _("The flow ended: that of the account counts, if it has one.")),
        context=_page(title, _("End the flow"), kept),
    )
