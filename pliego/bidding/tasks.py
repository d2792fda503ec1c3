"""Jobs of offers: write the closing records of the processes whose term is over, remind who opens them, and forget what
nobody used."""

import logging

from procrastinate.contrib.django import app

from pliego.bidding import closing, reminding, reserving, sweeping
from pliego.kernel import clock
from pliego.kernel.priorities import TERMS

logger = logging.getLogger("pliego.bidding")


@app.periodic(cron="* * * * *")
@app.task(name="bidding.close_due", queue="housekeeping", queueing_lock="bidding.close_due", priority=TERMS)
def close_due(timestamp: int) -> None:
    """Lateness is judged at each submission; the record may come up to a minute after the term."""
    for code in closing.close_due(at=clock.now()):
        logger.info("%s: closing record written", code)


@app.periodic(cron="11 * * * *")
@app.task(name="bidding.end_reserves", queue="housekeeping", queueing_lock="bidding.end_reserves")
def end_reserves(timestamp: int) -> None:
    """What was kept for a term becomes public within the hour of its end."""
    for told in reserving.end_due(at=clock.now()):
        logger.info("%s: its confidentiality ended", told)


@app.periodic(cron="*/10 * * * *")
@app.task(name="bidding.remind", queue="housekeeping", queueing_lock="bidding.remind")
def remind(timestamp: int) -> None:
    """The members of openings, of what is theirs to do."""
    for told in reminding.remind_due(at=clock.now()):
        logger.info("%s: members reminded", told)


@app.periodic(cron="41 4 * * *")
@app.task(name="bidding.sweep", queue="housekeeping", queueing_lock="bidding.sweep")
def sweep(timestamp: int) -> None:
    """Parts that nobody used go after PLIEGO_BID_PART_DAYS days."""
    logger.info("swept: %s", sweeping.sweep(at=clock.now()))
