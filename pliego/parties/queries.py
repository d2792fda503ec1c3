"""Who a person is in an account, and what waits for somebody's decision."""

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from pliego.documents.models import Document
from pliego.kernel.actors import ANYONE, Actor, Signature
from pliego.parties import rules
from pliego.parties.models import Account, Membership, OrganizationKind

if TYPE_CHECKING:
    from pliego.accounts.models import User


def actor_for(*, user: "User | None", account_id: int | None = None, signature: Signature | None = None) -> Actor:
    """The person acting for the account; for nobody when they have no accepted place in it. At most one query."""
    if user is None or not user.is_active:
        return ANYONE
    place = _places(user).filter(account_id=account_id).first() if account_id is not None else None
    return _acting(user, place, signature)


def actor_in_first_place(*, user: "User") -> Actor:
    """The person acting for the account that first accepted them, or for nobody."""
    return _acting(user, _places(user).order_by("requested_at", "pk").first(), None)


def places_of(*, user_id: int) -> "QuerySet[Membership]":
    """Every accepted place of a person, with account and organisation, by name: what the switcher shows."""
    found = Membership.objects.filter(user_id=user_id, state="accepted").select_related("account__organization")
    return found.order_by("account__organization__legal_name")


def _places(user: "User") -> "QuerySet[Membership]":
    return Membership.objects.filter(user=user, state="accepted").select_related("account__organization")


def _acting(user: "User", place: Membership | None, signature: Signature | None) -> Actor:
    person = Actor(
        user_id=user.pk,
        user_code=user.code,
        name=user.full_name,
        platform_roles=frozenset(user.platform_roles),
        signature=signature,
    )
    if place is None:
        return person
    return replace(
        person,
        account_id=place.account.pk,
        account_code=place.account.code,
        account_name=place.account.name,
        is_buyer=place.account.is_buyer,
        is_supplier=place.account.is_supplier,
        roles=frozenset(place.roles),
    )


def papers_of(account: Account) -> "QuerySet[Document]":
    """The registration's documents, the newest of each kind."""
    kinds = {paper.kind for paper in rules.papers_for(OrganizationKind.PRIVATE_WITH_PUBLIC_MONEY)}
    found = Document.objects.filter(file=account.file, kind__in=kinds)
    return found.order_by("kind", "-created_at", "-pk").distinct("kind")
