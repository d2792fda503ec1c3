"""What people type about profiles, groups, units, flows, delegations, notices and the library."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.authority import queries
from pliego.authority.kinds import DELEGABLE
from pliego.authority.models import Group
from pliego.authority.rules import NEVER_DELEGATED, NEVER_IN_A_PROFILE, StepData
from pliego.authority.segregation import STRENGTHS
from pliego.authority.subscriptions import OPTIONAL
from pliego.codelists.models import Municipality
from pliego.parties.models import Account
from pliego.parties.roles import ROLES, roles_for
from pliego.web.forms import DateField, DateTimeField, Form, MoneyField, UploadField

MOST_STEPS = 6
PAPERS = ".pdf,.png,.jpg,.jpeg"
CHECKS = forms.CheckboxSelectMultiple


def people_choices(account_id: int) -> list[tuple[str, str]]:
    return [(place.user.code, place.user.full_name) for place in queries.people_in(account_id)]


def municipalities() -> list[tuple[str, str]]:
    rows = Municipality.objects.select_related("department").order_by("folded_name", "code")
    return [("", str(_("Choose"))), *((row.code, f"{row.name} ({row.department.name})") for row in rows)]


def role_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, f"{role.title}: {role.may}") for code, role in ROLES.items() if code in set(codes)]


class Nothing(Form):
    """An act that needs no data, only the decision."""


class Profile(Form):
    def __init__(self, *args: Any, account: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = {role.code for role in roles_for(is_buyer=account.is_buyer, is_supplier=account.is_supplier)}
        units = [(unit.reference, unit.name) for unit in queries.units_of(account.pk) if unit.is_active]
        self.fields["name"] = forms.CharField(label=_("Name"), max_length=100)
        self.fields["description"] = forms.CharField(label=_("Description"), max_length=500, required=False)
        self.fields["roles"] = forms.MultipleChoiceField(
            label=_("What it allows"), choices=role_choices(offered - NEVER_IN_A_PROFILE), widget=CHECKS
        )
        self.fields["people"] = forms.MultipleChoiceField(
            label=_("People"), choices=people_choices(account.pk), widget=CHECKS, required=False
        )
        self.fields["units"] = forms.MultipleChoiceField(
            label=_("Whole contracting units"), choices=units, widget=CHECKS, required=False
        )


class GroupOfPeople(Form):
    def __init__(self, *args: Any, account: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        people = people_choices(account.pk)
        self.fields["name"] = forms.CharField(label=_("Name"), max_length=100)
        self.fields["description"] = forms.CharField(
            label=_("What it does"),
            help_text=_("For example, it reviews the legal part."),
            max_length=500,
            required=False,
        )
        self.fields["members"] = forms.MultipleChoiceField(
            label=_("Members"), choices=people, widget=CHECKS, required=False
        )
        self.fields["coordinator"] = forms.ChoiceField(
            label=_("Who coordinates it"), choices=[("", _("Nobody")), *people], required=False
        )
        self.fields["is_active"] = forms.BooleanField(label=_("It is active: tasks can be given to it"), required=False)


class Unit(Form):
    def __init__(self, *args: Any, account: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["people"].choices = people_choices(account.pk)  # type: ignore[attr-defined]
        self.fields["municipality"].choices = municipalities()  # type: ignore[attr-defined]

    reference = forms.RegexField(
        r"^[A-Za-z0-9._-]+$",
        label=_("Reference in your own coding"),
        help_text=_("Letters, numbers, points and hyphens, for example JUR-01."),
        max_length=40,
        error_messages={"invalid": _("Use only letters, numbers, points and hyphens.")},
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    description = forms.CharField(label=_("Description"), max_length=500, required=False)
    municipality = forms.ChoiceField(label=_("Municipality"), required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    buys = forms.BooleanField(label=_("It buys"), required=False)
    sells = forms.BooleanField(label=_("It sells"), required=False)
    is_active = forms.BooleanField(label=_("It is active"), required=False)
    people = forms.MultipleChoiceField(label=_("People who work in it"), widget=CHECKS, required=False)


class FlowOfTasks(Form):
    """Up to six tasks, in their order; the empty ones do not count."""

    def __init__(self, *args: Any, account: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        groups = Group.objects.filter(account=account, is_active=True).order_by("name")
        who = [
            ("", _("Choose")),
            (_("People"), [(f"p:{code}", name) for code, name in people_choices(account.pk)]),
            (_("Groups: any member may do it"), [(f"g:{group.code}", group.name) for group in groups]),
        ]
        for number in range(1, MOST_STEPS + 1):
            told = {"number": number}
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("Task %(number)s") % told, max_length=100, required=number == 1
            )
            self.fields[f"who_{number}"] = forms.ChoiceField(
                label=_("Who does the task %(number)s") % told, choices=who, required=number == 1
            )

    def steps(self) -> list[StepData]:
        return steps_of(self.cleaned_data)


def steps_of(typed: dict[str, Any]) -> list[StepData]:
    """The tasks that were written."""
    found = []
    for number in range(1, MOST_STEPS + 1):
        name, who = typed.get(f"name_{number}") or "", typed.get(f"who_{number}") or ""
        kind, _colon, code = who.partition(":")
        if name or who:
            found.append(StepData(name, person=code if kind == "p" else "", group=code if kind == "g" else ""))
    return found


class AskApproval(Form):
    """Ask for the approval of an act; where the act chooses, of which choice."""

    def __init__(self, *args: Any, options_of: list[tuple[str, Any]] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if options_of:
            self.fields["option"] = forms.ChoiceField(
                label=_("What is to be approved"), choices=options_of, widget=forms.RadioSelect
            )
        self.fields["note"] = forms.CharField(
            label=_("Note for whoever approves"),
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        )


class Note(Form):
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class Reason(Form):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class Delegation(Form):
    """What is entrusted, to whom, until when, and the act that says so."""

    def __init__(self, *args: Any, account: Account, held: frozenset[str], user_code: str, **options: Any) -> None:
        super().__init__(*args, **options)
        others = [choice for choice in people_choices(account.pk) if choice[0] != user_code]
        self.fields["delegate"].choices = [("", _("Choose")), *others]  # type: ignore[attr-defined]
        self.fields["roles"].choices = role_choices(held - NEVER_DELEGATED)  # type: ignore[attr-defined]
        self.fields["document"] = UploadField(
            label=_("Act of delegation"),
            help_text=_("The signed act: what is delegated, to whom and until when (Ley 489 de 1998, art. 10)."),
            accept=PAPERS,
            purpose="delegation_act",
        )

    delegate = forms.ChoiceField(label=_("To whom"))
    roles = forms.MultipleChoiceField(label=_("What is delegated"), widget=CHECKS)
    kinds = forms.MultipleChoiceField(
        label=_("Only for these acts"),
        help_text=_("If you choose none, everything that the role may do is delegated."),
        choices=[(kind.code, kind.title) for kind in DELEGABLE.values()],
        widget=CHECKS,
        required=False,
    )
    limit = MoneyField(label=_("Up to what amount"), required=False)
    starts_at = DateTimeField(label=_("Valid from"))
    ends_at = DateTimeField(
        label=_("Until"), help_text=_("From this instant on it no longer counts, for example 31/12/2026 17:00.")
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class TakeUp(Form):
    delegation = forms.CharField(max_length=24)


class Strength(Form):
    rule = forms.CharField(max_length=40, widget=forms.HiddenInput)
    strength = forms.ChoiceField(label=_("What happens"), choices=list(STRENGTHS.items()), widget=forms.RadioSelect)


class Notices(Form):
    """For each kind that can be turned off: in the inbox, by mail."""

    marks_optional = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for kind in OPTIONAL:
            self.fields[kind.code] = forms.MultipleChoiceField(
                label=kind.title,  # type: ignore[arg-type]
                choices=[("inbox", _("In the inbox")), ("mail", _("By mail"))],
                widget=CHECKS,
                required=False,
            )


class LibraryDocument(Form):
    title = forms.CharField(label=_("Name"), max_length=200)
    document = UploadField(label=_("Document"), purpose="library")
    valid_from = DateField(label=_("Valid from"), required=False)
    valid_until = DateField(label=_("Valid until"), required=False)


class Day(Form):
    day = DateField(label=_("Day"), required=False)
