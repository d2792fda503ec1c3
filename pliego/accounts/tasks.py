"""Jobs of the door: the mails whose sending must not tell the page who is registered, and the sweeping."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pliego.kernel.priorities import PERSONAL

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=3)


@app.task(name="accounts.mail_device_link", queue="mail", retry=AGAIN, priority=PERSONAL)
def mail_device_link(email: str) -> None:
    """Mail the owner of an account, if there is one, the link that makes a browser known."""
    from pliego.accounts import letters

    letters.device_link(email=email)


@app.task(name="accounts.mail_recovery", queue="mail", retry=AGAIN, priority=PERSONAL)
def mail_recovery(email: str, network: str, place: str, device: str) -> None:
    """Answer whoever asked to recover the password of that address."""
    from pliego.accounts import journal, letters

    letters.recovery(email=email, door=journal.Door(network, device, place))


@app.task(name="accounts.after_registration", queue="mail", retry=AGAIN, priority=PERSONAL)
def after_registration(reference: str) -> None:
    """Tell whoever is registered with the same document that somebody tried."""
    from pliego.accounts import letters

    letters.after_registration(reference=reference)


@app.task(name="accounts.after_settling", queue="mail", retry=AGAIN, priority=PERSONAL)
def after_settling(user_id: int) -> None:
    """Tell whoever registered with a document that is of another registration what there is to do."""
    from pliego.accounts import claims

    claims.tell(user_id=user_id)


@app.task(name="accounts.mail", queue="mail", retry=AGAIN, priority=PERSONAL)
def mail(template: str, user_id: int, to: str, words: dict[str, str]) -> None:
    """Send one letter to a person, at an address of theirs. Its words hold no secret."""
    from pliego.accounts import letters

    letters.plain(template=template, user_id=user_id, to=to, words=words)


@app.task(name="accounts.mail_reissue", queue="mail", retry=AGAIN, priority=PERSONAL)
def mail_reissue(email: str, network: str, place: str, device: str) -> None:
    """Answer whoever lost every factor and asked at that address."""
    from pliego.accounts import journal, letters

    letters.reissue(email=email, door=journal.Door(network, device, place))


@app.periodic(cron="*/5 * * * *")
@app.task(name="accounts.mail_new_factors", queue="mail", queueing_lock="accounts.mail_new_factors", priority=PERSONAL)
def mail_new_factors(timestamp: int) -> None:
    """Mail the link of each replacement whose wait is over."""
    from pliego.accounts import letters

    letters.new_factors()


@app.periodic(cron="7 * * * *")
@app.task(name="accounts.sweep", queue="housekeeping", queueing_lock="accounts.sweep")
def sweep(timestamp: int) -> None:
    """Forget what is over: buckets, registrations nobody confirmed, links; and tell what was held, once a day."""
    from pliego.accounts import sweeping

    sweeping.sweep()
