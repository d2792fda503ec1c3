"""How much a look inside a file may cost, shared by everything nested in it."""

from dataclasses import dataclass

MAX_ENTRIES = 10_000
MAX_EXPANDED = 2 << 30
MAX_RATIO = 200
RATIO_MATTERS_FROM = 10 << 20
MAX_DEPTH = 2


@dataclass
class Budget:
    entries: int = MAX_ENTRIES
    expanded: int = MAX_EXPANDED
    depth: int = 0
