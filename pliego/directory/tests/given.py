"""Accounts of the directory, made by the services of parties, with their lines."""

from datetime import datetime

from pliego.accounts.tests import given as people
from pliego.codelists.services import load_starter
from pliego.directory import projecting, services
from pliego.directory.models import Interest
from pliego.directory.rules import InterestData
from pliego.kernel.actors import Actor
from pliego.parties import services as registering
from pliego.parties.models import Account
from pliego.parties.tests import given as parties


def firm(name: str, number: str, *, at: datetime, by: str = "", **changes: object) -> Account:
    """A supplier with its line in the directory. `by` represents it."""
    load_starter()
    founder = people.person(by or f"r{number}", at=at)
    data = parties.supplier_data(
        name, number, **{"legal_name": name, "notification_email": f"a{number}@x.example", **changes}
    )
    account = registering.register_supplier(actor=parties.actor(founder), data=data, at=at)
    projecting.refresh(account)
    return account


def of(account: Account) -> Actor:
    """Whoever represents it."""
    assert account.requested_by is not None
    return parties.actor(account.requested_by, account)


def interest(
    account: Account, *codes: str, at: datetime, title: str = "Equipos", departments: list[str] | None = None
) -> Interest:
    data = InterestData(title, list(codes), departments or [])
    return services.create_interest(actor=of(account), data=data, at=at)
