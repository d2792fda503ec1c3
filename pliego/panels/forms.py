"""Forms of evaluators, declarations and recusals."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.accounts.document_types import KINDS as DOCUMENTS
from pliego.documents import filetypes, kinds
from pliego.panels.rules import ROLES, MemberIn
from pliego.panels.services import KIND
from pliego.tendering.forms import prose
from pliego.web.fields import DateField, UploadField
from pliego.web.forms import Form

ROWS = 5  # officials that one page appoints; another act appoints more
NOBODY = ("", "–")
YES_NO = [("no", _("I have none")), ("yes", _("I have one"))]
OUTSIDE = ("name", "document_type", "document_number", "email", "outside_role")


class ActForm(Form):
    act_number = forms.CharField(label=_("Number of the act"), max_length=60)
    act_on = DateField(label=_("Date of the act"))


class AppointForm(ActForm):
    since_on = DateField(label=_("They serve from"), help_text=_("Empty: from the date of the act."), required=False)
    document = UploadField(
        label=_("The act, as a document"),
        help_text=_("Everybody can read it."),
        purpose=KIND,
        accept=filetypes.accepted(kinds.get(KIND).accepts),
        required=False,
    )

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        who, roles = [NOBODY, *people], [NOBODY, *ROLES.items()]
        for place in range(1, ROWS + 1):
            told = {"n": place}
            label, role = _("Person %(n)s of the entity") % told, _("Role of person %(n)s") % told
            self.fields[f"person_{place}"] = forms.ChoiceField(label=label, choices=who, required=False)
            self.fields[f"role_{place}"] = forms.ChoiceField(label=role, choices=roles, required=False)
        self.fields["name"] = forms.CharField(label=_("Full name"), max_length=250, required=False)
        kinds_of = [NOBODY, *((code, code) for code in DOCUMENTS)]
        self.fields["document_type"] = forms.ChoiceField(label=_("Type of document"), choices=kinds_of, required=False)
        hint = _("Only your entity sees it. They write it to sign what they declare.")
        number = forms.CharField(label=_("Number of the document"), help_text=hint, max_length=20, required=False)
        self.fields["document_number"] = number
        hint = _("The link to declare is sent here. Nobody else sees it.")
        self.fields["email"] = forms.EmailField(label=_("E-mail"), help_text=hint, required=False)
        self.fields["outside_role"] = forms.ChoiceField(label=_("Role"), choices=roles, required=False)

    def officials(self) -> list[tuple[Any, Any]]:
        return [(self[f"person_{place}"], self[f"role_{place}"]) for place in range(1, ROWS + 1)]

    def outside(self) -> list[Any]:
        return [self[name] for name in OUTSIDE]

    def act(self) -> list[Any]:
        return [self[name] for name in ("act_number", "act_on", "since_on", "document")]

    def clean(self) -> dict[str, Any]:
        """A role without its person is told at its field; the service tells the rest."""
        data = super().clean() or {}
        for place in range(1, ROWS + 1):
            if data.get(f"role_{place}") and not data.get(f"person_{place}"):
                self.add_error(f"person_{place}", _("Choose who has this role, or take the role out."))
            if data.get(f"person_{place}") and not data.get(f"role_{place}"):
                self.add_error(f"role_{place}", _("Choose the role of this person."))
        if any(data.get(name) for name in OUTSIDE) and not data.get("outside_role"):
            self.add_error("outside_role", _("Choose the role of this person."))
        return data


def members_of(data: dict[str, Any]) -> list[MemberIn]:
    """Whom the form names, as the service takes them."""
    found = [
        MemberIn(role=data[f"role_{place}"], person=data[f"person_{place}"])
        for place in range(1, ROWS + 1)
        if data[f"person_{place}"]
    ]
    if data["outside_role"]:
        told = {name: data[name] for name in ("name", "document_type", "document_number", "email")}
        found.append(MemberIn(role=data["outside_role"], **told))
    return found


class RelieveForm(ActForm):
    reason = prose(_("Why they are relieved"), most=4000, rows=4, help_text=_("Everybody can read it."))


class DeclareForm(Form):
    conflict = forms.ChoiceField(
        label=_("Have you a conflict of interest in this process?"),
        help_text=_("An inability, an incompatibility, or an interest of your own or of somebody close to you."),
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    supplier = forms.ChoiceField(label=_("With which bidder"), required=False)
    reason = prose(
        _("With whom it is, and why"),
        most=4000,
        rows=5,
        required=False,
        help_text=_("Only when you have one. Your entity reads it; it is not public."),
    )

    def __init__(self, *args: Any, bidders: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        listed = list(bidders)
        self.fields["supplier"].choices = [NOBODY, *listed]  # type: ignore[attr-defined]
        if not listed:
            del self.fields["supplier"]


def declared(data: dict[str, Any]) -> dict[str, Any]:
    has_conflict = data["conflict"] == "yes"
    told = {"reason": data["reason"], "supplier": data.get("supplier", "")} if has_conflict else {}
    return {"has_conflict": has_conflict, **told}


class AnswerForm(Form):
    accepts = forms.ChoiceField(
        label=_("Do you accept the ground of the recusal?"),
        choices=[("no", _("I do not accept it")), ("yes", _("I accept it"))],
        widget=forms.RadioSelect,
    )
    answer = prose(_("Your answer"), most=4000, rows=6)


class IdentityMixin(forms.Form):
    """Somebody from outside signs with the number of their document, which only they and the entity know."""

    document_number = forms.CharField(label=_("Number of your identity document"), max_length=20)


class OutsideDeclareForm(IdentityMixin, DeclareForm):
    pass


class OutsideAnswerForm(IdentityMixin, AnswerForm):
    pass


class RecuseForm(Form):
    reason = prose(
        _("Ground of the recusal, and its facts"),
        most=4000,
        rows=6,
        help_text=_("The entity and the recused member read it; the decision on it is public."),
    )


class DecideForm(Form):
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("accept", _("Accepted: the member is relieved by the act below")),
            ("dismiss", _("Not accepted: the member goes on")),
        ],
        widget=forms.RadioSelect,
    )
    reason = prose(_("Reasons of the decision"), most=4000, rows=6, help_text=_("Everybody can read them."))
    act_number = forms.CharField(
        label=_("Number of the act"), help_text=_("Only when it is accepted."), max_length=60, required=False
    )
    act_on = DateField(label=_("Date of the act"), required=False)
