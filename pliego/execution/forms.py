"""Forms of paying, settling and closing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.contracts.forms import LONG, ConfirmForm, ReasonForm
from pliego.documents import filetypes, kinds
from pliego.execution.chain import SUPPLIER
from pliego.execution.models import Installment, Kind
from pliego.execution.rules import Part
from pliego.execution.series import Column, InSeries, Series
from pliego.execution.supports import Concept, RetentionData
from pliego.web.forms import DateField, Form, MoneyField, UploadField

__all__ = [
    "AcceptSettlementForm",
    "ApproveForm",
    "CloseFileForm",
    "ConfirmForm",
    "InvoiceForm",
    "PaidForm",
    "PlanForm",
    "ReasonForm",
    "ReturnForm",
    "StatementForm",
]
MOST_PAYMENTS = 60


class PlanForm(InSeries, Form):
    """As many rows as payments; `parts()` gives them back."""

    series = (
        Series(_("Payments"), _("Payment %(n)s"), most=MOST_PAYMENTS, columns=(
            Column("title", _("What for"), is_wide=True),
            Column("due_on", _("Expected day")),
            Column("amount", _("Amount")),
        ), named=lambda field, n: f"parts-{n - 1}-{field}"),
    )  # fmt: skip

    def __init__(self, *args: Any, count: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.count = count
        for row in range(count):
            number = {"n": row + 1}
            self.fields[f"parts-{row}-title"] = forms.CharField(
                label=_("Payment %(n)s: what for") % number, max_length=200, required=False
            )
            self.fields[f"parts-{row}-due_on"] = DateField(
                label=_("Payment %(n)s: expected day") % number, required=False
            )
            self.fields[f"parts-{row}-amount"] = MoneyField(label=_("Payment %(n)s: amount") % number)

    @staticmethod
    def parts(data: dict[str, Any]) -> list[Part]:
        rows = range(len(data) // 3)
        return [Part(*(data[f"parts-{row}-{name}"] for name in ("title", "due_on", "amount"))) for row in rows]

    @staticmethod
    def initial_of(parts: Iterable[Part | Installment]) -> dict[str, Any]:
        return {
            f"parts-{row}-{name}": getattr(part, name)
            for row, part in enumerate(parts)
            for name in ("title", "due_on", "amount")
        }


class InvoiceForm(Form):
    kind = forms.ChoiceField(label=_("What you ask for"), initial="invoice")
    corrects = forms.ChoiceField(label=_("Invoice that the note corrects"), required=False)
    document = UploadField(
        label=_("Invoice"),
        help_text=_(
            "PDF, or the XML of the electronic invoice: then number, day and amount are read from it. The entity reads"
            " it now; everybody, once it is approved."
        ),
        purpose="invoice",
        accept=filetypes.accepted(kinds.get("invoice").accepts),
    )
    number = forms.CharField(label=_("Number of the invoice"), max_length=40, required=False)
    issued_on = DateField(label=_("Day of issue"), required=False)
    amount = MoneyField(label=_("Amount, taxes included"), required=False)
    installment_number = forms.TypedChoiceField(
        label=_("Payment of the plan"), coerce=int, empty_value=None, required=False
    )
    delivery_number = forms.TypedChoiceField(
        label=_("Delivery that it invoices"), coerce=int, empty_value=None, required=False
    )
    amortised = MoneyField(label=_("What of it pays back the advance"), required=False)
    technical_key = forms.CharField(
        label=_("Technical key of the numbering range"),
        help_text=_("Only to check the CUFE of the XML again. It is not kept."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(label=_("Note for the supervisor"), max_length=2000, required=False, widget=LONG)
    never_drafted = ("technical_key",)

    def __init__(self, *args: Any, offer: "InvoiceOffer", **options: Any) -> None:
        super().__init__(*args, **options)
        asked = [(code, title) for code, title in Kind.choices if code in offer.kinds]
        corrected = offer.accepted if "credit" in offer.kinds else ()
        self._offer("kind", asked if len(asked) > 1 else ())
        self._offer("corrects", [("", _("None in particular")), *corrected] if corrected else ())
        for name, choices in (("installment_number", offer.installments), ("delivery_number", offer.deliveries)):
            self._offer(name, [("", _("None in particular")), *choices] if choices else ())
        if "installment_number" in self.fields:
            self.fields["installment_number"].initial = offer.next_installment
        for support in offer.supports:
            self.fields[f"support_{support.number}"] = UploadField(
                label=support.title,
                help_text=_("Only the two parties read it."),
                purpose="invoice_support",
                accept=filetypes.accepted(kinds.get("invoice_support").accepts),
                required=support.is_required,
            )
        if not offer.advance_left:
            del self.fields["amortised"]
            return
        hint = _("Of the advance %(left)s are left to pay back.") % {"left": offer.advance_left}
        self.fields["amortised"].help_text = self["amortised"].help_text = hint

    def _offer(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        """A choice of those; no field where there is nothing to choose."""
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]


@dataclass(frozen=True)
class InvoiceOffer:
    """What an invoice of this contract may name: payments, deliveries, accepted invoices, the advance."""

    installments: Sequence[tuple[int, Any]] = ()
    next_installment: int | None = None  # the first that no standing invoice names
    deliveries: Sequence[tuple[int, Any]] = ()
    accepted: Sequence[tuple[str, Any]] = ()
    kinds: Sequence[str] = ("invoice",)
    advance_left: str = ""
    supports: Sequence[Any] = ()  # the documents that the entity asks for with each request


class OfStep(Form):
    """Names the step that the page showed: a second click never does the next one."""

    step = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ApproveForm(OfStep):
    """Asks to confirm what the step checks."""

    def __init__(self, *args: Any, checks: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["is_received"] = forms.BooleanField(
            label=checks or _("I checked what this step checks"),
            error_messages={"required": _("Confirm that you checked it.")},
        )
        self.fields["note"] = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=LONG)


class ReturnForm(ReasonForm, OfStep):
    """To whom it goes back: the contractor, or one of the steps before."""

    to = forms.TypedChoiceField(label=_("To whom it goes back"), coerce=int, required=False)

    def __init__(self, *args: Any, earlier: Iterable[tuple[int, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(SUPPLIER, _("To the contractor, who mends it and sends it again")), *earlier]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        self.fields["to"].widget = forms.RadioSelect(choices=choices) if len(choices) > 1 else forms.HiddenInput()
        self.initial.setdefault("to", SUPPLIER)

    def clean_to(self) -> int:
        return self.cleaned_data["to"] or SUPPLIER


RETENTION_ROWS = 4  # on the page; over the API, as many as `supports.MOST_RETENTIONS`


class RateField(forms.DecimalField):
    """“2,5” or “0.966”."""

    def __init__(self, **options: Any) -> None:
        limits: dict[str, Any] = {"max_digits": 7, "decimal_places": 4, "min_value": Decimal(0)}
        super().__init__(**limits, max_value=Decimal(100), required=False, widget=forms.TextInput, **options)
        self.widget.attrs |= {"inputmode": "decimal", "class": "govuk-input--width-5"}

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class PaidForm(InSeries, OfStep):
    series = (
        Series(_("Withheld of the payment"), _("Withheld %(n)s"), most=RETENTION_ROWS, columns=(
            Column("concept", _("Why")),
            Column("base", _("Base")),
            Column("rate", _("Rate, in per cent")),
            Column("detail", _("Detail"), is_wide=True),
        )),
    )  # fmt: skip
    paid_on = DateField(label=_("Real day of the payment"))
    proof = UploadField(
        label=_("Proof of payment"),
        help_text=_("Only the two parties read it. Cover account numbers before you send it."),
        required=False,
        purpose="payment_proof",
        accept=filetypes.accepted(kinds.get("payment_proof").accepts),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for n in range(1, RETENTION_ROWS + 1):
            told = {"n": n}
            self.fields[f"concept_{n}"] = forms.ChoiceField(
                label=_("Withheld %(n)s: why") % told, choices=[("", _("Nothing")), *Concept.choices], required=False
            )
            self.fields[f"base_{n}"] = MoneyField(label=_("Withheld %(n)s: base") % told, required=False)
            self.fields[f"rate_{n}"] = RateField(label=_("Withheld %(n)s: rate, in per cent") % told)
            self.fields[f"detail_{n}"] = forms.CharField(
                label=_("Withheld %(n)s: detail") % told, max_length=200, required=False
            )

    def clean(self) -> dict[str, Any]:
        """A line needs its base and its rate; a base or a rate needs its line."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for n in range(1, RETENTION_ROWS + 1):
            typed = {name: data.get(f"{name}_{n}") for name in ("concept", "base", "rate")}
            empty = [name for name, value in typed.items() if value in (None, "") and f"{name}_{n}" not in self.errors]
            if empty and len(empty) < len(typed):
                self.add_error(f"{empty[0]}_{n}", _("Write why, the base and the rate of what is withheld."))
        return data

    @staticmethod
    def retentions(data: dict[str, Any]) -> list[RetentionData]:
        return [
            RetentionData(data[f"concept_{n}"], data[f"base_{n}"], data[f"rate_{n}"], data[f"detail_{n}"])
            for n in range(1, RETENTION_ROWS + 1)
            if data[f"concept_{n}"]
        ]


class StatementForm(Form):
    statement = forms.CharField(
        label=_("What both parties state"),
        help_text=_("What was delivered, what is pending, agreements and reservations."),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class AcceptSettlementForm(Form):
    reservations = forms.CharField(
        label=_("Reservations"),
        help_text=_("What you do not settle (salvedades): what you leave out here you can no longer claim."),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class CloseFileForm(Form):
    disposal = forms.CharField(
        label=_("Final disposal and environmental recovery of works or goods"),
        help_text=_("Where the contract asked for it: how it was met. The record of the closing says it."),
        max_length=4000,
        required=False,
        widget=LONG,
    )
