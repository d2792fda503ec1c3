"""Worlds of this room: an entity with its flow, its delegation, its groups."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pliego.accounts.tests import given as people
from pliego.authority import configuring, delegating
from pliego.authority.models import Delegation, Flow, Group, Profile
from pliego.authority.rules import DelegationData, GroupData, ProfileData, StepData
from pliego.kernel.actors import Actor, Signature
from pliego.parties.models import Account
from pliego.parties.tests import given as parties


def person(account: Account, name: str, roles: list[str] | None = None, at: datetime | None = None) -> Actor:
    """Somebody of the account, with a practice signature."""
    if roles is not None:
        parties.join(account, name, roles, by="beto", at=at)
    return parties.actor(people.person(name, at=at), account)


def code(name: str) -> str:
    return people.person(name).code


def profile(actor: Actor, at: datetime, **changes: Any) -> Profile:
    data = {"name": "Revisión jurídica", "roles": ("evaluator",), "people": (), "units": ()}
    wanted = changes.pop("code", "")
    return configuring.save_profile(actor=actor, data=ProfileData(**{**data, **changes}), at=at, code=wanted)


def group(actor: Actor, at: datetime, names: Sequence[str], name: str = "Jurídica") -> Group:
    data = GroupData(name=name, members=tuple((code(member), "revisa") for member in names))
    return configuring.save_group(actor=actor, data=data, at=at)


def flow(actor: Actor, at: datetime, *steps: StepData, kind: str = "publication") -> Flow:
    return configuring.set_flow(actor=actor, kind=kind, steps=steps, at=at)


def delegation(grantor: Actor, to: str, at: datetime, **changes: Any) -> Delegation:
    """From now for ten days, of the approver's role, up to nothing in particular."""
    data: dict[str, Any] = {
        "delegate": code(to),
        "roles": ("approver",),
        "starts_at": at,
        "ends_at": at + timedelta(days=10),
    }
    signed = grantor.with_signature(Signature("demo", at))
    upload = parties.upload("acto-de-delegacion.pdf")
    return delegating.grant_delegation(actor=signed, data=DelegationData(**{**data, **changes}), document=upload, at=at)


def pesos(amount: int) -> Decimal:
    return Decimal(amount)
