"""The parts of the registration of an entity, in the guide's order. Nothing is required here: what is missing is told
at the end, and at each field when the part is opened again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from pliego.codelists import countries
from pliego.parties import kinds, rules
from pliego.parties.forms import Find, _Contact
from pliego.parties.lists import Branch, BusinessArea, EntityType, Order, PaperAudience, Sector
from pliego.parties.lookups import EntityField
from pliego.web.forms import DateField, Form, Upload, UploadField

PAPER_TYPES = ".pdf,.png,.jpg,.jpeg"
ANY_PAPER = "tax_register"  # all the documents of a registration take the same kinds of files
CHOOSE = [("", _("Choose"))]


class Part(Form):
    """A part of the registration: everything may be left for later."""

    marks_optional = False
    title: Any = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.required = False

    def as_kept(self) -> dict[str, Any]:
        """What each field holds: its value where it can be read, and otherwise the very words."""
        return {name: self.cleaned_data.get(name, self.data.get(name, "")) for name in self.fields}


class Identity(Part):
    title = _("What the entity is")
    country = forms.ChoiceField(label=_("Country"), choices=countries.choices)
    in_siif = forms.BooleanField(label=_("It is in SIIF (only entities of the national order)"))
    pci = forms.CharField(
        label=_("PCI code in SIIF"), max_length=20, widget=forms.TextInput(attrs={"class": "govuk-input--width-10"})
    )
    business_area = forms.ChoiceField(
        label=_("Business area"),
        help_text=_("Public and private: it has a private budget, and also contracts with public money."),
        choices=[(area.value, area.label) for area in (BusinessArea.PUBLIC, BusinessArea.MIXED)],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=_("Kind of organisation"), choices=kinds.choices(kinds.ENTITY), widget=forms.RadioSelect
    )
    legal_name = forms.CharField(
        label=_("Legal name"),
        help_text=_("We write it in capitals, without accents or marks, and show you how it stays."),
        max_length=250,
    )
    short_name = forms.CharField(
        label=_("Short name or acronym (optional)"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    nit = Find.base_fields["nit"]
    order = forms.ChoiceField(label=_("Order"), choices=Order.choices, widget=forms.RadioSelect)
    branch = forms.ChoiceField(label=_("Branch"), choices=CHOOSE + Branch.choices)
    sector = forms.ChoiceField(label=_("Sector"), choices=CHOOSE + Sector.choices)
    entity_type = forms.ChoiceField(label=_("Type of entity"), choices=CHOOSE + EntityType.choices)
    parent = EntityField(
        label=_("Entity on which it depends (optional)"),
        help_text=_("Only if it depends on one that is registered here: write its name, its NIT or its code."),
    )


class Contact(_Contact, Part):
    title = _("Where it is and how to reach it")


class Papers(Part):
    """Each document with its dates and its readers; only what applies to the kind of organisation is asked."""

    title = _("Documents")

    def __init__(self, *args: Any, kind: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.papers = rules.papers_for(kind)
        for paper in self.papers:
            for name, field in _fields_of(paper).items():
                field.required = False
                self.fields[name] = field

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For the page: each document with its own fields."""
        return [
            {"paper": paper, "file": self[paper.field], "more": [self[name] for name in _fields_of(paper)][1:]}
            for paper in self.papers
        ]

    def uploads(self) -> dict[str, Upload]:
        found = {paper.field: self.cleaned_data.get(paper.field) for paper in self.papers}
        return {field: sent for field, sent in found.items() if sent}

    def dates(self) -> dict[str, rules.Dates]:
        told = self.cleaned_data
        return {
            paper.field: rules.Dates(
                told.get(f"{paper.field}_issued_on"),
                told.get(f"{paper.field}_expires_on"),
                told.get(f"{paper.field}_audience") or "",
            )
            for paper in self.papers
        }


def _fields_of(paper: rules.Paper) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {
        paper.field: UploadField(label=paper.title, help_text=paper.help, accept=PAPER_TYPES, purpose=paper.kind)
    }
    found[f"{paper.field}_issued_on"] = DateField(label=_("Issued on"), help_text=_("Day, month and year"))
    if paper.can_expire:
        found[f"{paper.field}_expires_on"] = DateField(label=_("Valid until (leave it empty if it does not expire)"))
    if paper.audience != PaperAudience.OWNER:
        found[f"{paper.field}_audience"] = forms.ChoiceField(
            label=_("Who may read it when the account is active"),
            choices=PaperAudience.choices,
            initial=paper.audience,
        )
    return found


class OnePaper(Form):
    """A newer document of an active account."""

    def __init__(self, *args: Any, paper: rules.Paper, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in _fields_of(paper).items():
            field.required = name == paper.field
            self.fields[name] = field


class MailboxCode(Form):
    """The digits that arrived at the address for notifications."""

    buttons = ("accion",)
    marks_optional = False
    code = forms.CharField(
        label=_("Code that arrived there"),
        max_length=12,
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "govuk-input--width-5"}
        ),
    )


PARTS: dict[str, type[Part]] = {"identity": Identity, "contact": Contact, "papers": Papers}
SLUGS = {"identidad": "identity", "contacto": "contact", "documentos": "papers"}
IN_SPANISH = {part: slug for slug, part in SLUGS.items()}


def bound(part: type[Part], kept: Mapping[str, Any], **options: Any) -> Part:
    """The form with what was kept, as if it had just been sent: with the errors of what cannot be read."""
    data = QueryDict(mutable=True)
    for name, value in kept.items():
        if value is True:
            data[name] = "on"
        elif value not in (None, False, ""):
            data[name] = f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
    return part(data, **options)
