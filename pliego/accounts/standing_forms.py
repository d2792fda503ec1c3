"""What is typed to suspend, to answer and to merge."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.accounts.misuse import GROUNDS, KINDS, MISUSES, SOURCE
from pliego.accounts.reissuing import CHECKS, checks_are_missing
from pliego.web.fields import Upload
from pliego.web.forms import DateField, Form, UploadField

PERSON = _("Code or e-mail of the person")
LONG = {"rows": 6}


class WithEvidence(Form):
    """Up to three documents; the services say how many are needed."""

    evidence = UploadField(label=_("Evidence"), purpose="other", required=False)
    evidence_2 = UploadField(label=_("More evidence"), purpose="other", required=False)
    evidence_3 = UploadField(label=_("Still more evidence"), purpose="other", required=False)


EVIDENCE = ("evidence", "evidence_2", "evidence_3")


def files_of(data: dict[str, Any]) -> list[Upload]:
    return [data[name] for name in EVIDENCE if data.get(name)]


class Proposal(WithEvidence):
    person = forms.CharField(label=PERSON, max_length=254)
    ground = forms.ChoiceField(
        label=_("Ground"),
        help_text=SOURCE,
        choices=[(ground.code, ground.title) for ground in GROUNDS.values()],
        widget=forms.RadioSelect,
    )
    misuse = forms.ChoiceField(
        label=_("Event of misuse, when the ground is misuse"),
        required=False,
        choices=[("", "—"), *((event.code, event.title) for event in MISUSES.values())],
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()), widget=forms.RadioSelect)
    until = DateField(label=_("Last day, when it is provisional"), required=False)
    asked_by = forms.CharField(label=_("Who asked for it, and what their interest is"), max_length=200, required=False)
    decision = forms.CharField(
        label=_("Decision of the competent body"),
        help_text=_("Number, date and who decided. Identity theft and what is definitive need it."),
        max_length=200,
        required=False,
    )
    reason = forms.CharField(
        label=_("What happened"),
        help_text=_("What happened, when, in which process. The person reads it and answers to it."),
        max_length=4000,
        widget=forms.Textarea(attrs=LONG),
    )
    field_order: Any = ("person", "ground", "misuse", "kind", "until", "asked_by", "decision", "reason", *EVIDENCE)


class Reason(Form):
    reason = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs=LONG))


class Appeal(WithEvidence):
    text = forms.CharField(
        label=_("What you answer"),
        help_text=_("Say what happened and what you ask for. Somebody who did not open the case answers you."),
        max_length=8000,
        widget=forms.Textarea(attrs=LONG),
    )
    field_order: Any = ("text", *EVIDENCE)


class Answer(Form):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("grant", _("Grant it and lift the suspension")), ("deny", _("Deny it"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("Reasons"), max_length=8000, widget=forms.Textarea(attrs=LONG))


class MergerProposal(WithEvidence):
    registration = forms.CharField(label=_("Registration that is kept: code or e-mail"), max_length=254)
    duplicate = forms.CharField(label=_("Registration that ends: code or e-mail"), max_length=254)
    reason = forms.CharField(
        label=_("How it is known that they are one person"), max_length=4000, widget=forms.Textarea(attrs=LONG)
    )
    field_order: Any = ("registration", "duplicate", "reason", *EVIDENCE)


class ReissueCase(Form):
    """Sent by who is not inside: its files come with it."""

    reason = forms.CharField(
        label=_("What happened to your factors"),
        help_text=_("What you lost, when, and how. Somebody who does not know you reads it."),
        max_length=4000,
        widget=forms.Textarea(attrs=LONG),
    )
    evidence = UploadField(label=_("Your identity document, front"), purpose="other", comes_with_form=True)
    evidence_2 = UploadField(
        label=_("Your identity document, back"), purpose="other", required=False, comes_with_form=True
    )


class ClaimProof(WithEvidence):
    reason = forms.CharField(
        label=_("What happened"),
        help_text=_("Whether you had registered before, with which address, and how you can be reached."),
        max_length=4000,
        widget=forms.Textarea(attrs=LONG),
    )
    evidence = UploadField(label=_("Your identity document, front"), purpose="other")
    evidence_2 = UploadField(label=_("Your identity document, back"), purpose="other", required=False)
    field_order: Any = ("reason", *EVIDENCE)


class IdentityProof(WithEvidence):
    checks = forms.MultipleChoiceField(
        label=_("What you checked"),
        help_text=_("Each of them. If one cannot be done, refuse the case and say why."),
        choices=list(CHECKS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    findings = forms.CharField(
        label=_("What you found, and with whom you spoke"), max_length=4000, widget=forms.Textarea(attrs=LONG)
    )
    evidence = UploadField(label=_("Evidence"), purpose="other")
    field_order: Any = ("checks", "findings", *EVIDENCE)

    def clean_checks(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["checks"]
        if missing := checks_are_missing(chosen):
            raise forms.ValidationError(str(missing.sentence), code=missing.code)
        return chosen
