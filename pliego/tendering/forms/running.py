"""A process that goes on or stops: amendments, suspension, correction, revocation, and who applies to take part."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.kernel.dates import instant
from pliego.tendering.codes import REVOCATION_GROUNDS
from pliego.tendering.forms.fields import FILES, prose
from pliego.tendering.models import Tender
from pliego.web.forms import DateField, DateTimeField, Form, UploadField


class ReasonForm(Form):
    reason = prose(_("Reasons"), most=4000, rows=5)


class CancellationForm(Form):
    reason = prose(_("Why the process is cancelled"), most=4000, rows=5)
    legal_basis = forms.CharField(
        label=_("Legal basis"), help_text=_("For example: Ley 1437 de 2011, art. 93."), max_length=300
    )


class SuspensionForm(Form):
    reason = prose(_("Why the process is suspended"), most=4000, rows=5, help_text=_("Everybody can read it."))
    legal_basis = forms.CharField(
        label=_("Act and legal basis"),
        help_text=_("For example: Resolución 118 de 2026; Ley 80 de 1993, art. 14."),
        max_length=300,
    )
    planned_on = DateField(
        label=_("Planned restart"),
        help_text=_("The process does not restart by itself: somebody resumes it, with a signature."),
    )


class ResumptionForm(Form):
    """Each date that was to come, at the earliest that the suspension leaves it; it may be later."""

    reason = prose(_("Why the process is resumed"), most=4000, rows=5, help_text=_("Everybody can read it."))

    def __init__(self, *args: Any, tender: Tender, earliest: dict[str, datetime], **options: Any) -> None:
        super().__init__(*args, **options)
        hint = _("Before: %(before)s. At the earliest: %(after)s.")
        for milestone in tender.rulebook.milestones:
            before, after = tender.schedule.get(milestone.code), earliest.get(milestone.code)
            if before and after and before != after:
                told = {"before": instant(before), "after": instant(after)}
                self.fields[milestone.code] = DateTimeField(label=str(milestone.title), help_text=hint % told)


class CorrectionForm(Form):
    defect = prose(_("Which defect of procedure or form there is"), most=4000, rows=5)
    reason = prose(_("How it is corrected, and why"), most=4000, rows=5)

    def __init__(self, *args: Any, tender: Tender, **options: Any) -> None:
        super().__init__(*args, **options)
        fixed = {tender.rulebook.start.code} | ({"bids_due"} if tender.state != "published" else set())
        for milestone in tender.rulebook.milestones:
            if milestone.code in tender.schedule and milestone.code not in fixed:
                self.fields[milestone.code] = DateTimeField(label=str(milestone.title), required=False)


class RevocationForm(Form):
    ground = forms.ChoiceField(
        label=_("Ground of the law"),
        choices=[(code, format_lazy("{} ({})", title, basis)) for code, title, basis in REVOCATION_GROUNDS],
        widget=forms.RadioSelect,
    )
    reason = prose(_("Why the opening is revoked"), most=4000, rows=5, help_text=_("Everybody can read it."))


class AmendmentForm(Form):
    reason = prose(_("Why the pliego changes"), most=4000)

    def __init__(self, *args: Any, tender: Tender, **options: Any) -> None:
        super().__init__(*args, **options)
        if tender.stages_to_open:
            stages = [
                (stage.code, _("Open the stage: %(stage)s") % {"stage": stage.title}) for stage in tender.stages_to_open
            ]
            self.fields["stage"] = forms.ChoiceField(
                label=_("What this act does"),
                choices=[("", _("Change the pliego (addendum)")), *stages],
                required=False,
            )
        for milestone in tender.rulebook.milestones:
            if milestone.editable_until and milestone.code in tender.schedule:
                self.fields[milestone.code] = DateTimeField(label=str(milestone.title), required=False)
        self.fields["binds"] = forms.BooleanField(
            label=_("It affects the offers: those presented before it must be confirmed by their owners"),
            help_text=_("A change of the questionnaire, the value or the conditions always does."),
            required=False,
        )


class ConfirmForm(Form):
    """Nothing to fill in: the button says it."""


class CandidacyForm(Form):
    """Up to five documents, and what the supplier wants to say."""

    statement = prose(_("What you want to say"), most=4000, rows=4, required=False)
    paper_1 = UploadField(label=_("Document"), accept=FILES, purpose="bid_document")
    paper_2 = UploadField(label=_("Second document"), accept=FILES, purpose="bid_document", required=False)
    paper_3 = UploadField(label=_("Third document"), accept=FILES, purpose="bid_document", required=False)
    paper_4 = UploadField(label=_("Fourth document"), accept=FILES, purpose="bid_document", required=False)
    paper_5 = UploadField(label=_("Fifth document"), accept=FILES, purpose="bid_document", required=False)


def papers_of(data: dict[str, Any]) -> list[Any]:
    return [data[name] for name in sorted(data) if name.startswith("paper_") and data[name]]


class JudgementForm(Form):
    is_listed = forms.ChoiceField(
        label=_("Is it on the list?"), choices=(("yes", _("Yes")), ("no", _("No"))), widget=forms.RadioSelect
    )
    reasons = prose(_("Reasons"), most=4000, rows=6, required=False, help_text=_("Needed when it is not on the list."))
