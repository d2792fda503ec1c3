"""What is typed of a chain of payments: up to eight steps, in their order; the empty ones do not count."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.authority.forms import people_choices
from pliego.authority.models import Group
from pliego.execution.chain import DEFAULT, MOST_DAYS, MOST_MINUTES, MOST_STEPS, OWNERS, UNDO_MINUTES, StepData
from pliego.execution.chaining import in_force
from pliego.execution.series import Column, InSeries, Series
from pliego.execution.supports import MOST_SUPPORTS, SupportData
from pliego.parties.models import Account
from pliego.parties.roles import ROLES
from pliego.tendering.codes import CONTRACT_TYPES
from pliego.web.forms import Form, MoneyField

NEEDED = (("", _("Yes")), ("yes", _("No: a request may come without it")))


class ChainForm(InSeries, Form):
    series = (
        Series(_("Steps, in their order"), _("Step %(n)s"), most=MOST_STEPS, columns=(
            Column("name", _("Name")),
            Column("who", _("Who does it")),
            Column("term", _("Term, in working days")),
            Column("second", _("Two people above")),
            Column("checks", _("What it checks"), is_wide=True),
        )),
        Series(_("Documents that each request brings"), _("Document %(n)s"), most=MOST_SUPPORTS, columns=(
            Column("support", _("Document"), is_wide=True),
            Column("support_type", _("Of which contracts")),
            Column("support_optional", _("Is it required?")),
        )),
    )  # fmt: skip
    undo_minutes = forms.IntegerField(
        label=_("Minutes in which whoever approved may take it back"),
        min_value=0,
        max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
    )

    def __init__(self, *args: Any, account: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        groups = Group.objects.filter(account=account, is_active=True).order_by("name")
        who = [
            ("", _("Choose")),
            (_("Roles"), [(f"r:{code}", _of_the_contract(code)) for code in OWNERS]),
            (_("Groups: any member may do it"), [(f"g:{group.code}", group.name) for group in groups]),
            (_("People"), [(f"p:{code}", name) for code, name in people_choices(account.pk)]),
        ]
        for n in range(1, MOST_STEPS + 1):
            told = {"n": n}
            self.fields[f"name_{n}"] = forms.CharField(label=_("Step %(n)s") % told, max_length=100, required=n < 3)
            self.fields[f"who_{n}"] = forms.ChoiceField(
                label=_("Who does the step %(n)s") % told, choices=who, required=n < 3
            )
            self.fields[f"term_{n}"] = forms.IntegerField(
                label=_("Term of the step %(n)s, in working days") % told, min_value=1, max_value=MOST_DAYS,
                required=False, widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
            )  # fmt: skip
            self.fields[f"checks_{n}"] = forms.CharField(
                label=_("What the step %(n)s checks") % told, max_length=500, required=False
            )
            self.fields[f"second_{n}"] = MoneyField(
                label=_("Step %(n)s: two people above this amount") % told, required=False
            )
        types = [("", _("Every contract")), *CONTRACT_TYPES]
        for n in range(1, MOST_SUPPORTS + 1):
            told = {"n": n}
            self.fields[f"support_{n}"] = forms.CharField(
                label=_("Document %(n)s that each request brings") % told, max_length=200, required=False
            )
            self.fields[f"support_type_{n}"] = forms.ChoiceField(
                label=_("Document %(n)s: of which contracts") % told, choices=types, required=False
            )
            self.fields[f"support_optional_{n}"] = forms.ChoiceField(
                label=_("Document %(n)s: is it required?") % told, choices=NEEDED, required=False
            )


def supports_of(typed: dict[str, Any]) -> list[SupportData]:
    """The documents that were written; the empty rows do not count."""
    return [
        SupportData(title, typed.get(f"support_type_{n}") or "", is_required=not typed.get(f"support_optional_{n}"))
        for n in range(1, MOST_SUPPORTS + 1)
        if (title := typed.get(f"support_{n}") or "")
    ]


def _of_the_contract(role: str) -> Any:
    return _("The supervisor of the contract") if role == "supervisor" else ROLES[role].title


def steps_of(typed: dict[str, Any]) -> list[StepData]:
    """The steps that were written."""
    found = []
    for n in range(1, MOST_STEPS + 1):
        name, who = typed.get(f"name_{n}") or "", typed.get(f"who_{n}") or ""
        if not name and not who:
            continue
        kind, _colon, code = who.partition(":")
        owner = {"r": "role", "p": "person", "g": "group"}.get(kind)
        found.append(
            StepData(
                name,
                term_days=typed.get(f"term_{n}"),
                checks=typed.get(f"checks_{n}") or "",
                second_above=typed.get(f"second_{n}"),
                **({owner: code} if owner else {}),
            )
        )
    return found


def typed(account: Account) -> dict[str, Any]:
    """The chain in force as its form shows it; the usual one where there is none."""
    written = in_force(account.pk)
    steps: list[Any] = list(written.steps.select_related("place__user", "group")) if written else list(DEFAULT)
    found: dict[str, Any] = {"undo_minutes": written.undo_minutes if written else UNDO_MINUTES}
    for step in steps:
        who = f"r:{step.role}" if step.role else f"p:{step.place.user.code}" if step.place else f"g:{step.group.code}"
        found |= {
            f"name_{step.number}": step.name, f"who_{step.number}": who, f"term_{step.number}": step.term_days,
            f"checks_{step.number}": step.checks, f"second_{step.number}": step.second_above,
        }  # fmt: skip
    for support in written.supports.all() if written else ():
        n = support.number
        found |= {f"support_{n}": support.title, f"support_type_{n}": support.contract_type}
        found[f"support_optional_{n}"] = "" if support.is_required else "yes"
    return found
