"""Jobs of the notices: one per mail."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pliego.kernel.priorities import NOTICES

AGAIN = RetryStrategy(max_attempts=10, exponential_wait=3)


@app.task(name="notifications.send", queue="mail", retry=AGAIN, priority=NOTICES)
def send(mail_id: int) -> None:
    """Send one mail, unless it has left already."""
    from pliego.notifications import services

    services.send_mail(mail_id=mail_id)
