"""Forms of messages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.correspondence import queries
from pliego.correspondence.groups import GROUPS
from pliego.correspondence.services import KIND, Words
from pliego.documents import filetypes, kinds
from pliego.tendering.forms import prose
from pliego.tendering.models import Tender
from pliego.web.fields import Upload
from pliego.web.forms import Form, UploadField

FILES = ("document", "document_2", "document_3")
ACCEPTED = filetypes.accepted(kinds.get(KIND).accepts)


def _file(label: Any) -> UploadField:
    return UploadField(label=label, purpose=KIND, accept=ACCEPTED, required=False)


class ReplyForm(Form):
    text = prose(_("The message"), most=8000, rows=8, help_text=_("It cannot be changed nor deleted once it is sent."))
    document = _file(_("Document"))
    document_2 = _file(_("Another document"))
    document_3 = _file(_("A third document"))


class MessageForm(ReplyForm):
    subject = forms.CharField(label=_("Subject"), max_length=200)

    field_order: tuple[str, ...] = ("subject", "text", *FILES)


class EntityMessageForm(MessageForm):
    group = forms.ChoiceField(label=_("To whom"), widget=forms.RadioSelect)
    supplier = forms.ChoiceField(
        label=_("Supplier"),
        help_text=_("Only when you write to one: those of whom it is known that they take part."),
        required=False,
    )

    field_order: tuple[str, ...] = ("group", "supplier", "subject", "text", *FILES)

    def __init__(self, *args: Any, tender: Tender, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["group"].choices = [  # type: ignore[attr-defined]
            (group.code, f"{group.title}. {group.help}" if group.help else group.title) for group in GROUPS.values()
        ]
        known = [(account.code, account.name) for account in queries.known_suppliers(tender)]
        self.fields["supplier"].choices = [("", _("Choose")), *known]  # type: ignore[attr-defined]


def words_of(data: dict[str, Any]) -> Words:
    """What the form says, as the services take it."""
    files: list[tuple[str, Upload]] = [(name, data[name]) for name in FILES if data.get(name)]
    return Words(data["text"], data.get("subject", ""), files)
