"""Jobs of following: telling many of one act, the daily mail, and forgetting who did not confirm."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pliego.kernel import clock
from pliego.kernel.priorities import NOTICES, PERSONAL

AGAIN = RetryStrategy(max_attempts=10, exponential_wait=3)


@app.task(name="following.tell", retry=AGAIN, priority=NOTICES)
def tell(entry_id: int, after: int = 0) -> None:
    """Tell the next followers, and leave the rest to another job. Told twice, nobody hears twice."""
    from django.db import transaction

    from pliego.following import telling

    with transaction.atomic():
        last = telling.tell(entry_id=entry_id, after=after, at=clock.now())
        if last is not None:
            tell.defer(entry_id=entry_id, after=last)


@app.task(name="following.ask", retry=AGAIN, priority=PERSONAL)
def ask(address: str, tender_id: int, delivery: str, language: str) -> None:
    from pliego.following import services

    services.mail_the_question(
        address=address, tender_id=tender_id, delivery=delivery, language=language, at=clock.now()
    )


@app.periodic(cron="0 12 * * *")  # seven in the morning in Bogotá
@app.task(name="following.day", queue="housekeeping", queueing_lock="following.day")
def day(timestamp: int) -> None:
    """A job for each reader of a daily mail; one that fails delays nobody else's."""
    from pliego.following import services, telling

    services.forget_unconfirmed(at=clock.now())
    for user_id, address in telling.readers_of_the_day():
        tell_the_day.defer(user_id=user_id, address=address)


@app.task(name="following.tell_the_day", retry=AGAIN, priority=NOTICES)
def tell_the_day(user_id: int | None, address: str) -> None:
    from pliego.following import telling

    telling.tell_the_day(user_id=user_id, address=address, at=clock.now())
