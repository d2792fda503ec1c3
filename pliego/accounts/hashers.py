"""Passwords."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """argon2id at OWASP's minimum: about 20 ms and 19 MiB a sign-in (Django's default would cost ten times as much)."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
