"""Forms of observations and answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.enquiries import rules
from pliego.enquiries.services import About
from pliego.tendering.forms import prose
from pliego.tendering.models import Tender
from pliego.tendering.sections import of
from pliego.web.forms import Form


class EnquiryForm(Form):
    text = prose(_("Your observation"), most=4000, rows=6, help_text=_("It is public at once, with your name."))
    document = forms.ChoiceField(label=_("Document that it is about"), required=False)
    section = forms.ChoiceField(label=_("Section of the pliego that it is about"), required=False)
    place = forms.CharField(
        label=_("Paragraph, number or page"),
        help_text=_("For example: numeral 3.2, second paragraph."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, tender: Tender, **options: Any) -> None:
        super().__init__(*args, **options)
        whole = ("", _("The process as a whole"))
        documents = rules.public_documents(tender).select_related("document")
        self.fields["document"].choices = [whole, *((row.document.code, row.title) for row in documents)]  # type: ignore[attr-defined]
        sections = [(part.code, part.title) for part in of(tender)]
        self.fields["section"].choices = [whole, *sections]  # type: ignore[attr-defined]


def told(data: dict[str, Any]) -> dict[str, Any]:
    """What the form says, as the services take it."""
    return {"text": data["text"], "about": About(data["document"], data["section"], data["place"])}


class AnswerForm(Form):
    answer = prose(_("The answer"), most=8000, rows=6, help_text=_("It is public at once and cannot be changed."))


class JointAnswerForm(AnswerForm):
    numbers = forms.MultipleChoiceField(label=_("Observations that it answers"), widget=forms.CheckboxSelectMultiple)

    field_order = ("numbers", "answer")

    def __init__(self, *args: Any, tender: Tender, **options: Any) -> None:
        super().__init__(*args, **options)
        waiting = tender.enquiries.filter(state="waiting")
        self.fields["numbers"].choices = [  # type: ignore[attr-defined]
            (str(row.number), f"{row.number}. {row.text[:160]}") for row in waiting
        ]
