"""A supplier's own profile: everything on one page, and a page to change each part."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pliego.kernel.objections import Denied
from pliego.parties.models import Account
from pliego.parties.people_views import own_account
from pliego.parties.views import GET_OR_POST, actor_of, at_of
from pliego.suppliers import forms, queries, rules, services
from pliego.suppliers.models import BankAccount, BiddersRegister, Profile
from pliego.suppliers.policy import POLICY, Act
from pliego.web.acts import perform, signed_in
from pliego.web.forms import Form


def _mine(request: HttpRequest, act: Act = Act.EDIT) -> Account:
    account = own_account(request)
    if not (verdict := POLICY.verdict(actor_of(request), act, account)):
        raise Denied(verdict.reason)
    return account


@require_safe
@signed_in
def show(request: HttpRequest) -> HttpResponse:
    account = own_account(request)
    if not account.is_supplier:
        raise Denied(_("Only people who act for a supplier can do this."))
    found = queries.profile_for(actor=actor_of(request), account=account, at=at_of(request))
    may_edit = POLICY.verdict(actor_of(request), Act.EDIT, account)
    return render(request, "suppliers/profile.html", {"account": account, "shown": found, "may_edit": may_edit})


def _page(
    request: HttpRequest, form: type[Form], act: Callable[..., Any], title: str, *, initial: Any = None,
    lead: str = "", binding: bool = False, draft: str = "",
) -> HttpResponse:  # fmt: skip
    back = reverse("suppliers:profile")
    return perform(
        request, page="suppliers/part.html", form=form, initial=initial, binding=binding, draft=draft,
        act=lambda data, actor: act(actor=actor, at=at_of(request), **data),
        done=lambda kept: (back, _("Saved.")),
        context={"title": title, "lead": lead, "submit_label": _("Save"), "cancel_url": back},
    )  # fmt: skip


@GET_OR_POST
@signed_in
def data(request: HttpRequest) -> HttpResponse:
    account = _mine(request)

    def save(*, actor: Any, at: Any, **told: Any) -> Any:
        return services.save_profile(actor=actor, account_id=account.pk, data=rules.ProfileData(**told), at=at)

    kept = forms.initial_of(Profile.objects.filter(account=account).first(), forms.Profile)
    draft = f"suppliers:{account.code}:profile"
    return _page(request, forms.Profile, save, _("What the supplier is"), initial=kept, draft=draft)


@GET_OR_POST
@signed_in
def experience(request: HttpRequest) -> HttpResponse:
    account = _mine(request)

    def add(*, actor: Any, at: Any, proof: Any, **told: Any) -> Any:
        told_of = rules.ExperienceData(**told)
        return services.add_experience(actor=actor, account_id=account.pk, data=told_of, proof=proof, at=at)

    draft = f"suppliers:{account.code}:experience"
    return _page(request, forms.Experience, add, _("A contract that it performed"), draft=draft)


@GET_OR_POST
@signed_in
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    account = _mine(request)

    def take_back(*, actor: Any, at: Any) -> Any:
        return services.withdraw_experience(actor=actor, account_id=account.pk, number=number, at=at)

    return _page(request, Form, take_back, _("Withdraw this experience"), lead=_("It will not be shown any more."))


@GET_OR_POST
@signed_in
def statement(request: HttpRequest) -> HttpResponse:
    account = _mine(request)

    def save(*, actor: Any, at: Any, proof: Any, **told: Any) -> Any:
        told_of = rules.Statement(**told)
        return services.save_statement(actor=actor, account_id=account.pk, data=told_of, proof=proof, at=at)

    lead = _("The platform computes the indicators from these figures.")
    draft = f"suppliers:{account.code}:statement"
    return _page(request, forms.Statement, save, _("Financial statements"), lead=lead, draft=draft)


@GET_OR_POST
@signed_in
def register(request: HttpRequest) -> HttpResponse:
    account = _mine(request)
    kept = forms.initial_of(BiddersRegister.objects.filter(account=account).first(), forms.Register)

    def save(**told: Any) -> Any:
        return services.save_register(account_id=account.pk, **told)

    return _page(request, forms.Register, save, _("Register of bidders (RUP)"), initial=kept)


@GET_OR_POST
@signed_in
def bank(request: HttpRequest) -> HttpResponse:
    account = _mine(request, Act.EDIT_BANK)
    kept = forms.initial_of(BankAccount.objects.filter(account=account).first(), forms.Bank)

    def save(**told: Any) -> Any:
        return services.save_bank_account(account_id=account.pk, **told)

    lead = _("Only the administrators and representatives of this account see it. It is published nowhere.")
    return _page(request, forms.Bank, save, _("Bank account"), initial=kept, lead=lead, binding=True)
