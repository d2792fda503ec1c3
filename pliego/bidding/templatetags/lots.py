"""How the page of the offer says what the pliego lets one choose."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from pliego.conditions.dividing import Division
from pliego.conditions.guarantees import OfferGuarantee
from pliego.kernel.money import grouped

register = template.Library()


@register.filter
def how_many(division: Division) -> str:
    """For how many lots one may offer."""
    if division.least > 1:
        return _("In this process one offers for all the lots.")
    if division.most == 1:
        return _("Choose one lot.")
    if division.most < len(division.lots):
        return _("Choose from one to %(most)s lots.") % {"most": division.most}
    return _("Choose one, some or all.")


@register.filter
def how_much(guarantee: OfferGuarantee) -> str:
    """The guarantee that comes with the offer, for the lots that it is for."""
    if guarantee.is_by_lot:
        return _("Each lot for which you offer needs a guarantee of the seriousness of the offer.")
    if guarantee.percent is None:
        return ""
    sentence = _("The guarantee of the seriousness of the offer is %(percent)s %% of the value of these lots.")
    return sentence % {"percent": grouped(guarantee.percent)}


@register.simple_tag
def guaranteed(guarantee: OfferGuarantee, lot: Any) -> Decimal | None:
    """What the guarantee comes to for a lot."""
    return guarantee.of(lot.value_amount)
