"""What the room of people asks of this one: whose offers stand in processes that are not over."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.accounts import ties
from pliego.bidding.models import Bid
from pliego.kernel.objections import Text
from pliego.tendering.reactions import OVER


@ties.tie(ties.LIVE)
def standing_offers(user_id: int, at: datetime) -> Iterator[Text]:
    """Offers of the accounts in which the person has a place."""
    place = {"supplier__membership__user_id": user_id, "supplier__membership__state": "accepted"}
    standing = Bid.objects.standing().filter(**place).exclude(tender__state__in=OVER)
    for bid in standing.select_related("tender").order_by("pk")[:5]:
        yield format_lazy(_("an offer stands in the process {code}"), code=bid.tender.code)
