"""Who sees what SIIF says of an entity, loads its lists and consults it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.kernel.policy import Policy, Row, who
from pliego.parties.lists import Order
from pliego.parties.policy import has_role, is_buyer, works_for


class Act(StrEnum):
    VIEW = "view"
    LOAD = "load"
    CONSULT = "consult"


has_a_role = who(lambda actor, account: bool(actor.roles), _("You have no role in this account yet."), "has a role")
is_in_siif = who(
    lambda actor, account: account.order == Order.NATIONAL and account.in_siif and bool(account.pci),
    _(
        "Only entities of the national order that are in SIIF Nación consult it: write the certificates by hand. "
        "If yours is one, its administrator says so in the registration data, with its PCI code."
    ),
    "its entity is in SIIF",
)
its_people = works_for() & has_a_role & is_buyer
prepares_or_pays = works_for() & is_buyer & has_role("preparer", "approver", "treasurer")

# fmt: off
# About the account of the entity.
POLICY = Policy("siif", view=Act.VIEW, rows=(
    #   act            who                while the entity
    Row(Act.VIEW,      its_people,        reads=True),
    Row(Act.LOAD,      prepares_or_pays,  is_in_siif),
    Row(Act.CONSULT,   prepares_or_pays,  is_in_siif),
))
# fmt: on
