"""What the room of people asks of this one: what ties a person to an account, and what a merged registration brings."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.accounts import ties
from pliego.kernel.objections import Text
from pliego.parties.models import Membership
from pliego.parties.states import MEMBERSHIP


@ties.tie(ties.CLOSING)
def accepted_places(user_id: int, at: datetime) -> Iterator[Text]:
    """A user is closed only without accepted access in any account (guide of deactivation)."""
    for place in Membership.objects.filter(user_id=user_id, state="accepted").select_related("account__organization"):
        yield format_lazy(_("your access to {account} has to end"), account=place.account.name)


@ties.moves
def places(from_id: int, to_id: int, at: datetime) -> list[str]:
    """Places go to the registration that is kept; where both have one, the roles are joined in it."""
    moved = []
    mine = Membership.objects.select_for_update(of=("self",)).filter(user_id=to_id)
    by_account = {place.account_id: place for place in mine}
    for place in Membership.objects.select_for_update(of=("self",)).filter(user_id=from_id, state="accepted"):
        moved.append(f"place:{place.account.code}")
        kept = by_account.get(place.account_id)
        if kept is None:
            place.user_id = to_id
            place.save(update_fields=["user"])
            continue
        _join(kept, place, at)
    return moved


def _join(kept: Membership, place: Membership, at: datetime) -> None:
    roles = set(place.roles) | (set(kept.roles) if kept.state == "accepted" else set())
    if kept.state in {"rejected", "cancelled"}:
        MEMBERSHIP.fire(kept, "ask_again", at=at)
        kept.save()
    if kept.state == "pending":
        MEMBERSHIP.fire(kept, "accept", at=at)
    kept.roles = sorted(roles)
    kept.save()
    MEMBERSHIP.fire(place, "deactivate", at=at)
    place.roles = []
    place.save()
