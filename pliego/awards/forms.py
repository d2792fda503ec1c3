"""Forms of the decision."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.awards.approvals import VARIANT, VOID
from pliego.awards.by_lot import LotDecision
from pliego.awards.causes import CAUSES
from pliego.awards.queries import LotStanding
from pliego.web.forms import Form, MoneyField, UploadField


def chosen(option: str) -> dict[str, Any]:
    """The offer that was chosen, or its variant, as the service takes it."""
    return {"bid": option.removesuffix(VARIANT), "variant": option.endswith(VARIANT)}


class AwardForm(Form):
    bid = forms.ChoiceField(label=_("Offer that wins"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed if it is not the first one of the order, or is a variant."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, bids: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["bid"].choices = bids  # type: ignore[attr-defined]


class AwardLotsForm(Form):
    """For each open lot: the offer that wins it, or why it is void; and the reason."""

    def __init__(self, *args: Any, lots: Sequence[LotStanding], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lots = lots
        for one in lots:
            name, told = f"lot-{one.lot.number}", {"n": one.lot.number, "title": one.lot.title}
            self.fields[name] = forms.ChoiceField(
                label=_("Lot %(n)s: %(title)s") % told, choices=one.options, widget=forms.RadioSelect
            )
            self.fields[f"{name}-reason"] = forms.CharField(
                label=_("Reason for the lot %(n)s") % told,
                help_text=_("Needed if it is void, or if it is not the first one of the order."),
                max_length=4000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def decisions(self) -> list[LotDecision]:
        """What was chosen, as the service takes it."""
        found = []
        for one in self.lots:
            name = f"lot-{one.lot.number}"
            chosen, reason = self.cleaned_data[name], self.cleaned_data[f"{name}-reason"]
            is_void = chosen.startswith(f"{VOID}:")
            what = {"cause": chosen.removeprefix(f"{VOID}:")} if is_void else {"bid": chosen}
            found.append(LotDecision(lot=one.lot.number, reason=reason, **what))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {**data, "decisions": [] if self.errors else self.decisions()}


class DesertLotForm(Form):
    cause = forms.ChoiceField(label=_("Cause"), choices=CAUSES, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why the lot is void"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))


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
