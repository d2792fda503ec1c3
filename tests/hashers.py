"""A password hash that costs little: the worlds of the tests register many people."""

from pliego.accounts.hashers import Argon2id


class QuickArgon2id(Argon2id):
    time_cost = 1
    memory_cost = 8
