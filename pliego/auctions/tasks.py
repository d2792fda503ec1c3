"""Jobs of auctions: write down what the hours brought. Lateness is judged at each bid; the job may be late."""

import logging

from procrastinate.contrib.django import app

from pliego.auctions import services
from pliego.kernel import clock
from pliego.kernel.priorities import TERMS

logger = logging.getLogger("pliego.auctions")


@app.periodic(cron="* * * * * */10")
@app.task(name="auctions.keep_time", queue="housekeeping", queueing_lock="auctions.keep_time", priority=TERMS)
def keep_time(timestamp: int) -> None:
    for auction_id in services.due(clock.now()):
        auction = services.keep_time(auction_id=auction_id, at=clock.now())
        logger.info("%s: auction %s", auction.tender_id, auction.state)
