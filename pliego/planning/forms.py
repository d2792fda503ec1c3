"""Forms of the annual plan: the header, a line, the publication."""

from datetime import date
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from pliego.codelists import queries as codelists
from pliego.codelists.words import fold
from pliego.kernel.objections import Text
from pliego.methods import catalogue
from pliego.parties.models import ContractingUnit
from pliego.planning.models import DurationUnit, Funding, FutureBudget, Kind, PlanLine
from pliego.planning.rules import Line, read_unspsc
from pliego.teams.forms import team_field
from pliego.web.forms import Form, MoneyField

EMPTY: tuple[str, Text] = ("", _("Choose"))


def month_field(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=[EMPTY, *MONTHS.items()], required=False, coerce=int, empty_value=None
    )


class HeaderForm(Form):
    mission = forms.CharField(
        label=_("Mission and vision"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    strategy = forms.CharField(
        label=_("Strategic perspective"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    contact_name = forms.CharField(label=_("Contact person"), max_length=200)
    contact_phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    contact_email = forms.EmailField(label=_("E-mail of the contact"), max_length=254)
    minor_limit_amount = MoneyField(label=_("Limit of menor cuantía"), required=False)
    minimum_limit_amount = MoneyField(
        label=_("Limit of mínima cuantía"), help_text=_("10 % of the limit of menor cuantía."), required=False
    )


class NewPlanForm(HeaderForm):
    year = forms.IntegerField(
        label=_("Year"), widget=forms.NumberInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"})
    )
    field_order = ("year", "team")

    def __init__(self, *args: Any, teams: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        if teams:
            self.fields["team"] = team_field(teams, is_required=False)
            self.order_fields(self.field_order)


class LineForm(Form):
    kind = forms.ChoiceField(
        label=_("What it is"), choices=Kind.choices, widget=forms.RadioSelect, initial="acquisition"
    )
    description = forms.CharField(
        label=_("What is to be bought"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    unspsc = forms.CharField(
        label=_("UNSPSC codes"),
        help_text=_("Six or eight digits; several separated by commas. The first is the main one."),
        max_length=400,
        required=False,
    )
    start_month = month_field(_("Month in which the process starts"))
    bids_month = month_field(_("Month in which offers are received"))
    duration = forms.IntegerField(
        label=_("Duration of the contract"),
        required=False,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )
    duration_unit = forms.ChoiceField(label=_("Unit of the duration"), choices=DurationUnit.choices, initial="months")
    method = forms.ChoiceField(label=_("Method"), required=False)
    funding_source = forms.ChoiceField(
        label=_("Source of the money"), choices=[EMPTY, *Funding.choices], required=False
    )
    total_amount = MoneyField(label=_("Total estimated value"), required=False)
    budget_amount = MoneyField(label=_("Estimated value in this year's budget"), required=False)
    future_budget = forms.ChoiceField(
        label=_("Budget of later years (vigencias futuras)"), choices=FutureBudget.choices, initial="no"
    )
    unit = forms.ChoiceField(label=_("Contracting unit"), required=False)
    responsible_name = forms.CharField(label=_("Person responsible"), max_length=200, required=False)
    responsible_phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    responsible_email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    municipality = forms.CharField(
        label=_("Municipality"),
        help_text=_("Its DANE code of five digits, or its name with the department."),
        max_length=100,
        required=False,
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    overrule = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("kind", "description", "unspsc")

    def __init__(self, *args: Any, account_id: int, on: date, kinds: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        shown = [(kind, label) for kind, label in Kind.choices if kind in kinds]
        self.fields["kind"].choices = shown  # type: ignore[attr-defined]
        self.fields["kind"].initial = kinds[0]
        units = ContractingUnit.objects.filter(account_id=account_id, is_active=True).order_by("name")
        self.fields["method"].choices = [EMPTY, *catalogue.choices(on)]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            EMPTY,
            *((unit.reference, unit.name) for unit in units),
        ]

    def clean_municipality(self) -> str:
        typed = self.cleaned_data["municipality"].strip()
        if not typed or codelists.place_of(typed):
            return str(typed)
        found = codelists.search_municipalities(words=typed.replace(",", " "), limit=2)
        exact = [place for place in found if fold(place.municipality) == fold(typed)]
        if len(exact or found) != 1:
            raise forms.ValidationError(_("There is no one municipality of that name. Write also its department."))
        return (exact or found)[0].code


class NeedForm(LineForm):
    """A need without a defined solution: what is needed and who knows of it."""

    LEFT_OUT = ("kind", "start_month", "bids_month", "duration", "duration_unit", "method", "funding_source",
                "total_amount", "budget_amount", "future_budget", "unit", "municipality")  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.LEFT_OUT:
            del self.fields[name]


def line_of(data: dict[str, Any], account_id: int) -> Line:
    """What the form gave, as the service takes it."""
    if "kind" not in data:
        typed = {name: data[name] for name in data if name not in {"unspsc", "seen", "overrule"}}
        return Line(**typed, kind="need", unspsc=read_unspsc(data["unspsc"]))
    typed = {name: value for name, value in data.items() if name not in {"unit", "unspsc", "seen", "overrule"}}
    unit = (
        ContractingUnit.objects.filter(account_id=account_id, reference=data["unit"]).first() if data["unit"] else None
    )
    return Line(**typed, unspsc=read_unspsc(data["unspsc"]), unit_id=unit.pk if unit else None)


def initial_of(line: PlanLine) -> dict[str, Any]:
    """A line as its form shows it."""
    others = {"unspsc", "unit", "seen", "overrule"}
    plain = {name: getattr(line, name) for name in LineForm.base_fields if name not in others}
    unit = line.unit.reference if line.unit else ""
    return {**plain, "unspsc": ", ".join(line.unspsc), "unit": unit, "seen": line.revision}


class PublishForm(Form):
    reason = forms.CharField(
        label=_("What changes in this version"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FileForm(Form):
    file = forms.FileField(
        label=_("CSV or XLSX file"),
        help_text=_("At most 10,000 lines and 5 MB. The columns may be in any order, and not all of them are needed."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class PasteForm(Form):
    rows = forms.CharField(
        label=_("Rows copied from a spreadsheet"),
        help_text=_("One line of the plan in each row, with the headings above. Without headings: the order below."),
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "pl-mono", "wrap": "off"}),
    )


class ApplyForm(Form):
    drops_missing = forms.BooleanField(
        label=_("Take out of the plan the lines that are not in the file"), required=False
    )
    skips_wrong = forms.BooleanField(label=_("Leave out the rows with errors"), required=False)
