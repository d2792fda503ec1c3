"""Plural bidders, made by the services of this room."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from pliego.accounts.tests import given as people
from pliego.consortia import services
from pliego.consortia.models import Group
from pliego.consortia.services import Part
from pliego.kernel.actors import Actor
from pliego.parties.tests import given as parties
from tests.furnishing import furnished


def bidder(name: str, at: datetime) -> Actor:
    """Somebody who represents their own firm."""
    account = parties.supplier(name, at=at)
    return parties.actor(people.person(name, at=at), account)


def parts(*actors: Actor, shares: tuple[str, ...] = ("60", "40"), activities: str = "Obra") -> list[Part]:
    return [Part(a.account_code, Decimal(s), activities) for a, s in zip(actors, shares, strict=True)]


@furnished
def draft(at: datetime, *, kind: str = "consortium", names: tuple[str, ...] = ("carla", "dario"), **more: Any) -> Group:
    """With its terms complete, put together by the first."""
    actors = [bidder(name, at) for name in names]
    group = services.put_together(actor=actors[0], kind=kind, name=f"Consorcio de {names[0]}", at=at)
    shares = more.pop("shares", ("60", "40"))
    told = {"representative": f"{names[0]}@pliego.example", "paper": parties.upload("constitucion.pdf"), **more}
    return services.set_terms(actor=actors[0], group_id=group.pk, parts=parts(*actors, shares=shares), at=at, **told)


@furnished
def invited(at: datetime, **more: Any) -> Group:
    group = draft(at, **more)
    names = more.get("names", ("carla", "dario"))
    return services.send(actor=bidder(names[0], at), group_id=group.pk, at=at)


@furnished
def active(at: datetime) -> Group:
    group = invited(at)
    return services.accept(actor=bidder("dario", at), group_id=group.pk, at=at)
