"""What the approval of an opening is about: exactly the offers that were received."""

from pliego.authority.cases import Case, register
from pliego.tendering.approvals import case_of, source
from pliego.tendering.models import Tender


def _opening(tender: Tender, option: str) -> Case:
    bids = tender.bids.filter(state__in=("submitted", "opened", "unopenable")).order_by("code")
    content = {"code": tender.code, "bids": [list(bid) for bid in bids.values_list("code", "manifest_sha256")]}
    return case_of(tender, content, url="bidding:opening")


register("opening", source("open", _opening, frozenset({"too_early"})))
