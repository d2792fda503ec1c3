"""What people type about plural bidders."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pliego.consortia import rules
from pliego.consortia.services import Part
from pliego.parties import kinds
from pliego.parties.lookups import SupplierField
from pliego.web.forms import Form, UploadField

SPARE_ROWS = 2
MOST_ROWS = 20


class ShareField(forms.CharField):
    """A per cent as people write it (33,333334 · 50 %); gives an exact decimal of at most six places."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=12, **options)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("class", "govuk-input--width-5")

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace("%", "").replace(" ", "").replace(",", ".")
        if not text:
            return None
        if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", text):
            raise ValidationError(_("Write the share with at most six decimals, for example 33,333334."), "share_wrong")
        try:
            share = Decimal(text)
        except InvalidOperation as fault:
            raise ValidationError(_("Write the share as a number."), "share_wrong") from fault
        if not 0 < share < rules.WHOLE:
            raise ValidationError(_("Write a share between 0 and 100."), "share_wrong")
        return share

    def prepare_value(self, value: Any) -> Any:
        return rules.written(value) if isinstance(value, Decimal) else value


class New(Form):
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=kinds.choices(kinds.PLURAL),
        widget=forms.RadioSelect,
        help_text=_(
            "In a consortium all answer for everything; in a temporary union sanctions fall by what each one does."
        ),
    )
    name = forms.CharField(label=_("Name of the plural bidder"), max_length=250)


class Terms(Form):
    """Members with their shares, who represents them, and the document that constitutes it."""

    marks_optional = False

    def __init__(self, *args: Any, rows: int, has_document: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.count = min(rows + SPARE_ROWS, MOST_ROWS)
        for number in range(self.count):
            self.fields[f"supplier-{number}"] = SupplierField(
                label=_("Supplier"), help_text=_("Its name, its NIT or its code"), required=False
            )
            self.fields[f"share-{number}"] = ShareField(label=_("Share, in per cent"), required=False)
            self.fields[f"activities-{number}"] = forms.CharField(
                label=_("What it does"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )
        self.fields["representative"] = forms.EmailField(
            label=_("E-mail of whoever represents it"),
            help_text=_("A person of one of the members, with a second factor."),
            max_length=254,
        )
        self.fields["paper"] = UploadField(
            label=_("Document that constitutes it"),
            help_text=_("Signed by the members, with the rules of the relation between them.")
            if not has_document
            else _("It is already attached. Choose another one only to replace it."),
            accept=".pdf,.png,.jpg,.jpeg",
            purpose="plural_constitution",
            required=False,
        )

    @property
    def rows(self) -> list[list[Any]]:
        return [[self[f"{name}-{n}"] for name in ("supplier", "share", "activities")] for n in range(self.count)]

    def parts(self) -> list[Part]:
        told = self.cleaned_data
        return [
            Part(told[f"supplier-{n}"], told[f"share-{n}"], told.get(f"activities-{n}") or "")
            for n in range(self.count)
            if told.get(f"supplier-{n}") and told.get(f"share-{n}") is not None
        ]

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        for n in range(self.count):
            supplier, share = f"supplier-{n}", f"share-{n}"
            if told.get(supplier) and told.get(share) is None and share not in self.errors:
                self.add_error(share, _("Write its share."))
            if told.get(share) is not None and not told.get(supplier) and supplier not in self.errors:
                self.add_error(supplier, _("Write which supplier has this share."))
        if not self.errors:
            self.object_to(o for o in rules.shares_do_not_add_up([part.share for part in self.parts()]))
            told["parts"] = self.parts()
        return told


class Answer(Form):
    verdict = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("accept", _("We accept these terms")), ("refuse", _("We do not accept"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why not"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
