"""The pages of plural bidders."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pliego.consortia import forms, queries, rules, services
from pliego.consortia.models import Group
from pliego.consortia.policy import POLICY, Act
from pliego.consortia.states import GROUP
from pliego.kernel.objections import Denied
from pliego.parties.views import GET_OR_POST, actor_of, at_of
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.buttons import button
from pliego.web.forms import Form
from pliego.web.pagination import paginate


def group_called(request: HttpRequest, code: str, act: Act = Act.VIEW) -> Group:
    group = get_visible(queries.groups(actor_of(request)), account__code=code)
    if act != Act.VIEW and not (verdict := POLICY.verdict(actor_of(request), act, group)):
        raise Denied(verdict.reason)
    return group


def to_group(group: Group) -> str:
    return reverse("consortia:group", args=[group.code])


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """The plural bidders in which one's account takes part."""
    actor = actor_of(request)
    shown = {
        "pager": paginate(request, queries.of_account(actor)),
        "may_create": POLICY.verdict(actor, Act.CREATE),
    }
    return render(request, "consortia/mine.html", shown)


@GET_OR_POST
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    if not (verdict := POLICY.verdict(actor_of(request), Act.CREATE)):
        raise Denied(verdict.reason)
    return perform(
        request, page="web/act.html", form=forms.New,
        act=lambda data, actor: services.put_together(actor=actor, at=at_of(request), **data),
        done=lambda group: (reverse("consortia:terms", args=[group.code]), _("Now write its members.")),
        context={"title": _("Put a plural bidder together"), "submit_label": _("Go on to its members"),
                 "cancel_url": reverse("consortia:mine")},
    )  # fmt: skip


@require_safe
@signed_in
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Its terms, who answered what and until when, and what one can do."""
    group, actor, at = group_called(request, code), actor_of(request), at_of(request)
    acts = [
        (Act.SEND, "invite", _("Ask the members"), "send", ""),
        (Act.EDIT, "", _("Change the terms"), "terms", "secondary"),
        (Act.ANSWER, "", _("Answer the invitation"), "answer", ""),
        (Act.DROP, "drop", _("Drop it"), "drop", "secondary"),
        (Act.DISSOLVE, "dissolve", _("Dissolve it"), "dissolve", "warning"),
    ]
    buttons = [
        button(label, reverse(f"consortia:{page}", args=[code]), kind=kind,
               objections=GROUP.objections(group, move, at=at) if move else ())
        for act, move, label, page, kind in acts
        if POLICY.verdict(actor, act, group)
    ]  # fmt: skip
    shown = {"group": group, "members": queries.members_of(group), "buttons": buttons, "is_over": group.is_over(at)}
    return render(request, "consortia/group.html", shown)


@GET_OR_POST
@signed_in
def terms(request: HttpRequest, code: str) -> HttpResponse:
    """Who its members are, with what share, and who represents them."""
    group = group_called(request, code, Act.EDIT)
    members = list(queries.members_of(group))
    initial: dict[str, Any] = {"representative": group.representative.email}
    kept: list[tuple[Any, ...]] = [(m.supplier.code, m.share, m.activities) for m in members]
    shown = kept or [(group.promoter.code, None, "")]
    for number, row in enumerate(shown):
        initial |= dict(zip((f"supplier-{number}", f"share-{number}", f"activities-{number}"), row, strict=True))

    def keep(data: dict[str, Any], actor: Any) -> Group:
        return services.set_terms(
            actor=actor, group_id=group.pk, parts=data["parts"], representative=data["representative"],
            paper=data["paper"], at=at_of(request),
        )  # fmt: skip

    return perform(
        request, page="consortia/terms.html", form=forms.Terms, act=keep, initial=initial,
        form_options={"rows": len(shown), "has_document": group.document is not None},
        draft=f"consortia:{code}:terms",
        done=lambda kept: (to_group(group), _("The terms are kept.")),
        context={"group": group, "submit_label": _("Keep the terms"), "cancel_url": to_group(group),
                 "asks_activities": group.kind in rules.STATES_ACTIVITIES},
    )  # fmt: skip


@GET_OR_POST
@signed_in
def send(request: HttpRequest, code: str) -> HttpResponse:
    group = group_called(request, code, Act.SEND)
    return perform(
        request, page="consortia/confirm.html", form=Form, binding=True,
        act=lambda data, actor: services.send(actor=actor, group_id=group.pk, at=at_of(request)),
        done=lambda sent: (to_group(group), _("Your members were asked; your own account has accepted.")),
        context={"group": group, "members": queries.members_of(group), "title": _("Ask the members"),
                 "lead": _("They have fifteen days to answer from their accounts. Your signature accepts for yours."),
                 "submit_label": _("Sign and ask the members"), "cancel_url": to_group(group)},
    )  # fmt: skip


@GET_OR_POST
@signed_in
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """A member accepts or not, having seen every term."""
    group = group_called(request, code, Act.ANSWER)

    def decide(data: dict[str, Any], actor: Any) -> Group:
        told: dict[str, Any] = {"actor": actor, "group_id": group.pk, "at": at_of(request)}
        if data["verdict"] == "accept":
            return services.accept(**told)
        return services.refuse(**told, reason=data["reason"])

    return perform(
        request, page="consortia/confirm.html", form=forms.Answer, act=decide, binding=True,
        done=lambda decided: (to_group(group), _("Your answer is signed and kept.")),
        context={"group": group, "members": queries.members_of(group),
                 "title": _("Answer the invitation to %(name)s") % {"name": group.account.name},
                 "submit_label": _("Sign the answer"), "cancel_url": to_group(group)},
    )  # fmt: skip


@GET_OR_POST
@signed_in
def drop(request: HttpRequest, code: str) -> HttpResponse:
    group = group_called(request, code, Act.DROP)
    return perform(
        request, page="consortia/confirm.html", form=Form,
        act=lambda data, actor: services.drop(actor=actor, group_id=group.pk, at=at_of(request)),
        done=lambda ended: (reverse("consortia:mine"), _("The plural bidder was dropped.")),
        context={"group": group, "members": queries.members_of(group), "title": _("Drop this plural bidder"),
                 "submit_label": _("Drop it"), "cancel_url": to_group(group)},
    )  # fmt: skip


@GET_OR_POST
@signed_in
def dissolve(request: HttpRequest, code: str) -> HttpResponse:
    group = group_called(request, code, Act.DISSOLVE)
    return perform(
        request, page="consortia/confirm.html", form=Form, binding=True,
        act=lambda data, actor: services.dissolve(actor=actor, group_id=group.pk, at=at_of(request)),
        done=lambda ended: (reverse("consortia:mine"), _("The plural bidder is dissolved.")),
        context={"group": group, "members": queries.members_of(group), "title": _("Dissolve this plural bidder"),
                 "lead": _("Its account can make no more offers. What it did stays, with its members."),
                 "submit_label": _("Sign and dissolve it"), "cancel_url": to_group(group)},
    )  # fmt: skip
