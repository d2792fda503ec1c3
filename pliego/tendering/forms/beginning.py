"""Beginning a process: which method, which line of the plan, and what it takes from another one or a template."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Text
from pliego.methods import catalogue, choosing
from pliego.parties.models import Account
from pliego.planning.models import PlanLine
from pliego.teams.forms import team_field
from pliego.teams.queries import choices_of, is_on
from pliego.tendering.forms.fields import EMPTY, prose
from pliego.tendering.plan_lines import key_of
from pliego.tendering.sources import Offer
from pliego.web.forms import Form, MoneyField


class NewTenderForm(Form):
    title = forms.CharField(label=_("Name of the process"), max_length=200)
    reference = forms.CharField(
        label=_("Number of the process in your entity"),
        help_text=_("Your own numbering, for example MC-014-2026."),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    source_code = forms.CharField(
        label=_("Process to copy from"),
        help_text=_("The code of another process of your entity, of a public one, or of a template."),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    plan_lines = forms.ChoiceField(
        label=_("Line of the annual plan"),
        help_text=_("What the plan already says will not be asked again. Others are added afterwards."),
        required=False,
    )
    plan_justification = prose(
        _("Why this purchase is not in the annual plan"),
        most=2000,
        required=False,
        help_text=_("Only when you choose no line. It is public."),
    )
    method = forms.ChoiceField(
        label=_("Method"), help_text=_("Leave it empty to take the one of the plan's line."), required=False
    )

    def __init__(self, *args: Any, account_id: int, on: date, offers: Iterable[Offer] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields |= template_field(offers)
        lines = PlanLine.objects.standing().filter(plan__account_id=account_id, published_in__isnull=False)
        rows = lines.select_related("plan").order_by("-plan__year", "number")[:1000]
        shown = [(key_of(line), f"{line.plan.year} · {line.number}. {line.description[:90]}") for line in rows]
        self.lines = {key_of(line): line.pk for line in rows}
        self.fields["plan_lines"].choices = [("", _("None: it is not in the plan")), *shown]  # type: ignore[attr-defined]
        entity_type = Account.objects.values_list("entity_type", flat=True).get(pk=account_id)
        choices = [EMPTY, *catalogue.choices_for(on, entity_type)]
        self.fields["method"].choices = choices  # type: ignore[attr-defined]
        if is_on(account_id, "process"):
            self.fields["team"] = team_field(choices_of(account_id, "process"), is_required=True)

    def clean_plan_lines(self) -> list[int]:
        chosen = self.cleaned_data["plan_lines"]
        return [self.lines[chosen]] if chosen else []

    def clean(self) -> dict[str, Any]:
        return _with_template(super().clean() or {}, "source_code")


def template_field(offers: Iterable[Offer]) -> dict[str, forms.Field]:
    """The templates to choose from; no field where there are none."""
    choices = [(offer.code, f"{offer.title} ({offer.code})") for offer in offers]
    label, text = _("Template to begin with"), _("Its sections are copied; then each is yours to change.")
    made = forms.ChoiceField(label=label, help_text=text, choices=[("", _("No template")), *choices], required=False)
    return {"template": made} if choices else {}


def _with_template(data: dict[str, Any], field: str) -> dict[str, Any]:
    """What was chosen of the list stands for a code that was typed."""
    template = data.pop("template", "")
    return {**data, field: template or data.get(field, "")}


class ChoosingForm(Form):
    """What decides the method of a purchase."""

    value = MoneyField(label=_("Estimated value of the purchase"))
    budget = MoneyField(
        label=_("Annual budget of the entity"), help_text=_("The whole budget of this year: the ceilings come from it.")
    )
    year = forms.TypedChoiceField(
        label=_("Year of the budget"),
        help_text=_("The minimum wage of that year makes the ceilings. Nothing chosen: this year."),
        choices=[("", _("This year")), *((row.year, str(row.year)) for row in choosing.table().years)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    questions = forms.MultipleChoiceField(
        label=_("What is true of this purchase"),
        choices=list(choosing.QUESTIONS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def facts(self, this_year: int) -> choosing.Facts:
        data = self.cleaned_data
        year = data["year"] or this_year
        return choosing.Facts(
            value=data["value"], budget=data["budget"], year=year, **dict.fromkeys(data["questions"], True)
        )


class SourceForm(Form):
    """Which process or template to copy from."""

    source = forms.CharField(
        label=_("Code of the process or of the template"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )

    def __init__(self, *args: Any, offers: Iterable[Offer] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields = {**template_field(offers), **self.fields}

    def clean(self) -> dict[str, Any]:
        data = _with_template(super().clean() or {}, "source")
        if not data["source"] and "source" not in self.errors:
            self.add_error("source", _("Write the code, or choose a template."))
        return data


class CopyForm(Form):
    """Which of its sections."""

    parts = forms.MultipleChoiceField(
        label=_("What to copy"),
        help_text=_("It takes the place of what the draft says there."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, choices: list[tuple[str, Text]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parts"].choices = choices  # type: ignore[attr-defined]
