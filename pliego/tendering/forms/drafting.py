"""Writing a pliego: its general part, dates, documents, who opens the offers, and whom it invites."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from pliego.codelists.models import Municipality
from pliego.kernel.money import format_money
from pliego.kernel.objections import Objection
from pliego.methods import moving, schedule
from pliego.planning.models import DurationUnit, Funding, PlanLine
from pliego.planning.rules import read_unspsc
from pliego.tendering import services
from pliego.tendering.codes import CAPACITIES, CONTRACT_TYPES
from pliego.tendering.forms.fields import EMPTY, FILES, SectionForm, prose
from pliego.tendering.models import Tender
from pliego.tendering.plan_lines import key_of, total
from pliego.tendering.queries import Opener
from pliego.tendering.sections import plain
from pliego.tendering.services.questioning import kinds_of
from pliego.web.forms import DateTimeField, Form, MoneyField, UploadField


class PlanLinesForm(Form):
    """The lines chosen and those found; any button but the one that saves shows the page again with what was ticked."""

    plan_lines = forms.MultipleChoiceField(
        label=_("Lines of the annual plan"), required=False, widget=forms.CheckboxSelectMultiple
    )
    q = forms.CharField(
        label=_("Words of the line"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "type": "search"}),
    )
    plan_justification = prose(
        _("Why this purchase is not in the annual plan"),
        most=2000,
        required=False,
        help_text=_("Only when you choose no line. It is public."),
    )

    def __init__(self, *args: Any, chosen: Iterable[PlanLine], found: Iterable[PlanLine], **options: Any) -> None:
        super().__init__(*args, **options)
        self.chosen = {key_of(line): line for line in chosen}
        self.found = {key: line for line in found if (key := key_of(line)) not in self.chosen}
        shown = {**self.chosen, **self.found}
        choices = [(key, f"{line.plan.year} · {line.number}. {line.description}") for key, line in shown.items()]
        self.fields["plan_lines"].choices = choices  # type: ignore[attr-defined]

    @property
    def groups(self) -> list[list[tuple[Any, PlanLine]]]:
        """The boxes of the lines chosen and those of the others, each with its line."""
        boxes = dict(zip([*self.chosen, *self.found], self["plan_lines"], strict=True))
        return [[(boxes[key], line) for key, line in lines.items()] for lines in (self.chosen, self.found)]

    @property
    def total(self) -> str:
        return format_money(total(list(self.chosen.values())))

    @property
    def only_shows(self) -> bool:
        return self.is_bound and bool(self.data.get("accion"))

    def full_clean(self) -> None:
        super().full_clean()
        if self.only_shows:
            self._errors = ErrorDict()

    def is_valid(self) -> bool:
        return super().is_valid() and not self.only_shows

    def clean_plan_lines(self) -> list[int]:
        known = {**self.chosen, **self.found}
        return [known[key].pk for key in self.cleaned_data["plan_lines"]]


class GeneralForm(SectionForm):
    needed = (
        "description", "unspsc", "contract_type", "value_amount", "duration", "duration_unit", "delivery_municipality",
        "causal", "plan_justification", "number", "amount", "funding_source",
    )  # fmt: skip
    title = forms.CharField(label=_("Name of the process"), max_length=200)
    description = prose(_("What is to be contracted"), most=500, required=False)
    unspsc = forms.CharField(
        label=_("UNSPSC codes"),
        help_text=_("Six or eight digits; several separated by commas. The first is the main one."),
        max_length=600,
        required=False,
    )
    contract_type = forms.ChoiceField(label=_("Type of contract"), choices=[EMPTY, *CONTRACT_TYPES], required=False)
    value_amount = MoneyField(label=_("Estimated value in pesos"), required=False)
    duration = forms.IntegerField(
        label=_("Duration of the contract"),
        min_value=1,
        max_value=10_000,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )
    duration_unit = forms.ChoiceField(
        label=_("Unit of the duration"), choices=[EMPTY, *DurationUnit.choices], required=False
    )
    delivery_municipality = forms.ChoiceField(label=_("Municipality of performance"), required=False)
    delivery_address = forms.CharField(label=_("Address of performance"), max_length=200, required=False)
    causal = forms.ChoiceField(label=_("Ground of the law"), required=False)
    method_justification = prose(_("Justification of the method"), most=2000, required=False)
    plan_justification = prose(_("Why this purchase is not in the annual plan"), most=2000, required=False)
    number = forms.CharField(label=_("Number of the budget certificate (CDP)"), max_length=60, required=False)
    amount = MoneyField(label=_("Value of the certificate in pesos"), required=False)
    funding_source = forms.ChoiceField(
        label=_("Source of the money"), choices=[EMPTY, *Funding.choices], required=False
    )

    def __init__(self, *args: Any, tender: Tender, **options: Any) -> None:
        super().__init__(*args, **options)
        places = Municipality.objects.select_related("department").order_by("folded_name", "code")
        choices = [EMPTY, *((p.code, f"{p.name} ({p.department.name})") for p in places)]
        self.fields["delivery_municipality"].choices = choices  # type: ignore[attr-defined]
        if tender.rulebook.causals:
            grounds = [(causal.code, f"{causal.title} ({causal.legal_basis})") for causal in tender.rulebook.causals]
            self.fields["causal"].choices = [EMPTY, *grounds]  # type: ignore[attr-defined]
        else:
            del self.fields["causal"]
        if tender.planned:
            del self.fields["plan_justification"]


def initial_general(content: Any) -> dict[str, Any]:
    """What the form shows of the content of the section."""
    codes = [code for code in (content.unspsc_main, *content.unspsc_additional) if code]
    return {**asdict(content), "unspsc": ", ".join(codes)}


def general_of(data: dict[str, Any]) -> dict[str, Any]:
    """What was typed, as the content of the section."""
    main, *additional = read_unspsc(data.pop("unspsc")) or ("",)
    return plain({**data, "unspsc_main": main, "unspsc_additional": additional})


class ScheduleForm(Form):
    """One date for each milestone of the method, with the rule of the law beside it and how far it may move."""

    FOLLOW = "recalcular:"  # the button beside a date: what depends on it moves

    def __init__(self, *args: Any, tender: Tender, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        dates = options.get("initial") or {}
        room = moving.slacks(tender.rulebook, dates, at)
        for milestone in tender.rulebook.milestones:
            why = schedule.reasons(tender.rulebook, milestone.code, dates)
            told = [f"{reason.sentence} ({reason.legal_basis})" for reason in why if not reason.advice]
            self.fields[milestone.code] = DateTimeField(
                label=str(milestone.title), help_text=" ".join(told), required=milestone.is_required
            )
            self.fields[milestone.code].room = room.get(milestone.code)  # type: ignore[attr-defined]
            self.fields[milestone.code].widget.attrs |= self._followed(milestone.code)

    def _followed(self, code: str) -> dict[str, str]:
        """With htmx, what depends on a date moves when it changes."""
        said = json.dumps({"accion": self.FOLLOW + code})
        return {
            "hx-post": "",
            "hx-trigger": "change",
            "hx-vals": said,
            "hx-target": "#movido",
            "hx-sync": "closest form:replace",
        }

    @property
    def dates(self) -> dict[str, datetime]:
        """What was typed and can be read."""
        return {code: due for code, due in self.cleaned_data.items() if due}


class DocumentForm(Form):
    kind = forms.ChoiceField(label=_("What it is"))
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    content = UploadField(label=_("File"), accept=FILES, purpose="tender_document")

    def __init__(self, *args: Any, tender: Tender, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [EMPTY, *kinds_of(tender).items()]  # type: ignore[attr-defined]


class DocumentsForm(DocumentForm):
    """A place for each document that is still missing, and for one more of any kind."""

    marks_optional = False
    ASKED = "falta_"

    def __init__(self, *args: Any, missing: list[Objection], tender: Tender, **options: Any) -> None:
        super().__init__(*args, tender=tender, **options)
        titles = kinds_of(tender)
        for objection in missing:
            self.fields[self.ASKED + objection.field] = UploadField(
                label=titles[objection.field],
                help_text=objection.legal_basis,
                accept=FILES,
                purpose="tender_document",
                required=False,
            )
        for name in ("kind", "content"):
            self.fields[name].required = False

    @property
    def asked(self) -> list[Any]:
        return [bound for bound in self if bound.name.startswith(self.ASKED)]

    @property
    def other(self) -> list[Any]:
        return [self[name] for name in ("kind", "title", "content")]

    @property
    def other_has_errors(self) -> bool:
        return any(bound.errors for bound in self.other)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") and not data.get("content") and "content" not in self.errors:
            self.add_error("content", self["content"].missing)  # type: ignore[attr-defined]
        if data.get("content") and not data.get("kind"):
            self.add_error("kind", self["kind"].missing)  # type: ignore[attr-defined]
        if not self.errors and not new_documents(data):
            self.add_error(self.asked[0].name if self.asked else "content", _("Choose at least one file."))
        return data


def new_documents(data: dict[str, Any]) -> list[services.NewDocument]:
    """The files that came, each with what it is."""
    asked = {name: name.removeprefix(DocumentsForm.ASKED) for name in data if name.startswith(DocumentsForm.ASKED)}
    found = [
        services.NewDocument(kind=kind, content=data[name], field=name) for name, kind in asked.items() if data[name]
    ]
    if data.get("content") and data.get("kind"):
        found.append(services.NewDocument(kind=data["kind"], title=data["title"], content=data["content"]))
    return found


class OpeningForm(SectionForm):
    needed = ("members",)
    members = forms.MultipleChoiceField(
        label=_("Who holds a share of the opening"), widget=forms.CheckboxSelectMultiple, required=False
    )
    threshold = forms.IntegerField(
        label=_("How many of them are needed"),
        min_value=2,
        max_value=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-2", "inputmode": "numeric"}),
    )

    reinforced = forms.BooleanField(
        label=_("Reinforced opening"),
        help_text=_(
            "For processes of great value. The offers are sealed outside the browser, two outside witnesses sign the"
            " closing record before anything is opened, and the keys are kept by passkeys. It is fixed by the"
            " publication."
        ),
        required=False,
    )
    reinforced_reason = prose(
        _("Why it is reinforced"), most=2000, required=False, help_text=_("Only if it is. It is public.")
    )

    def __init__(self, *args: Any, people: list[Opener], **options: Any) -> None:
        super().__init__(*args, **options)
        capacities = dict(CAPACITIES)
        key = {True: _("has an opening key"), False: _("has no opening key yet")}
        self.people = {person.code: person for person in people}
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (p.code, f"{p.name} · {capacities[p.capacity]} · {key[p.has_key]}") for p in people
        ]

    def chosen(self, codes: list[str]) -> list[tuple[int, str]]:
        return [(p.user_id, p.capacity) for code, p in self.people.items() if code in codes]


class InvitationForm(Form):
    supplier = forms.CharField(
        label=_("NIT or code of the supplier"),
        max_length=24,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
