"""A draw that anybody can make again: `python draws.py FILE`, with nothing but Python.

The seed is the first head of the public log that was signed after the term for interest had ended: nobody knew it
before. Each supplier's place is the SHA-256 of the seed, the process and its own code; the lowest places stay.
"""

import hashlib
import json
import sys


def order(seed: str, process: str, suppliers: list[str]) -> list[str]:
    """The suppliers in the order that chance gives them."""
    return sorted(suppliers, key=lambda code: hashlib.sha256(f"{seed}:{process}:{code}".encode()).hexdigest())


def made(seed: str, process: str, suppliers: list[str], stay: int) -> dict[str, list[str]]:
    """The whole order, and those who stay."""
    found = order(seed, process, suppliers)
    return {"order": found, "staying": found[:stay]}


def is_right(record: dict) -> bool:  # type: ignore[type-arg]
    """Whether the record's result is the one that its seed gives."""
    found = made(record["seed"], record["process"], record["interested"], record["stay"])
    return {name: record[name] for name in found} == found


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        told = json.load(file)
    for place, code in enumerate(order(told["seed"], told["process"], told["interested"]), 1):
        sys.stdout.write(f"{place} {code} {'stays' if place <= told['stay'] else 'is out'}\n")
    sys.stdout.write("The result is right.\n" if is_right(told) else "THE RESULT IS NOT THE ONE OF THIS SEED.\n")
    sys.exit(0 if is_right(told) else 1)
