from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.web.forms import Form


class File(Form):
    file = forms.FileField(
        label=_("CSV or XLSX file"),
        help_text=_("At most 1,000 rows; the first one has the titles of the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
