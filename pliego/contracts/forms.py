"""Forms of the contract's acts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.conditions import covers
from pliego.contracts import changes
from pliego.documents import filetypes, kinds
from pliego.planning.models import DurationUnit
from pliego.web.forms import DateField, Form, MoneyField, UploadField

LONG = forms.Textarea(attrs={"rows": 5})


class ConfirmForm(Form):
    """An act that asks nothing but to be confirmed."""


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Reason"), help_text=_("The other party reads it as you write it."), max_length=4000, widget=LONG
    )


class EditForm(Form):
    number = forms.CharField(label=_("Number of the contract"), max_length=60)
    title = forms.CharField(label=_("Title"), max_length=200)
    object = forms.CharField(label=_("Object"), max_length=4000, widget=LONG)
    duration = forms.IntegerField(
        label=_("Duration"),
        required=False,
        min_value=1,
        max_value=10_000,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )
    duration_unit = forms.ChoiceField(label=_("Unit of the duration"), choices=DurationUnit.choices)
    delivery_place = forms.CharField(label=_("Place of performance"), max_length=250, required=False)
    budget_certificate = forms.CharField(label=_("Budget certificate (CDP)"), max_length=60, required=False)
    payment_terms = forms.CharField(
        label=_("Terms of payment"),
        help_text=_("Empty: by the payment plan, after the supervisor's approval."),
        max_length=4000,
        required=False,
        widget=LONG,
    )
    clauses = forms.CharField(label=_("Additional clauses"), max_length=20_000, required=False, widget=LONG)
    covers = forms.MultipleChoiceField(
        label=_("Guarantees that the contract asks for"),
        choices=covers.CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    has_settlement = forms.BooleanField(label=_("The contract must be settled when it ends"), required=False)


class SignForm(Form):
    budget_commitment = forms.CharField(
        label=_("Number of the budget commitment (registro presupuestal)"), max_length=60
    )
    budget_commitment_amount = MoneyField(label=_("Amount of the budget commitment"))


class StartForm(Form):
    supervisor = forms.TypedChoiceField(label=_("Supervisor"), coerce=int, empty_value=None)
    starts_on = DateField(label=_("First day"), help_text=_("For example 21/11/2026."))

    def __init__(self, *args: Any, supervisors: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["supervisor"].choices = [("", _("Choose")), *supervisors]  # type: ignore[attr-defined]


class CompleteForm(Form):
    completed_on = DateField(label=_("Day on which everything was received"))


class GuaranteeForm(Form):
    cover = forms.ChoiceField(label=_("What it covers"), choices=covers.CHOICES)
    guarantee_class = forms.ChoiceField(label=_("Class of guarantee"), choices=covers.CLASSES)
    policy_number = forms.CharField(label=_("Number of the policy"), max_length=60)
    insurer = forms.CharField(label=_("Insurer or bank"), max_length=200)
    amount = MoneyField(label=_("Amount covered"))
    starts_on = DateField(label=_("In force from"))
    ends_on = DateField(label=_("In force until"))
    document = UploadField(
        label=_("Document of the guarantee"),
        help_text=_("The entity reads it now; everybody, once it is approved."),
        purpose="guarantee",
        accept=filetypes.accepted(kinds.get("guarantee").accepts),
    )


class ModificationKindForm(Form):
    kind = forms.ChoiceField(
        label=_("What the modification does"),
        choices=[(kind.code, kind.title) for kind in changes.KINDS.values()],
        widget=forms.RadioSelect,
    )


class ModificationForm(Form):
    """What a kind of modification may change, and why. It can be saved incomplete."""

    marks_optional = False
    amount = MoneyField(label=_("Amount"), required=False)
    budget_commitment = forms.CharField(
        label=_("Budget commitment of the addition (registro presupuestal)"), max_length=60, required=False
    )
    ends_on = DateField(label=_("New end date"), help_text=_("For example 21/11/2026."), required=False)
    object = forms.CharField(label=_("Object"), max_length=4000, required=False, widget=LONG)
    delivery_place = forms.CharField(label=_("Place of performance"), max_length=250, required=False)
    payment_terms = forms.CharField(label=_("Terms of payment"), max_length=4000, required=False, widget=LONG)
    clauses = forms.CharField(label=_("Additional clauses"), max_length=20_000, required=False, widget=LONG)
    reason = forms.CharField(
        label=_("Why the contract is modified"), help_text=_("It is public."), max_length=4000, required=False,
        widget=LONG,
    )  # fmt: skip
    needs_supplier = forms.BooleanField(
        label=_("It needs the supplier's acknowledgement"),
        help_text=_("Without it, it is unilateral (Ley 80 de 1993, art. 16)."),
        required=False,
    )

    def __init__(self, *args: Any, kind: changes.Kind, has_document: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        kept = {"reason", "needs_supplier", *kind.texts}
        kept |= {"amount"} if kind.sign else set()
        kept |= {"budget_commitment"} if kind.sign == 1 else set()
        kept |= {"ends_on"} if kind.may_move_end else set()
        for name in set(self.fields) - kept:
            del self.fields[name]
        self.fields["document"] = UploadField(
            label=_("Act of the modification"),
            help_text=_("There is one already: attach another only to replace it.") if has_document else "",
            purpose="contract_document",
            required=False,
        )
