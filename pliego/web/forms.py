"""Forms that keep what was typed, say all that is wrong at once, and refuse what they do not know."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.forms.utils import ErrorDict
from django.template import TemplateDoesNotExist
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection, Refused
from pliego.web.fields import (
    LIBRARY_SUFFIX,
    UPLOAD_SUFFIX,
    DateField,
    DateTimeField,
    MoneyField,
    NitField,
    Upload,
    UploadField,
    UploadInput,
)

__all__ = [
    "DateField",
    "DateTimeField",
    "Form",
    "FormSet",
    "MoneyField",
    "NitField",
    "Renderer",
    "Upload",
    "UploadField",
    "rows",
]

# What our own pages add to every form: the anti-forgery token, the double-submit key, the draft's mark and version.
OURS = frozenset({"csrfmiddlewaretoken", "una_vez", "visto", "borrador", "borrador_version", "borrador_elegir"})
SIGNATURE = "firma-"
DJANGO_REQUIRED = forms.Field.default_error_messages["required"]
CHOOSE = _("Choose an option in “{label}”.")
MISSING = {
    "text": _("Fill in “{label}”."),
    "select": CHOOSE,
    "radios": CHOOSE,
    "checkboxes": CHOOSE,
    "checkbox": _("Tick “{label}” to go on."),
    "upload": _("Choose a file for “{label}”."),
    "file": _("Choose a file for “{label}”."),
}


class Renderer(TemplatesSetting):
    """Fields are drawn with the house's own templates; bare inputs with Django's."""

    bare = DjangoTemplates()  # one for all: it keeps what it has read

    def get_template(self, template_name: str) -> Any:
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return self.bare.get_template(template_name)


class Field(BoundField):
    """A field of a form on a page: which template draws it, and the ids that tie hint and error to the input."""

    KINDS: ClassVar[tuple[tuple[type[forms.Widget], str], ...]] = (
        (UploadInput, "upload"),
        (forms.FileInput, "file"),  # goes with the form and no other way: nothing keeps it beforehand
        (forms.CheckboxSelectMultiple, "checkboxes"),
        (forms.RadioSelect, "radios"),
        (forms.CheckboxInput, "checkbox"),
        (forms.SelectMultiple, "select"),
        (forms.Select, "select"),
        (forms.Textarea, "textarea"),
        (forms.PasswordInput, "password"),
        (forms.HiddenInput, "hidden"),
    )
    CLASSES: ClassVar[dict[str, str]] = {
        "upload": "govuk-file-upload",
        "file": "govuk-file-upload",
        "checkboxes": "govuk-checkboxes__input",
        "checkbox": "govuk-checkboxes__input",
        "radios": "govuk-radios__input",
        "select": "govuk-select",
        "textarea": "govuk-textarea",
        "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
        "money": "govuk-input",
        "text": "govuk-input",
    }

    @property
    def kind(self) -> str:
        widget = self.field.widget
        for known, kind in self.KINDS:
            if isinstance(widget, known):
                return kind
        return "money" if isinstance(self.field, MoneyField) else "text"

    @property
    def template(self) -> str:
        return f"web/fields/{self.kind}.html"

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}_helptext"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}_error"

    @property
    def focus_id(self) -> str:
        """The input that a link of the error summary goes to: the first one of a group."""
        return f"{self.auto_id}_0" if self.kind in {"radios", "checkboxes"} else str(self.id_for_label or self.auto_id)

    @property
    def differs(self) -> bool:
        """Whether what was typed is not what the page was given."""
        return self.initial_text != self.typed_text

    @property
    def initial_text(self) -> str:
        return self._in_words(self.initial)

    @property
    def typed_text(self) -> str:
        return self._in_words(self.value())

    def _in_words(self, value: Any) -> str:
        """A value as people read it: the names of what was chosen, amounts and dates as the field shows them."""
        if isinstance(self.field, forms.ChoiceField):
            names = {str(code): str(name) for code, name in self.field.widget.choices}
            values = value if isinstance(value, (list, tuple)) else [value]
            return ", ".join(names.get(str(one), str(one)) for one in values if one not in {None, ""})
        shown = self.field.widget.format_value(self.field.prepare_value(value))
        return "" if shown is None else str(shown)

    @property
    def is_optional(self) -> bool:
        marks = getattr(self.form, "marks_optional", True)
        return marks and not self.field.required and self.kind != "checkbox"

    @property
    def missing(self) -> Any:
        """What to say when the field was left empty: it names the field, so that the summary makes sense alone."""
        sentence = MISSING.get(self.kind, MISSING["text"])
        return format_lazy(sentence, label=self.label)

    @property
    def counts(self) -> int | None:
        """How many characters a long text may have, when it has a limit worth showing."""
        return getattr(self.field, "max_length", None) if self.kind == "textarea" else None

    @property
    def upload_id(self) -> str:
        """The finished upload that a page which comes back with errors still holds."""
        sent = self.data if self.form.is_bound and self.kind == "upload" else None
        kept = self.form.kept.get(self.name)  # type: ignore[attr-defined]
        return kept[0] if kept else sent.upload_id if isinstance(sent, Upload) else ""

    @property
    def upload_name(self) -> str:
        """What the kept file is called, when this very request brought it."""
        return self.form.kept.get(self.name, ("", ""))[1]  # type: ignore[attr-defined, no-any-return]

    @property
    def describedby(self) -> str:
        return " ".join(
            [*([self.hint_id] if self.help_text else []), *([self.error_id] if self.errors else [])],
        )

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        given = self.field.widget.attrs.get("class", "")
        wrong = {"upload": "govuk-file-upload--error", "select": "govuk-select--error"}.get(
            self.kind, "govuk-textarea--error" if self.kind == "textarea" else "govuk-input--error"
        )
        plain = self.kind in {"checkboxes", "radios", "checkbox", "hidden"}
        counted = "govuk-js-character-count" if self.counts else ""
        parts = [self.CLASSES.get(self.kind, ""), counted, given, wrong if self.errors and not plain else ""]
        if css := " ".join(part for part in parts if part):
            built["class"] = css
        return built


class Form(forms.Form):
    """Base of every form of the house. `never_drafted`: fields that no draft keeps (prices, sealed answers)."""

    bound_field_class = Field
    use_required_attribute = False
    required_css_class = ""
    never_drafted: ClassVar[tuple[str, ...]] = ()
    marks_optional: ClassVar[bool] = True  # false where "(optional)" would mislead: the act asks for one of several
    buttons: ClassVar[tuple[str, ...]] = ("accion",)  # names that submit buttons may carry

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        self.beside = frozenset(options.pop("beside", ()))  # other names of the page's POST that are not ours
        super().__init__(*args, **options)
        self.kept: dict[str, tuple[str, str]] = {}  # field → (code of the upload, name of its file)
        for bound in self:
            if bound.field.error_messages.get("required") == DJANGO_REQUIRED:
                bound.field.error_messages["required"] = bound.missing  # type: ignore[attr-defined]

    def known_names(self) -> set[str]:
        names: set[str] = set()
        for bound in self:
            names |= {
                bound.html_name,
                bound.html_name + UPLOAD_SUFFIX,
                bound.html_name + LIBRARY_SUFFIX,
                f"{bound.html_name}-clear",
            }
            widget = bound.field.widget
            if isinstance(widget, forms.MultiWidget):
                names |= {bound.html_name + suffix for suffix in widget.widgets_names}  # type: ignore[attr-defined]
        return names

    def strangers(self) -> list[str]:
        known = self.known_names() | OURS | self.beside | set(self.buttons)
        sent = {*self.data, *self.files}
        if self.prefix:
            sent = {name for name in sent if name.startswith(f"{self.prefix}-")}
        return sorted(name for name in sent - known if not name.startswith(SIGNATURE) or self.prefix)

    def full_clean(self) -> None:
        super().full_clean()
        self._keep_seconds()
        if self.is_bound and (strangers := self.strangers()):
            sentence = _("The page sent a field that this form does not have: %(names)s. Reload the page.")
            self.add_error(None, ValidationError(sentence % {"names": ", ".join(strangers)[:200]}, "unknown_field"))

    def _keep_seconds(self) -> None:
        """A page shows an hour to the minute: one that nobody touched is still the instant that the page was given."""
        for bound in self:
            given = bound.initial if self.is_bound and isinstance(bound.field, DateTimeField) else None
            shown = given.replace(second=0, microsecond=0) if isinstance(given, datetime) else None
            if shown and self.cleaned_data.get(bound.name) == shown:
                self.cleaned_data[bound.name] = given

    def object_to(self, objections: Iterable[Objection]) -> None:
        """Show each objection at its field; what names no field of this form stands above it."""
        for objection in objections:
            field = objection.field if objection.field in self.fields else None
            if self._errors is None:  # type: ignore[has-type]
                self._errors = ErrorDict()
            self.add_error(field, ValidationError(str(objection), code=objection.code))

    def keep_files(self, keep: Callable[[UploadedFile, str], str]) -> None:
        """Files that came with a form that is refused are not lost: each waits as a finished upload of its sender."""
        for bound in self:
            field, sent = bound.field, bound.data
            if not isinstance(field, UploadField) or not sent.file or not sent.file.size:
                continue
            try:
                self.kept[bound.name] = keep(sent.file, field.purpose or "other"), sent.name
            except Refused as refused:
                if not bound.errors:
                    self.object_to(Objection(o.code, o.sentence, bound.name) for o in refused.objections)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(id to jump to or "", sentence) for every error, in the order of the page; alike ones say of which field."""
        whole = [("", str(error)) for error in self.errors.get(NON_FIELD_ERRORS, [])]
        told = [(bound, str(error)) for bound in self for error in bound.errors]
        times = Counter(sentence for _bound, sentence in told)
        by_field = [
            (bound.focus_id, f"{bound.label}: {sentence}" if times[sentence] > 1 else sentence)  # type: ignore[attr-defined]
            for bound, sentence in told
        ]
        return whole + by_field


class BaseFormSet(forms.BaseFormSet):
    """A group of equal rows on one page; keeps what was typed in each, and refuses unknown fields in any."""

    def known_names(self) -> set[str]:
        management = {f"{self.prefix}-{name}" for name in self.management_form.fields}
        return management.union(*(form.known_names() for form in self.forms))  # type: ignore[attr-defined]

    @property
    def summary(self) -> list[tuple[str, str]]:
        whole = [("", str(error)) for error in self.non_form_errors()]
        return whole + [line for form in self.forms for line in form.summary]  # type: ignore[attr-defined]


def FormSet(form: type[Form], **options: Any) -> type[forms.BaseFormSet]:
    """`PriceRows = FormSet(PriceRow, extra=0, can_delete=True)`; use it like Django's formsets."""
    return forms.formset_factory(form, formset=BaseFormSet, **options)


def rows(data: Mapping[str, Any], prefix: str) -> list[int]:
    """The row numbers that a page sent under a prefix ("lines-0-price" → 0), in order."""
    found = {name.split("-")[1] for name in data if name.startswith(f"{prefix}-") and name.count("-") >= 2}
    return sorted(int(number) for number in found if number.isdigit())
