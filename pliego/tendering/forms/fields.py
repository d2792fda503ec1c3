"""What the forms of this room share: long texts, fields that a draft may leave empty, the form of a section."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Text
from pliego.web.forms import Field, Form

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
