"""The people of an account: who asked, who is in, with which roles."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pliego.kernel.objections import Unknown
from pliego.parties import access, forms, invites, queries
from pliego.parties.models import Account, Invite, Membership
from pliego.parties.policy import REGISTRATION, Act
from pliego.parties.roles import ROLES, advice_on
from pliego.parties.views import GET_OR_POST, actor_of, at_of
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.pagination import paginate


def own_account(request: HttpRequest) -> Account:
    account = Account.objects.select_related("organization").filter(pk=actor_of(request).account_id).first()
    if account is None:
        raise Unknown()
    return account


def _managed(request: HttpRequest) -> Account:
    account = own_account(request)
    REGISTRATION.require(actor_of(request), Act.MANAGE_PEOPLE, account)
    return account


def _place(account: Account, person: str) -> Membership:
    return get_visible(Membership.objects.filter(account=account).select_related("user", "account"), user__code=person)


@require_safe
@signed_in
def team(request: HttpRequest) -> HttpResponse:
    account = _managed(request)
    pager = paginate(request, queries.people_of(account))
    invites = account.invites.filter(state="sent").select_related("invited_by").order_by("-invited_at")[:100]
    proposed = queries.proposed_administrators(account)
    shown = {"account": account, "pager": pager, "roles": ROLES, "invites": invites, "proposed": proposed}
    return render(request, "parties/team.html", shown)


@GET_OR_POST
@signed_in
def person(request: HttpRequest, person: str) -> HttpResponse:
    """Accept a request or change somebody's roles: the same page, because it is the same question."""
    account = _managed(request)
    place = _place(account, person)

    def decide(data: dict[str, Any], actor: Any) -> Membership:
        give = access.accept_access if place.state == "pending" else access.set_roles
        return give(actor=actor, membership_id=place.pk, roles=data["roles"], at=at_of(request))

    return perform(
        request,
        page="parties/person.html",
        form=forms.Roles,
        form_options={"is_buyer": account.is_buyer, "is_supplier": account.is_supplier},
        initial={"roles": place.roles},
        act=decide,
        done=lambda decided: (
            reverse("parties:team"),
            " ".join([_("Saved. It counts from their next page."), *advice_on(decided.all_roles)]),
        ),
        context={"place": place, "account": account},
    )


@GET_OR_POST
@signed_in
def reject(request: HttpRequest, person: str) -> HttpResponse:
    place = _place(_managed(request), person)
    return perform(
        request,
        page="web/act.html",
        form=forms.Access,
        act=lambda data, actor: access.reject_access(
            actor=actor, membership_id=place.pk, reason=data["note"], at=at_of(request)
        ),
        done=lambda decided: (reverse("parties:team"), _("The request was rejected.")),
        context=_question(_("Reject the request of %(name)s"), place, _("Reject the request")),
    )


@GET_OR_POST
@signed_in
def revert(request: HttpRequest, person: str) -> HttpResponse:
    place = _place(_managed(request), person)
    return perform(
        request,
        page="web/act.html",
        form=forms.Nothing,
        act=lambda data, actor: access.revert_rejection(actor=actor, membership_id=place.pk, at=at_of(request)),
        done=lambda decided: (
            reverse("parties:person", args=[place.user.code]),
            _("The request waits again for an answer."),
        ),
        context=_question(_("Put back the request of %(name)s"), place, _("Put it back")),
    )


@GET_OR_POST
@signed_in
def end(request: HttpRequest, person: str) -> HttpResponse:
    place = _place(_managed(request), person)
    return perform(
        request,
        page="web/act.html",
        form=forms.Nothing,
        act=lambda data, actor: access.end_access(actor=actor, membership_id=place.pk, at=at_of(request)),
        done=lambda decided: (reverse("parties:team"), _("The person no longer acts for this account.")),
        context=_question(_("End the access of %(name)s"), place, _("End the access")),
    )


