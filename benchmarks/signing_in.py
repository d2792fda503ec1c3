"""Signing in with a wrong password: whether its time tells a stranger who is registered, and what it costs at most."""

import random
import statistics

from benchmarks.ground import Timings, percentile, table

WARM_UP = 20


def run(people: int) -> None:
    from django.contrib.auth.hashers import get_hasher
    from django.test import Client

    from pliego.accounts.tests import given

    registered = [given.person(f"persona{i}", second_factor=False).email for i in range(people)]
    strangers = [f"nadie{i}@pliego.example" for i in range(people)]
    known, unknown, right = Timings(), Timings(), Timings()

    def enter(email: str, password: str, number: int) -> int:
        address = f"10.{number // 250 % 250}.{number % 250}.7"  # each from a network of its own: no bucket is full
        told = {"email": email, "password": password}
        return Client().post("/ingresar/", told, REMOTE_ADDR=address).status_code

    tries = [(known, email) for email in registered] + [(unknown, email) for email in strangers]
    random.Random(1).shuffle(tries)
    for number, (_timings, email) in enumerate(tries[:WARM_UP]):
        enter(email, "no es esta clave larga", number)
    for number, (timings, email) in enumerate(tries, WARM_UP):
        assert timings.measure(lambda e=email, n=number: enter(e, "no es esta clave larga", n)) == 422
    for number, email in enumerate(registered):
        assert right.measure(lambda e=email, n=number: enter(e, given.PASSWORD, n + 30_000)) == 303

    hasher, raw = get_hasher(), Timings()
    for _i in range(people):
        raw.measure(lambda: hasher.encode("no es esta clave larga", "sal-de-veintidos-signos"))
    apart = statistics.fmean(unknown.wall) / statistics.fmean(known.wall) - 1
    middle = statistics.median(unknown.wall) / statistics.median(known.wall) - 1
    table(
        f"{people} tries each, mixed, over HTTP: means {apart:+.1%} apart (to be under 5 %), medians {middle:+.1%}",
        ("", "mean ms", "p50 ms", "p95 ms", "CPU ms", "hashes of time"),
        [_row(name, timings, raw) for name, timings in (
            ("a wrong password of somebody", known), ("a password of nobody", unknown),
            ("the right password", right), ("one argon2id hash alone", raw),
        )],
    )  # fmt: skip


def _row(name: str, timings: Timings, raw: Timings) -> tuple[str, ...]:
    figures = (
        1_000 * statistics.fmean(timings.wall),
        timings.percentile(50),
        1_000 * percentile(timings.wall, 95),
        timings.cpu_ms,
    )
    return (name, *(f"{figure:.1f}" for figure in figures), f"{timings.cpu_ms / raw.cpu_ms:.2f}")
