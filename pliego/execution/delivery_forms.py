"""What is typed of an execution plan, of a reception and of a document of a delivery."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.contracts.forms import LONG
from pliego.documents import filetypes, kinds
from pliego.execution import deliveries
from pliego.execution.deliveries import MOST_DELIVERIES, DeliveryData, Mode, Slot
from pliego.execution.series import Column, InSeries, Series
from pliego.web.forms import DateField, Form, MoneyField, UploadField

ARTICLES_HELP = _("The number of each line of the contract and its quantity, for example 1=5; 2=3.")


class ArticlesField(forms.CharField):
    """“1=5; 2=3”: quantities by line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=1000, required=False, **options)

    def clean(self, value: Any) -> Any:
        found = deliveries.typed_articles(super().clean(value))
        if found is None:
            raise forms.ValidationError(_("Write the articles as line=quantity, for example 1=5; 2=3."))
        return found


class PercentField(forms.DecimalField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=Decimal(100), required=False,
                         **options)  # fmt: skip

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class ExecutionPlanForm(InSeries, Form):
    """As many rows as deliveries."""

    series = (
        Series(_("Deliveries"), _("Delivery %(n)s"), most=MOST_DELIVERIES, columns=(
            Column("title", _("What for"), is_wide=True),
            Column("due_on", _("Expected day")),
            Column("percent", _("Percentage done by then")),
            Column("articles", _("Articles"), is_wide=True),
        )),
    )  # fmt: skip

    mode = forms.ChoiceField(label=_("How the execution is followed"), choices=Mode.choices, widget=forms.RadioSelect)
    advance = MoneyField(label=_("Advance (anticipo) that was agreed"), required=False)

    def __init__(self, *args: Any, count: int, has_lines: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_lines:
            self.fields["mode"].choices = Mode.choices[:1]  # type: ignore[attr-defined]
        for n in range(1, count + 1):
            told = {"n": n}
            self.fields[f"title_{n}"] = forms.CharField(
                label=_("Delivery %(n)s: what") % told, max_length=200, required=False
            )
            self.fields[f"due_on_{n}"] = DateField(label=_("Delivery %(n)s: expected day") % told, required=False)
            self.fields[f"percent_{n}"] = PercentField(label=_("Delivery %(n)s: percentage done by then") % told)
            if has_lines:
                self.fields[f"articles_{n}"] = ArticlesField(
                    label=_("Delivery %(n)s: articles") % told, help_text=ARTICLES_HELP
                )

    @staticmethod
    def rows(data: dict[str, Any]) -> list[DeliveryData]:
        count = sum(name.startswith("title_") for name in data)
        return [
            DeliveryData(
                data[f"title_{n}"], data[f"due_on_{n}"], data[f"percent_{n}"], data.get(f"articles_{n}") or {}
            )
            for n in range(1, count + 1)
        ]  # fmt: skip


class ReceiveForm(Form):
    """`title` is asked of what nobody had planned; percentage or articles, as the plan is."""

    title = forms.CharField(label=_("What is received"), max_length=200, required=False)
    received_on = DateField(label=_("Day of the reception"))
    percent = PercentField(label=_("Percentage done, from the start of the contract"))
    articles = ArticlesField(label=_("Articles received"), help_text=ARTICLES_HELP)
    remarks = forms.CharField(label=_("Remarks"), max_length=4000, required=False, widget=LONG)

    def __init__(self, *args: Any, mode: str, is_planned: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["articles" if mode == Mode.PERCENT else "percent"]
        if is_planned:
            del self.fields["title"]

    @staticmethod
    def received(data: dict[str, Any]) -> DeliveryData:
        articles = data.get("articles") or {}
        return DeliveryData(data.get("title") or "", data["received_on"], data.get("percent"), articles)


class PaperForm(Form):
    slot = forms.ChoiceField(label=_("Which document it is"), choices=Slot.choices)
    period_from = DateField(label=_("Period: from"), required=False)
    period_to = DateField(label=_("Period: to"), required=False)
    document = UploadField(
        label=_("Document"),
        help_text=_("The other party sees it at once, and nobody can delete it."),
        purpose="invoice_support",
        accept=filetypes.accepted(kinds.get("invoice_support").accepts),
    )
