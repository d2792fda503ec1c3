"""What the pages of offers ask for. Answers and prices are in no form: the browser seals them."""

import json
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pliego.bidding.rules import BASES
from pliego.bidding.sealing import LARGEST_MANIFEST
from pliego.tendering.models.opening import KEEPING
from pliego.web.forms import DateTimeField, Form

HIDDEN = {"spellcheck": "false", "autocomplete": "off"}


class PresentForm(Form):
    """The manifest that the page's script writes after sealing."""

    never_drafted = ("manifest",)
    manifest = forms.CharField(widget=forms.HiddenInput(attrs=HIDDEN), max_length=LARGEST_MANIFEST)

    def clean_manifest(self) -> dict[str, Any]:
        try:
            manifest = json.loads(self.cleaned_data["manifest"])
        except (ValueError, RecursionError):
            manifest = None
        if not isinstance(manifest, dict):
            raise ValidationError(_("Seal the offer before presenting it."))
        return manifest


class BundleForm(Form):
    bundle = forms.FileField(
        label=_("Sealed offer (ZIP)"),
        help_text=_("The file that the command “pliego seal” wrote. It holds nothing that anybody can read."),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )


class ConfirmForm(Form):
    """Nothing to write: only to confirm, and to sign where the act binds."""


class MinutesForm(Form):
    note = forms.CharField(
        label=_("What else must be in them"),
        help_text=_("Who came, what was said or objected to. The acts of the opening are already in the minutes."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class KeyForm(Form):
    never_drafted = ("answer", "ticket")
    recipient = forms.CharField(
        label=_("Public key"),
        help_text=_("It begins with age1. With stock age: age-keygen -o llave.txt writes it on the first line."),
        max_length=200,
        widget=forms.TextInput(attrs=HIDDEN),
    )
    answer = forms.CharField(
        label=_("Answer to the challenge"),
        help_text=_("What the challenge says once you decrypt it. Leave it empty the first time: the page shows it."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs=HIDDEN),
    )
    ticket = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)
    kept_by = forms.ChoiceField(
        label=_("What protects the file of the key"),
        help_text=_("Reinforced openings ask for a passkey. The page fills it in when it reads the file."),
        choices=[("", "—"), *KEEPING],
        required=False,
    )


class RehearsalForm(Form):
    """The answer to a test of the key that the process is locked for."""

    never_drafted = ("answer", "ticket")
    recipient = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)  # written by the script
    ticket = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)
    answer = forms.CharField(
        label=_("Answer to the challenge"),
        help_text=_("What the challenge says once you decrypt it."),
        max_length=100,
        widget=forms.TextInput(attrs=HIDDEN),
    )


class ReserveForm(Form):
    """What the entity decides of a request. The ground and the term belong to one that is accepted."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("accept", _("Accept: it stays from the public until the instant below")),
            ("refuse", _("Refuse: the answer and its key are public at once, and that cannot be undone")),
        ],
        widget=forms.RadioSelect,
    )
    basis = forms.ChoiceField(
        label=_("Rule that allows it"),
        help_text=_("Only to accept."),
        choices=[("", "—"), *((code, basis.title) for code, basis in BASES.items())],
        required=False,
    )
    until = DateTimeField(
        label=_("Confidential until"), help_text=_("Only to accept. For example: 21/11/2031 15:00"), required=False
    )
    rationale = forms.CharField(
        label=_("Why it is decided so"),
        help_text=_("It is public at once: do not write here what is to be kept."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


LINE = re.compile(r"(age1[02-9ac-hj-np-z]{58}) (?:([0-9a-f]{66})|prueba:([0-9a-f]{32})|no-abre)")


class SharesForm(Form):
    never_drafted = ("shares",)
    shares = forms.CharField(
        label=_("Your shares"),
        help_text=_("One line per envelope: the key of the envelope, a space, and the share in hexadecimal."),
        widget=forms.Textarea(attrs={"rows": 4, "class": "pl-code", **HIDDEN}),
    )

    def clean_shares(self) -> list[dict[str, str]]:
        found = []
        for number, line in enumerate(self.cleaned_data["shares"].strip().splitlines(), 1):
            match = LINE.fullmatch(line.strip())
            if match is None:
                raise ValidationError(_("Line %(number)s is not a share.") % {"number": number})
            found.append({"recipient": match[1], "share": match[2] or "", "file_key": match[3] or ""})
        return found
