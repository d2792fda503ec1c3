"""What people type at the door."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.accounts import rules
from pliego.accounts.models import DocumentType
from pliego.kernel import clock
from pliego.web.forms import Form

ACCEPTED = _("I have read the terms of use and accept them: my user is personal, and I answer for what I do.")
LANGUAGES = [("es-co", "Español"), ("en", "English")]
PHRASE = _("At least 12 characters. A phrase that you remember is better than odd signs.")
CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "govuk-input--width-10"}


def offset(moment: datetime) -> str:
    text = moment.strftime("%z")
    return f"{text[:3]}:{text[3:]}"


def zone_choices() -> list[tuple[str, str]]:
    """The zones that the forms offer, with how far each is from UTC now."""
    now = clock.real_now()
    return [(zone, f"(UTC{offset(now.astimezone(ZoneInfo(zone)))}) {zone.replace('_', ' ')}") for zone in rules.ZONES]


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
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, initial="America/Bogota")
    language = forms.ChoiceField(label=_("Language of your mails"), choices=LANGUAGES, initial="es-co")
    terms_accepted = forms.BooleanField(
        label=ACCEPTED,
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


class FirstPassword(Form):
    """The road of who has no passkey: a password, and the authenticator that goes with it."""

    password = forms.CharField(
        label=_("Password"),
        help_text=PHRASE,
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )
    code = forms.CharField(
        label=_("Code that the application shows"), max_length=12, widget=forms.TextInput(attrs=CODE)
    )


class ReplacedFactor(Form):
    """The end of a replacement of lost factors: the password that they have, and the new authenticator."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}, render_value=True),
    )
    code = forms.CharField(
        label=_("Code that the application shows"), max_length=12, widget=forms.TextInput(attrs=CODE)
    )


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
        help_text=PHRASE,
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )


class Details(Form):
    full_name = forms.CharField(
        label=_("Names and surnames"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=20,
        widget=forms.TelInput(attrs={"autocomplete": "tel", "class": "govuk-input--width-20"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    language = forms.ChoiceField(label=_("Language of your mails"), choices=LANGUAGES)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        mine = self.initial.get("time_zone")
        if mine and mine not in rules.ZONES:  # one that the person brought over the API stays
            self.fields["time_zone"].choices = [*zone_choices(), (mine, mine)]  # type: ignore[attr-defined]


class NewEmail(Form):
    email = forms.EmailField(
        label=_("New e-mail"),
        help_text=_("One that you can read now: we will mail a six-digit code to it."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ConfirmedEmail(Form):
    code = forms.CharField(label=_("Six-digit code"), max_length=12, widget=forms.TextInput(attrs=CODE))


class AcceptedTerms(Form):
    next = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)
    accepted = forms.BooleanField(label=ACCEPTED)


class DeskAnswer(Form):
    text = forms.CharField(label=_("What you found and did"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))


class Credential(Form):
    """What a passkey answered, put in the hidden field by the page's script."""

    credential = forms.JSONField(widget=forms.HiddenInput, required=True)
    name = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def answer(self) -> dict[str, Any]:
        return self.cleaned_data["credential"] if isinstance(self.cleaned_data.get("credential"), dict) else {}


class Nothing(Form):
    """An act that needs no data, only the decision."""
