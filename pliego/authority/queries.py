"""Reads for the pages: what is configured, what waits for whom, and how an act's approval stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.authority import gates, segregation
from pliego.authority.cases import Case, source_of
from pliego.authority.kinds import FLOWS, Kind
from pliego.authority.models import Approval, Delegation, Flow, Group, Profile
from pliego.kernel.actors import Actor
from pliego.kernel.planned import Planned
from pliego.kernel.todo import Task
from pliego.parties.models import ContractingUnit, Membership

# Asked at every page: what was entrusted to a person and not revoked.
GRANTED = Planned(
    -1,
    lambda user_id: Delegation.objects.filter(delegate__user_id=user_id, state="granted").select_related(
        "grantor__user"
    ),
)


def people_in(account_id: int) -> "QuerySet[Membership]":
    """The accepted places of the account, by name."""
    return (
        Membership.objects.accepted().filter(account_id=account_id).select_related("user").order_by("user__full_name")
    )


def profiles_of(account_id: int) -> "QuerySet[Profile]":
    rows = Profile.objects.filter(account_id=account_id, is_active=True)
    return rows.prefetch_related("people__user", "units").order_by("name")


def groups_of(account_id: int) -> "QuerySet[Group]":
    rows = Group.objects.filter(account_id=account_id).prefetch_related("members__place__user")
    return rows.order_by("-is_active", "name")


def units_of(account_id: int) -> "QuerySet[ContractingUnit]":
    rows = ContractingUnit.objects.filter(account_id=account_id).prefetch_related("people__place__user")
    return rows.order_by("-is_active", "name", "pk")


@dataclass(frozen=True)
class FlowLine:
    kind: Kind
    flow: Flow | None


def flows_of(account_id: int) -> list[FlowLine]:
    """Every kind of act that can be under approval, and the flow that the account has for it now."""
    rows = Flow.objects.filter(account_id=account_id, is_active=True, owner="")
    known = {flow.kind: flow for flow in rows.prefetch_related("steps__place__user", "steps__group")}
    return [FlowLine(kind, known.get(code)) for code, kind in FLOWS.items()]


def delegations_of(actor: Actor) -> "QuerySet[Delegation]":
    """The delegations of the account: to administrators and control all of them, to others their own."""
    rows = Delegation.objects.filter(account_id=actor.account_id or 0).select_related(
        "grantor__user", "delegate__user", "document"
    )
    if actor.roles.isdisjoint({"administrator", "control"}):
        rows = rows.filter(Q(grantor__user_id__in=actor.people) | Q(delegate__user_id=actor.user_id))
    return rows.order_by("-granted_at", "-pk")


def usable_by(actor: Actor, at: datetime) -> "list[Delegation]":
    """What the person may take up now."""
    held = GRANTED(actor.user_id) if actor.user_id is not None else []
    return [one for one in held if one.account_id == actor.account_id and one.is_in_force(at)]


def waiting_for(actor: Actor) -> "QuerySet[Approval]":
    """The approvals whose task is the person's, or of a group in which they are."""
    user_id = actor.mandate.grantor_id if actor.mandate else actor.user_id
    of_group = Q(step__group__members__place__user_id=user_id, step__group__is_active=True)
    rows = Approval.objects.filter(account_id=actor.account_id or 0, state="running")
    rows = rows.filter(Q(step__place__user_id=user_id) | of_group).select_related("step").distinct()
    return rows.order_by("started_at", "pk")


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """The tasks of approvals that wait for the person."""
    if actor.account_id is None or not actor.roles:
        return []
    return [
        Task(
            title=_("Approve: %(task)s") % {"task": approval.step.name if approval.step else ""},
            url=reverse("authority:approval", args=[approval.kind, approval.subject]),
            subject=approval.title,
            reason=FLOWS[approval.kind].title,
        )
        for approval in waiting_for(actor)[:100]
    ]


@dataclass(frozen=True)
class Standing:
    """How the approval of one act stands: what its page and the panel on other pages show."""

    kind: Kind
    subject: str
    obj: Any
    flow: Flow | None
    approval: Approval | None
    is_changed: bool = False
    case: Case | None = None

    @property
    def needs_asking(self) -> bool:
        return self.flow is not None and (self.approval is None or self.is_changed)

    @property
    def is_authorised(self) -> bool:
        return self.approval is not None and self.approval.state == "authorised" and not self.is_changed


def standing_of(kind: str, obj: Any) -> Standing:
    """Whether this act needs an approval, and how far it is. The last one that was returned is shown too."""
    source = source_of(kind)
    account_id, subject = source.account_id(obj), source.subject(obj)
    approval = gates.open_approval(account_id, kind, subject)
    flow = approval.flow if approval else gates.flow_in_force(account_id, kind, source.owners(obj))
    if approval is None or flow is None:
        return Standing(FLOWS[kind], subject, obj, flow, None)
    case = source.describe(obj, approval.option)
    return Standing(FLOWS[kind], subject, obj, flow, approval, not gates.matches(approval, case), case)


def history_of(account_id: int, kind: str, subject: str) -> "QuerySet[Approval]":
    """Every time that this act was put to approval, the newest first, with what was said."""
    rows = Approval.objects.filter(account_id=account_id, kind=kind, subject=subject)
    rows = rows.select_related("started_by", "flow").prefetch_related("decisions__user", "decisions__on_behalf_of")
    return rows.prefetch_related("decisions__step").order_by("-pk")


@dataclass(frozen=True)
class RuleLine:
    rule: segregation.Rule
    strength: str
    people: list[str]


def segregation_of(account_id: int) -> list[RuleLine]:
    """Each rule as the account applies it, and the people whose roles would let them break it."""
    strengths, found = segregation.strengths_of(account_id), list(people_in(account_id))
    in_conflict = {place.user.full_name: segregation.conflicts_of(place.all_roles) for place in found}
    return [
        RuleLine(rule, strengths[rule.code], [name for name, rules in in_conflict.items() if rule in rules])
        for rule in segregation.RULES
    ]
