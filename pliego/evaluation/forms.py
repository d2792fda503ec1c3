"""Forms of the evaluation."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.evaluation.ladder import Step
from pliego.evaluation.mending import KINDS, MENDING_LAW
from pliego.evaluation.points import FINE_LAW, FINE_PERCENT, Factor
from pliego.evaluation.queries import Column
from pliego.evaluation.rules import FindingIn, ScoreIn
from pliego.kernel.money import grouped
from pliego.methods.law import Ladder
from pliego.web.forms import DateTimeField, Form, MoneyField, UploadField

NARROW = {"class": "govuk-input--width-10", "inputmode": "decimal"}
COMPLIES = (("yes", _("Complies")), ("no", _("Does not comply")))


class AssessForm(Form):
    """One question for each requirement of the pliego, and a reason where the answer is no."""

    def __init__(self, *args: Any, column: Column, **options: Any) -> None:
        super().__init__(*args, **options)
        self.column = column
        for cell in column.asked:
            self.fields[f"item_{cell.item.number}"] = forms.ChoiceField(
                label=cell.item.title, choices=COMPLIES, widget=forms.RadioSelect
            )
            self.fields[f"reason_{cell.item.number}"] = forms.CharField(
                label=_("Why it does not comply with “%(title)s”") % {"title": cell.item.title},
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        if column.row.low_price:
            self.fields["explanation"] = forms.CharField(
                label=_("What the bidder explained of the low price, and what you conclude"),
                max_length=4000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
            )
        self.fields["note"] = forms.CharField(
            label=_("Note for the file"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
        )

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """(cell, its question, its reason), as the page shows them together."""
        return [
            (cell, self[f"item_{cell.item.number}"], self[f"reason_{cell.item.number}"]) for cell in self.column.asked
        ]

    def others(self) -> list[Any]:
        return [self[name] for name in ("explanation", "note") if name in self.fields]


def initial_of(column: Column) -> dict[str, Any]:
    """What was found before, as the form shows it."""
    found: dict[str, Any] = {"explanation": column.assessment.explanation, "note": column.assessment.note}
    for cell in column.cells:
        if cell.complies is not None:
            found[f"item_{cell.item.number}"] = "yes" if cell.complies else "no"
            found[f"reason_{cell.item.number}"] = cell.reason
    return found


def findings_of(data: dict[str, Any], column: Column) -> list[FindingIn]:
    """What the form gave, as the service takes it."""
    numbers = [cell.item.number for cell in column.asked]
    return [FindingIn(n, data[f"item_{n}"] == "yes", data[f"reason_{n}"]) for n in numbers]


class ScoreForm(Form):
    """The points of each factor and why; of workers with a disability, how many there are."""

    def __init__(self, *args: Any, factors: Sequence[Factor], has_fines: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.factors = factors
        for factor in factors:
            told = {"title": factor.title, "most": grouped(factor.most)}
            if factor.kind == "disability":
                self.fields[f"staff_{factor.number}"] = forms.IntegerField(
                    label=_("%(title)s: how many work for the bidder") % told,
                    min_value=1,
                    widget=forms.NumberInput(attrs=NARROW),
                )
                self.fields[f"with_disability_{factor.number}"] = forms.IntegerField(
                    label=_("%(title)s: how many of them with a disability") % told,
                    min_value=0,
                    widget=forms.NumberInput(attrs=NARROW),
                )
            else:
                self.fields[f"points_{factor.number}"] = forms.DecimalField(
                    label=_("%(title)s: from 0 to %(most)s points") % told,
                    min_value=0,
                    max_digits=9,
                    localize=True,
                    widget=forms.TextInput(attrs=NARROW),
                )
            self.fields[f"reason_{factor.number}"] = forms.CharField(
                label=_("Reason for “%(title)s”") % told,
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        if has_fines:
            self.fields["fined"] = forms.CharField(
                label=_("Fines or penalty clauses imposed on the bidder in the last year"),
                help_text=_(
                    "Which one, and where it is. Empty: none. It takes away %(percent)s of all the points (%(law)s)."
                )
                % {"law": FINE_LAW, "percent": f"{FINE_PERCENT} %"},
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = ("points", "staff", "with_disability")
        return {
            **data,
            "scores": [
                ScoreIn(n, reason=data.get(f"reason_{n}", ""), **{name: data.get(f"{name}_{n}") for name in names})
                for n in (factor.number for factor in self.factors)
            ],
        }


class AskForm(Form):
    kind = forms.ChoiceField(
        label=_("What is asked of the bidder"), widget=forms.RadioSelect, choices=tuple(KINDS.items())
    )
    item = forms.TypedChoiceField(
        label=_("Requirement that is to be mended"),
        help_text=_(
            "Only what gives no points. A guarantee of seriousness that did not come with the offer is not mended, nor"
            " is anything that happened after the closing proved (%(law)s)."
        )
        % {"law": MENDING_LAW},
        coerce=int,
        empty_value=None,
        required=False,
    )
    text = forms.CharField(
        label=_("What you ask, and why"),
        help_text=_("It is public from the moment you send it."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    due = DateTimeField(
        label=_("Until when it can be answered"), help_text=_("Day and hour, in Colombia's legal time.")
    )

    def __init__(self, *args: Any, items: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["item"].choices = [("", "–"), *items]  # type: ignore[attr-defined]


class RequestAnswerForm(Form):
    text = forms.CharField(
        label=_("Your answer"),
        help_text=_("It is public at once."),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    document = UploadField(label=_("Document"), purpose="bid_document", required=False)


class RequestDecisionForm(Form):
    accepted = forms.TypedChoiceField(
        label=_("Is it taken?"),
        choices=(("yes", _("Yes")), ("no", _("No"))),
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class RateForm(Form):
    rate = forms.DecimalField(
        label=_("Exchange rate (TRM)"),
        max_digits=12,
        decimal_places=4,
        localize=True,
        widget=forms.TextInput(attrs=NARROW),
    )
    source = forms.CharField(label=_("Of which day it is, and where it is published"), max_length=300)


class AgreementForm(Form):
    value = MoneyField(label=_("Value agreed"))
    minutes = forms.CharField(
        label=_("What was reviewed and agreed"),
        help_text=_("It is public: it is the record of the agreement."),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class ReportForm(Form):
    observations_due = DateTimeField(
        label=_("Observations on the report until"),
        help_text=_("Day and hour, in Colombia's legal time. The law's minimum is proposed."),
    )


class PriceReportForm(Form):
    observations_due = DateTimeField(
        label=_("Observations on the report until"),
        help_text=_("Day and hour, in Colombia's legal time, within the hearing. An hour is proposed."),
    )


class CallForm(Form):
    bid = forms.ChoiceField(label=_("Offer that is called"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why the offer before it does not go on"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, ranked: Sequence[tuple[str, str]], is_first: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["bid"].choices = [(bid, f"{name} ({bid})") for bid, name in ranked]  # type: ignore[attr-defined]
        if is_first:
            del self.fields["reason"]


class ReasonForm(Form):
    reason = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class ObservationForm(Form):
    text = forms.CharField(
        label=_("Your observation"),
        help_text=_("It is public from the moment you send it, with your name or that of your account."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class AnswerForm(Form):
    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_("It is public at once."),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class TieForm(Form):
    """For each factor of the law, in order: whom it favours, and what proves it. Empty ones were not needed."""

    def __init__(self, *args: Any, ladder: Ladder, tied: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.rungs = [rung for rung in ladder.rungs if not rung.is_random]
        for rung in self.rungs:
            self.fields[f"favoured_{rung.number}"] = forms.MultipleChoiceField(
                label=_("Factor %(n)s: who has it") % {"n": rung.number},
                help_text=str(rung.evidence or ""),
                choices=tied,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields[f"evidence_{rung.number}"] = forms.CharField(
                label=_("Factor %(n)s: what proves who has it, or that nobody does") % {"n": rung.number},
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def ladder(self) -> Iterator[tuple[Any, bool, Any, Any]]:
        """(rung, whether it is shown at once, its offers, its evidence): the first one, and those with something."""
        for rung in self.rungs:
            fields = self[f"favoured_{rung.number}"], self[f"evidence_{rung.number}"]
            is_open = rung is self.rungs[0] or any(field.value() or field.errors for field in fields)
            yield rung, is_open, *fields

    def clean(self) -> dict[str, Any]:
        """The steps up to the last factor that was looked at."""
        data = super().clean() or {}
        steps = [
            Step(n, tuple(data.get(f"favoured_{n}", ())), data.get(f"evidence_{n}", ""))
            for n in (rung.number for rung in self.rungs)
        ]
        while steps and not steps[-1].evidence.strip() and not steps[-1].favoured:
            steps.pop()
        return {**data, "steps": steps}
