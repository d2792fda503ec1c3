"""Jobs of the settlements: resolutions that nobody appealed, and terms that end."""

from procrastinate.contrib.django import app

from pliego.kernel import clock
from pliego.settlements import terms


@app.periodic(cron="27 11 * * *")
@app.task(name="settlements.watch", queue="housekeeping", queueing_lock="settlements.watch")
def watch(timestamp: int) -> None:
    """Each morning."""
    terms.settle_the_unappealed(at=clock.now())
    terms.watch(at=clock.now())
