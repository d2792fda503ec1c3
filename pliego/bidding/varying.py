"""The variant of an offer: what its supplier proposes instead of some of what the base offer says.

Guarantees: it is inside the envelopes of the base, under their keys, so that until the opening nothing on the server
tells that there is one, it is never without its base, and it is replaced, withdrawn, opened and blamed with it. What
it leaves out is as in the base. It counts where the pliego admits variants (`conditions/variants.py` has the law) and
an envelope of the first opening says what it is: what a later envelope says changes nothing.
"""

from collections.abc import Iterable

from pliego.bidding.models import Bid, Envelope
from pliego.conditions import variants
from pliego.tendering.models import Tender


def varied_in(envelopes: Iterable[Envelope], part: str) -> dict[str, str]:
    """What the variant says instead of the base, in those envelopes."""
    found: dict[str, str] = {}
    for envelope in envelopes:
        found |= (envelope.answers or {}).get("variant", {}).get(part, {})
    return {name: text for name, text in found.items() if text}


def summary_of(bid: Bid) -> str:
    """What the supplier says that its variant changes, and why."""
    own = [envelope for envelope in bid.envelopes.all() if not envelope.reserved]
    found = ((envelope.answers or {}).get("variant", {}).get("summary", "") for envelope in own)
    return next((said for said in found if said.strip()), "")


def is_there(bid: Bid, tender: Tender) -> bool:
    """Whether the envelopes that are open bring a variant that counts; it is asked at the first opening."""
    return bool(summary_of(bid)) and variants.is_admitted(tender)
