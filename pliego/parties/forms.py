"""What people type about accounts and places."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.accounts.models import DocumentType
from pliego.codelists.models import Municipality
from pliego.parties import kinds, rules
from pliego.parties.lists import Branch, BusinessArea, EntityType, Order, Sector
from pliego.parties.roles import roles_for
from pliego.web.forms import Form, Upload, UploadField

PAPER_TYPES = ".pdf,.png,.jpg,.jpeg"
CHOOSE = [("", _("Choose"))]


def choices_of(kinds: Any) -> list[tuple[str, Any]]:
    return [(kind.value, kind.label) for kind in kinds]


def municipalities() -> list[tuple[str, str]]:
    rows = Municipality.objects.select_related("department").order_by("folded_name", "code")
    return [("", str(_("Choose"))), *((row.code, f"{row.name} ({row.department.name})") for row in rows)]


class Find(Form):
    """First look whether it is already here."""

    nit = forms.CharField(
        label=_("NIT with its check digit"),
        help_text=_("As on the RUT, for example 900123456-8."),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    legal_name = forms.CharField(label=_("Legal name"), max_length=250)


class _Contact(Form):
    municipality = forms.ChoiceField(label=_("Municipality of the main office"))
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    phone = forms.CharField(
        label=_("Phone, without extension"),
        max_length=30,
        widget=forms.TelInput(attrs={"class": "govuk-input--width-20"}),
    )
    email = forms.EmailField(label=_("E-mail of the area that runs the procurement"), max_length=254)
    notification_email = forms.EmailField(
        label=_("E-mail for notifications"),
        help_text=_("Every notice of the account arrives here."),
        max_length=254,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["municipality"].choices = municipalities()  # type: ignore[attr-defined]


class Entity(_Contact):
    """The form of a state entity, in the order of the registration guide."""

    nit = Find.base_fields["nit"]
    legal_name = forms.CharField(
        label=_("Legal name"),
        help_text=_("We write it in capitals, without accents or marks, and show you how it stays."),
        max_length=250,
    )
    short_name = forms.CharField(
        label=_("Short name or acronym"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind of organisation"), choices=kinds.choices(kinds.ENTITY), widget=forms.RadioSelect
    )
    business_area = forms.ChoiceField(
        label=_("Business area"),
        choices=choices_of((BusinessArea.PUBLIC, BusinessArea.MIXED)),
        widget=forms.RadioSelect,
    )
    order = forms.ChoiceField(label=_("Order"), choices=Order.choices, widget=forms.RadioSelect)
    branch = forms.ChoiceField(label=_("Branch"), choices=CHOOSE + Branch.choices)
    sector = forms.ChoiceField(label=_("Sector"), choices=CHOOSE + Sector.choices)
    entity_type = forms.ChoiceField(label=_("Type of entity"), choices=CHOOSE + EntityType.choices)
    parent = forms.CharField(
        label=_("Code of the entity on which it depends"),
        help_text=_("Only if it depends on one that is registered here, for example PLG.CTA.1000001."),
        max_length=20,
        required=False,
    )
    in_siif = forms.BooleanField(label=_("It is in SIIF (only entities of the national order)"), required=False)
    pci = forms.CharField(
        label=_("PCI code in SIIF"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    field_order = (
        "nit", "legal_name", "short_name", "kind", "business_area", "order", "branch", "sector", "entity_type",
        "parent", "in_siif", "pci", "municipality", "address", "phone", "email", "notification_email",
    )  # fmt: skip

    def __init__(self, *args: Any, held: Collection[str] = (), **options: Any) -> None:
        """`held` are the papers that were sent before, and need not be sent again."""
        super().__init__(*args, **options)
        self.held = set(held)
        for paper in (*rules.ENTITY_PAPERS, rules.PRIVATE_PAPER):
            is_required = paper in rules.ENTITY_PAPERS and paper.field not in self.held
            self.fields[paper.field] = UploadField(
                label=paper.title, help_text=paper.help, accept=PAPER_TYPES, purpose=paper.kind, required=is_required
            )

    def clean(self) -> dict[str, Any]:
        """Say at once all that the rules say too, at the fields that have no error yet."""
        typed = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        words, papers = split({**typed, "in_siif": bool(typed["in_siif"])})
        found = rules.entity_is_incomplete(words, {*papers, *self.held})
        self.object_to(o for o in found if o.field not in self.errors)
        return self.cleaned_data

    @property
    def sections(self) -> list[tuple[Any, list[Any]]]:
        """The form in the parts of the guide."""
        basic, contact, papers = list(self.field_order[:12]), list(self.field_order[12:]), list(self.fields)[17:]
        parts = ((_("Basic data"), basic), (_("Contact"), contact), (_("Documents"), papers))
        return [(title, [self[name] for name in names]) for title, names in parts]


def split(cleaned: dict[str, Any]) -> tuple[rules.EntityData, dict[str, Upload]]:
    """The words of the form, and its files."""
    papers = {paper.field for paper in (*rules.ENTITY_PAPERS, rules.PRIVATE_PAPER)}
    words = {name: value for name, value in cleaned.items() if name not in papers}
    return rules.EntityData(**words), {name: cleaned[name] for name in papers if cleaned.get(name)}


class Supplier(_Contact):
    """The form of a supplier: a company, or a natural person with their own document."""

    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=kinds.choices(kinds.NATURAL, kinds.LEGAL, kinds.FOREIGN),
        widget=forms.RadioSelect,
    )
    nit = forms.CharField(
        label=_("NIT with its check digit"),
        help_text=_("Not needed for a natural person, who is known by their document."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    legal_name = forms.CharField(label=_("Legal name, or names and surnames"), max_length=250)
    short_name = forms.CharField(label=_("Short name"), max_length=60, required=False)
    representative_name = forms.CharField(
        label=_("Legal representative"),
        help_text=_("Of a company. A natural person represents themselves."),
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
        label=_("What it sells"),
        help_text=_("UNSPSC codes separated by commas, for example 432115, 441031."),
        max_length=1000,
        required=False,
    )
    field_order = (
        "kind", "nit", "legal_name", "short_name", "representative_name", "representative_document_type",
        "representative_document_number", "municipality", "address", "phone", "email", "notification_email", "size",
        "unspsc_interests",
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].required = False
        self.fields["email"].label = _("E-mail for the public")

    def clean(self) -> dict[str, Any]:
        """Say at once all that the rules say too; the document of a natural person is taken from their user."""
        typed: dict[str, Any] = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        typed["unspsc_interests"] = typed["unspsc_interests"] or ()
        found = rules.supplier_is_incomplete(rules.SupplierData(**typed))
        self.object_to(o for o in found if o.field not in self.errors and o.field in self.fields)
        return self.cleaned_data

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

    def __init__(self, *args: Any, is_buyer: bool, is_supplier: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = roles_for(is_buyer=is_buyer, is_supplier=is_supplier)
        self.fields["roles"] = forms.MultipleChoiceField(
            label=_("Roles"),
            choices=[(role.code, f"{role.title}: {role.may}") for role in offered],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )


class Reasons(Form):
    """One reason at each field that has to be corrected."""

    def __init__(self, *args: Any, fields: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in fields:
            self.fields[name] = forms.CharField(label=label, max_length=500, required=False)


class Nothing(Form):
    """An act that needs no data, only the decision."""


class Switch(Form):
    account = forms.CharField(max_length=20, required=False)
    next = forms.CharField(max_length=500, required=False)
