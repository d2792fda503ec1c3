"""Forms of observations and answers."""

from django.utils.translation import gettext_lazy as _

from pliego.tendering.forms import prose
from pliego.web.forms import Form


class EnquiryForm(Form):
    text = prose(_("Your observation"), most=4000, rows=6, help_text=_("It is public at once, with your name."))


class AnswerForm(Form):
    answer = prose(_("The answer"), most=8000, rows=6, help_text=_("It is public at once and cannot be changed."))
