"""Telling whoever follows an opening of each envelope, while the one transaction that opens them all still runs.

Guarantees: the acts come with the commit and are what counts; this passes and is kept nowhere. If the opening stops,
its followers hear that nothing was opened; if nobody can be told, it opens all the same.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils.translation import override

from pliego.bidding.models import Bid, Envelope
from pliego.bidding.moments import Turn
from pliego.tendering.models import Tender
from pliego.web import live

PREFIX = "aperturas/"


def path_of(tender: Tender) -> str:
    return f"{PREFIX}{tender.code}"


@contextmanager
def telling(turn: Turn) -> Iterator[Callable[[Bid, Envelope], None]]:
    """Tell whoever follows the opening of each envelope as it is opened. The acts come with the commit: if it does not
    come, they hear that too."""
    place, many = 0, turn.sealed().count()
    titles = {envelope.code: envelope.title for envelope in turn.tender.rulebook.envelopes}
    with live.Aside(path_of(turn.tender)) as aside:

        def opened(bid: Bid, envelope: Envelope) -> None:
            nonlocal place
            place += 1
            with override(settings.LANGUAGE_CODE):
                title = str(titles.get(envelope.code, envelope.code))
            aside.tell("sobre", {"bid": bid.code, "envelope": title, "place": place, "all": many})

        try:
            yield opened
        except BaseException:
            aside.tell("cortada", {})
            raise
