"""Functions that one person must not hold together, as a table: which the law forbids, and which each account decides.

A rule warns when roles are given, and stands against the act when the same person would do both things in one case.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pliego.authority.cases import Case
from pliego.authority.kinds import KINDS
from pliego.authority.models import SegregationChoice
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Text
from pliego.parties.models import Membership
from pliego.parties.roles import ROLES

STRENGTHS: dict[str, Text] = {"warn": _("Warn only"), "block": _("Stop the act")}
OF_THE_PLATFORM = _("Rule of the platform: separation of functions")


@dataclass(frozen=True)
class Rule:
    """Whoever was `capacity` in a case does not do an act of `kinds` in it. `is_fixed`: no account can weaken it."""

    code: str
    roles: tuple[str, ...]
    capacity: str
    kinds: tuple[str, ...]
    title: Text
    reason: Text
    source: Text
    is_fixed: bool = False
    default: str = "block"


# fmt: off
RULES: tuple[Rule, ...] = (
    Rule("approves_own_work", ("preparer", "approver"), "author",
         ("plan", "publication", "addendum", "contract", "modification"),
         _("Nobody approves what they prepared"),
         _("Whoever prepared this cannot approve it: another person must."),
         _("Ley 87 de 1993, art. 4; rule of the platform: two people"), is_fixed=True),
    Rule("control_takes_part", ("control", "preparer", "approver", "evaluator", "supervisor", "treasurer"), "control",
         tuple(KINDS),
         _("Internal control does not take part in what it audits"),
         _("Internal control cannot authorise or endorse acts of the entity."),
         "Ley 87 de 1993, art. 12, par.", is_fixed=True),
    Rule("evaluator_awards", ("evaluator", "approver"), "evaluator", ("award",),
         _("Whoever evaluates does not award"),
         _("Whoever evaluated the offers only recommends: another person awards."),
         "Decreto 1082 de 2015, art. 2.2.1.1.2.2.3"),
    Rule("supervisor_pays", ("supervisor", "treasurer"), "invoice_approver", ("payment",),
         _("Whoever approves an invoice does not pay it"),
         _("Whoever approved this invoice cannot mark it as paid."), OF_THE_PLATFORM),
    Rule("signer_supervises", ("approver", "supervisor"), "signer", ("invoices",),
         _("Whoever signs a contract does not supervise it"),
         _("Whoever signed this contract also approves its invoices."), OF_THE_PLATFORM, default="warn"),
)
# fmt: on
BY_CODE = {rule.code: rule for rule in RULES}


def conflicts_of(roles: Iterable[str]) -> list[Rule]:
    """The rules against which a person with these roles could act: what is warned of when roles are given."""
    held = set(roles)
    return [rule for rule in RULES if rule.roles[0] in held and held & set(rule.roles[1:])]


def warnings_for(roles: Iterable[str]) -> list[str]:
    """The same, as sentences with their source."""
    held = set(roles)
    sentence = _("%(first)s and %(others)s in one person: %(title)s (%(source)s).")
    return [
        sentence
        % {
            "first": ROLES[rule.roles[0]].title,
            "others": ", ".join(str(ROLES[code].title) for code in rule.roles[1:] if code in held),
            "title": rule.title,
            "source": rule.source,
        }
        for rule in conflicts_of(held)
    ]


def strengths_of(account_id: int) -> dict[str, str]:
    """How strictly the account applies each rule."""
    chosen = dict(SegregationChoice.objects.filter(account_id=account_id).values_list("rule", "strength"))
    return {rule.code: "block" if rule.is_fixed else chosen.get(rule.code, rule.default) for rule in RULES}


def broken_by(actor: Actor, kind: str, case: Case) -> Iterator[Rule]:
    """The rules that this person, or whom they act for, would break by doing this act."""
    for rule in RULES:
        if kind in rule.kinds and actor.people & _holders(rule, case):
            yield rule


def _holders(rule: Rule, case: Case) -> frozenset[int]:
    if rule.capacity != "control":
        return case.people.get(rule.capacity, frozenset())
    places = Membership.objects.holding("control").filter(account_id=case.account_id)
    return frozenset(places.values_list("user_id", flat=True))


def objections_to(actor: Actor, kind: str, case: Case) -> list[Objection]:
    """The rules of segregation that stop this act."""
    broken = list(broken_by(actor, kind, case))
    if not broken:
        return []
    strengths = strengths_of(case.account_id)
    stopped = [rule for rule in broken if strengths[rule.code] == "block"]
    return [Objection(rule.code, rule.reason, "", str(rule.source)) for rule in stopped]
