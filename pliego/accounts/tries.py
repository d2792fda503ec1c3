"""Counting tries at a door, in the database, whichever process hears them.

A try is taken before it is made and given back when it succeeds, in one statement each: however many arrive at once,
no more than `most` are made in a window. Ten a quarter of an hour from strangers' browsers, ten from each known one,
fifty from a network.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from pliego.accounts.models import Tries
from pliego.kernel import clock


@dataclass(frozen=True)
class Limit:
    """At most so many in a window, which begins with the first."""

    name: str
    most: int
    window: timedelta


QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
PASSWORD_OF_DEVICE = Limit("password/device", 10, QUARTER)
PASSWORD_OF_STRANGERS = Limit("password/strangers", 10, QUARTER)
PASSWORD_OF_NETWORK = Limit("password/network", 50, QUARTER)
CODE_OF_DEVICE = Limit("code/device", 10, QUARTER)
CODE_OF_STRANGERS = Limit("code/strangers", 10, QUARTER)
LINK_FOR_DEVICE = Limit("link/device", 1, HOUR)
LINK_FOR_REISSUE = Limit("link/reissue", 1, HOUR)
MAILS_TO_ADDRESS = Limit("mail/address", 5, HOUR)
MAILS_OF_NETWORK = Limit("mail/network", 60, HOUR)
LONGEST = HOUR


def take(limit: Limit, whose: str) -> bool:
    """Take one try; false when there is none left."""
    now = clock.real_now()
    is_over = now - limit.window  # a window that began before this is over, and the next begins with this try
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_tries AS kept (key, count, began_at) VALUES (%s, 1, %s)"
            " ON CONFLICT (key) DO UPDATE SET"
            " count = CASE WHEN kept.began_at <= %s THEN 1 ELSE kept.count + 1 END,"
            " began_at = CASE WHEN kept.began_at <= %s THEN excluded.began_at ELSE kept.began_at END"
            " WHERE kept.count < %s OR kept.began_at <= %s RETURNING count",
            [_key(limit, whose), now, is_over, is_over, limit.most, is_over],
        )
        return cursor.fetchone() is not None


def give_back(limit: Limit, whose: str) -> None:
    """The try succeeded: it does not count."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_tries SET count = greatest(count - 1, 0) WHERE key = %s", [_key(limit, whose)])


def are_over(limit: Limit, whose: str) -> bool:
    """Whether the next try would be refused."""
    since = clock.real_now() - limit.window
    return Tries.objects.filter(key=_key(limit, whose), count__gte=limit.most, began_at__gt=since).exists()


def forget_old() -> int:
    """Remove the buckets whose window is over; answers how many."""
    return Tries.objects.filter(began_at__lt=clock.real_now() - LONGEST).delete()[0]


def _key(limit: Limit, whose: str) -> str:
    """The bucket's name. It tells nobody whose it is: the table holds the addresses that strangers typed."""
    digest = salted_hmac("pliego.accounts.tries", whose, secret=settings.SECRET_KEY, algorithm="sha256")
    return f"{limit.name}:{digest.hexdigest()}"
