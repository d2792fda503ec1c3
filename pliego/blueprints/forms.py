"""Forms of the templates of an entity."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.blueprints.models import Blueprint
from pliego.kernel.objections import Text
from pliego.methods import catalogue
from pliego.web.fields import UploadField
from pliego.web.forms import Form

Choices = list[tuple[str, Text]]


class BlueprintForm(Form):
    """The name, what it is for, the methods that it fits and its sections."""

    name = forms.CharField(label=_("Name of the template"), max_length=200)
    description = forms.CharField(
        label=_("What it is for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    methods = forms.MultipleChoiceField(
        label=_("Methods that it fits"),
        help_text=_("It is offered in processes of these methods only."),
        widget=forms.CheckboxSelectMultiple,
    )
    parts = forms.MultipleChoiceField(label=_("Sections"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, parts: Choices, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["methods"].choices = catalogue.choices(on)  # type: ignore[attr-defined]
        self.fields["parts"].choices = parts  # type: ignore[attr-defined]


class SaveAsForm(BlueprintForm):
    """A new template, or a new version of one that the entity has."""

    template = forms.ChoiceField(
        label=_("Save it as"),
        help_text=_(
            "A new version keeps the other sections of that template; the version before it can still be read."
        ),
        required=False,
    )
    field_order = ("template", "name", "description", "methods", "parts")

    def __init__(self, *args: Any, known: list[Blueprint], **options: Any) -> None:
        super().__init__(*args, **options)
        title = _("A new version of “%(name)s”")
        rows = [(row.code, title % {"name": row.name}) for row in known]
        self.fields["template"].choices = [("", _("A new template")), *rows]  # type: ignore[attr-defined]


class ReviseForm(BlueprintForm):
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ImportForm(Form):
    file = UploadField(
        label=_("File of the template"),
        help_text=_("The JSON file that another entity exported."),
        accept=".json",
        comes_with_form=True,
    )


class NothingForm(Form):
    """The button says it."""
