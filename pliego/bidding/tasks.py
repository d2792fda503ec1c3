"""Jobs of offers: write the closing records of the processes whose term is over, and open what has all its keys."""

import logging

from procrastinate.contrib.django import app

from pliego.bidding import closing
from pliego.kernel import clock

logger = logging.getLogger("pliego.bidding")


@app.periodic(cron="* * * * *")
@app.task(name="bidding.close_due", queue="housekeeping", queueing_lock="bidding.close_due")
def close_due(timestamp: int) -> None:
    """Lateness is judged at each submission; the record may come up to a minute after the term."""
    for code in closing.close_due(at=clock.now()):
        logger.info("%s: closing record written", code)
