"""The form of an area of interest."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from pliego.directory.rules import InterestData, codes_in
from pliego.publication.labels import DEPARTMENTS
from pliego.web.forms import Form


class InterestForm(Form):
    title = forms.CharField(
        label=_("Name of the area"), help_text=_("As you want to see it in its notices."), max_length=120
    )
    unspsc = forms.CharField(
        label=_("UNSPSC codes"),
        help_text=_(
            "Of 2, 4, 6 or 8 digits, separated by commas or lines. A short code holds all that begin with it:"
            " 4321 is all computer equipment."
        ),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    departments = forms.MultipleChoiceField(
        label=_("Departments"),
        help_text=_("Where the contract is performed. Without any, the whole country."),
        choices=list(DEPARTMENTS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class InviteForm(Form):
    """The suppliers of the page that are ticked; whether each may be invited is asked of the process."""

    suppliers = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, lines: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        # Who was ticked and is no longer on the page is asked of the process too, and refused there with its reason.
        sent = self.data.getlist("suppliers") if isinstance(self.data, QueryDict) else []
        more = [(code, code) for code in sent if code not in dict(lines)]
        self.fields["suppliers"].choices = [*lines, *more]  # type: ignore[attr-defined]


class ChooseProcess(Form):
    process = forms.ChoiceField(label=_("Process"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["process"].choices = choices  # type: ignore[attr-defined]


class ConfirmForm(Form):
    """Nothing to fill in: a button and what it does."""


def data_of(cleaned: dict[str, Any]) -> InterestData:
    return InterestData(cleaned["title"], codes_in(cleaned["unspsc"]), list(cleaned["departments"]))
