"""What the room of people asks of this one: whose processes are open."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pliego.accounts import ties
from pliego.kernel.objections import Text
from pliego.tendering.models import Tender

OVER = ("finished", "deserted", "cancelled", "revoked", "discarded")


@ties.tie(ties.LIVE)
def open_processes(user_id: int, at: datetime) -> Iterator[Text]:
    """Processes that the person prepared, approved or has to open, and that are not over."""
    theirs = Q(prepared_by_id=user_id) | Q(approved_by_id=user_id) | Q(opening_members__user_id=user_id)
    for tender in Tender.objects.filter(theirs).exclude(state__in=OVER).distinct().order_by("pk")[:5]:
        yield format_lazy(_("the process {code} is open"), code=tender.code)
