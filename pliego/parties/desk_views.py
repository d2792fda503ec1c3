"""The service desk: the queue of activations and its checklist."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pliego.kernel.objections import Denied
from pliego.parties import forms, queries, services
from pliego.parties.facts import facts_of
from pliego.parties.models import Account
from pliego.parties.policy import is_desk
from pliego.parties.views import GET_OR_POST, account_called, actor_of, at_of
from pliego.web.acts import perform, signed_in
from pliego.web.pagination import paginate


def _desk_only(request: HttpRequest) -> None:
    if not (verdict := is_desk(actor_of(request), None)):
        raise Denied(verdict.reason)


@require_safe
@signed_in
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first, with who has it and since when."""
    _desk_only(request)
    return render(request, "parties/desk_queue.html", {"pager": paginate(request, queries.waiting_for_activation())})


@require_safe
@signed_in
def account(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that has to be checked, on one page."""
    _desk_only(request)
    found = account_called(request, code)
    shown = {
        "account": found,
        "facts": facts_of(found),
        "papers": queries.papers_of(found),
        "duplicates": queries.namesakes(found),
    }
    return render(request, "parties/desk_account.html", shown)


@GET_OR_POST
@signed_in
def take(request: HttpRequest, code: str) -> HttpResponse:
    _desk_only(request)
    found = account_called(request, code)
    return _decide(
        request,
        found,
        lambda data, actor: services.take_request(actor=actor, account_id=found.pk, at=at_of(request)),
        title=_("Take the request of %(name)s"),
        label=_("Take it"),
        said=_("The request is yours: its administrator sees it."),
    )


@GET_OR_POST
@signed_in
def activate(request: HttpRequest, code: str) -> HttpResponse:
    _desk_only(request)
    found = account_called(request, code)
    return _decide(
        request,
        found,
        lambda data, actor: services.activate_entity(actor=actor, account_id=found.pk, at=at_of(request)),
        title=_("Activate %(name)s"),
        label=_("Activate the account"),
        said=_("The account is active."),
    )


@GET_OR_POST
@signed_in
def give_back(request: HttpRequest, code: str) -> HttpResponse:
    _desk_only(request)
    found = account_called(request, code)
    labels = [(fact.field, fact.label) for fact in facts_of(found)]
    labels += [(paper.kind, paper.kind_title) for paper in queries.papers_of(found)]
    return _decide(
        request,
        found,
        lambda data, actor: services.return_entity(actor=actor, account_id=found.pk, reasons=data, at=at_of(request)),
        form=forms.Reasons,
        form_options={"fields": labels},
        title=_("Return the registration of %(name)s"),
        lead=_("Write what is wrong at each field that has to be corrected; leave the others empty."),
        label=_("Return the registration"),
        said=_("The registration was returned with your reasons."),
    )


def _decide(request: HttpRequest, found: Account, act: Any, *, title: str, label: str, said: str, **told: Any) -> Any:
    return perform(
        request,
        page="web/act.html",
        form=told.get("form", forms.Nothing),
        form_options=told.get("form_options"),
        act=act,
        done=lambda decided: (reverse("parties:desk-queue"), said),
        context={
            "title": title % {"name": found.name},
            "lead": told.get("lead", ""),
            "submit_label": label,
            "cancel_url": reverse("parties:desk-account", args=[found.code]),
        },
    )
