"""The service desk: registrations to activate and changes to agree to, each with its checklist and who has it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pliego.kernel.objections import Denied
from pliego.parties import access, changes, checks, desk, forms, queries
from pliego.parties.facts import items_of, labels
from pliego.parties.models import Account, Appointment, Change
from pliego.parties.policy import REGISTRATION, Act, is_desk
from pliego.parties.views import GET_OR_POST, account_called, actor_of, at_of
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.pagination import paginate


def _desk_only(request: HttpRequest, account: Account | None = None) -> None:
    """The desk's pages are the desk's; what they say of an account does not exist for whoever is not of it either."""
    if account is not None:
        REGISTRATION.require(actor_of(request), Act.SEE_REGISTRATION, account)
    if not (verdict := is_desk(actor_of(request), None)):
        raise Denied(verdict.reason)


@require_safe
@signed_in
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first, with who has it and since when."""
    _desk_only(request)
    shown = {
        "pager": paginate(request, queries.waiting_for_activation()),
        "changes": queries.waiting_changes()[:25],
        "appointments": queries.appointments_for_the_desk()[:25],
    }
    return render(request, "parties/desk_queue.html", shown)


@GET_OR_POST
@signed_in
def account(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that has to be checked, item by item, on one page."""
    found = account_called(request, code)
    _desk_only(request, found)
    items = items_of(found)

    def review(data: dict[str, Any], actor: Any) -> Account:
        verdicts, rest = forms.verdicts_in(data, [item.code for item in items])
        return desk.review(actor=actor, account_id=found.pk, verdicts=verdicts, rest_is_right=rest, at=at_of(request))

    return perform(
        request,
        page="parties/desk_account.html",
        form=forms.Checklist,
        form_options={"items": items, "checks": found.checks},
        act=review,
        done=lambda kept: (reverse("parties:desk-account", args=[code]), _("What you checked is kept.")),
        context={
            "account": found,
            "duplicates": queries.namesakes(found),
            "findings": checks.findings(found, at_of(request)),
            "can_activate": not desk.waiting(found) and not any(c["wrong"] for c in found.checks.values()),
            "has_faults": any(c["wrong"] for c in found.checks.values()),
            "submit_label": _("Keep what I checked"),
        },
    )


@GET_OR_POST
@signed_in
def take(request: HttpRequest, code: str) -> HttpResponse:
    found = _waiting(request, code)
    return _decide(
        request,
        found,
        lambda data, actor: desk.take(actor=actor, account_id=found.pk, at=at_of(request)),
        title=_("Take the request of %(name)s"),
        label=_("Take it"),
        said=_("The request is yours: its administrator sees it."),
    )


@GET_OR_POST
@signed_in
def release(request: HttpRequest, code: str) -> HttpResponse:
    found = _waiting(request, code)
    return _decide(
        request,
        found,
        lambda data, actor: desk.release(actor=actor, account_id=found.pk, at=at_of(request)),
        title=_("Release the request of %(name)s"),
        label=_("Release it"),
        said=_("The request is free for others. What you checked is kept."),
    )


@GET_OR_POST
@signed_in
def activate(request: HttpRequest, code: str) -> HttpResponse:
    found = _waiting(request, code)
    return _decide(
        request,
        found,
        lambda data, actor: desk.activate(actor=actor, account_id=found.pk, at=at_of(request)),
        title=_("Activate %(name)s"),
        label=_("Activate the account"),
        said=_("The account is active."),
    )


@GET_OR_POST
@signed_in
def give_back(request: HttpRequest, code: str) -> HttpResponse:
    found = _waiting(request, code)
    wrong = {item: told["wrong"] for item, told in found.checks.items() if told["wrong"]}
    return _decide(
        request,
        found,
        lambda data, actor: desk.give_back(actor=actor, account_id=found.pk, reasons=data, at=at_of(request)),
        form=forms.Reasons,
        form_options={"fields": [(item.code, item.label) for item in items_of(found)]},
        initial=wrong,
        title=_("Return the registration of %(name)s"),
        lead=_("Write what is wrong at each field that has to be corrected; leave the others empty."),
        label=_("Return the registration"),
        said=_("The registration was returned with your reasons."),
    )


@GET_OR_POST
@signed_in
def change(request: HttpRequest, code: str) -> HttpResponse:
    """A change of an active account, what it was and what is asked, and the decision."""
    found = get_visible(queries.all_changes(), code=code)
    _desk_only(request, found.account)

    def decide(data: dict[str, Any], actor: Any) -> Change:
        told: dict[str, Any] = {"actor": actor, "change_id": found.pk, "at": at_of(request)}
        if data["verdict"] == "approve":
            return changes.approve(**told)
        return changes.refuse(**told, answer=data["answer"])

    named = labels()
    return perform(
        request,
        page="parties/desk_change.html",
        form=forms.Decision,
        act=decide,
        done=lambda decided: (reverse("parties:desk-queue"), _("Decided. The administrators of the account know.")),
        context={
            "change": found,
            "rows": [(named.get(field, field), *pair) for field, pair in found.data.items()],
            "submit_label": _("Decide"),
        },
    )


@GET_OR_POST
@signed_in
def appointment(request: HttpRequest, code: str, person: str) -> HttpResponse:
    """An account whose only administrator proposes another: the desk is the second person."""
    rows = Appointment.objects.filter(state="proposed").select_related("place__user", "place__account__organization")
    found = get_visible(rows, place__account__code=code, place__user__code=person)
    _desk_only(request, found.place.account)

    def decide(data: dict[str, Any], actor: Any) -> Appointment:
        act = access.confirm_administrator if data["verdict"] == "approve" else access.refuse_administrator
        return act(actor=actor, appointment_id=found.pk, at=at_of(request))

    return perform(
        request,
        page="web/act.html",
        form=forms.Decision,
        act=decide,
        done=lambda decided: (reverse("parties:desk-queue"), _("Decided. The administrators of the account know.")),
        context={
            "title": _("%(name)s as administrator of %(account)s")
            % {"name": found.place.user.full_name, "account": found.place.account.name},
            "lead": _("Compare with the authorisation signed by the authorising officer."),
            "submit_label": _("Decide"),
            "cancel_url": reverse("parties:desk-queue"),
        },
    )


def _waiting(request: HttpRequest, code: str) -> Account:
    found = account_called(request, code)
    _desk_only(request, found)
    return found


def _decide(request: HttpRequest, found: Account, act: Any, *, title: str, label: str, said: str, **told: Any) -> Any:
    return perform(
        request,
        page="web/act.html",
        form=told.get("form", forms.Nothing),
        form_options=told.get("form_options"),
        initial=told.get("initial"),
        act=act,
        done=lambda decided: (reverse("parties:desk-queue"), said),
        context={
            "title": title % {"name": found.name},
            "lead": told.get("lead", ""),
            "submit_label": label,
            "cancel_url": reverse("parties:desk-account", args=[found.code]),
        },
    )
