"""What the approval of an annual plan is about: the plan as it would be published."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from pliego.authority.cases import Case, Source, register
from pliego.kernel.actors import Actor
from pliego.planning.models import Plan
from pliego.planning.snapshots import LIMITS, snapshot_of
from pliego.planning.states import PLAN
from pliego.teams import scopes
from pliego.teams.queries import flow_owners
from pliego.teams.scopes import Scope, TeamFlow
from pliego.web.acts import get_visible


def _find(actor: Actor, code: str) -> Plan:
    return get_visible(Plan.objects.visible_to(actor).select_related("account__organization", "team"), code=code)


def _describe(plan: Plan, option: str) -> Case:
    lines = plan.lines.standing()
    content: Any = SimpleLazyObject(lambda: _content(plan))  # only a flow looks at it
    return Case(
        account_id=plan.account_id,
        account_code=plan.account.code,
        subject=plan.code,
        title=plan.about,
        file=plan.file,
        content=content,
        amount=lines.aggregate(total=Sum("total_amount"))["total"] or Decimal(0),
        people={"author": frozenset({plan.prepared_by_id})},
        url=reverse("planning:plan", args=[plan.year]),
    )


def _content(plan: Plan) -> dict[str, Any]:
    content = snapshot_of(plan, plan.lines.standing().select_related("unit"))
    return {**content, "team": plan.team.code} if plan.team else content


LATER, MINOR = "later", "minor"


def _owners(plan: Plan) -> tuple[str, ...]:
    """A team may have three flows: for the first version, for a later one, and for a later one without purchases."""
    if plan.team_id is None or plan.version == 0:
        return flow_owners(plan)
    return flow_owners(plan, *([MINOR] if _is_minor(plan) else []), LATER)


def _is_minor(plan: Plan) -> bool:
    """Whether what is not public yet leaves the limits and every planned purchase as they are."""
    public = plan.versions.get(number=plan.version).snapshot
    now = snapshot_of(plan, plan.lines.standing().select_related("unit"))
    if any(public[name] != now[name] for name in LIMITS):
        return False
    return _purchases(public) == _purchases(now)


def _purchases(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for line in content["lines"] if line["kind"] != "need"]


register(
    "plan",
    Source(
        machine=PLAN,
        act="publish",
        find=_find,
        account_id=lambda plan: plan.account_id,
        subject=lambda plan: plan.code,
        describe=_describe,
        owners=_owners,
    ),
)
scopes.register(
    Scope(
        "plan",
        _("Annual plan"),
        _("Define teams for the annual plan?"),
        {"general": _("General data"), "lines": _("Planned purchases"), "needs": _("Additional needs")},
        (
            TeamFlow("plan", "plan", _("Publish the plan")),
            TeamFlow("plan-later", "plan", _("Publish a modification of the plan"), LATER),
            TeamFlow("plan-minor", "plan", _("Publish a modification that changes no planned purchase"), MINOR),
        ),
    )
)
