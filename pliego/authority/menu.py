"""The menu “Configuration of the account”, as the guide of the present platform orders it. Plain data."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pliego.authority.policy import Act
from pliego.kernel.objections import Text
from pliego.parties.models import Account


@dataclass(frozen=True)
class Item:
    """`name` is a route of this room, or of another with its room before it."""

    name: str
    title: Text
    help: Text
    act: Act = Act.CONFIGURE
    for_buyers_only: bool = False

    @property
    def route(self) -> str:
        return self.name if ":" in self.name else f"authority:{self.name}"


# fmt: off
ITEMS = [
    Item("parties:team",  _("People of the account"),    _("Who has access, and with which roles")),
    Item("profiles",      _("Permission profiles"),      _("Sets of roles for people and for whole units")),
    Item("groups",        _("Groups of people"),         _("Who does the same task")),
    Item("units",         _("Contracting units"),        _("Where each part of the entity is, and who works in it")),
    Item("flows",         _("Approval flows"),           _("Who approves each act before it is done"),
         for_buyers_only=True),
    Item("delegations",   _("Delegations"),              _("Who acts in whose place, until when and by which act"),
         Act.VIEW),
    Item("segregation",   _("Segregation of functions"), _("What one person does not do twice"), for_buyers_only=True),
    Item("history",       _("Who could do what"),        _("People and their roles on any past day"), Act.SEE_HISTORY),
    Item("library",       _("Document library"),         _("Documents to attach again and again"), Act.VIEW),
    Item("notices",       _("My notices"),               _("What you are told, in the inbox and by mail"), Act.VIEW),
]
# fmt: on


def add(item: Item, *, before: str) -> None:
    """A line that a room above puts before another."""
    ITEMS.insert(next(place for place, known in enumerate(ITEMS) if known.name == before), item)


def items_for(account: Account) -> list[Item]:
    return [item for item in ITEMS if account.is_buyer or not item.for_buyers_only]
