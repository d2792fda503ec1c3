"""The bell of an auction: a notice of the database at the commit of a bid, so that live streams need not wait.

The only notices in Pliego: they serialise the commits that ring them, and auctions are few (design: Act).
"""

from django.db import connection

from pliego.auctions.models import Auction

BELL = "pliego_subastas"


def ring(auction: Auction) -> None:
    """Tell every process that there is a bid, when the transaction of the caller commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [BELL, f"{auction.tender.code}/{auction.lot or 0}"])
