"""Jobs of people's standing: once a day, the terms that are over and the warnings of inactivity."""

from procrastinate.contrib.django import app

from pliego.accounts import inactivity, suspending
from pliego.kernel import clock


@app.periodic(cron="20 11 * * *")
@app.task(name="accounts.end_suspensions", queue="housekeeping", queueing_lock="accounts.end_suspensions")
def end_suspensions(timestamp: int) -> None:
    suspending.end_those_over(clock.now())


@app.periodic(cron="40 11 * * *")
@app.task(name="accounts.warn_of_inactivity", queue="housekeeping", queueing_lock="accounts.warn_of_inactivity")
def warn_of_inactivity(timestamp: int) -> None:
    inactivity.warn_all(clock.now())
