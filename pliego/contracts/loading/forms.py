"""Forms of a file of contracts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.web.forms import Form


class ContractsFileForm(Form):
    file = forms.FileField(
        label=_("CSV or XLSX file"),
        help_text=_("At most 1,000 rows and 5 MB. The columns may be in any order, and not all of them are needed."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class DraftRowsForm(Form):
    skips_wrong = forms.BooleanField(
        label=_("Go on with the good rows, and leave out those with errors"), required=False
    )
    sends = forms.BooleanField(label=_("Send each contract to its supplier as soon as it is drafted"), required=False)
