"""Who a person is in an account, and what waits for somebody's decision."""

from typing import TYPE_CHECKING

from pliego.kernel.actors import ANYONE, Actor, Signature
from pliego.parties.models import Account, Membership

if TYPE_CHECKING:
    from pliego.accounts.models import User


def actor_for(*, user: "User | None", account_id: int | None = None, signature: Signature | None = None) -> Actor:
    """The person acting for the account; for nobody when they have no accepted place in it. At most one query."""
    if user is None or not user.is_active:
        return ANYONE
    place = place_of(user=user, account_id=account_id) if account_id is not None else None
    person = Actor(
        user_id=user.pk,
        user_code=user.code,
        name=user.full_name,
        platform_roles=frozenset(user.platform_roles),
        signature=signature,
    )
    return person if place is None else _acting(person, place)


def place_of(*, user: "User", account_id: int) -> Membership | None:
    """The accepted membership of the person in the account, with account and organisation."""
    places = Membership.objects.select_related("account__organization")
    return places.filter(user=user, account_id=account_id, state="accepted").first()


def _acting(person: Actor, place: Membership) -> Actor:
    account: Account = place.account
    return Actor(
        user_id=person.user_id,
        user_code=person.user_code,
        name=person.name,
        account_id=account.pk,
        account_code=account.code,
        account_name=account.name,
        is_buyer=account.is_buyer,
        is_supplier=account.is_supplier,
        roles=frozenset(place.roles),
        platform_roles=person.platform_roles,
        signature=person.signature,
    )
