"""Forms of the questionnaire: a question of any kind, the rows of a price list, and what a file changes in it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pliego.codelists.words import fold
from pliego.tendering import price_lists
from pliego.tendering.forms import SectionForm, prose
from pliego.tendering.kinds import CELL_KINDS, ITEM_KINDS, KINDS, Unreadable, read_number
from pliego.tendering.models import QuestionnaireItem, Tender
from pliego.web.forms import Form, UploadField

COLUMNS = _("Columns in this order, or with their headings: UNSPSC code, description, quantity, unit, price.")

# How people call the kinds of a column, beside their own names (folded).
CELL_WORDS = {
    "texto": "text", "text": "text", "numero": "number", "number": "number", "pesos": "money", "dinero": "money",
    "valor": "money", "money": "money", "fecha": "date", "date": "date", "si/no": "yes_no", "si o no": "yes_no",
    "yes/no": "yes_no", "yes or no": "yes_no", "": "text",
}  # fmt: skip
COLUMN_KINDS = _(
    "One on each line, with its kind after a colon: text, number, pesos, date, yes/no. For example: Year: number."
)


class ItemForm(SectionForm):
    needed = ("options", "columns")
    envelope = forms.ChoiceField(label=_("Envelope"))
    kind = forms.ChoiceField(label=_("Kind of question"), choices=ITEM_KINDS)
    title = forms.CharField(label=_("What is asked"), max_length=300)
    help = prose(_("Explanation for the bidder"), most=2000, required=False)
    options = prose(_("Options"), most=20_000, required=False, help_text=_("One on each line."))
    columns = prose(_("Columns of the table"), most=6000, required=False, help_text=COLUMN_KINDS)
    row_titles = prose(
        _("Names of the rows"),
        most=20_000,
        required=False,
        help_text=_("One on each line. Without them, the bidder adds as many rows as it needs."),
    )
    is_required = forms.BooleanField(label=_("Every offer must answer it"), required=False)
    is_requirement = forms.BooleanField(
        label=_("It is a requirement: the evaluation says whether the offer complies with it"), required=False
    )
    needs_evidence = forms.BooleanField(label=_("The answer must bring a file that proves it"), required=False)
    allows_confidential = forms.BooleanField(
        label=_("The bidder may ask that its answer be confidential"), required=False
    )
    weight = forms.CharField(
        label=_("Points in the evaluation"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"}),
    )
    lots = forms.CharField(
        label=_("Lots to which it belongs"),
        max_length=400,
        required=False,
        help_text=_("Their numbers, separated by commas. Empty: all the lots."),
    )

    def __init__(self, *args: Any, tender: Tender, **options: Any) -> None:
        super().__init__(*args, **options)
        envelopes = [(envelope.code, str(envelope.title)) for envelope in tender.rulebook.envelopes]
        self.fields["envelope"].choices = envelopes  # type: ignore[attr-defined]
        if len(envelopes) == 1:
            self.fields["envelope"].widget = forms.HiddenInput()
            self.fields["envelope"].initial = envelopes[0][0]
        if not tender.lots_numbers:
            del self.fields["lots"]
        for name, field in self.fields.items():
            field.when = " ".join(kinds_with(name))  # type: ignore[attr-defined]

    def clean_options(self) -> list[str]:
        return lines_of(self.cleaned_data["options"])

    def clean_row_titles(self) -> list[str]:
        return lines_of(self.cleaned_data["row_titles"])

    def clean_columns(self) -> list[dict[str, str]]:
        found = []
        for line in lines_of(self.cleaned_data["columns"]):
            title, _colon, kind = line.rpartition(":") if ":" in line else (line, "", "")
            found.append({"title": title.strip(), "kind": kind_of_cell(kind)})
        return found

    def clean_weight(self) -> Decimal | None:
        if not (text := self.cleaned_data["weight"].strip()):
            return None
        try:
            weight = Decimal(read_number(text))
        except Unreadable as fault:
            raise ValidationError(str(fault)) from fault
        if -int(weight.as_tuple().exponent) > 3:
            raise ValidationError(_("Write the points with up to three decimals."))
        return weight

    def clean_lots(self) -> list[int]:
        typed = self.cleaned_data["lots"].replace(" ", "").strip(",")
        if typed and not all(part.isdigit() and len(part) < 6 for part in typed.split(",")):
            raise ValidationError(_("Write the numbers of the lots, each once, from 1 on."))
        return [int(part) for part in typed.split(",")] if typed else []


def lines_of(text: str) -> list[str]:
    return [line.strip()[:200] for line in text.splitlines() if line.strip()]


def kind_of_cell(text: str) -> str:
    """The kind that somebody names after a column; what was typed when there is none."""
    said = fold(text).strip()
    own = {fold(str(KINDS[code].title)): code for code in CELL_KINDS}
    return (own | CELL_WORDS).get(said, said)


def kinds_with(name: str) -> list[str]:
    """The kinds of question for which that field of the form says something; none: for all of them."""
    asks = {"options": "options", "columns": "columns", "row_titles": "columns"}.get(name)
    takes = {
        "is_required": "required",
        "is_requirement": "requirement",
        "needs_evidence": "evidence",
        "allows_confidential": "confidential",
        "weight": "weight",
    }.get(name)
    if asks:
        return [kind.code for kind in KINDS.values() if kind.asks == asks]
    if takes:
        return [kind.code for kind in KINDS.values() if takes in kind.takes]
    return ["price_list"] if name in {"text", "rows"} else []


class NewItemForm(ItemForm):
    """A question to add; a price list may bring its lines at once."""

    text = prose(_("Lines of the price list"), most=1_000_000, rows=6, required=False, help_text=COLUMNS, strip=False)
    rows = UploadField(
        label=_("Or choose a CSV or XLSX file"), accept=".csv,.xlsx", required=False, comes_with_form=True
    )


def question_of(data: dict[str, Any]) -> dict[str, Any]:
    """What the service takes: the question, and the lines when it is a price list."""
    pasted = {name: data.pop(name) for name in ("text", "rows")}
    return {**data, "rows": rows_of(pasted) if data["kind"] == "price_list" else []}


def rows_of(data: dict[str, Any]) -> list[price_lists.PriceRow]:
    """The rows pasted or in the file; none when there is neither."""
    text, file = data["text"], data["rows"].file if data["rows"] else None
    return price_lists.read(content=file, text=text) if text.strip() or file else []


def initial_item(item: QuestionnaireItem | None) -> dict[str, Any]:
    if item is None:
        return {"is_required": True}
    columns = (f"{column['title']}: {str(KINDS[column['kind']].title).lower()}" for column in item.columns)
    return {
        **{name: getattr(item, name) for name in ItemForm.base_fields},
        "options": "\n".join(item.options),
        "columns": "\n".join(columns),
        "row_titles": "\n".join(item.row_titles),
        "weight": item.weight_text,
        "lots": ", ".join(map(str, item.lots)),
    }


class PriceListForm(Form):
    """Rows pasted from a spreadsheet, or the spreadsheet itself."""

    text = prose(_("Paste the rows here"), most=1_000_000, rows=8, required=False, help_text=COLUMNS, strip=False)
    rows = UploadField(
        label=_("Or choose a CSV or XLSX file"), accept=".csv,.xlsx", required=False, comes_with_form=True
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("text", "").strip() and not data.get("rows"):
            self.add_error("text", _("Paste the rows, or choose a file."))
        return data


class PriceLoadForm(Form):
    """Which file, and over which list it was shown."""

    code = forms.CharField(max_length=24, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
