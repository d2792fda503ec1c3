"""Forms of following."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.following.table import DELIVERIES
from pliego.web.forms import Form

EVERY = [(code, row.title) for code, row in DELIVERIES.items()]
BY_MAIL = [(code, row.title) for code, row in DELIVERIES.items() if row.writes]


class FollowForm(Form):
    delivery = forms.ChoiceField(
        label=_("How do you want to hear of it?"),
        help_text=_("Whatever you choose, each public act is in your notices."),
        choices=EVERY,
        widget=forms.RadioSelect,
    )


class AddressForm(Form):
    address = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("We write to it once, with a link to confirm. It is used for this alone."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    delivery = forms.ChoiceField(label=_("How do you want to hear of it?"), choices=BY_MAIL, widget=forms.RadioSelect)


class NothingForm(Form):
    """A page whose act needs no words."""

    marks_optional: ClassVar = False
