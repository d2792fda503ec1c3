"""Forms of calls for compliance, of a procedure of breach, and of what comes of a sanction."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.breaches import law, rules
from pliego.breaches.rules import GuarantorIn
from pliego.breaches.services import PAPER, REPORT
from pliego.documents import filetypes, kinds
from pliego.kernel.objections import Text
from pliego.tendering.forms import prose
from pliego.web.fields import DateField, DateTimeField, MoneyField, UploadField
from pliego.web.forms import Form

Choices = Iterable[tuple[Any, Text]]
DOCUMENT = _("Document")
PARTIES = [(code, title) for code, title in rules.SIDES.items() if code != "entity"]


def _paper(label: Any = DOCUMENT, kind: str = PAPER, **options: Any) -> UploadField:
    accepted = filetypes.accepted(kinds.get(kind).accepts)
    told = {"required": False, "help_text": _("Both parties read it."), **options}
    return UploadField(label=label, purpose=kind, accept=accepted, **told)


def _hour(label: Any) -> DateTimeField:
    return DateTimeField(label=label, help_text=_("Day and hour, in Colombia's legal time."))


def _one_of(label: Any, choices: Choices, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices), widget=forms.RadioSelect, **options)


class SureForm(Form):
    """Only to say yes."""


class ReasonForm(Form):
    reason = prose(_("Reason"), most=4000, rows=4)


class DemandForm(Form):
    text = prose(_("What the contractor must do"), most=8000, rows=6, help_text=_("The facts, and what mends them."))
    clauses = prose(_("Clauses or norms"), most=4000, rows=3, required=False)
    due_at = _hour(_("Until when it can comply and answer"))
    document = _paper()


class AnswerForm(Form):
    text = prose(_("Your answer"), most=8000, rows=6, help_text=_("It stays in the file and does not change."))
    document = _paper()


class ReportForm(Form):
    source = _one_of(_("Whose report it is"), rules.SOURCES.items())
    author_name = forms.CharField(
        label=_("Name of the interventor"),
        help_text=_("Only where the report is theirs."),
        max_length=250,
        required=False,
    )
    facts = prose(
        _("Facts of the breach"), most=20_000, rows=10, help_text=_("What happened, when, and what was not performed.")
    )
    clauses = prose(_("Clauses or norms that may have been violated"), most=8000, rows=5)
    proofs = prose(_("Proofs"), most=8000, rows=5, help_text=_("What shows it: visits, minutes, letters, answers."))
    document = _paper(
        _("The report"), REPORT, required=True, help_text=_("The contractor reads it when it is called to the hearing.")
    )


class CiteForm(Form):
    """With the fields of so many guarantors."""

    facts = prose(_("Facts that support it"), most=20_000, rows=10, help_text=_("Express and detailed."))
    clauses = prose(_("Clauses or norms that may have been violated"), most=8000, rows=5)
    consequences = forms.MultipleChoiceField(
        label=_("Consequences that may follow for the contractor"),
        help_text=_("Nothing else can be imposed afterwards."),
        choices=law.CHOICES,
        widget=forms.CheckboxSelectMultiple,
    )
    begins_at = DateTimeField(
        label=_("Day and hour of the hearing"),
        help_text=_("The law fixes no least term (%(law)s); %(days)s business days let the parties prepare.")
        % {"law": law.CITATION_LAW, "days": law.ADVISED_DAYS},
    )
    place = forms.CharField(label=_("Where it is"), max_length=300, required=False)
    link = forms.URLField(
        label=_("Link"),
        help_text=_("When one attends at a distance."),
        max_length=300,
        required=False,
        assume_scheme="https",
    )
    how = prose(_("How one attends"), most=2000, rows=3, required=False)

    def __init__(self, *args: Any, count: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.count = count
        for row in range(count):
            number = {"n": row + 1}
            told: dict[str, Any] = {"max_length": 250, "required": False}
            self.fields[f"guarantor-{row}-name"] = forms.CharField(label=_("Guarantor %(n)s: name") % number, **told)
            self.fields[f"guarantor-{row}-policy_number"] = forms.CharField(
                label=_("Guarantor %(n)s: policy") % number, max_length=60, required=False
            )
            self.fields[f"guarantor-{row}-email"] = forms.EmailField(
                label=_("Guarantor %(n)s: mail") % number,
                help_text=_("It is called there."),
                max_length=254,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = ("name", "policy_number", "email")
        rows = [[data.pop(f"guarantor-{row}-{name}", "") for name in names] for row in range(self.count)]
        return {**data, "guarantors": [GuarantorIn(*row) for row in rows if any(row)]}


class MoveForm(ReasonForm):
    begins_at = _hour(_("New day and hour"))
    place = forms.CharField(label=_("Where it is"), max_length=300, required=False)
    link = forms.URLField(label=_("Link"), max_length=300, required=False, assume_scheme="https")


class RegisterForm(Form):
    side = _one_of(_("On which side"), rules.SIDES.items())
    name = forms.CharField(label=_("Name of who came"), max_length=250)
    capacity = forms.CharField(
        label=_("In which capacity"),
        help_text=_("Legal representative, attorney, supervisor…"),
        max_length=250,
        required=False,
    )
    document_number = forms.CharField(
        label=_("Number of their document"),
        help_text=_("Only your entity sees it: it is not in the minutes."),
        max_length=20,
        required=False,
    )


class PleadForm(Form):
    text = prose(
        _("Your pleas"), most=20_000, rows=10, help_text=_("What you answer to the facts. It does not change.")
    )
    document = _paper()


class AppealForm(Form):
    text = prose(_("Your appeal, with its reasons"), most=20_000, rows=10)
    document = _paper()


class NoteForm(Form):
    side = _one_of(_("On which side"), rules.SIDES.items())
    kind = _one_of(_("What it is"), [(code, rules.KINDS[code]) for code in rules.SPOKEN])
    name = forms.CharField(label=_("Who spoke"), max_length=250)
    text = prose(_("What they said"), most=20_000, rows=8)
    document = _paper()


class NoteAppealForm(Form):
    side = _one_of(_("On which side"), PARTIES)
    name = forms.CharField(label=_("Who spoke"), max_length=250)
    text = prose(_("The appeal, with its reasons"), most=20_000, rows=8)
    document = _paper()


class EvidenceForm(Form):
    text = prose(_("Which evidence"), most=4000, rows=4)
    purpose = prose(_("What it is to prove"), most=4000, rows=3)
    document = _paper(_("Document, when it is one"))


class NoteEvidenceForm(EvidenceForm):
    side = _one_of(_("Who asks for it"), rules.SIDES.items())
    field_order = ("side",)


class WaitingForm(Form):
    """About one evidence of those that wait."""

    def __init__(self, *args: Any, waiting: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = list(waiting)
        chosen = rows[0][0] if len(rows) == 1 else None
        field = forms.TypedChoiceField(
            label=_("Evidence"), choices=rows, coerce=int, widget=forms.RadioSelect, initial=chosen, empty_value=None
        )
        self.fields = {"evidence": field, **self.fields}  # type: ignore[assignment]


class DecideEvidenceForm(WaitingForm):
    is_admitted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("It is admitted")), ("no", _("It is refused"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = prose(_("Reason"), most=4000, rows=4, help_text=_("Whether it bears on the facts and is useful."))


class TakeEvidenceForm(WaitingForm):
    result = prose(_("What it gave"), most=8000, rows=6)
    document = _paper()


class AdjournForm(ReasonForm):
    begins_at = _hour(_("It resumes"))
    development = prose(
        _("How it went"), most=20_000, rows=6, required=False, help_text=_("For the minutes of the session.")
    )


class DecideForm(Form):
    """`codes`: what the citation foresaw, or what the appealed decision imposed."""

    resolution = forms.CharField(
        label=_("Number of the resolution"), help_text=_("Only the number, for example 118 de 2026."), max_length=60
    )
    grounds = prose(
        _("Reasons"), most=20_000, rows=14, help_text=_("Facts, pleas and evidence are added by themselves.")
    )
    marks_optional = False

    def __init__(self, *args: Any, codes: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        for measure in (law.MEASURES[code] for code in codes):
            told: dict[str, Any] = {"label": measure.title, "help_text": measure.legal_basis, "required": False}
            field = MoneyField(**told) if measure.needs_amount else forms.BooleanField(**told)
            self.fields[f"measure_{measure.code}"] = field
        self.fields["imposes_nothing"] = forms.BooleanField(label=_("Nothing is imposed"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed = {name.removeprefix("measure_"): data.pop(name) for name in list(data) if name.startswith("measure_")}
        imposed = {code: value if law.MEASURES[code].needs_amount else None for code, value in typed.items() if value}
        return {**data, "measures": imposed}


class CloseForm(Form):
    development = prose(
        _("How it went"),
        most=20_000,
        rows=10,
        help_text=_("Who came, what was said, the evidence and the resolutions are added by themselves."),
    )


class CeaseForm(Form):
    reason = prose(_("How it is known that the breach ceased"), most=8000, rows=5)
    document = _paper()


class RecoverForm(Form):
    def __init__(self, *args: Any, owing: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = list(owing)
        chosen = rows[0][0] if len(rows) == 1 else None
        field = forms.ChoiceField(label=_("Of what"), choices=rows, widget=forms.RadioSelect, initial=chosen)
        self.fields = {"measure": field, **self.fields}  # type: ignore[assignment]

    amount = MoneyField(label=_("Amount recovered"))
    means = _one_of(_("How"), rules.MEANS.items())
    on = DateField(label=_("Day"))
    note = forms.CharField(label=_("Invoice, claim or receipt"), max_length=500, required=False)


class ChallengeForm(Form):
    challenge = forms.CharField(label=_("Before which judge, and under which number"), max_length=300)
    on = DateField(label=_("Day on which it was brought"))


class AnnulForm(Form):
    reason = prose(_("By which decision, and of whom"), most=4000, rows=4, help_text=_("Everybody reads it."))
