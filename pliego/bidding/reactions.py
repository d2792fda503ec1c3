"""What this room does when others announce something, and what the room of people asks of it: whose offers stand in
processes that are not over."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.accounts import ties
from pliego.bidding import opening
from pliego.bidding.models import Bid
from pliego.documents.events import DocumentQuarantined
from pliego.kernel.events import Announced, on
from pliego.kernel.objections import Text
from pliego.tendering.reactions import OVER


@on(DocumentQuarantined)
def tell_of_threats_found_later(announced: Announced) -> None:
    opening.tell_of_threat(document_id=announced.subject_id, finding=announced.data["finding"], at=announced.at)


@ties.tie(ties.LIVE)
def standing_offers(user_id: int, at: datetime) -> Iterator[Text]:
    """Offers of the accounts in which the person has a place."""
    place = {"supplier__membership__user_id": user_id, "supplier__membership__state": "accepted"}
    standing = Bid.objects.standing().filter(**place).exclude(tender__state__in=OVER)
    for bid in standing.select_related("tender").order_by("pk")[:5]:
        yield format_lazy(_("an offer stands in the process {code}"), code=bid.tender.code)
