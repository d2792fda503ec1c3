"""What the pages know of this room; worked out only when a page draws it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pliego.authority import library, queries
from pliego.kernel import clock
from pliego.kernel.actors import ANYONE, Actor


def mandates(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = getattr(request, "actor", ANYONE)
    at: datetime = getattr(request, "received_at", None) or clock.now()
    acts = actor.account_id is not None
    return {
        "library_items": SimpleLazyObject(lambda: list(library.valid_items(actor, at)) if acts else []),
        "usable_delegations": SimpleLazyObject(
            lambda: queries.usable_by(actor, at) if acts and actor.mandate is None else []
        ),
    }
