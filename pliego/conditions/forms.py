"""The form of a section of plain data: its fields, and its rows as a table of inputs that works without JavaScript.

Guarantees: what was typed stays, also when rows are added; an empty row is no row; a row marked to be taken out raises
no fault; a fault stands at its cell, and its sentence says of which row.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from pliego.codelists.models import Municipality
from pliego.codelists.words import fold
from pliego.conditions import pasting
from pliego.conditions.conditions import Condition
from pliego.conditions.fields import EMPTY, YES_NO, Field, Rows, in_figures
from pliego.conditions.mipyme import SCOPES
from pliego.kernel.objections import Objection, Refused
from pliego.tendering.forms import SectionForm
from pliego.tendering.sections import plain
from pliego.web.fields import DateField, DateTimeField, MoneyField
from pliego.web.forms import Form
from pliego.web.forms import rows as numbers_of

OUT, PASTE, MORE = "quitar", "pegar", "filas:"
BLANK, ADDED, ON_PAGE = 2, 5, 60  # rows: offered, added by the button, and the most that stand as inputs
FEW = 20  # so many rows nobody pastes
NARROW = {"class": "govuk-input--width-10", "inputmode": "numeric"}


class PlaceField(forms.CharField):
    """A municipality by its name or its code, of the list that the page offers; gives its code."""

    def __init__(self, *, places: Mapping[str, str], **options: Any) -> None:
        self.places = places
        self.codes = {fold(name): code for code, name in places.items()}
        super().__init__(max_length=120, **options)
        self.widget.attrs |= {"list": "municipios", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        code = self.codes.get(fold(text), text)
        if text and code not in self.places:
            alike = [code for name, code in self.codes.items() if name.partition(" (")[0] == fold(text)]
            if len(alike) != 1:
                raise ValidationError(_("Choose a municipality of the list, for example “Ibagué (Tolima)”."))
            code = alike[0]
        return code

    def prepare_value(self, value: Any) -> Any:
        return self.places.get(value, value)


def all_places() -> dict[str, str]:
    places = Municipality.objects.select_related("department").order_by("folded_name", "code")
    return {place.code: f"{place.name} ({place.department.name})" for place in places}


class FigureField(forms.CharField):
    """A number as people write it, with a comma or a point and at most two decimals; gives a Decimal."""

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        self.least, self.most = least, most
        widget = forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"})
        super().__init__(max_length=20, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace("%", "").strip()
        if not text:
            return None
        told = {"least": self.least, "most": self.most}
        if re.fullmatch(r"\d{1,9}(?:[.,]\d{1,2})?", text) and self.least <= (found := read_figure(text)) <= self.most:
            return found
        raise ValidationError(_("Write a number from %(least)s to %(most)s, with at most two decimals.") % told)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else value


class QuantityField(forms.CharField):
    """A quantity as people write it, with a comma or a point and at most four decimals; gives a Decimal."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        if re.fullmatch(r"\d{1,14}(?:[.,]\d{1,4})?", text) and read_figure(text):
            return read_figure(text)
        raise ValidationError(_("Write a quantity above zero, with at most four decimals."))

    def prepare_value(self, value: Any) -> Any:
        return in_figures(value) if isinstance(value, Decimal) else value


def read_figure(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


class Codes(forms.CharField):
    """A UNSPSC code, with or without its prefix."""

    def clean(self, value: Any) -> str:
        return super().clean(value).upper().removeprefix("V1.").replace(" ", "")


def _select(spec: Field, options: dict[str, Any], choices: Iterable[Any]) -> forms.Field:
    return forms.ChoiceField(choices=[("", _("Choose")), *choices], **options)


def _prose(spec: Field, options: dict[str, Any]) -> forms.Field:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=spec.most, **options)


def _number(spec: Field, options: dict[str, Any]) -> forms.Field:
    widget = forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"})
    return forms.IntegerField(min_value=spec.least, max_value=spec.most, widget=widget, **options)


def _several(spec: Field, options: dict[str, Any]) -> forms.Field:
    return forms.MultipleChoiceField(choices=spec.choices, widget=forms.CheckboxSelectMultiple, **options)


# fmt: off
MAKERS: dict[str, Any] = {
    "text":    lambda spec, o: forms.CharField(max_length=spec.most, **o),
    "prose":   _prose,
    "money":   lambda spec, o: MoneyField(**o),
    "number":  _number,
    "decimal": lambda spec, o: FigureField(least=spec.least, most=spec.most, **o),
    "day":     lambda spec, o: DateField(**o),
    "instant": lambda spec, o: DateTimeField(**o),
    "quantity": lambda spec, o: QuantityField(max_length=20, widget=forms.TextInput(attrs=NARROW), **o),
    "person":  lambda spec, o: forms.CharField(max_length=20, **o),
    "choice":  lambda spec, o: _select(spec, o, spec.choices),
    "choices": _several,
    "yes_no":  lambda spec, o: forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **o),
    "unspsc":  lambda spec, o: Codes(max_length=11, widget=forms.TextInput(attrs=NARROW), **o),
}
# fmt: on


