"""Whether an entity may use a method."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection
from pliego.methods.law import Method
from pliego.parties.lists import EntityType


def is_for_others(rulebook: Method, entity_type: str) -> Objection | None:
    """The law keeps some methods for certain entities; which one an entity is, its own registration says."""
    if rulebook.is_for(entity_type):
        return None
    whose = ", ".join(str(EntityType(code).label) for code in rulebook.only_for)
    sentence = _("“%(method)s” is only for entities of this type: %(whose)s. Choose another method.")
    told = {"method": rulebook.title, "whose": whose}
    return Objection("method_for_others", sentence % told, "method", rulebook.legal_basis)


def method_cannot_be_used(tender: Any, at: datetime) -> Iterator[Objection]:
    """What is asked again before the publication: the type of the entity may have changed."""
    if found := is_for_others(tender.rulebook, tender.buyer.entity_type):
        yield found
