"""The form of a list of SIIF."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.siif.rules import KINDS
from pliego.web.forms import Form


class ListForm(Form):
    kind = forms.ChoiceField(
        label=_("What the list is of"), choices=[("", _("Choose")), *KINDS.items()], initial="certificate"
    )
    file = forms.FileField(
        label=_("CSV or XLSX file"),
        help_text=_("As SIIF gives it, at most 10,000 rows and 5 MB. The columns may be in any order."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
