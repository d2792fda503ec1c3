"""Fields that read what people type and give the kernel's strict values; each knows its GOV.UK width and hint."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from pliego.kernel.calendar import BOGOTA
from pliego.kernel.identifiers import Nit
from pliego.kernel.money import grouped, parse_amount
from pliego.kernel.objections import Refused

DAY = re.compile(r"(\d{1,2})[\s/.-]+(\d{1,2})[\s/.-]+(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
HOUR = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})?\s*(a|p)?\.?\s*m?\.?", re.IGNORECASE)
LIBRARY_SUFFIX = "-biblioteca"  # beside a file field: the code of a document of the account's library
FROM_LIBRARY = "biblioteca:"  # how an upload says that it is one of the library
UPLOAD_SUFFIX = "-carga"  # beside a file field: the id of a finished resumable upload


class HasFiles(Protocol):
    def get(self, key: str) -> Any: ...


def _refusal(refused: Refused) -> ValidationError:
    return ValidationError([str(objection) for objection in refused.objections])


class MoneyField(forms.CharField):
    """An amount in pesos as people write it ("$ 4.120.000"); gives a Decimal of two places."""

    def __init__(self, *, min_amount: Decimal | int | None = 0, **options: Any) -> None:
        self.min_amount = min_amount
        options.setdefault("max_length", 40)
        super().__init__(**options)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("class", "govuk-input--width-10 pl-amount")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in self.empty_values:
            return None
        try:
            amount = parse_amount(text)
        except Refused as refused:
            raise _refusal(refused) from refused
        if self.min_amount is not None and amount < self.min_amount:
            raise ValidationError(
                _("The amount cannot be less than %(least)s.") % {"least": grouped(Decimal(self.min_amount))}
            )
        return amount

    def prepare_value(self, value: Any) -> Any:
        return grouped(Decimal(value)) if isinstance(value, (Decimal, int)) else value


class NitField(forms.CharField):
    """A NIT with its check digit, with or without points and hyphen; gives a kernel Nit."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20)
        super().__init__(**options)
        self.widget.attrs.setdefault("inputmode", "numeric")
        self.widget.attrs.setdefault("class", "govuk-input--width-10")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in self.empty_values:
            return None
        try:
            return Nit.parse(text)
        except Refused as refused:
            raise _refusal(refused) from refused

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Nit) else value


def read_day(text: str) -> date | None:
    match = DAY.fullmatch(text.strip())
    if match is None:
        return None
    parts = (match[3], match[2], match[1]) if match[3] else (match[4], match[5], match[6])
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None


class DateField(forms.CharField):
    """A day as dd/mm/aaaa (also 2026-03-18, 18-03-2026, 18 3 2026); gives a date."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20)
        super().__init__(**options)
        self.widget.attrs.setdefault("class", "govuk-input--width-10")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in self.empty_values:
            return None
        if (day := read_day(text)) is None:
            raise ValidationError(_("Write the date as day/month/year, for example 21/11/2026."))
        return day

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


class DateTimeField(forms.CharField):
    """A day and hour of Colombia's legal time ("21/11/2026 15:00", "21/11/2026 3:00 p. m."); gives an aware instant."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 40)
        super().__init__(**options)
        self.widget.attrs.setdefault("class", "govuk-input--width-20")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in self.empty_values:
            return None
        if (instant := self._read(text.strip().replace("T", " "))) is None:
            raise ValidationError(_("Write the date and the hour, for example 21/11/2026 15:00."))
        return instant

    @staticmethod
    def _read(text: str) -> datetime | None:
        found = DAY.match(text)
        day = read_day(found[0]) if found else None
        hour = HOUR.fullmatch(text[found.end() :].strip(" ,")) if found else None
        if day is None or hour is None:
            return None
        clock, minute, half = int(hour[1]), int(hour[2] or 0), (hour[3] or "").lower()
        if half and not 1 <= clock <= 12:
            return None
        clock = clock % 12 + (12 if half == "p" else 0) if half else clock
        try:
            return datetime(day.year, day.month, day.day, clock, minute, tzinfo=BOGOTA)
        except ValueError:
            return None

    def prepare_value(self, value: Any) -> Any:
        return f"{value.astimezone(BOGOTA):%d/%m/%Y %H:%M}" if isinstance(value, datetime) else value


@dataclass(frozen=True)
class Upload:
    """What an UploadField gives: the file itself, or the id of a resumable upload that is complete."""

    file: UploadedFile | None = None
    upload_id: str = ""

    @property
    def name(self) -> str:
        return (self.file.name or "") if self.file else ""

    def __bool__(self) -> bool:
        return self.file is not None or bool(self.upload_id)


class UploadInput(forms.FileInput):
    """A file input and, beside it, the hidden id that pl-upload fills when it has sent the file by itself."""

    def value_from_datadict(self, data: Mapping[str, Any], files: HasFiles, name: str) -> Upload:  # type: ignore[override]
        sent, lent = (data.get(name + suffix) or "" for suffix in (UPLOAD_SUFFIX, LIBRARY_SUFFIX))
        return Upload(files.get(name), (FROM_LIBRARY + lent if lent else sent).strip()[:100])

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in files and not any(data.get(name + s) for s in (UPLOAD_SUFFIX, LIBRARY_SUFFIX))


class UploadField(forms.Field):
    """A file, sent with the form or before it. `accept` names what the chooser offers; content decides, elsewhere."""

    widget = UploadInput

    def __init__(self, *, accept: str = "", purpose: str = "", comes_with_form: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.accept, self.purpose = accept, purpose
        self.comes_with_form = comes_with_form  # where nobody is signed in, nothing can be sent before the form
        if accept:
            self.widget.attrs["accept"] = accept

    def clean(self, value: Any) -> Any:
        if isinstance(value, Upload) and value.file is not None and not value.file.size:
            raise ValidationError(_("The file is empty. Choose another one."))
        if not value and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return value or None

    def prepare_value(self, value: Any) -> Any:
        return None
