"""Whether a method can be used, by whom, and where the process stops because what follows is not in Pliego yet."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection
from pliego.methods import catalogue
from pliego.methods.law import Method
from pliego.parties.lists import EntityType


def is_not_conducted(rulebook: Method) -> Objection | None:
    """The catalogue knows more methods than Pliego conducts to their end: no real process may begin and get stuck."""
    if catalogue.can_be_created(rulebook):
        return None
    sentence = _(
        "“%(method)s” is published in the catalogue; processes cannot be conducted with it here yet, because the"
        " electronic auction is not in this version. It can be practised in a practice installation."
    )
    return Objection("method_not_conducted", sentence % {"method": rulebook.title}, "method", rulebook.legal_basis)


def is_for_others(rulebook: Method, entity_type: str) -> Objection | None:
    """The law keeps some methods for certain entities; which one an entity is, its own registration says."""
    if rulebook.is_for(entity_type):
        return None
    whose = ", ".join(str(EntityType(code).label) for code in rulebook.only_for)
    sentence = _("“%(method)s” is only for entities of this type: %(whose)s. Choose another method.")
    told = {"method": rulebook.title, "whose": whose}
    return Objection("method_for_others", sentence % told, "method", rulebook.legal_basis)


def method_cannot_be_used(tender: Any, at: datetime) -> Iterator[Objection]:
    """What is asked again before the publication: the rules of the installation and of the entity may have changed."""
    found = (is_not_conducted(tender.rulebook), is_for_others(tender.rulebook, tender.buyer.entity_type))
    yield from filter(None, found)


def auction_is_not_held(tender: Any) -> Objection | None:
    """A process that has come to its auction, with the initial prices open: it stops there."""
    if tender.state != "opened" or tender.stage_now.kind != "auction":
        return None
    return no_auction_here(tender.rulebook)


def no_auction_here(rulebook: Method) -> Objection:
    sentence = _(
        "Now comes the electronic auction, which is not in this version of Pliego: the process stops here. The entity"
        " may cancel the process, or revoke its act of opening, with the reason; it declares it void only if no offer"
        " complies."
    )
    alone = _("If one offer alone complies, it may be awarded without an auction, within the budget (%(law)s).")
    law = rulebook.evaluation.alone_legal_basis
    told = f"{sentence} {alone % {'law': law}}" if law else sentence
    return Objection("no_auction_here", told, "", rulebook.legal_basis)
