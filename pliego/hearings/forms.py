"""Forms of hearings and visits."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.documents import filetypes, kinds
from pliego.hearings.services import KIND
from pliego.tendering.forms import prose
from pliego.web.fields import DateTimeField, UploadField
from pliego.web.forms import Form


def _paper(**options: Any) -> UploadField:
    accepted = filetypes.accepted(kinds.get(KIND).accepts)
    told = _("Everybody can read it at once.")
    return UploadField(label=_("Document"), help_text=told, purpose=KIND, accept=accepted, **options)


class ConveneForm(Form):
    place = forms.CharField(label=_("Where it is"), max_length=300, required=False)
    link = forms.URLField(
        label=_("Link"),
        help_text=_("When one attends at a distance."),
        max_length=300,
        required=False,
        assume_scheme="https",
    )
    how = prose(
        _("How one attends"), most=2000, rows=4, required=False, help_text=_("What to bring, whom to ask, until when.")
    )


class SureForm(Form):
    """Only to say yes."""


class ReasonForm(Form):
    reason = prose(_("Reason"), most=4000, rows=4, help_text=_("Everybody can read it."))


class AdjournForm(ReasonForm):
    resumes_at = DateTimeField(label=_("It resumes"), help_text=_("Day and hour, in Colombia's legal time."))


class RegisterForm(Form):
    name = forms.CharField(label=_("Name of who came"), max_length=250)
    represents = forms.CharField(label=_("Whom they represent"), max_length=250, required=False)
    document_number = forms.CharField(
        label=_("Number of their document"),
        help_text=_("Only your entity sees it: it is not in the minutes."),
        max_length=20,
        required=False,
    )
    supplier = forms.CharField(
        label=_("NIT or code of the supplier"),
        help_text=_("When they come for one that has an account here: it gets a certificate of attendance."),
        max_length=24,
        required=False,
    )


class SpeakForm(Form):
    text = prose(_("What you say"), most=8000, rows=5, help_text=_("Everybody reads it at once, with your name."))
    is_question = forms.BooleanField(label=_("It asks something of the entity"), required=False)


class NoteForm(Form):
    attendance = forms.TypedChoiceField(label=_("Who spoke"), coerce=int)
    text = prose(_("What they said"), most=8000, rows=5, help_text=_("Everybody reads it at once."))
    is_question = forms.BooleanField(label=_("It asks something of the entity"), required=False)

    def __init__(self, *args: Any, there: Iterable[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["attendance"].choices = [("", "–"), *there]  # type: ignore[attr-defined]


class AnswerForm(Form):
    answer = prose(_("Your answer"), most=8000, rows=5, help_text=_("It is public at once and does not change."))


class PaperForm(Form):
    document = _paper()


class CloseForm(Form):
    development = prose(
        _("How it went"),
        most=20000,
        rows=14,
        help_text=_("Attendance, interventions, suspensions and documents are added by themselves."),
    )
    decisions = prose(_("Decisions and commitments"), most=20000, rows=8, required=False)


class AddForm(Form):
    text = prose(_("What is added or corrected"), most=8000, rows=8)
    document = _paper(required=False)
