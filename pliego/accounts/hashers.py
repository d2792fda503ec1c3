"""Passwords. Guarantee: this process computes at most PLIEGO_HASHES_AT_ONCE of them at the same time; the rest wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection, Refused

PATIENCE_SECONDS = 10.0


class Argon2id(Argon2PasswordHasher):
    """argon2id at OWASP's minimum: about 20 ms and 19 MiB a sign-in (Django's default would cost ten times as much)."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with turn():
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        with turn():
            return bool(super().verify(password, encoded))


@contextmanager
def turn() -> Iterator[None]:
    """Wait for one's turn, so that many sign-ins at once cannot take all the memory and both cores."""
    if not _turns().acquire(timeout=PATIENCE_SECONDS):
        raise Refused(Objection("busy", _("Many people are signing in at this moment. Try again in a few seconds.")))
    try:
        yield
    finally:
        _turns().release()


@cache
def _turns() -> BoundedSemaphore:
    return BoundedSemaphore(settings.PLIEGO_HASHES_AT_ONCE)
