"""Forms of the contract's acts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.conditions import covers
from pliego.conditions.fields import Field
from pliego.conditions.forms import ConditionForm
from pliego.contracts import changes, turning
from pliego.contracts.sections.keeping import ORIGINS
from pliego.documents import filetypes, kinds
from pliego.web.forms import DateField, Form, MoneyField, UploadField

LONG = forms.Textarea(attrs={"rows": 5})


class ConfirmForm(Form):
    """An act that asks nothing but to be confirmed."""


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Reason"), help_text=_("The other party reads it as you write it."), max_length=4000, widget=LONG
    )


class PartForm(ConditionForm):
    """A section of a contract. `people`: whom each of its officers may be, by field; `origins`: where each datum came
    from, which stands under it."""

    def __init__(
        self, *args: Any, people: dict[str, list[tuple[str, str]]], origins: dict[str, str], **options: Any
    ) -> None:
        self.people, self.origins = people, origins
        super().__init__(*args, **options)

    def _field(self, spec: Field, label: str = "") -> forms.Field:
        if spec.kind == "person":
            choices = [("", _("Choose")), *self.people.get(spec.name, [])]
            return forms.ChoiceField(label=str(spec.label), help_text=spec.hint, required=False, choices=choices)
        made = super()._field(spec, label)
        if not label and (origin := self.origins.get(spec.name)):
            made.help_text = " ".join(filter(None, [str(made.help_text), str(ORIGINS[origin])]))
        return made


class AnnexForm(Form):
    title = forms.CharField(label=_("Title of the document"), max_length=200)
    document = UploadField(
        label=_("Document"),
        help_text=_("It goes to the supplier with the contract, and everybody reads it once it is signed."),
        purpose="contract_document",
    )


class PaperForm(Form):
    asked = forms.ChoiceField(label=_("Which of the documents asked for it is"), required=False)
    title = forms.CharField(
        label=_("Title of the document"),
        help_text=_("Empty: as the contract calls it."),
        max_length=200,
        required=False,
    )
    document = UploadField(
        label=_("Document"),
        help_text=_("The entity reads it. Nobody takes it out: a better one is attached beside it."),
        purpose="supplier_document",
    )

    def __init__(self, *args: Any, asked: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("Another document")), *((title, title) for title in asked)]
        self.fields["asked"].choices = choices  # type: ignore[attr-defined]


class SignForm(Form):
    budget_commitment = forms.CharField(
        label=_("Number of the budget commitment (registro presupuestal)"), max_length=60
    )
    budget_commitment_amount = MoneyField(label=_("Amount of the budget commitment"))

    def __init__(self, *args: Any, is_sale: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_sale:
            self.fields.clear()


class StartForm(Form):
    supervisor = forms.TypedChoiceField(label=_("Supervisor"), coerce=int, empty_value=None)
    starts_on = DateField(label=_("First day"), help_text=_("For example 21/11/2026."))

    def __init__(self, *args: Any, supervisors: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["supervisor"].choices = [("", _("Choose")), *supervisors]  # type: ignore[attr-defined]


class CompleteForm(Form):
    completed_on = DateField(label=_("Day on which everything was received"))


class GuaranteeForm(Form):
    cover = forms.ChoiceField(label=_("What it covers"), choices=covers.CHOICES)
    guarantee_class = forms.ChoiceField(label=_("Class of guarantee"), choices=covers.CLASSES)
    policy_number = forms.CharField(label=_("Number of the policy"), max_length=60)
    insurer = forms.CharField(label=_("Insurer or bank"), max_length=200)
    amount = MoneyField(label=_("Amount covered"))
    starts_on = DateField(label=_("In force from"))
    ends_on = DateField(label=_("In force until"))
    document = UploadField(
        label=_("Document of the guarantee"),
        help_text=_("The entity reads it now; everybody, once it is approved."),
        purpose="guarantee",
        accept=filetypes.accepted(kinds.get("guarantee").accepts),
    )


class ModificationKindForm(Form):
    """`kinds`: those that the contract allows as it is now."""

    kind = forms.ChoiceField(label=_("What the modification does"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, kinds: list[changes.Kind], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [(kind.code, kind.title) for kind in kinds]  # type: ignore[attr-defined]


class ModificationForm(Form):
    """What a kind of modification may change, and why. It can be saved incomplete."""

    marks_optional = False
    amount = MoneyField(label=_("Amount"), required=False)
    budget_commitment = forms.CharField(
        label=_("Budget commitment of the addition (registro presupuestal)"), max_length=60, required=False
    )
    ends_on = DateField(label=_("New end date"), help_text=_("For example 21/11/2026."), required=False)
    to = forms.CharField(
        label=_("Who takes the contract over"),
        help_text=_("NIT or code of its account. It is asked to accept, as the contractor is."),
        max_length=30,
        required=False,
    )
    cause = forms.ChoiceField(
        label=_("Legal cause"),
        choices=[("", _("Choose")), *turning.CHOICES],
        required=False,
    )
    effective_on = DateField(
        label=_("Day from which it has effect"), help_text=_("It is published on that day or later."), required=False
    )
    resumes_on = DateField(label=_("Planned day of the resumption"), required=False)
    object = forms.CharField(label=_("Object"), max_length=4000, required=False, widget=LONG)
    delivery_place = forms.CharField(label=_("Place of performance"), max_length=250, required=False)
    payment_terms = forms.CharField(label=_("Terms of payment"), max_length=4000, required=False, widget=LONG)
    clauses = forms.CharField(label=_("Additional clauses"), max_length=20_000, required=False, widget=LONG)
    reason = forms.CharField(
        label=_("Why the contract is modified"), help_text=_("It is public."), max_length=4000, required=False,
        widget=LONG,
    )  # fmt: skip
    needs_supplier = forms.BooleanField(
        label=_("It needs the supplier's acknowledgement"),
        help_text=_("Without it, it is unilateral (Ley 80 de 1993, art. 16)."),
        required=False,
    )

    def __init__(self, *args: Any, kind: changes.Kind, has_document: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        kept = {"reason", "needs_supplier", *kind.texts}
        kept |= {"amount"} if kind.sign else set()
        kept |= {"budget_commitment"} if kind.sign == 1 else set()
        kept |= {"ends_on"} if kind.may_move_end else set()
        kept |= {"to" if name == "party" else name for name in kind.asks}
        kept -= {"needs_supplier"} if kind.binds_all else set()
        for name in set(self.fields) - kept:
            del self.fields[name]
        self.fields["document"] = UploadField(
            label=_("Act of the modification"),
            help_text=_("There is one already: attach another only to replace it.") if has_document else "",
            purpose="contract_document",
            required=False,
        )
