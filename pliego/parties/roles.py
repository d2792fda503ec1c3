"""What a person may be in an account: one table, shown on the pages and asked by every policy."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Text


@dataclass(frozen=True)
class Role:
    code: str
    title: Text
    may: Text
    for_buyers: bool = False
    for_suppliers: bool = False


# fmt: off
ROLES: dict[str, Role] = {role.code: role for role in (
    Role("administrator", _("Administrator"),
         _("Admits people to the account, gives them roles and keeps its data"), for_buyers=True, for_suppliers=True),
    Role("preparer", _("Preparer"),
         _("Prepares the annual plan, the processes, the answers and the contracts"), for_buyers=True),
    Role("approver", _("Authorising officer"),
         _("Approves and publishes what others prepared, awards and signs"), for_buyers=True),
    Role("evaluator", _("Evaluator"),
         _("Opens and evaluates offers and writes the report"), for_buyers=True),
    Role("supervisor", _("Supervisor"),
         _("Follows the contract and approves deliveries and invoices"), for_buyers=True),
    Role("treasurer", _("Treasurer"),
         _("Marks approved invoices as paid"), for_buyers=True),
    Role("control", _("Internal control"),
         _("Reads everything of the account and changes nothing"), for_buyers=True),
    Role("bidder", _("Bidder"),
         _("Asks questions and prepares offers and invoices"), for_suppliers=True),
    Role("representative", _("Legal representative"),
         _("Signs and submits offers and contracts"), for_suppliers=True),
)}
# fmt: on

PLATFORM_ROLES: dict[str, Text] = {"desk": _("Service desk"), "operator": _("Operator of the platform")}


def roles_for(*, is_buyer: bool, is_supplier: bool) -> list[Role]:
    """The roles that exist in an account of that kind, in the order in which they are shown."""
    return [r for r in ROLES.values() if (r.for_buyers and is_buyer) or (r.for_suppliers and is_supplier)]


# Rooms above that have something to say of roles held together by one person.
ADVISERS: list[Callable[[Iterable[str]], list[str]]] = []


def advice_on(roles: Iterable[str]) -> list[str]:
    """Sentences of warning for whoever gives these roles to one person; they hinder nothing."""
    held = list(roles)
    return [sentence for advise in ADVISERS for sentence in advise(held)]
