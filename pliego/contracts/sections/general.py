"""1. General information: what it is about, how long it lasts, what it must comply with, and who answers for it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions.fields import YES_NO, Field, Parts
from pliego.contracts.rules import PERFECTION
from pliego.contracts.sections.keeping import column, kept_part, yes_no
from pliego.kernel.objections import Objection
from pliego.parties.models import Membership
from pliego.planning.models import DurationUnit
from pliego.tendering.codes import CONTRACT_TYPES

SETTLEMENT_LAW = "Ley 1150 de 2007, art. 11"
DIRECT_LAW = "Decreto 1082 de 2015, art. 2.2.1.2.1.4.1"
# Who may be named, and with which role of the entity.
OFFICERS = {"supervisor": "supervisor", "authorising_officer": "approver", "paying_officer": "treasurer"}

# fmt: off
PARTS: Parts = (
    Field(name="number", label=_("Number of the contract"), most=60, is_needed=True,
          help=_("The platform's, until you write that of your entity.")),
    Field(name="title", label=_("Title"), most=200, is_needed=True),
    Field(name="object", label=_("Object"), kind="prose", most=4000, is_needed=True),
    Field(name="contract_type", label=_("Type of contract"), kind="choice", choices=CONTRACT_TYPES),
    Field(name="justification", label=_("Why it is contracted without competition"), kind="prose", most=4000,
          legal_basis=DIRECT_LAW),
    Field(name="duration", label=_("Duration"), kind="number", least=1, most=10_000, is_needed=True),
    Field(name="duration_unit", label=_("Unit of the duration"), kind="choice", choices=tuple(DurationUnit.choices)),
    Field(name="planned_end", label=_("End date, where it is fixed"), kind="day",
          help=_("Empty: it is counted from the start.")),
    Field(name="has_settlement", label=_("Must it be settled when it ends?"), kind="yes_no", choices=YES_NO),
    Field(name="settlement_from", label=_("Settlement, from"), kind="day", when=("has_settlement", "yes")),
    Field(name="settlement_until", label=_("Settlement, until"), kind="day", when=("has_settlement", "yes"),
          legal_basis=SETTLEMENT_LAW),
    Field(name="environmental", label=_("Has it environmental obligations?"), kind="yes_no", choices=YES_NO),
    Field(name="environmental_criteria", label=_("Environmental criteria"), kind="prose", most=2000,
          when=("environmental", "yes")),
    Field(name="post_consumption", label=_("Has it post-consumption obligations?"), kind="yes_no", choices=YES_NO),
    Field(name="post_consumption_until", label=_("Post-consumption, until"), kind="day",
          when=("post_consumption", "yes")),
    Field(name="reversion", label=_("Do goods revert to the entity?"), kind="yes_no", choices=YES_NO),
    Field(name="reversion_on", label=_("Date of the reversion"), kind="day", when=("reversion", "yes")),
    Field(name="supervisor", label=_("Supervisor"), kind="person"),
    Field(name="authorising_officer", label=_("Authorising officer of the expense"), kind="person"),
    Field(name="paying_officer", label=_("Authorising officer of the payment"), kind="person"),
)
# fmt: on


def is_wrong(contract: Any, content: Any) -> Iterator[Objection]:
    if not content.number.strip() or not content.title.strip():
        name = "title" if content.number.strip() else "number"
        yield Objection("missing", _("Write the number and the title of the contract."), name)
    if contract.other_has_number(content.number):
        yield Objection("number_taken", _("Another contract of this entity has that number."), "number")
    first, last = content.settlement_from, content.settlement_until
    if first is not None and last is not None and last < first:
        yield Objection("dates_reversed", _("The settlement must end after it begins."), "settlement_until")
    holding = _roles(contract, [getattr(content, name) for name in OFFICERS])
    for name, role in OFFICERS.items():
        if (code := getattr(content, name)) and role not in holding.get(code, ()):
            sentence = _("This person does not have the role that this needs in your entity. Choose another one.")
            yield Objection("wrong_officer", sentence, name)


def _roles(contract: Any, codes: list[str]) -> dict[str, set[str]]:
    named = [code for code in codes if code]
    if not named:
        return {}
    places = Membership.objects.holding(*OFFICERS.values()).filter(account_id=contract.buyer_id, user__code__in=named)
    return {place.user.code: set(place.all_roles) for place in places.select_related("user")}


# A field that another answer asks for, and what to say while it is empty.
ASKED = (
    ("environmental", "environmental_criteria", _("Write the environmental criteria.")),
    ("post_consumption", "post_consumption_until", _("Write until when there are post-consumption obligations.")),
    ("reversion", "reversion_on", _("Write when the goods revert.")),
)


def lacks(contract: Any, content: Any, at: datetime) -> Iterator[Objection]:
    if content.object and not content.object.strip():
        yield Objection("missing", _("Write the object of the contract."), "object", PERFECTION)
    for answer, name, sentence in ASKED:
        if getattr(content, answer) == "yes" and not getattr(content, name):
            yield Objection("missing", sentence, name)
    if contract.is_direct and not content.justification.strip():
        yield Objection("missing", _("Write why it is contracted without competition."), "justification", DIRECT_LAW)


COLUMNS = ("number", "title", "object", "contract_type", "duration", "duration_unit")
GENERAL = kept_part(
    code="general",
    title=_("General information"),
    path="informacion-general",
    parts=PARTS,
    places={**{name: column(name) for name in COLUMNS}, "has_settlement": yes_no("has_settlement")},
    wrong=is_wrong,
    lacks=lacks,
    lead=_("What the contract is about, how long it lasts and who answers for it. The parties and the value come from "
           "the award."),
)  # fmt: skip
