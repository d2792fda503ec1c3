"""Forms of the electronic pliego."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.codelists.models import Municipality
from pliego.kernel.dates import instant
from pliego.kernel.money import format_money
from pliego.kernel.objections import Objection, Text
from pliego.methods import catalogue, choosing, moving, schedule
from pliego.parties.models import Account
from pliego.planning.models import DurationUnit, Funding, PlanLine
from pliego.planning.rules import read_unspsc
from pliego.teams.forms import team_field
from pliego.teams.queries import choices_of, is_on
from pliego.tendering import services
from pliego.tendering.codes import CAPACITIES, CONTRACT_TYPES, REVOCATION_GROUNDS
from pliego.tendering.models import Tender
from pliego.tendering.queries import Opener
from pliego.tendering.sections import plain
from pliego.tendering.services.questioning import kinds_of
from pliego.tendering.sources import Offer
from pliego.web.forms import DateField, DateTimeField, Field, Form, MoneyField, UploadField

EMPTY: tuple[str, Text] = ("", _("Choose"))
FILES = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.png,.jpg,.zip,.dwg,.txt,.csv,.xml"


def prose(label: Any, *, most: int, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options)


class Needed(Field):
    """A field that the publication needs and a draft may still lack: it is not shown as optional."""

    @property
    def is_optional(self) -> bool:
        return super().is_optional and self.name not in getattr(self.form, "needed", ())


class SectionForm(Form):
    """A section of the pliego. It can be saved incomplete; `needed` says what the publication will ask for."""

    bound_field_class = Needed
    needed: tuple[str, ...] = ()


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
    plan_line = forms.ChoiceField(
        label=_("Line of the annual plan"),
        help_text=_("What the plan already says will not be asked again."),
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
        shown = [(str(line.pk), f"{line.plan.year} · {line.number}. {line.description[:90]}") for line in rows]
        self.fields["plan_line"].choices = [("", _("None: it is not in the plan")), *shown]  # type: ignore[attr-defined]
        entity_type = Account.objects.values_list("entity_type", flat=True).get(pk=account_id)
        choices = [EMPTY, *catalogue.conducted_choices(on, entity_type)]
        self.fields["method"].choices = choices  # type: ignore[attr-defined]
        if is_on(account_id, "process"):
            self.fields["team"] = team_field(choices_of(account_id, "process"), is_required=True)

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


class PlanLineForm(Form):
    plan_line = forms.ChoiceField(label=_("Line of the annual plan"), required=False, widget=forms.RadioSelect)
    plan_justification = prose(
        _("Why this purchase is not in the annual plan"),
        most=2000,
        required=False,
        help_text=_("Only when you choose no line. It is public."),
    )

    def __init__(self, *args: Any, lines: Iterable[PlanLine], **options: Any) -> None:
        super().__init__(*args, **options)
        shown = {
            str(line.pk): f"{line.plan.year} · {line.number}. {line.description} · {format_money(line.total)}"
            for line in lines
        }
        choices = [*shown.items(), ("", _("None: it is not in the plan"))]
        self.fields["plan_line"].choices = choices  # type: ignore[attr-defined]


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
        if tender.plan_line_id is not None:
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


class ReasonForm(Form):
    reason = prose(_("Reasons"), most=4000, rows=5)


class CancellationForm(Form):
    reason = prose(_("Why the process is cancelled"), most=4000, rows=5)
    legal_basis = forms.CharField(
        label=_("Legal basis"), help_text=_("For example: Ley 1437 de 2011, art. 93."), max_length=300
    )


class SuspensionForm(Form):
    reason = prose(_("Why the process is suspended"), most=4000, rows=5, help_text=_("Everybody can read it."))
    legal_basis = forms.CharField(
        label=_("Act and legal basis"),
        help_text=_("For example: Resolución 118 de 2026; Ley 80 de 1993, art. 14."),
        max_length=300,
    )
    planned_on = DateField(
        label=_("Planned restart"),
        help_text=_("The process does not restart by itself: somebody resumes it, with a signature."),
    )


class ResumptionForm(Form):
    """Each date that was to come, at the earliest that the suspension leaves it; it may be later."""

    reason = prose(_("Why the process is resumed"), most=4000, rows=5, help_text=_("Everybody can read it."))

    def __init__(self, *args: Any, tender: Tender, earliest: dict[str, datetime], **options: Any) -> None:
        super().__init__(*args, **options)
        hint = _("Before: %(before)s. At the earliest: %(after)s.")
        for milestone in tender.rulebook.milestones:
            before, after = tender.schedule.get(milestone.code), earliest.get(milestone.code)
            if before and after and before != after:
                told = {"before": instant(before), "after": instant(after)}
                self.fields[milestone.code] = DateTimeField(label=str(milestone.title), help_text=hint % told)


class CorrectionForm(Form):
    defect = prose(_("Which defect of procedure or form there is"), most=4000, rows=5)
    reason = prose(_("How it is corrected, and why"), most=4000, rows=5)

    def __init__(self, *args: Any, tender: Tender, **options: Any) -> None:
        super().__init__(*args, **options)
        fixed = {tender.rulebook.start.code} | ({"bids_due"} if tender.state != "published" else set())
        for milestone in tender.rulebook.milestones:
            if milestone.code in tender.schedule and milestone.code not in fixed:
                self.fields[milestone.code] = DateTimeField(label=str(milestone.title), required=False)


class RevocationForm(Form):
    ground = forms.ChoiceField(
        label=_("Ground of the law"),
        choices=[(code, format_lazy("{} ({})", title, basis)) for code, title, basis in REVOCATION_GROUNDS],
        widget=forms.RadioSelect,
    )
    reason = prose(_("Why the opening is revoked"), most=4000, rows=5, help_text=_("Everybody can read it."))


class AmendmentForm(Form):
    reason = prose(_("Why the pliego changes"), most=4000)

    def __init__(self, *args: Any, tender: Tender, **options: Any) -> None:
        super().__init__(*args, **options)
        if tender.stages_to_open:
            stages = [
                (stage.code, _("Open the stage: %(stage)s") % {"stage": stage.title}) for stage in tender.stages_to_open
            ]
            self.fields["stage"] = forms.ChoiceField(
                label=_("What this act does"),
                choices=[("", _("Change the pliego (addendum)")), *stages],
                required=False,
            )
        for milestone in tender.rulebook.milestones:
            if milestone.editable_until and milestone.code in tender.schedule:
                self.fields[milestone.code] = DateTimeField(label=str(milestone.title), required=False)
        self.fields["binds"] = forms.BooleanField(
            label=_("It affects the offers: those presented before it must be confirmed by their owners"),
            help_text=_("A change of the questionnaire, the value or the conditions always does."),
            required=False,
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


class ConfirmForm(Form):
    """Nothing to fill in: the button says it."""


class CandidacyForm(Form):
    """Up to five documents, and what the supplier wants to say."""

    statement = prose(_("What you want to say"), most=4000, rows=4, required=False)
    paper_1 = UploadField(label=_("Document"), accept=FILES, purpose="bid_document")
    paper_2 = UploadField(label=_("Second document"), accept=FILES, purpose="bid_document", required=False)
    paper_3 = UploadField(label=_("Third document"), accept=FILES, purpose="bid_document", required=False)
    paper_4 = UploadField(label=_("Fourth document"), accept=FILES, purpose="bid_document", required=False)
    paper_5 = UploadField(label=_("Fifth document"), accept=FILES, purpose="bid_document", required=False)


def papers_of(data: dict[str, Any]) -> list[Any]:
    return [data[name] for name in sorted(data) if name.startswith("paper_") and data[name]]


class JudgementForm(Form):
    is_listed = forms.ChoiceField(
        label=_("Is it on the list?"), choices=(("yes", _("Yes")), ("no", _("No"))), widget=forms.RadioSelect
    )
    reasons = prose(_("Reasons"), most=4000, rows=6, required=False, help_text=_("Needed when it is not on the list."))
