"""Forms of settling a contract alone, of the appeal, and of the decision of a judge."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.contracts.forms import LONG, ConfirmForm
from pliego.documents import filetypes, kinds
from pliego.settlements import rules
from pliego.web.forms import DateField, Form, MoneyField, UploadField

__all__ = ["AppealForm", "ConfirmForm", "DecideForm", "ResolutionForm", "RulingForm"]
WORDS = forms.Textarea(attrs={"rows": 8})


class Owed(Form):
    owed_to_contractor = MoneyField(
        label=_("Recognised to the contractor"), help_text=_("Of what was never paid of the value."), required=False
    )
    owed_to_entity = MoneyField(label=_("Owed by the contractor to the entity"), required=False)

    def clean_owed_to_contractor(self) -> object:
        return self.cleaned_data["owed_to_contractor"] or rules.ZERO

    def clean_owed_to_entity(self) -> object:
        return self.cleaned_data["owed_to_entity"] or rules.ZERO


class ResolutionForm(Owed):
    number = forms.CharField(label=_("Number of the resolution"), max_length=60, required=False)
    cause = forms.ChoiceField(
        label=_("Why both parties did not settle it"),
        choices=list(rules.CAUSES.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    called = forms.CharField(
        label=_("How and when the contractor was called to settle"), max_length=4000, required=False, widget=LONG
    )
    grounds = forms.CharField(label=_("Grounds"), max_length=20_000, required=False, widget=WORDS)
    field_order = ("number", "cause", "called", "grounds", "owed_to_contractor", "owed_to_entity")


class AppealForm(Form):
    text = forms.CharField(label=_("What you ask for and why"), max_length=20_000, required=False, widget=WORDS)
    document = UploadField(
        label=_("Document"),
        purpose="settlement_document",
        accept=filetypes.accepted(kinds.get("settlement_document").accepts),
        required=False,
    )


class DecideForm(Form):
    outcome = forms.ChoiceField(
        label=_("What is decided"), choices=list(rules.OUTCOMES.items()), widget=forms.RadioSelect, required=False
    )
    number = forms.CharField(label=_("Number of the resolution"), max_length=60, required=False)
    answer = forms.CharField(label=_("Grounds of the decision"), max_length=20_000, required=False, widget=WORDS)
    owed_to_contractor = MoneyField(
        label=_("Recognised to the contractor"), help_text=_("Only when the amounts change."), required=False
    )
    owed_to_entity = MoneyField(label=_("Owed by the contractor to the entity"), required=False)


class RulingForm(Owed):
    court = forms.CharField(label=_("Court or tribunal"), max_length=200, required=False)
    file_number = forms.CharField(label=_("Number of the judicial file"), max_length=60, required=False)
    decided_on = DateField(label=_("Day of the decision"), required=False)
    document = UploadField(
        label=_("Decision"),
        help_text=_("Everybody reads it. Cover what the law reserves before you send it."),
        purpose="settlement_ruling",
        accept=filetypes.accepted(kinds.get("settlement_ruling").accepts),
    )
    note = forms.CharField(label=_("Note"), max_length=4000, required=False, widget=LONG)
    field_order = ("court", "file_number", "decided_on", "document", "owed_to_contractor", "owed_to_entity", "note")
