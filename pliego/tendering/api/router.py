"""The one router of this room, and how its operations find a tender."""

from pliego.tendering.models import Tender
from pliego.web.acts import get_visible
from pliego.web.api import Router
from pliego.web.http import Request

router = Router(tags=["tendering"])


def tender_of(request: Request, code: str) -> Tender:
    """The tender that the actor may see; anything else does not exist."""
    return get_visible(Tender.objects.visible_to(request.actor).select_related("buyer__organization"), code=code)
