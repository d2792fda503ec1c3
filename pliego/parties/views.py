"""Registering accounts, asking for a place in one, and changing for whom one acts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pliego.accounts import factors
from pliego.kernel.objections import Unknown
from pliego.parties import access, forms, mailboxes, queries, rules, services
from pliego.parties.entity_forms import MailboxCode
from pliego.parties.facts import facts_of
from pliego.parties.middleware import ACCOUNT_KEY
from pliego.parties.models import Account
from pliego.parties.policy import REGISTRATION, Act
from pliego.web.acts import See303, get_visible, perform, signed_in

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def actor_of(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def at_of(request: HttpRequest) -> Any:
    return request.received_at  # type: ignore[attr-defined]


def account_called(request: HttpRequest, code: str) -> Account:
    rows = Account.objects.visible_to(actor_of(request))
    return get_visible(rows.select_related("organization", "held_by", "parent__organization"), code=code)


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """The accounts in which this person has or asked for a place, and what they can do next."""
    actor = actor_of(request)
    shown = {
        "places": queries.all_places_of(user_id=actor.user_id),
        "has_second_factor": factors.has_second_factor(None, actor.user_id),
    }
    return render(request, "parties/mine.html", shown)


@require_POST
@signed_in
def switch(request: HttpRequest) -> HttpResponse:
    """Act from now on for another of one's accounts, or for oneself."""
    form = forms.Switch(request.POST)
    if not form.is_valid():
        raise Unknown()
    code = form.cleaned_data["account"]
    place = queries.places_of(user_id=actor_of(request).user_id).filter(account__code=code).first() if code else None
    if code and place is None:
        raise Unknown()
    request.session[ACCOUNT_KEY] = place.account_id if place else None
    going = form.cleaned_data["next"]
    safe = url_has_allowed_host_and_scheme(going, {request.get_host()}, require_https=request.is_secure())
    return See303(going if safe else reverse("parties:mine"))


@GET_OR_POST
@signed_in
def register_supplier(request: HttpRequest) -> HttpResponse:
    def register(data: dict[str, Any], actor: Any) -> Account:
        return services.register_supplier(
            actor=actor, data=services.supplier_of(data, user_id=actor.user_id), at=at_of(request)
        )

    def done(account: Account) -> tuple[str, str]:
        request.session[ACCOUNT_KEY] = account.pk
        said = _("%(name)s is registered and can make offers.") % {"name": account.name}
        return reverse("parties:account", args=[account.code]), said

    return perform(
        request,
        page="parties/register_supplier.html",
        form=forms.Supplier,
        act=register,
        done=done,
        draft="parties:supplier",
    )


@require_safe
@signed_in
def show(request: HttpRequest, code: str) -> HttpResponse:
    """What the account's people see of it: its data, its documents, where its request is."""
    account = account_called(request, code)
    REGISTRATION.require(actor_of(request), Act.SEE_REGISTRATION, account)
    shown = {
        "account": account,
        "facts": facts_of(account),
        "papers": queries.papers_of(account),
        "changes": queries.all_changes().filter(account=account).order_by("-requested_at")[:25],
        "may_change": REGISTRATION.verdict(actor_of(request), Act.ASK_CHANGE, account),
        "renewable": {paper.kind for paper in rules.papers_for(account.kind)} if account.is_buyer else set(),
        "code_sent": mailboxes.waits_for_code(account.file, account.notification_email),
        "mailbox": MailboxCode(),
    }
    return render(request, "parties/account.html", shown)


@require_safe
@signed_in
def find_account(request: HttpRequest) -> HttpResponse:
    """Look for the account in which one works, by name or NIT."""
    words = request.GET.get("q", "")[:200]
    is_number = not any(letter.isalpha() for letter in words)
    actor = actor_of(request)
    found = queries.candidates(actor=actor, nit=words) if is_number else queries.candidates(actor=actor, words=words)
    return render(request, "parties/find_account.html", {"q": words, "found": found})


@GET_OR_POST
@signed_in
def request_access(request: HttpRequest, code: str) -> HttpResponse:
    account = account_called(request, code)

    def ask(data: dict[str, Any], actor: Any) -> Any:
        return access.request_access(actor=actor, account_id=account.pk, note=data["note"], at=at_of(request))

    return perform(
        request,
        page="web/act.html",
        form=forms.Access,
        act=ask,
        done=lambda place: (reverse("parties:mine"), _("Your request is with the administrators of the account.")),
        context={
            "title": _("Ask for access to %(name)s") % {"name": account.name},
            "submit_label": _("Ask for access"),
            "cancel_url": reverse("parties:find-account"),
        },
    )


@require_safe
def public_entity(request: HttpRequest, number: str) -> HttpResponse:
    return _public(request, number, "is_buyer")


@require_safe
def public_supplier(request: HttpRequest, number: str) -> HttpResponse:
    return _public(request, number, "is_supplier")


def _public(request: HttpRequest, number: str, flag: str) -> HttpResponse:
    """The public page of an account, by the NIT without or with its digit; a natural person's by the account's code."""
    account = queries.public_account(number=number, flag=flag)
    if account is None:
        raise Unknown()
    if number not in {account.organization.number, account.code}:
        return redirect(request.resolver_match.view_name, account.organization.number)  # type: ignore[union-attr]
    facts = [fact for fact in facts_of(account) if fact.is_public]
    return render(request, "parties/public.html", {"account": account, "facts": facts})
