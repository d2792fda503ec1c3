"""What a supplier types of itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.codelists.fields import LookupInput
from pliego.suppliers import sizes
from pliego.suppliers.models import Activity
from pliego.web.forms import DateField, Form, MoneyField, UploadField

PAPERS = ".pdf,.png,.jpg,.jpeg"


class Profile(Form):
    main_category = forms.CharField(
        label=_("What it sells mainly"),
        help_text=_("The UNSPSC code, with 2, 4, 6 or 8 digits; write a word to look for it."),
        max_length=120,
        required=False,
        widget=LookupInput(source="/api/v1/codelists/unspsc", shows="{code} {name}"),
    )
    website = forms.URLField(label=_("Website"), max_length=200, required=False, assume_scheme="https")
    description = forms.CharField(
        label=_("What it does, in its words"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    activity = forms.ChoiceField(
        label=_("Activity from which most of its income comes"),
        choices=[("", _("I do not want to say")), *Activity.choices],
        required=False,
        help_text=_("With the income of a year it tells the size of the company, as the law does."),
    )
    income_year = forms.TypedChoiceField(
        label=_("Year of the income"), required=False, coerce=int, empty_value=None,
        choices=[("", _("Choose")), *((year, year) for year in sorted(sizes.UVT, reverse=True))],
    )  # fmt: skip
    income_amount = MoneyField(
        label=_("Income from ordinary activities of that year"), help_text=_("Only you see the amount."), required=False
    )

    def clean_main_category(self) -> str:
        return str(self.cleaned_data["main_category"]).split(" ")[0].removeprefix("V1.")


class Experience(Form):
    client = forms.CharField(label=_("For whom it was"), max_length=200)
    reference = forms.CharField(label=_("Number of the contract"), max_length=60, required=False)
    title = forms.CharField(label=_("Object"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    unspsc = forms.CharField(
        label=_("UNSPSC codes"), help_text=_("Separated by commas, for example 432115, 441031."),
        max_length=1000, required=False,
    )  # fmt: skip
    amount = MoneyField(label=_("Value, in pesos"))
    starts_on = DateField(label=_("It began on"))
    ends_on = DateField(label=_("It ended on"))
    proof = UploadField(label=_("Certificate"), accept=PAPERS, purpose="experience_proof", required=False)

    def clean_unspsc(self) -> tuple[str, ...]:
        typed = self.cleaned_data["unspsc"].replace(";", ",").replace(" ", ",").split(",")
        return tuple(code for code in typed if code)


class Statement(Form):
    as_of = DateField(label=_("Cut-off"), help_text=_("Usually 31 December of last year."))
    current_assets = MoneyField(label=_("Current assets"))
    current_liabilities = MoneyField(label=_("Current liabilities"))
    total_assets = MoneyField(label=_("Total assets"))
    total_liabilities = MoneyField(label=_("Total liabilities"))
    equity = MoneyField(label=_("Equity"), min_amount=None)
    operating_profit = MoneyField(label=_("Operating profit"), min_amount=None)
    interest = MoneyField(label=_("Interest expense"))
    proof = UploadField(
        label=_("Financial statements with their notes"), accept=".pdf,.xlsx", purpose="financial_statement",
        required=False,
    )  # fmt: skip


class Register(Form):
    number = forms.CharField(label=_("Number of inscription"), max_length=20)
    chamber = forms.CharField(label=_("Chamber of commerce"), max_length=100)
    registered_on = DateField(label=_("Registered on"))
    renewed_on = DateField(label=_("Renewed for the last time on"))
    firm_on = DateField(label=_("Firm since"), required=False)
    proof = UploadField(label=_("Certificate of the RUP"), accept=PAPERS, purpose="bidders_register", required=False)


class Bank(Form):
    never_drafted = ("bank", "kind", "number", "holder")
    bank = forms.CharField(label=_("Bank"), max_length=100)
    kind = forms.ChoiceField(
        label=_("Kind of account"), choices=[("savings", _("Savings")), ("current", _("Current"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    number = forms.CharField(label=_("Number of the account"), max_length=30)
    holder = forms.CharField(label=_("In whose name it is"), max_length=200)
    proof = UploadField(label=_("Bank certificate"), accept=PAPERS, purpose="bank_certificate", required=False)


def initial_of(row: Any, form: type[Form]) -> dict[str, Any]:
    """What is kept, for the fields of a form."""
    return {name: getattr(row, name) for name in form.base_fields if row is not None and hasattr(row, name)}
