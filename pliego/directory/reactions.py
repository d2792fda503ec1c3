"""The directory follows every act about an account, and suppliers hear of the processes that they look for."""

from importlib import import_module
from importlib.util import find_spec

from pliego.directory import services, tasks
from pliego.kernel.events import Announced, Event, on
from pliego.parties.events import SupplierRegistered
from pliego.tendering.events import TenderPublished

ROOMS = ("parties", "suppliers", "consortia", "accounts", "directory")


def account_events() -> list[type[Event]]:
    """Whatever these rooms announce may change a line; acts on other files than an account's are passed over."""
    rooms = [f"pliego.{room}.events" for room in ROOMS]
    for name in rooms:
        if find_spec(name):
            import_module(name)
    return [event for event in Event.registry.values() if event.__module__ in rooms]


@on(*account_events())
def follow_the_account(announced: Announced) -> None:
    if announced.file.startswith("cuenta:"):
        services.refresh_account(file=announced.file)


@on(SupplierRegistered)
def begin_with_what_it_sells(announced: Announced) -> None:
    services.keep_registered_interests(account_id=announced.subject_id, at=announced.at)
    services.refresh_account(file=announced.file)


@on(TenderPublished)
def tell_who_looks_for_it(announced: Announced) -> None:
    tasks.tell.defer(tender_id=announced.subject_id, entry_id=announced.entry_id)
