"""What people type at the door."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.accounts import rules
from pliego.accounts.models import DocumentType
from pliego.web.forms import Form

CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "govuk-input--width-10"}


class Registration(Form):
    full_name = forms.CharField(
        label=_("Names and surnames"),
        help_text=_("As in your identity document."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    document_type = forms.ChoiceField(label=_("Type of document"), choices=DocumentType.choices)
    document_number = forms.CharField(
        label=_("Number of document"), max_length=20, widget=forms.TextInput(attrs={"class": "govuk-input--width-20"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("One that you can read now: we will mail a six-digit code to it."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=20,
        widget=forms.TelInput(attrs={"autocomplete": "tel", "class": "govuk-input--width-20"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters. A phrase that you remember is better than odd signs."),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )
    terms_accepted = forms.BooleanField(
        label=_("I accept the terms of use: my user is personal, and I answer for what is done with it."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Say at once all that the rules say too, at the fields that have no error yet."""
        typed: dict[str, Any] = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        typed["terms_accepted"] = bool(typed["terms_accepted"])
        person = rules.Person(**typed).tidied()
        self.object_to(o for o in rules.person_is_incomplete(person) if o.field not in self.errors)
        return self.cleaned_data


class MailedCode(Form):
    marks_optional = False  # only another code may be asked for without it

    code = forms.CharField(label=_("Six-digit code"), max_length=12, widget=forms.TextInput(attrs=CODE), required=False)


class AuthenticatorCode(Form):
    code = forms.CharField(
        label=_("Code that the application shows"), max_length=12, widget=forms.TextInput(attrs=CODE)
    )


class SignIn(Form):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username webauthn"})
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SecondFactor(Form):
    code = forms.CharField(
        label=_("Code"),
        help_text=_("The six digits of your authenticator, or one of your recovery codes."),
        max_length=20,
        widget=forms.TextInput(attrs=CODE),
    )


class Recovery(Form):
    email = forms.EmailField(
        label=_("E-mail with which you registered"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class NewPassword(Form):
    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 12 characters. A phrase that you remember is better than odd signs."),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )


class Credential(Form):
    """What a passkey answered, put in the hidden field by the page's script."""

    credential = forms.JSONField(widget=forms.HiddenInput, required=True)
    name = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def answer(self) -> dict[str, Any]:
        return self.cleaned_data["credential"] if isinstance(self.cleaned_data.get("credential"), dict) else {}


class Nothing(Form):
    """An act that needs no data, only the decision."""