@GET_OR_POST
@signed_in
def invite(request: HttpRequest) -> HttpResponse:
    """Offer a place to somebody by their e-mail."""
    account = _managed(request)
    return perform(
        request,
        page="web/act.html",
        form=forms.Invite,
        form_options={"is_buyer": account.is_buyer, "is_supplier": account.is_supplier},
        act=lambda data, actor: invites.invite(actor=actor, account_id=account.pk, at=at_of(request), **data),
        done=lambda sent: (reverse("parties:team"), _("We sent the invitation to %(email)s.") % {"email": sent.email}),
        context={
            "title": _("Invite somebody to the account"),
            "lead": _(
                "Whoever reads that mailbox takes the place, signed in. It does not matter whether they are registered."
            ),
            "submit_label": _("Send the invitation"),
            "cancel_url": reverse("parties:team"),
        },
    )


@GET_OR_POST
@signed_in
def withdraw_invite(request: HttpRequest, code: str) -> HttpResponse:
    account = _managed(request)
    found = get_visible(Invite.objects.filter(account=account), code=code)
    return perform(
        request,
        page="web/act.html",
        form=forms.Nothing,
        act=lambda data, actor: invites.withdraw(actor=actor, invite_id=found.pk, at=at_of(request)),
        done=lambda ended: (reverse("parties:team"), _("The invitation no longer opens anything.")),
        context={
            "title": _("Withdraw the invitation of %(email)s") % {"email": found.email},
            "submit_label": _("Withdraw it"),
            "cancel_url": reverse("parties:team"),
        },
    )


@GET_OR_POST
@signed_in
def take_invite(request: HttpRequest, token: str) -> HttpResponse:
    """What a mail led to: the person takes the place, or does not want it."""
    found = invites.for_token(token, at_of(request))

    def answer(data: dict[str, Any], actor: Any) -> Any:
        told: dict[str, Any] = {"actor": actor, "token": token, "at": at_of(request)}
        return invites.take(**told) if data["verdict"] == "approve" else invites.decline(**told)

    roles = ", ".join(str(ROLES[role].title) for role in found.roles if role in ROLES)
    told = {"inviter": found.invited_by.full_name, "account": found.account.name, "roles": roles}
    return perform(
        request,
        page="web/act.html",
        form=forms.TakePlace,
        act=answer,
        done=lambda done: (reverse("parties:mine"), _("Your answer is with the administrators of the account.")),
        context={
            "title": _("A place in %(account)s") % told,
            "lead": _("%(inviter)s offers you these roles in %(account)s: %(roles)s.") % told,
            "submit_label": _("Send my answer"),
            "cancel_url": reverse("parties:mine"),
        },
    )


@GET_OR_POST
@signed_in
def appointment(request: HttpRequest, person: str) -> HttpResponse:
    """The second person of two who appoint an administrator."""
    account = own_account(request)
    REGISTRATION.require(actor_of(request), Act.CONFIRM_ADMINISTRATOR, account)
    found = get_visible(queries.proposed_administrators(account), place__user__code=person)

    def decide(data: dict[str, Any], actor: Any) -> Any:
        act = access.confirm_administrator if data["verdict"] == "approve" else access.refuse_administrator
        return act(actor=actor, appointment_id=found.pk, at=at_of(request))

    told = {"name": found.place.user.full_name, "proposer": found.proposed_by.full_name}
    return perform(
        request,
        page="web/act.html",
        form=forms.Decision,
        act=decide,
        done=lambda decided: ("/escritorio/", _("Decided.")),
        context={
            "title": _("%(name)s as administrator") % told,
            "lead": _(
                "%(proposer)s proposes it. An administrator admits people and gives roles; two people appoint one."
            )
            % told,
            "submit_label": _("Decide"),
            "cancel_url": reverse("parties:mine"),
        },
    )


def _question(title: str, place: Membership, label: str) -> dict[str, Any]:
    return {
        "title": title % {"name": place.user.full_name},
        "submit_label": label,
        "cancel_url": reverse("parties:team"),
    }