@dataclass(frozen=True)
class Line:
    """A row of inputs: what people call it, its cells each with its column, and the box that takes it out."""

    name: str
    cells: list[tuple[Field, Any]]
    out: Any


@dataclass(frozen=True)
class Shown:
    """A part of the page: one field, or a table of rows with its place to paste."""

    field: Any = None
    rows: Rows | None = None
    lines: tuple[Line, ...] = ()
    paste: Any = None
    when: tuple[str, str] | None = None
    has_errors: bool = False

    @property
    def has_paste(self) -> bool:
        """Whether a place to paste is worth showing: there may be many rows, or something is pasted."""
        return self.has_errors or (self.rows is not None and self.rows.most > FEW)


class LimitationForm(Form):
    scope = forms.ChoiceField(label=_("What you ask for"), choices=SCOPES, widget=forms.RadioSelect)
    declares = forms.BooleanField(
        label=_("I declare that my company is a Mipyme, and will prove it if the entity asks"), required=False
    )


class ConditionForm(SectionForm):
    """Made from the table of a section. `initial` is flat (`initial_of`); `kept` are the names of a saved draft,
    `locked` those that the standard document of the process fixes."""

    def __init__(
        self,
        *args: Any,
        condition: Condition,
        kept: Iterable[str] = (),
        locked: Iterable[str] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.condition = condition
        self.needed = tuple(part.name for part in condition.parts if isinstance(part, Field) and part.is_needed)
        self.cells: dict[str, str] = {}  # field → what its row is called
        self.numbers: dict[str, list[int]] = {}  # rows → the numbers that stand on the page
        self.read: dict[str, list[tuple[str, int]]] = {}  # rows → of each row of the content, the field and row of it
        specs = [s for part in condition.parts for s in (part.columns if isinstance(part, Rows) else [part])]
        self.places = all_places() if any(spec.kind == "place" for spec in specs) else {}
        for part in condition.parts:
            if isinstance(part, Rows):
                self._lay_out(part, list(kept))
            else:
                self.fields[part.name] = self._field(part)
        for name in locked:
            if name in self.fields:  # it keeps what it says, whatever is sent
                self.fields[name].disabled = True

    def _field(self, spec: Field, label: str = "") -> forms.Field:
        options = {"label": label or spec.label, "help_text": "" if label else spec.hint, "required": False}
        if spec.kind == "place":
            return PlaceField(places=self.places, **options)
        if label and spec.kind == "yes_no":  # in a cell
            return _select(spec, options, YES_NO)
        made: forms.Field = MAKERS[spec.kind](spec, options)
        return made

    def _lay_out(self, part: Rows, kept: list[str]) -> None:
        source: Any = self.data if self.is_bound else {**self.initial, **dict.fromkeys(kept, "")}
        there = numbers_of(source, part.name)
        last = max(there, default=-1) + 1
        if not self.is_bound:
            last += 0 if self.initial.get(f"{part.name}-{PASTE}") else BLANK
        elif self.adds == part.name:
            last += ADDED
        numbers = self.numbers[part.name] = list(range(min(last, part.most, ON_PAGE)))
        for number in numbers:
            label = str(part.one) % {"n": number + 1}
            for column in part.columns:
                name = f"{part.name}-{number}-{column.name}"
                self.cells[name] = label
                self.fields[name] = self._field(column, f"{column.label}, {label}")
            self.fields[f"{part.name}-{number}-{OUT}"] = forms.BooleanField(
                label=_("Take out: %(row)s") % {"row": label}, required=False
            )
        self.fields[f"{part.name}-{PASTE}"] = forms.CharField(
            label=_("Rows pasted from a spreadsheet"),
            help_text=_("One row on each line, with these columns in order: %(columns)s.")
            % {"columns": ", ".join(str(column.label) for column in part.columns)},
            widget=forms.Textarea(attrs={"rows": 6}),
            required=False,
        )

    @property
    def adds(self) -> str:
        """The rows that the button wants more of; nothing is saved then."""
        pressed = self.data.get("accion", "") if self.is_bound else ""
        return pressed.removeprefix(MORE) if pressed.startswith(MORE) else ""

    def full_clean(self) -> None:
        super().full_clean()
        if self.adds:
            self._errors = ErrorDict()

    def is_valid(self) -> bool:
        return super().is_valid() and not self.adds

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        content: dict[str, Any] = {}
        for part in self.condition.parts:
            content[part.name] = self._rows(part, data) if isinstance(part, Rows) else data.get(part.name)
        return content

    def _rows(self, part: Rows, data: dict[str, Any]) -> list[dict[str, Any]]:
        """The rows that were written, then those that were pasted; each remembers where it stands on the page."""
        found: list[dict[str, Any]] = []
        places: list[tuple[str, int]] = []
        for number in self.numbers[part.name]:
            names = {column.name: f"{part.name}-{number}-{column.name}" for column in part.columns}
            if data.get(f"{part.name}-{number}-{OUT}"):
                for name in names.values():
                    self._errors.pop(name, None)
                continue
            row = {column: data.get(name) for column, name in names.items()}
            if any(value not in EMPTY for value in row.values()) or any(
                name in self._errors for name in names.values()
            ):
                found.append(row)
                places.append((f"{part.name}-{number}", number + 1))
        for line, row in self._pasted(part, data):
            found.append(row)
            places.append(("", line))
        self.read[part.name] = places
        return numbered(part, found)

    def _pasted(self, part: Rows, data: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
        name = f"{part.name}-{PASTE}"
        makers = {column.name: self._field(column, str(column.label)) for column in part.columns}
        try:
            return pasting.read(data.get(name) or "", part, makers)
        except Refused as refused:
            self.object_to(replace(objection, field=name) for objection in refused.objections)
            return []

    def object_to(self, objections: Iterable[Objection]) -> None:
        """A fault of a row of the content, at the cell of the page where that row was written."""
        super().object_to(self._placed(objection) for objection in objections)

    def _placed(self, objection: Objection) -> Objection:
        rows, _dash, rest = objection.field.partition("-")
        number, _dash, column = rest.partition("-")
        places = self.read.get(rows, [])
        if not number.isdigit() or int(number) >= len(places):
            pastes = f"{rows}-{PASTE}"
            return replace(objection, field=pastes) if rows in self.numbers and rest != PASTE else objection
        prefix, line = places[int(number)]
        if prefix:
            return replace(objection, field=f"{prefix}-{column}")
        sentence = _("Row %(n)s: %(why)s") % {"n": line, "why": objection.sentence}
        return replace(objection, field=f"{rows}-{PASTE}", sentence=sentence)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """As in every form; a fault of a cell says of which row it is."""
        named = {self[name].focus_id: str(self[name].label) for name in self.cells if name in self.errors}  # type: ignore[attr-defined]
        return [
            (id, sentence if id not in named or sentence.startswith(named[id]) else f"{named[id]}: {sentence}")
            for id, sentence in super().summary
        ]

    @property
    def parts(self) -> list[Shown]:
        return [
            self._shown_rows(part) if isinstance(part, Rows) else Shown(field=self[part.name], when=part.when)
            for part in self.condition.parts
        ]

    def _shown_rows(self, part: Rows) -> Shown:
        lines = tuple(
            Line(
                str(part.one) % {"n": number + 1},
                [(column, self[f"{part.name}-{number}-{column.name}"]) for column in part.columns],
                self[f"{part.name}-{number}-{OUT}"],
            )
            for number in self.numbers[part.name]
        )
        paste = self[f"{part.name}-{PASTE}"]
        opened = bool(paste.errors or paste.value())
        return Shown(rows=part, lines=lines, paste=paste, when=part.when, has_errors=opened)


def numbered(part: Rows, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give those without a number the ones that follow the largest."""
    if part.numbered:
        last = max((row[part.numbered] or 0 for row in rows), default=0)
        for row in rows:
            if row[part.numbered] is None:
                last += 1
                row[part.numbered] = last
    return rows


def initial_of(condition: Condition, content: Any) -> dict[str, Any]:
    """A content as the form shows it: flat; rows that are too many for a page, as text to be pasted again."""
    found: dict[str, Any] = {}
    for part in condition.parts:
        value = getattr(content, part.name)
        if isinstance(part, Field):
            found[part.name] = value
        elif len(value) > ON_PAGE:
            found[f"{part.name}-{PASTE}"] = pasting.written(part, value)
        else:
            for place, row in enumerate(value):
                found |= {f"{part.name}-{place}-{column.name}": getattr(row, column.name) for column in part.columns}
    return found


def content_of(condition: Condition, data: dict[str, Any]) -> dict[str, Any]:
    """What the form read, as plain JSON; what was left empty is the default of its field."""
    return plain(_without_nothing(data))


def _without_nothing(data: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [_without_nothing(one) if isinstance(one, dict) else one for one in value]
        if isinstance(value, list)
        else value
        for name, value in data.items()
        if value is not None
    }
