"""The configuration of an account: its menu, its profiles, groups, units, flows and rules of segregation."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pliego.authority import configuring, forms, menu, queries, segregation
from pliego.authority.kinds import FLOWS
from pliego.authority.listing import Line, Link, Listing, joined
from pliego.authority.models import Flow, Group, Profile
from pliego.authority.policy import POLICY, Act
from pliego.authority.rules import GroupData, ProfileData, UnitData
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Denied, Unknown
from pliego.parties.models import Account, ContractingUnit
from pliego.web.acts import get_visible, perform, signed_in

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
UNIT_FIELDS = ("name", "description", "municipality", "address", "email", "phone", "buys", "sells", "is_active")


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def at_of(request: HttpRequest) -> Any:
    return request.received_at  # type: ignore[attr-defined]


def own_account(request: HttpRequest, act: Act) -> Account:
    """The account for which the person acts, when they may do this in it."""
    account = Account.objects.select_related("organization").filter(pk=actor_of(request).account_id or 0).first()
    if account is None or not POLICY.verdict(actor_of(request), Act.VIEW, account):
        raise Unknown()
    if not (verdict := POLICY.verdict(actor_of(request), act, account)):
        raise Denied(verdict.reason)
    return account


def crumbs_of(*way: Link) -> tuple[Link, ...]:
    return ((reverse("authority:menu"), _("Configuration of the account")), *way)


def form_page(title: Any, label: Any, back: str, **more: Any) -> dict[str, Any]:
    """What the page of a form is given."""
    address = reverse(f"authority:{back}")
    titles = {item.name: item.title for item in menu.ITEMS}
    crumbs = crumbs_of((address, titles.get(back, "")), ("", title))
    return {"title": title, "submit_label": label, "cancel_url": address, "crumbs": crumbs, **more}


@require_safe
@signed_in
def configuration(request: HttpRequest) -> HttpResponse:
    """The menu of the dossier, with what this person may open."""
    account = own_account(request, Act.VIEW)
    items = [(item, POLICY.verdict(actor_of(request), item.act, account)) for item in menu.items_for(account)]
    return render(request, "authority/menu.html", {"account": account, "items": items})


@require_safe
@signed_in
def profiles(request: HttpRequest) -> HttpResponse:
    account = own_account(request, Act.CONFIGURE)
    listing = Listing(
        _("Permission profiles"), (_("Profile"), _("What it allows"), _("People"), _("Units")),
        lead=_("A profile gives its roles to people or to whole units, beside those that each person has."),
        empty=_("There are no profiles yet."), crumbs=crumbs_of(("", _("Permission profiles"))),
        create=(reverse("authority:profile-new"), _("Create a profile")),
    )  # fmt: skip
    return listing.shown(request, queries.profiles_of(account.pk), _profile_line)


def _profile_line(profile: Profile) -> Line:
    people = joined(place.user.full_name for place in profile.people.all())
    cells = (profile.name, joined(profile.role_titles), people, joined(unit.name for unit in profile.units.all()))
    at = [profile.code]
    delete = (reverse("authority:profile-delete", args=at), _("Delete"))
    return Line(cells, ((reverse("authority:profile", args=at), _("Edit")), delete))


@GET_OR_POST
@signed_in
def profile(request: HttpRequest, code: str = "") -> HttpResponse:
    account = own_account(request, Act.CONFIGURE)
    kept = get_visible(Profile.objects.filter(account=account, is_active=True), code=code) if code else None

    def save(data: dict[str, Any], actor: Actor) -> Profile:
        told = {name: tuple(data[name]) for name in ("roles", "people", "units")}
        wanted = ProfileData(data["name"], description=data["description"], **told)
        return configuring.save_profile(actor=actor, data=wanted, at=at_of(request), code=code)

    def done(saved: Profile) -> tuple[str, str]:
        said = _("Saved. It counts from the next page of each person.")
        return reverse("authority:profiles"), " ".join([said, *segregation.warnings_for(saved.roles)])

    title = _("Edit the profile") if kept else _("Create a profile")
    return perform(
        request, page="authority/form.html", form=forms.Profile, form_options={"account": account}, act=save, done=done,
        initial=_profile_typed(kept) if kept else {}, context=form_page(title, _("Save the profile"), "profiles"),
    )  # fmt: skip


def _profile_typed(profile: Profile) -> dict[str, Any]:
    people = [place.user.code for place in profile.people.select_related("user")]
    units = [unit.reference for unit in profile.units.all()]
    typed = {"name": profile.name, "description": profile.description, "roles": profile.roles}
    return {**typed, "people": people, "units": units}


@GET_OR_POST
@signed_in
def delete_profile(request: HttpRequest, code: str) -> HttpResponse:
    account = own_account(request, Act.CONFIGURE)
    kept = get_visible(Profile.objects.filter(account=account, is_active=True), code=code)
    title = _("Delete the profile %(name)s") % {"name": kept.name}
    return perform(
        request,
        page="authority/form.html",
        form=forms.Nothing,
        act=lambda data, actor: configuring.delete_profile(actor=actor, code=code, at=at_of(request)),
        done=lambda gone: (reverse("authority:profiles"), _("The profile was deleted. Nobody has its roles by it.")),
        context=form_page(
            title, _("Delete the profile"), "profiles", lead=_("Its people lose what it gave, from their next page.")
        ),
    )


@require_safe
@signed_in
def groups(request: HttpRequest) -> HttpResponse:
    account = own_account(request, Act.CONFIGURE)
    listing = Listing(
        _("Groups of people"), (_("Group"), _("What it does"), _("Members")),
        lead=_("A task given to a group can be done by any of its members."),
        empty=_("There are no groups yet."), crumbs=crumbs_of(("", _("Groups of people"))),
        create=(reverse("authority:group-new"), _("Create a group")),
    )  # fmt: skip
    return listing.shown(request, queries.groups_of(account.pk), _group_line)


def _group_line(group: Group) -> Line:
    members = joined(
        f"{m.place.user.full_name} ({m.function})" if m.function else m.place.user.full_name
        for m in group.members.all()
    )
    cells = (group.name, group.description or "–", members)
    tag = None if group.is_active else ("cancelled", _("Inactive"))
    return Line(cells, ((reverse("authority:group", args=[group.code]), _("Edit")),), tag)


@GET_OR_POST
@signed_in
def group(request: HttpRequest, code: str = "") -> HttpResponse:
    account = own_account(request, Act.CONFIGURE)
    kept = get_visible(Group.objects.filter(account=account), code=code) if code else None

    def save(data: dict[str, Any], actor: Actor) -> Group:
        coordinator = data.pop("coordinator")
        chosen = dict.fromkeys([*data.pop("members"), *([coordinator] if coordinator else [])], "")
        functions = {**chosen, coordinator: _("coordinates")} if coordinator else chosen
        wanted = GroupData(members=tuple(functions.items()), **data)
        return configuring.save_group(actor=actor, data=wanted, at=at_of(request), code=code)

    title = _("Edit the group") if kept else _("Create a group")
    return perform(
        request, page="authority/form.html", form=forms.GroupOfPeople, form_options={"account": account}, act=save,
        done=lambda saved: (reverse("authority:groups"), _("The group was saved.")),
        initial=_group_typed(kept) if kept else {"is_active": True},
        context=form_page(title, _("Save the group"), "groups"),
    )  # fmt: skip


def _group_typed(group: Group) -> dict[str, Any]:
    members = list(group.members.select_related("place__user"))
    coordinator = next((m.place.user.code for m in members if m.function), "")
    typed = {"name": group.name, "description": group.description, "is_active": group.is_active}
    return {**typed, "members": [m.place.user.code for m in members], "coordinator": coordinator}


@require_safe
@signed_in
def units(request: HttpRequest) -> HttpResponse:
    account = own_account(request, Act.CONFIGURE)
    listing = Listing(
        _("Contracting units"), (_("Unit"), _("Reference"), _("What it does"), _("People")),
        lead=_("The place of a unit is the place of performance that its contracts are offered."),
        empty=_("There are no units yet."), crumbs=crumbs_of(("", _("Contracting units"))),
        create=(reverse("authority:unit-new"), _("Create a unit")),
    )  # fmt: skip
    return listing.shown(request, queries.units_of(account.pk), _unit_line)


def _unit_line(unit: ContractingUnit) -> Line:
    does = joined(text for flag, text in ((unit.buys, _("Buys")), (unit.sells, _("Sells"))) if flag)
    people = joined(row.place.user.full_name for row in unit.people.all())
    tag = None if unit.is_active else ("cancelled", _("Inactive"))
    edit = (reverse("authority:unit", args=[unit.reference]), _("Edit"))
    return Line((unit.name, unit.reference, does, people), (edit,), tag)


@GET_OR_POST
@signed_in
def unit(request: HttpRequest, reference: str = "") -> HttpResponse:
    account = own_account(request, Act.CONFIGURE)
    rows = ContractingUnit.objects.filter(account=account)
    kept = get_visible(rows, reference=reference) if reference else None

    def save(data: dict[str, Any], actor: Actor) -> ContractingUnit:
        wanted = UnitData(**{**data, "people": tuple(data["people"])})
        return configuring.save_unit(actor=actor, data=wanted, at=at_of(request), reference=reference)

    title = _("Edit the contracting unit") if kept else _("Create a unit")
    return perform(
        request, page="authority/form.html", form=forms.Unit, form_options={"account": account}, act=save,
        done=lambda saved: (reverse("authority:units"), _("The contracting unit was saved.")),
        initial=_unit_typed(kept) if kept else {"buys": True, "is_active": True, "municipality": account.municipality},
        context=form_page(title, _("Save the unit"), "units"),
    )  # fmt: skip


def _unit_typed(unit: ContractingUnit) -> dict[str, Any]:
    people = [row.place.user.code for row in unit.people.select_related("place__user")]
    return {"reference": unit.reference, "people": people, **{name: getattr(unit, name) for name in UNIT_FIELDS}}


@require_safe
@signed_in
def flows(request: HttpRequest) -> HttpResponse:
    account = own_account(request, Act.CONFIGURE)
    listing = Listing(
        _("Approval flows"), (_("Act"), _("Tasks, in their order")),
        lead=_("While an act has a flow, its button is off until every task is done for exactly that content."),
        crumbs=crumbs_of(("", _("Approval flows"))),
    )  # fmt: skip
    return listing.page(request, [_flow_line(line) for line in queries.flows_of(account.pk)])


def _flow_line(line: queries.FlowLine) -> Line:
    at = [line.kind.code]
    change = (reverse("authority:flow", args=at), _("Change") if line.flow else _("Set"))
    if line.flow is None:
        return Line((line.kind.title, _("It needs no approval")), (change,))
    tasks = joined(f"{step.number}. {step.name} ({step.who})" for step in line.flow.steps.all())
    end = (reverse("authority:flow-end", args=at), _("End"))
    return Line((line.kind.title, tasks), (change, end), ("active", _("Version %(n)s") % {"n": line.flow.version}))


@GET_OR_POST
@signed_in
def flow(request: HttpRequest, kind: str) -> HttpResponse:
    account = own_account(request, Act.CONFIGURE)
    title = _("Approval flow: %(kind)s") % {"kind": _flow_kind(kind).title}
    return perform(
        request,
        page="authority/form.html",
        form=forms.FlowOfTasks,
        form_options={"account": account},
        act=lambda data, actor: configuring.set_flow(
            actor=actor, kind=kind, steps=forms.steps_of(data), at=at_of(request)
        ),
        done=lambda saved: (reverse("authority:flows"), _("From now on this act follows these tasks.")),
        initial=flow_typed(account, kind),
        context=form_page(
            title, _("Save the flow"), "flows", lead=_("What is on its way keeps the flow with which it began.")
        ),
    )


def _flow_kind(code: str) -> Any:
    if code not in FLOWS:
        raise Unknown()
    return FLOWS[code]


def flow_typed(account: Account, kind: str, owner: str = "") -> dict[str, Any]:
    """The tasks of the flow in force, as its form shows them."""
    rows = Flow.objects.filter(account=account, kind=kind, is_active=True, owner=owner)
    steps = [step for flow in rows for step in flow.steps.select_related("place__user", "group")]
    names = {f"name_{step.number}": step.name for step in steps}
    who = {
        f"who_{s.number}": f"p:{s.place.user.code}" if s.place else f"g:{s.group.code if s.group else ''}"
        for s in steps
    }
    return {**names, **who}


@GET_OR_POST
@signed_in
def end_flow(request: HttpRequest, kind: str) -> HttpResponse:
    own_account(request, Act.CONFIGURE)
    title = _("End the flow: %(kind)s") % {"kind": _flow_kind(kind).title}
    lead = _("From now on this act needs no approval. What was asked for keeps its flow.")
    return perform(
        request,
        page="authority/form.html",
        form=forms.Nothing,
        act=lambda data, actor: configuring.end_flow(actor=actor, kind=kind, at=at_of(request)),
        done=lambda ended: (reverse("authority:flows"), _("The flow ended.")),
        context=form_page(title, _("End the flow"), "flows", lead=lead),
    )


@GET_OR_POST
@signed_in
def segregation_rules(request: HttpRequest) -> HttpResponse:
    """The table of rules, who is in conflict with each, and how strictly the account applies them."""
    account = own_account(request, Act.CONFIGURE)

    def choose(data: dict[str, Any], actor: Actor) -> Any:
        return configuring.set_segregation(actor=actor, at=at_of(request), **data)

    lines = queries.segregation_of(account.pk)
    return perform(
        request,
        page="authority/segregation.html",
        form=forms.Strength,
        act=choose,
        done=lambda chosen: (reverse("authority:segregation"), _("The rule was saved.")),
        context={
            "lines": lines,
            "strengths": segregation.STRENGTHS,
            "crumbs": crumbs_of(("", _("Segregation of functions"))),
        },
    )
