"""What the approval of an annual plan is about: the plan as it would be published."""

from decimal import Decimal

from django.urls import reverse

from pliego.authority.cases import Case, Source, register
from pliego.kernel.actors import Actor
from pliego.planning.models import Plan
from pliego.planning.snapshots import snapshot_of
from pliego.planning.states import PLAN
from pliego.web.acts import get_visible


def _find(actor: Actor, code: str) -> Plan:
    return get_visible(Plan.objects.visible_to(actor).select_related("account__organization"), code=code)


def _describe(plan: Plan, option: str) -> Case:
    lines = list(plan.lines.standing().select_related("unit"))
    return Case(
        account_id=plan.account_id,
        account_code=plan.account.code,
        subject=plan.code,
        title=f"{plan.code} {plan.year}",
        file=plan.file,
        content=snapshot_of(plan, lines),
        amount=sum((line.total_amount or Decimal(0) for line in lines), Decimal(0)),
        people={"author": frozenset({plan.prepared_by_id})},
        url=reverse("planning:plan", args=[plan.year]),
    )


register(
    "plan",
    Source(
        machine=PLAN,
        act="publish",
        find=_find,
        account_id=lambda plan: plan.account_id,
        subject=lambda plan: plan.code,
        describe=_describe,
    ),
)
