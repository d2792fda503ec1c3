"""The people of an account: who asked, who is in, with which roles."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pliego.kernel.objections import Unknown
from pliego.parties import access, forms, queries
from pliego.parties.models import Account, Membership
from pliego.parties.policy import POLICY, Act
from pliego.parties.roles import ROLES
from pliego.parties.views import GET_OR_POST, actor_of, at_of
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.pagination import paginate


def _managed(request: HttpRequest) -> Account:
    account = Account.objects.select_related("organization").filter(pk=actor_of(request).account_id).first()
    if account is None:
        raise Unknown()
    POLICY.require(actor_of(request), Act.MANAGE_PEOPLE, account)
    return account


def _place(account: Account, person: str) -> Membership:
    return get_visible(Membership.objects.filter(account=account).select_related("user", "account"), user__code=person)


@require_safe
@signed_in
def team(request: HttpRequest) -> HttpResponse:
    account = _managed(request)
    pager = paginate(request, queries.people_of(account))
    return render(request, "parties/team.html", {"account": account, "pager": pager, "roles": ROLES})


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
        done=lambda decided: (reverse("parties:team"), _("Saved. It counts from their next page.")),
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


def _question(title: str, place: Membership, label: str) -> dict[str, Any]:
    return {
        "title": title % {"name": place.user.full_name},
        "submit_label": label,
        "cancel_url": reverse("parties:team"),
    }
