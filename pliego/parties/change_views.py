"""An active account keeps itself right: its data, its documents, selling too, and being of the right type."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pliego.kernel.objections import Refused, Unknown
from pliego.parties import changes, entity_forms, forms, mailboxes, rules, services
from pliego.parties.models import Account
from pliego.parties.policy import REGISTRATION, Act
from pliego.parties.services import Attached
from pliego.parties.views import GET_OR_POST, account_called, actor_of, at_of
from pliego.web.acts import See303, perform, signed_in
from pliego.web.forms import Form, UploadField


def _changeable(request: HttpRequest, code: str) -> Account:
    account = account_called(request, code)
    REGISTRATION.require(actor_of(request), Act.ASK_CHANGE, account)
    return account


class Data(Form):
    """The data of an account, and the reason of what the desk has to agree to."""

    marks_optional = False

    def __init__(self, *args: Any, account: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        known = {**forms.Supplier.base_fields, **entity_forms.Identity.base_fields, **forms._Contact.base_fields}
        if account.is_supplier and not account.is_buyer:
            known["kind"] = forms.Supplier.base_fields["kind"]
        for name in changes.fields_of(account):
            field = self.fields[name] = known[name].__deepcopy__({})
            field.required = False
            if changes.needs_desk(account, name):
                field.help_text = gettext_lazy("The service desk has to agree to a change of this.")
        self.fields["reason"] = django_forms.CharField(
            label=gettext_lazy("Why, for what the service desk has to agree to"), max_length=1000, required=False,
            widget=django_forms.Textarea(attrs={"rows": 3}),
        )  # fmt: skip
        self.fields["paper"] = UploadField(
            label=gettext_lazy("Document that supports it"), purpose="change_support", required=False,
            accept=entity_forms.PAPER_TYPES,
        )  # fmt: skip


@GET_OR_POST
@signed_in
def data(request: HttpRequest, code: str) -> HttpResponse:
    """Correct the data of an active account."""
    account = _changeable(request, code)

    def change(told: dict[str, Any], actor: Any) -> Account:
        reason, paper = told.pop("reason"), told.pop("paper")
        return changes.change_data(
            actor=actor, account_id=account.pk, data=told, reason=reason, paper=paper, at=at_of(request)
        )

    return perform(
        request, page="parties/change.html", form=Data, form_options={"account": account}, act=change,
        initial=changes.values_of(account), draft=f"parties:data:{code}",
        done=lambda kept: (reverse("parties:account", args=[code]), _("Saved. What needs the desk waits for it.")),
        context={"title": _("Correct the data of the account"), "submit_label": _("Save the changes"),
                 "cancel_url": reverse("parties:account", args=[code])},
    )  # fmt: skip


@GET_OR_POST
@signed_in
def sell(request: HttpRequest, code: str) -> HttpResponse:
    """An entity that also sells to others."""
    account = _changeable(request, code)
    return perform(
        request, page="web/act.html", form=forms.Why,
        act=lambda told, actor: changes.ask_to_sell(actor=actor, account_id=account.pk, at=at_of(request), **told),
        done=lambda asked: (reverse("parties:account", args=[code]), _("The service desk has your request.")),
        context={"title": _("Act as supplier too"), "submit_label": _("Ask for it"),
                 "lead": _("For entities that provide goods or services to other entities."),
                 "cancel_url": reverse("parties:account", args=[code])},
    )  # fmt: skip


@GET_OR_POST
@signed_in
def retype(request: HttpRequest, code: str) -> HttpResponse:
    """A supplier that registered as an entity, or the reverse."""
    account = _changeable(request, code)
    return perform(
        request, page="web/act.html", form=forms.OtherType, form_options={"is_buyer": account.is_buyer},
        act=lambda told, actor: changes.ask_other_type(actor=actor, account_id=account.pk, at=at_of(request), **told),
        done=lambda asked: (reverse("parties:account", args=[code]), _("The service desk has your request.")),
        context={"title": _("The account was registered as the wrong type"),
                 "submit_label": _("Ask for the correction"),
                 "lead": _("Only while the account has no plans, processes, offers or contracts."),
                 "cancel_url": reverse("parties:account", args=[code])},
    )  # fmt: skip


@GET_OR_POST
@signed_in
def paper(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """A newer document in the place of one of the registration."""
    account = _changeable(request, code)
    wanted = next((p for p in rules.papers_for(account.kind) if p.kind == kind and account.is_buyer), None)
    if wanted is None:
        raise Unknown()

    def renew(told: dict[str, Any], actor: Any) -> Any:
        dates = rules.Dates(
            told.get(f"{wanted.field}_issued_on"), told.get(f"{wanted.field}_expires_on"),
            told.get(f"{wanted.field}_audience") or "",
        )  # fmt: skip
        sent = Attached(told[wanted.field], dates)
        return changes.renew_paper(actor=actor, account_id=account.pk, field=wanted.field, sent=sent, at=at_of(request))

    return perform(
        request, page="web/act.html", form=entity_forms.OnePaper, form_options={"paper": wanted}, act=renew,
        done=lambda kept: (reverse("parties:account", args=[code]), _("The document is kept.")),
        context={"title": wanted.title, "submit_label": _("Keep the document"),
                 "cancel_url": reverse("parties:account", args=[code])},
    )  # fmt: skip


@require_POST
@signed_in
def mailbox(request: HttpRequest, code: str) -> HttpResponse:
    """Send a code to the account's address for notifications, or confirm it with the one that arrived."""
    account = _changeable(request, code)
    form = entity_forms.MailboxCode(request.POST)
    try:
        if request.POST.get("accion") == "enviar":
            mailboxes.send_code(
                purpose=account.file, email=account.notification_email, name=account.name, at=at_of(request)
            )
            messages.success(request, _("We sent a code to %(email)s.") % {"email": account.notification_email})
        elif form.is_valid():
            services.confirm_mailbox(account_id=account.pk, code=form.cleaned_data["code"], at=at_of(request))
            messages.success(request, _("The address for notifications is confirmed."))
    except Refused as refused:
        messages.error(request, str(refused.objections[0].sentence))
    return See303(reverse("parties:account", args=[code]))
