"""What people type about accounts and places."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pliego.accounts.models import DocumentType
from pliego.codelists import countries
from pliego.codelists.fields import PlaceField
from pliego.parties import kinds, rules
from pliego.parties.roles import roles_for
from pliego.web.forms import Form


class Find(Form):
    """First look whether it is already here."""

    nit = forms.CharField(
        label=_("NIT with its check digit"),
        help_text=_("As on the RUT, for example 900123456-8."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    legal_name = forms.CharField(label=_("Legal name"), max_length=250, required=False)
    marks_optional = False

    def clean(self) -> dict[str, Any]:
        if not any(self.cleaned_data.get(name) for name in ("nit", "legal_name")) and not self.errors:
            raise ValidationError(_("Write the NIT or the name."), "missing")
        return self.cleaned_data


class _Contact(Form):
    municipality = PlaceField(label=_("Municipality of the main office"))
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    phone = forms.CharField(
        label=_("Phone, without extension"),
        max_length=30,
        widget=forms.TelInput(attrs={"class": "govuk-input--width-20"}),
    )
    email = forms.EmailField(label=_("E-mail of the area that runs the procurement"), max_length=254)
    notification_email = forms.EmailField(
        label=_("E-mail for notifications"),
        help_text=_("Every notice of the account arrives here. We send a code to see that somebody reads it."),
        max_length=254,
    )


class Supplier(_Contact):
    """The form of a supplier: a company, or a natural person with their own document."""

    marks_optional = False  # most of what is not required depends on the kind
    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=[
            ("", _("Choose")),
            (_("Colombian person"), kinds.choices(kinds.NATURAL)),
            (_("Legal person"), kinds.choices(kinds.LEGAL)),
            (_("Foreign"), kinds.choices(kinds.FOREIGN)),
        ],
    )
    nit = forms.CharField(
        label=_("NIT with its check digit"),
        help_text=_("Not needed for a natural person, who is known by their document."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    country = forms.ChoiceField(label=_("Country"), choices=countries.choices, initial="CO", required=False)
    foreign_scheme = forms.CharField(
        label=_("How that country calls its number"),
        help_text=_("RFC, CNPJ, CUIT, VAT or the like."),
        max_length=8,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )
    foreign_number = forms.CharField(
        label=_("Number in that country"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    legal_name = forms.CharField(label=_("Legal name, or names and surnames"), max_length=250)
    short_name = forms.CharField(label=_("Short name or acronym (optional)"), max_length=60, required=False)
    municipality = PlaceField(label=_("Municipality of the main office"), required=False)
    address = forms.CharField(label=_("Address (optional)"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-mail for the public (optional)"), max_length=254, required=False)
    representative_name = forms.CharField(
        label=_("Name of the legal representative"),
        max_length=200,
        required=False,
    )
    representative_document_type = forms.ChoiceField(
        label=_("Type of document of the representative"), choices=DocumentType.choices, required=False
    )
    representative_document_number = forms.CharField(
        label=_("Number of document of the representative"), max_length=20, required=False
    )
    size = forms.ChoiceField(
        label=_("Size of the company"),
        choices=[("", _("I do not know")), ("micro", _("Micro")), ("small", _("Small")),
                 ("medium", _("Medium")), ("large", _("Large"))],
        required=False,
    )  # fmt: skip
    unspsc_interests = forms.CharField(
        label=_("What it sells (optional)"),
        help_text=_("UNSPSC codes separated by commas, for example 432115, 441031."),
        max_length=1000,
        required=False,
    )
    groups = (
        (_("What it is"), "", ("kind", "legal_name", "short_name", "nit")),
        (_("Legal representative"), _("Of a company. A natural person represents themselves."),
         ("representative_name", "representative_document_type", "representative_document_number")),
        (_("Foreign supplier"), _("Leave it as it is if the supplier is Colombian."),
         ("country", "foreign_scheme", "foreign_number")),
        (_("Where it is and how to reach it"), "", ("municipality", "address", "phone", "email", "notification_email")),
        (_("What it offers"), "", ("size", "unspsc_interests")),
    )  # fmt: skip
    field_order = tuple(name for _legend, _hint, names in groups for name in names)

    @property
    def grouped(self) -> list[tuple[Any, Any, list[Any]]]:
        """For the page: each group with its fields."""
        return [(legend, hint, [self[name] for name in names]) for legend, hint, names in self.groups]

    def clean(self) -> dict[str, Any]:
        """Say at once all that the rules say too; the document of a natural person is taken from their user."""
        typed: dict[str, Any] = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        typed["unspsc_interests"] = typed["unspsc_interests"] or ()
        found = rules.supplier_is_incomplete(rules.SupplierData(**{**typed, "country": typed["country"] or "CO"}))
        self.object_to(o for o in found if o.field not in self.errors and o.field in self.fields)
        return self.cleaned_data

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"] or countries.HOME)

    def clean_foreign_scheme(self) -> str:
        return str(self.cleaned_data["foreign_scheme"]).strip().upper()

    def clean_foreign_number(self) -> str:
        return str(self.cleaned_data["foreign_number"]).strip().upper()

    def clean_unspsc_interests(self) -> tuple[str, ...]:
        typed = self.cleaned_data["unspsc_interests"].replace(";", ",").replace(" ", ",").split(",")
        return tuple(code for code in typed if code)


class Access(Form):
    note = forms.CharField(
        label=_("Message to the administrators"),
        help_text=_("Who you are in the entity and what for."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Roles(Form):
    """What a person may do in an account; only the roles that exist in it are offered."""

    marks_optional = False

    def __init__(self, *args: Any, is_buyer: bool, is_supplier: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["roles"] = _roles_field(is_buyer=is_buyer, is_supplier=is_supplier, required=False)


class Reasons(Form):
    """One reason at each field that has to be corrected."""

    marks_optional = False

    def __init__(self, *args: Any, fields: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in fields:
            self.fields[name] = forms.CharField(label=label, max_length=500, required=False)


class Checklist(Form):
    """Each item of a registration: right, or the reason why it is wrong; what is left unmarked is not checked yet."""

    marks_optional = False

    def __init__(self, *args: Any, items: list[Any], checks: dict[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.items = items
        for item in items:
            told = checks.get(item.code)
            marked = "" if told is None else "wrong" if told["wrong"] else "right"
            self.fields[f"{item.code}-mark"] = forms.ChoiceField(
                label=item.label, choices=[("right", _("It is right")), ("wrong", _("It has to be corrected"))],
                widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}), required=False, initial=marked,
            )  # fmt: skip
            self.fields[f"{item.code}-reason"] = forms.CharField(
                label=_("What is wrong"), max_length=500, required=False, initial=told["wrong"] if told else ""
            )
        self.fields["rest"] = forms.BooleanField(label=_("I checked all the others and they are right"), required=False)

    def clean(self) -> dict[str, Any]:
        for item in self.items:
            told = self.cleaned_data
            if told.get(f"{item.code}-mark") == "wrong" and not told.get(f"{item.code}-reason"):
                self.add_error(f"{item.code}-reason", _("Write what has to be corrected."))
        return self.cleaned_data

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"item": item, "mark": self[f"{item.code}-mark"], "reason": self[f"{item.code}-reason"]}
            for item in self.items
        ]


def verdicts_in(data: dict[str, Any], items: list[str]) -> tuple[dict[str, str], bool]:
    """What a checklist says: item → "" or why it is wrong; and whether the rest is right."""
    told = {item: data.get(f"{item}-mark") for item in items}
    verdicts = {item: data[f"{item}-reason"] if mark == "wrong" else "" for item, mark in told.items() if mark}
    return verdicts, bool(data.get("rest"))


class Decision(Form):
    verdict = forms.ChoiceField(
        label=_("Decision"),
        choices=[("approve", _("I agree")), ("refuse", _("I do not agree"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Why not"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class TakePlace(Form):
    verdict = forms.ChoiceField(
        label=_("Do you take it?"),
        choices=[("approve", _("Yes, I take the place")), ("refuse", _("No"))],
        widget=forms.RadioSelect,
    )


class Invite(Form):
    """A place for somebody by their e-mail."""

    email = forms.EmailField(label=_("E-mail of the person"), max_length=254)
    full_name = forms.CharField(label=_("Name of the person"), max_length=200, required=False)

    def __init__(self, *args: Any, is_buyer: bool, is_supplier: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["roles"] = _roles_field(is_buyer=is_buyer, is_supplier=is_supplier)


class Why(Form):
    reason = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class OtherType(Why):
    def __init__(self, *args: Any, is_buyer: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = kinds.choices(kinds.LEGAL, kinds.FOREIGN) if is_buyer else kinds.choices(kinds.ENTITY)
        self.fields["kind"] = forms.ChoiceField(label=_("What it really is"), choices=[("", _("Choose")), *offered])


def _roles_field(*, is_buyer: bool, is_supplier: bool, required: bool = True) -> forms.MultipleChoiceField:
    offered = roles_for(is_buyer=is_buyer, is_supplier=is_supplier)
    return forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role.code, f"{role.title}: {role.may}") for role in offered],
        widget=forms.CheckboxSelectMultiple,
        required=required,
    )


class Nothing(Form):
    """An act that needs no data, only the decision."""


class Switch(Form):
    account = forms.CharField(max_length=20, required=False)
    next = forms.CharField(max_length=500, required=False)
