"""Plural bidders for pages, the API and the list of tasks."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.consortia.models import Group, Member
from pliego.kernel.actors import Actor
from pliego.kernel.todo import Task


def groups(actor: Actor) -> "QuerySet[Group]":
    """What this actor may see, with what a page shows of it."""
    rows = Group.objects.visible_to(actor)
    return rows.select_related("account__organization", "promoter__organization", "representative", "document")


def of_account(actor: Actor) -> "QuerySet[Group]":
    """Those in which the actor's account takes part, or was asked to, the newest first."""
    asked = Member.objects.filter(supplier_id=actor.account_id).exclude(state="listed").values("group")
    mine = Q(promoter_id=actor.account_id) | Q(account_id=actor.account_id) | Q(pk__in=asked)
    return groups(actor).filter(mine).order_by("-created_at")


def members_of(group: Group) -> "QuerySet[Member]":
    return group.members.select_related("supplier__organization", "group")


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Invitations to answer, for whoever signs for the account."""
    if "representative" not in actor.roles or actor.account_id is None:
        return []
    rows = Member.objects.filter(supplier_id=actor.account_id, state="invited", group__expires_at__gt=at)
    rows = rows.filter(group__state="invited").select_related("group__account__organization")
    return [
        Task(
            title=_("Answer the invitation to a plural bidder"),
            url=reverse("consortia:answer", args=[member.group.code]),
            subject=member.group.account.name,
            due_at=member.group.expires_at,
            reason=_("You represent your account"),
        )
        for member in rows
    ]
