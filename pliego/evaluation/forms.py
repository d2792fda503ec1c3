"""Forms of the evaluation."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.evaluation.queries import Column
from pliego.evaluation.rules import FindingIn
from pliego.methods.law import Ladder
from pliego.web.forms import DateTimeField, Form

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


class ReportForm(Form):
    observations_due = DateTimeField(
        label=_("Observations on the report until"),
        help_text=_("Day and hour, in Colombia's legal time. The law's minimum is proposed."),
    )

    def __init__(self, *args: Any, ranked: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        """`ranked`: the offers that the committee puts in order, (code, name of the supplier)."""
        super().__init__(*args, **options)
        self.places = {bid: f"place_{number}" for number, (bid, _name) in enumerate(ranked, 1)}
        choices = [("", "–"), *((str(place), str(place)) for place in range(1, len(ranked) + 1))]
        for bid, name in ranked:
            self.fields[self.places[bid]] = forms.ChoiceField(
                label=_("Place of %(name)s in the order of eligibility") % {"name": f"{name} ({bid})"}, choices=choices
            )
        if ranked:
            self.order_fields([*self.places.values(), "observations_due"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        taken: dict[str, str] = {}
        for name in self.places.values():
            place = data.get(name)
            if place and place in taken:
                self.add_error(name, _("Two offers cannot have the same place."))
            elif place:
                taken[place] = name
        data["order"] = sorted(self.places, key=lambda bid: int(data.get(self.places[bid]) or 0))
        return data


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
    rung = forms.TypedChoiceField(label=_("Factor that decides"), coerce=int)
    first = forms.ChoiceField(
        label=_("Offer that goes first"),
        help_text=_("Not needed for the random method: the draw is computed from the published report."),
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason, with the evidence of each factor"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, ladder: Ladder, tied: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        rungs = [(rung.number, f"{rung.number}. {rung.title}") for rung in ladder.rungs]
        self.fields["rung"].choices = rungs  # type: ignore[attr-defined]
        self.fields["first"].choices = tied  # type: ignore[attr-defined]
