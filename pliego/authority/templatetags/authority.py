"""`{% approval_of "publication" tender %}`: on the page of an act, how its approval stands and who has it."""

from typing import Any

from django import template

from pliego.authority import queries
from pliego.authority.cases import SOURCES
from pliego.kernel.actors import ANYONE

register = template.Library()


@register.inclusion_tag("authority/panel.html", takes_context=True)
def approval_of(context: dict[str, Any], kind: str, obj: Any) -> dict[str, Any]:
    """Nothing for strangers, nor while the account has no flow for that act."""
    actor = context.get("actor") or ANYONE
    if actor.account_id is None or not actor.roles or SOURCES[kind].account_id(obj) != actor.account_id:
        return {}
    source = SOURCES[kind]
    standing = queries.standing_of(kind, obj)
    is_due = source.machine.allows(obj, source.act)
    return {"standing": standing} if standing.flow and (is_due or standing.approval) else {}
