"""The nine sections of the electronic contract, in the order in which the official builder has them."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions.conditions import Condition
from pliego.contracts import clauses
from pliego.contracts.sections.budget import BUDGET
from pliego.contracts.sections.general import GENERAL
from pliego.contracts.sections.goods import GOODS
from pliego.contracts.sections.papers import DOCUMENTS, SUPPLIER_DOCUMENTS
from pliego.contracts.sections.performance import PERFORMANCE
from pliego.contracts.sections.terms import TERMS
from pliego.kernel.objections import Objection, Text, Unknown

__all__ = ["BUDGET", "DOCUMENTS", "GENERAL", "GOODS", "PERFORMANCE", "SUPPLIER_DOCUMENTS", "TERMS"]

SECTIONS: tuple[Condition, ...] = (
    GENERAL,
    TERMS,
    GOODS,
    SUPPLIER_DOCUMENTS,
    DOCUMENTS,
    BUDGET,
    PERFORMANCE,
)
# Sections without fields: they hold what happens from the signature on.
LATER: tuple[tuple[int, Text], ...] = ((8, _("Modifications")), (9, _("Breaches")))
NUMBERS = {section.code: number for number, section in enumerate(SECTIONS, 1)}


def get(name: str) -> Condition:
    """The section with that code, or with that part of an address."""
    for section in SECTIONS:
        if name in {section.code, section.path}:
            return section
    raise Unknown()


def lacking(contract: Any, at: datetime) -> list[Objection]:
    """All that is missing or wrong before the contract goes to the supplier."""
    return [objection for section in SECTIONS for objection in section.rule(contract, at)]


def template_for(contract: Any) -> str:
    """The template of clauses with which a contract of that type begins, by its name."""
    return clauses.of_type(contract.contract_type).title
