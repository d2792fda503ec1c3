"""Forms of the decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.web.forms import Form, MoneyField, UploadField


class AwardForm(Form):
    bid = forms.ChoiceField(label=_("Offer that wins"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed only if it is not the lowest price that complies."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, bids: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["bid"].choices = bids  # type: ignore[attr-defined]


class DesertForm(Form):
    reason = forms.CharField(
        label=_("Why the process is void"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )


class DirectForm(Form):
    supplier = forms.ChoiceField(label=_("Supplier"), widget=forms.RadioSelect)
    value = MoneyField(label=_("Value of the contract"))
    justification = UploadField(
        label=_("Act of justification"),
        help_text=_("The act that the ground of the law asks for, as a PDF, unless it is already in the process."),
        required=False,
        purpose="justification",
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, suppliers: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["supplier"].choices = suppliers  # type: ignore[attr-defined]
